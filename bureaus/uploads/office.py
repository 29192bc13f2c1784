"""Word and Excel: a ZIP of XML, of which only the few small parts that matter are read."""

import re
import zlib
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree

from bureaus.uploads.advice import NEEDS_A_PROGRAM
from bureaus.uploads.kinds import NO_DOCUMENT
from bureaus.uploads.names import one_line
from bureaus.uploads.unfit import BROKEN, Unfit

ENTRIES = 10_000
WHOLE = 500_000_000  # bytes, unpacked
PART = 5_000_000  # of what is read here
TITLE_LENGTH = 200
TYPES = "[Content_Types].xml"
KINDS = (
    ("docx", "wordprocessingml.document.main+xml"),
    ("xlsx", "spreadsheetml.sheet.main+xml"),
)
# Parts that run, or that hold another file of any kind.
DANGERS = (
    (re.compile(r"vbaProject|macrosheets/", re.IGNORECASE), "マクロ"),
    (re.compile(r"/activeX/", re.IGNORECASE), "ActiveXの部品"),
    (
        re.compile(r"/embeddings/.*\.(?!(?:xlsx|docx|pptx)$)[^./]*$", re.IGNORECASE),
        "埋め込まれたファイル",
    ),
)
RELATIONS = ".rels"
# What may lie outside of the file, for nothing of it is loaded unasked: a link, another table.
LINKS = re.compile(r"/(?:hyperlink|externalLink\w*|xlExternalLinkPath/\w+)")
CHUNK = "/aFChunk"  # a file of any other format, which Word makes text of when it opens this one
UNREADABLE = (BadZipFile, EOFError, KeyError, NotImplementedError, etree.XMLSyntaxError, zlib.error)
PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
TITLE = "{http://purl.org/dc/elements/1.1/}title"
LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
NUMBER = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)
PAGES = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Pages"


def read_office(source: Path | BinaryIO) -> dict[str, Any]:
    """Raises Unfit."""
    try:
        with ZipFile(source) as archive:
            refuse_bomb(archive.infolist())
            kind = kind_in(archive)
            refuse_dangers(archive)
            core = properties(archive, "docProps/core.xml")
            extended = properties(archive, "docProps/app.xml")
    except UNREADABLE as error:
        raise BROKEN from error
    pages = extended.get(PAGES, "")
    author = core.get(CREATOR, "")
    return {
        "kind": kind,
        "title": core.get(TITLE, "")[:TITLE_LENGTH],
        "language": core.get(LANGUAGE, "")[:35],
        "page_count": int(pages) if kind == "docx" and NUMBER.fullmatch(pages) else None,
        "warnings": [NEEDS_A_PROGRAM, *([author_warning(author)] if author else [])],
    }


def author_warning(author: str) -> str:
    return (
        f"作成者の名前（{author[:40]}）が入っています。個人の名前なら、文書のプロパティーから"
        "消して保存し直してください。"
    )


def refuse_bomb(entries: list[ZipInfo]) -> None:
    """By what the archive says of itself; what is unpacked here is measured again."""
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > WHOLE:
        raise Unfit(
            "bomb",
            "は、展開すると大きくなりすぎます。画像を縮めるか、いくつかの文書に分けてください。",
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unfit("locked", "には、パスワードが付いています。外して保存し直してください。")


def kind_in(archive: ZipFile) -> str:
    if TYPES not in archive.namelist():
        raise Unfit("kind", NO_DOCUMENT)
    types = part(archive, TYPES).decode("utf-8", "replace")
    if "macroEnabled" in types:
        raise Unfit("dangerous", dangerous("マクロ"))
    kind = next((name for name, sign in KINDS if sign in types), "")
    if not kind:
        raise Unfit("kind", NO_DOCUMENT)
    return kind


def refuse_dangers(archive: ZipFile) -> None:
    """Names are compared as the readers compare them: in either case, each of them once."""
    names = archive.namelist()
    if len({name.casefold() for name in names}) < len(names):
        raise BROKEN  # and who says which of the two a reader takes
    for name in names:
        for pattern, word in DANGERS:
            if pattern.search(name):
                raise Unfit("dangerous", dangerous(word))
        if name.casefold().endswith(RELATIONS):
            refuse_relations(parsed(part(archive, name)))


def refuse_relations(relations: Any) -> None:
    """Raises Unfit."""
    for relation in relations.iter("{*}Relationship"):
        kind = relation.get("Type", "")
        if kind.endswith(CHUNK):
            raise Unfit("dangerous", dangerous("埋め込まれたファイル"))
        is_outside = relation.get("TargetMode", "").casefold() == "external"
        if is_outside and not LINKS.search(kind):
            raise Unfit(
                "dangerous", dangerous("外部から読み込まれる部品（ひな形や画像へのリンクなど）")
            )


def dangerous(word: str) -> str:
    return (
        f"には、{word}が含まれています。読む人のパソコンに害を与えるおそれがあるため登録できません。"
        "取り除いて保存し直すか、PDFに書き出してください。"
    )


def part(archive: ZipFile, name: str) -> bytes:
    """A part of the archive. Raises Unfit where it is larger than any honest one."""
    with archive.open(name) as stream:
        content = stream.read(PART + 1)
    if len(content) > PART:
        raise BROKEN
    return content


def properties(archive: ZipFile, name: str) -> dict[str, str]:
    """What stands in a small XML part, by the names of its elements."""
    if name not in archive.namelist():
        return {}
    tree = parsed(part(archive, name))
    return {str(element.tag): one_line(element.text or "") for element in tree}


def parsed(content: bytes) -> Any:
    """The root of an XML part, in whatever coding. Raises XMLSyntaxError; Unfit of entities."""
    root = etree.fromstring(content, etree.XMLParser(**PARSER))
    if root.getroottree().docinfo.internalDTD is not None:  # which no such part has
        raise BROKEN
    return root
