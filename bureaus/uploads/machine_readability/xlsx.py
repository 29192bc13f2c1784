"""The sheets of an Excel workbook that the package's own check has accepted."""

from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from bureaus.uploads.machine_readability.sheets import Sheet
from bureaus.uploads.machine_readability.worksheets import (
    CELLS,
    WorksheetReader,
    shared_strings,
)
from bureaus.uploads.machine_readability.xlsx_styles import read_formats
from bureaus.uploads.ooxml.archives import parse_xml, part
from bureaus.uploads.ooxml.parts import Package, types_in
from bureaus.uploads.ooxml.targets import relations_of

SHARED = "xl/sharedStrings.xml"
# How an anchor of a drawing names what it holds.
OBJECTS = {
    "pic": "画像",
    "sp": "図形かテキストボックス",
    "cxnSp": "線",
    "grpSp": "図形の集まり",
    "graphicFrame": "グラフか図表",
}


def read_sheets(archive: ZipFile) -> Iterator[Sheet]:
    """Yield the sheets in their order. Raises what a damaged part raises."""
    types = types_in(archive)
    names = archive.namelist()
    strings = shared_strings(archive.open(SHARED)) if SHARED in names else []
    formats = read_formats(archive)
    left = CELLS
    for name, title in Package(archive, types, is_embedded=False).sheets.items():
        if not types.of(name).endswith("worksheet+xml"):
            continue
        reader = WorksheetReader(Sheet(name=title, formats=formats), strings, left)
        with archive.open(name) as stream:
            reader.read(stream)
        left -= reader.cells
        reader.sheet.objects = [
            each for drawing in drawings_of(archive, name) for each in objects_in(archive, drawing)
        ]
        reader.sheet.make_rectangular()
        yield reader.sheet


def drawings_of(archive: ZipFile, name: str) -> Iterator[str]:
    """Yield the names of the drawings of a sheet; comments are drawn otherwise."""
    names = archive.namelist()
    for kind, target in relations_of(archive, name).values():
        if kind == "drawing" and target in names:
            yield target


def objects_in(archive: ZipFile, drawing: str) -> Iterator[tuple[int, int, str]]:
    """Yield the cell at which each object begins, and its kind."""
    for anchor in parse_xml(part(archive, drawing)):
        start = anchor.find("{*}from")
        kinds = (OBJECTS.get(str(each.tag).rpartition("}")[2]) for each in anchor)
        kind = next(filter(None, kinds), "図")
        if start is not None:
            yield number_in(start, "row"), number_in(start, "col"), kind


def number_in(start: Any, name: str) -> int:
    return int(start.findtext(f"{{*}}{name}") or 0)
