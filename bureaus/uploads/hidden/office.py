"""Hidden content of Office files: what is the same in all of them, and the parts of each kind."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

from bureaus.uploads.file_names import one_line
from bureaus.uploads.hidden.contents import HiddenContent, hidden_content
from bureaus.uploads.hidden.excel import WORKBOOK, hidden_in_excel
from bureaus.uploads.hidden.names import PATH, names_and_paths
from bureaus.uploads.hidden.photographs import hidden_in_photograph
from bureaus.uploads.hidden.slides import hidden_in_slides
from bureaus.uploads.hidden.word import hidden_in_word
from bureaus.uploads.hidden.xml_stream import attributes_of, events
from bureaus.uploads.ooxml.archives import parse_xml, part

PROPERTIES = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
LABELS = {
    "creator": "作成者",
    "lastModifiedBy": "最後に保存した人",
    "Manager": "管理者",
    "Company": "会社",
    "Template": "ひな形",
    "HyperlinkBase": "リンクの基準",
}
PERSONS = frozenset({"作成者", "最後に保存した人", "管理者"})
PLACE = "文書のプロパティー"
DRAWN_IN = re.compile(
    r"(?:word/(?:document|header|footer)\d*|xl/drawings/drawing\d+|ppt/slides/slide\d+)\.xml"
)
EMBEDDED = re.compile(r"(?:word|xl|ppt)/embeddings/[^/]+\.(?:xlsx|docx)", re.IGNORECASE)
JPEG = re.compile(r"(?:word|xl|ppt)/media/[^/]+\.(?:jpe?g|jfif|jpe)", re.IGNORECASE)
JPEG_BYTES = 30_000_000
CROPPED = 2_000  # thousandths of a percent of one side
SIDES = ("l", "t", "r", "b")
PHOTOGRAPHS = 200


def hidden_in_office(
    source: Path | BinaryIO, *, is_embedded: bool = False
) -> Iterator[HiddenContent]:
    """Yield what an Office file holds beside what it shows. Raises as zipfile and lxml do."""
    with ZipFile(source) as archive:
        names = archive.namelist()
        if WORKBOOK in names:
            yield from hidden_in_excel(archive)
        elif "word/document.xml" in names:
            yield from hidden_in_word(archive)
        elif "ppt/presentation.xml" in names:
            yield from hidden_in_slides(archive)
        yield from properties(archive)
        for name in filter(DRAWN_IN.fullmatch, names):
            yield from cropped_pictures(archive, name)
        for name in list(filter(JPEG.fullmatch, names))[:PHOTOGRAPHS]:
            with archive.open(name) as stream:
                yield from hidden_in_photograph(stream.read(JPEG_BYTES), file_place(name))
        if not is_embedded:
            for name in filter(EMBEDDED.fullmatch, names):
                yield from embedded(archive, name)


def file_place(name: str) -> str:
    return f"文書の中の「{name.rpartition('/')[2]}」"


def embedded(archive: ZipFile, name: str) -> Iterator[HiddenContent]:
    """Yield what is hidden in the workbook behind a chart: all of its sheets go along."""
    with archive.open(name) as stream:
        content = io.BytesIO(stream.read(JPEG_BYTES))
    for each in hidden_in_office(content, is_embedded=True):
        yield hidden_content(each.rule, f"グラフの元の表の{each.place}", each.words)


def properties(archive: ZipFile) -> Iterator[HiddenContent]:
    texts: dict[str, str] = {}
    for name in PROPERTIES:
        if name in archive.namelist():
            for element in parse_xml(part(archive, name)):
                tag = str(element.tag).rpartition("}")[2]
                label = LABELS.get(tag, element.get("name") or tag)
                texts[label] = one_line("".join(element.itertext()))
    yield from names_and_paths(texts, PERSONS, PLACE)
    if WORKBOOK in archive.namelist():  # Excel writes there where the file was saved
        for each in parse_xml(part(archive, WORKBOOK)).iter("{*}absPath"):
            if PATH.search(each.get("url", "")):
                yield hidden_content("path", "ブックの設定", each.get("url", ""))


def cropped_pictures(archive: ZipFile, name: str) -> Iterator[HiddenContent]:
    """Yield the pictures of which the document shows a part: the rest is in the file."""
    picture, named_by = "", "docPr" if name.startswith("word/") else "cNvPr"
    for event, element_name, element in events(archive, name):
        attributes = attributes_of(element) if event == "start" else {}
        if element_name == named_by and event == "start":
            picture = attributes.get("name", "")
        elif element_name == "srcRect" and event == "start":
            sides = [attributes.get(side, "0") for side in SIDES]
            shares = [int(side) for side in sides if side.lstrip("-").isdigit()]
            if max(shares, default=0) >= CROPPED:
                cut = "・".join(f"{share // 1000}%" for share in shares)
                yield hidden_content("cropped-picture", f"画像「{picture}」", f"切り取った幅 {cut}")
