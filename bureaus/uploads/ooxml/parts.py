"""The check of every part of a package against the allow lists."""

import io
import re
from typing import Any
from zipfile import ZipFile

from bureaus.uploads.file_types import NOT_A_DOCUMENT
from bureaus.uploads.invalid_upload import BROKEN, InvalidUpload
from bureaus.uploads.ooxml.archives import parse_xml, part, refuse_bomb
from bureaus.uploads.ooxml.content_types import (
    EMBEDDED,
    EXCEL_MAIN,
    ContentTypes,
    content_types,
    is_allowed_part,
)
from bureaus.uploads.ooxml.dangers import danger, label_of
from bureaus.uploads.ooxml.functions import REACHING
from bureaus.uploads.ooxml.markup import Reader
from bureaus.uploads.ooxml.media import BYTES_EXAMINED, is_genuine_image, is_image_type
from bureaus.uploads.ooxml.relationships import refuse_relationships

LAMBDA = ("LAMBDA(", "_xlfn.LAMBDA(")
TYPES = "[Content_Types].xml"
RELATIONSHIPS = ".rels"
EMBEDDED_BYTES = 20_000_000
PLACES = tuple(
    (re.compile(pattern, re.IGNORECASE), place)
    for pattern, place in (
        (r"word/document\d*\.xml", "本文"),
        (r"word/header\d*\.xml", "ヘッダー"),
        (r"word/footer\d*\.xml", "フッター"),
        (r"word/(?:foot|end)notes\d*\.xml", "脚注"),
        (r"word/comments\d*\.xml", "コメント"),
        (r"word/settings\d*\.xml", "文書の設定"),
        (r"xl/workbook\d*\.xml", "ブックの設定"),
        (r"ppt/slides/.*", "スライド"),
        (r"ppt/notesSlides/.*", "ノート"),
        (r"ppt/slide(?:Master|Layout)s/.*", "スライドのマスター"),
        (r"(?:word|xl|ppt)/charts/.*", "グラフ"),
        (r"xl/drawings/.*|(?:word|xl|ppt)/diagrams/.*", "図形"),
    )
)


def refuse_package(archive: ZipFile, *, is_embedded: bool = False) -> str:
    """Return the kind of the package. Raises InvalidUpload, and UNREADABLE where it is broken."""
    refuse_bomb(archive.infolist())
    if TYPES not in archive.namelist():
        raise InvalidUpload("kind", NOT_A_DOCUMENT)
    types = types_in(archive)
    names = [name for name in archive.namelist() if not name.endswith("/")]
    # Compared as the readers compare them: in either case, each of them once.
    if len({name.casefold() for name in names}) < len(names):
        raise BROKEN  # readers differ in which of the two they take
    if any("\\" in name or name.startswith("/") for name in names):
        raise BROKEN
    package = Package(archive, types, is_embedded=is_embedded)
    for name in names:
        if name != TYPES:
            package.refuse_part(name)
    return types.kind


def types_in(archive: ZipFile) -> ContentTypes:
    """Return the content types. Raises InvalidUpload for another kind, or macros."""
    types = content_types(parse_xml(part(archive, TYPES)))
    if types.has_macros:
        raise danger("マクロ", "文書の形式")
    if not types.kind:
        raise InvalidUpload("kind", NOT_A_DOCUMENT)
    return types


def names_in(workbook: Any) -> set[str]:
    """Return the workbook's own functions, in capitals, and its sheets in quotes."""
    functions = {
        each.get("name", "").upper()
        for each in workbook.iter("{*}definedName")
        if (each.text or "").lstrip("= ").startswith(LAMBDA)
    }
    sheets = (each.get("name", "").replace("'", "''") for each in workbook.iter("{*}sheet"))
    return (functions - REACHING) | {f"'{name}'" for name in sheets}


class Package:
    """A package, and the names of its parts for officers."""

    def __init__(self, archive: ZipFile, types: ContentTypes, *, is_embedded: bool) -> None:
        self.archive = archive
        self.types = types
        self.is_embedded = is_embedded
        self.sheets: dict[str, str] = {}  # their names, by part
        self.names: set[str] = set()  # that a formula of the workbook may use: see `names_in`
        for name in archive.namelist():
            if types.of(name) == EXCEL_MAIN:
                self.read_workbook(name)

    def read_workbook(self, name: str) -> None:
        root = parse_xml(part(self.archive, name))
        folder, _, file = name.rpartition("/")
        relationships = f"{folder}/_rels/{file}{RELATIONSHIPS}"
        targets: dict[str, str] = {}
        if relationships in self.archive.namelist():
            for each in parse_xml(part(self.archive, relationships)).iter("{*}Relationship"):
                targets[each.get("Id", "")] = each.get("Target", "").removeprefix(f"/{folder}/")
        for sheet in root.iter("{*}sheet"):
            keys = (value for key, value in sheet.attrib.items() if key.endswith("}id"))
            self.sheets[f"{folder}/{targets.get(next(keys, ''), '')}"] = sheet.get("name", "")
        self.names |= names_in(root)

    def place_of(self, name: str) -> str:
        """Return the place of a part in the document, in Japanese."""
        folder, _, file = name.rpartition("/")
        if name.casefold().endswith(RELATIONSHIPS):  # of the part beside its folder
            name = f"{folder[: -len('/_rels')]}/{file[: -len(RELATIONSHIPS)]}".lstrip("/")
        if name in self.sheets:
            return f"シート「{self.sheets[name]}」"
        found = (place for pattern, place in PLACES if pattern.fullmatch(name))
        return next(found, f"部品「{name}」" if name else "文書の全体")

    def refuse_part(self, name: str) -> None:
        """Raise InvalidUpload where the part is not allowed."""
        if name.casefold().endswith(RELATIONSHIPS):
            refuse_relationships(parse_xml(part(self.archive, name)), self.place_of(name))
            return
        content_type = self.types.of(name)
        if is_image_type(content_type):
            self.refuse_image(name)
        elif not is_allowed_part(name, content_type, self.types.kind):
            raise danger(label_of(name, content_type), f"部品「{name}」")
        if content_type in EMBEDDED:
            self.refuse_embedded(name)
        elif content_type.endswith(("xml", "vmldrawing")):
            reader = Reader(content_type, self.place_of(name), self.names)
            with self.archive.open(name) as stream:
                reader.read(stream)

    def refuse_image(self, name: str) -> None:
        with self.archive.open(name) as stream:
            beginning = stream.read(BYTES_EXAMINED)
        if not is_genuine_image(name, beginning):
            raise danger("画像ではないファイル", f"部品「{name}」")

    def refuse_embedded(self, name: str) -> None:
        """Check the workbook behind a chart by the same rules; it may hold no further package."""
        with self.archive.open(name) as stream:
            content = io.BytesIO(stream.read(EMBEDDED_BYTES))
        if self.is_embedded:
            raise danger("埋め込まれたファイルの中のファイル", f"部品「{name}」")
        with ZipFile(content) as archive:
            refuse_package(archive, is_embedded=True)
