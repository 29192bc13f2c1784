"""Hidden content of Excel files: sheets, rows, columns, notes, white cells, pivot caches."""

import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from bureaus.uploads.hidden.contents import HiddenContent, folded, hidden_content
from bureaus.uploads.hidden.covering import CellArea, covered_areas
from bureaus.uploads.hidden.workbook import (
    Cell,
    Look,
    Sheet,
    cell_of,
    looks_of,
    shared_strings,
    sheets_of,
)
from bureaus.uploads.hidden.xml_stream import elements, local, whole_elements
from bureaus.uploads.ooxml.archives import parse_xml, part
from bureaus.uploads.ooxml.targets import relations_of
from bureaus.uploads.ooxml.text import column_number

WORKBOOK = "xl/workbook.xml"
CACHE = re.compile(r"xl/pivotCache/pivotCacheDefinition\d*\.xml")
RECORDS = re.compile(r"xl/pivotCache/pivotCacheRecords\d*\.xml")
LOG = re.compile(r"xl/revisions/revisionLog\d*\.xml")
COLUMN = re.compile(r"[A-Z]+")
NOTES = {"comments": "comment", "threadedComment": "threadedComment"}
SAMPLE = 5  # cells that are quoted
ON = frozenset({"1", "true"})


def hidden_in_excel(archive: ZipFile) -> Iterator[HiddenContent]:
    """Yield what the workbook holds beside what its sheets show."""
    strings, looks = shared_strings(archive), looks_of(archive)
    sheets = sheets_of(archive, WORKBOOK)
    held = set(archive.namelist())
    for sheet in sheets:
        if sheet.part not in held:
            continue
        if "chartsheets/" not in sheet.part:
            yield from hidden_in_sheet(archive, sheet, strings, looks)
        yield from notes(archive, sheet)
    yield from pivot_caches(archive, {each.name for each in sheets if not each.is_hidden})
    for name in filter(LOG.fullmatch, archive.namelist()):
        yield hidden_content("tracked-change", "変更履歴", name.rpartition("/")[2])


def hidden_in_sheet(
    archive: ZipFile, sheet: Sheet, strings: list[str], looks: list[Look]
) -> Iterator[HiddenContent]:
    reading = SheetReading(sheet, strings, looks)
    reading.areas = covered_areas(archive, sheet)
    for element in whole_elements(archive, sheet.part, "col", "row"):
        if local(element.tag) == "col":
            reading.column(element)
        else:
            reading.row(element)
    for (rule, where), cells in reading.found.items():
        words = "、".join(f"{cell.address}「{cell.text}」" for cell in cells[:SAMPLE])
        yield hidden_content(rule, f"シート「{sheet.name}」{where}", words)


class SheetReading:
    """The cells of a sheet that are not seen, by rule and place."""

    def __init__(self, sheet: Sheet, strings: list[str], looks: list[Look]) -> None:
        self.is_hidden = sheet.is_hidden
        self.strings = strings
        # The numbers of the formats, as the cells name them.
        self.faint = {
            str(number) for number, look in enumerate(looks) if look.is_white or look.is_unseen
        }
        self.hidden: list[tuple[int, int]] = []  # columns, from and to
        self.areas: list[CellArea] = []  # behind shapes and pictures
        self.found: dict[tuple[str, str], list[Cell]] = {}

    def column(self, element: Any) -> None:
        if element.get("hidden") in ON:
            first, last = (element.get(name, "0") for name in ("min", "max"))
            if first.isdigit() and last.isdigit():
                self.hidden.append((int(first), int(last)))

    def row(self, element: Any) -> None:
        """Read the cells of a row, unless all of them are seen: a table has a million."""
        if self.is_hidden:
            self.add_all("hidden-sheet", "", element)
        elif element.get("hidden") in ON:
            self.add_all("hidden-row", f"の{element.get('r', '')}行目", element)
        elif self.hidden or self.faint or self.areas:
            self.seen_row(element)

    def seen_row(self, element: Any) -> None:
        number = int(element.get("r", "0")) if element.get("r", "0").isdigit() else 0
        areas = [area for area in self.areas if area.has_row(number)]
        for each in element:
            letters = COLUMN.match(each.get("r", "")) if areas else None
            if letters and any(area.holds(number, column_number(letters[0])) for area in areas):
                self.add("covered", f"の{number}行目", cell_of(each, self.strings))
            elif self.hidden or self.faint:
                self.cell(each)

    def cell(self, element: Any) -> None:
        is_faint = element.get("s", "0") in self.faint
        letters = COLUMN.match(element.get("r", "")) if self.hidden else None
        column = column_number(letters[0]) if letters else 0
        if letters and any(first <= column <= last for first, last in self.hidden):
            self.add("hidden-column", f"の{letters[0]}列", cell_of(element, self.strings))
        elif is_faint and (cell := cell_of(element, self.strings)) and folded(cell.text):
            self.add("faint-text", f"の{cell.address}", cell)

    def add_all(self, rule: str, where: str, row: Any) -> None:
        if len(self.found.get((rule, where), ())) < SAMPLE:
            for each in row:
                self.add(rule, where, cell_of(each, self.strings))

    def add(self, rule: str, where: str, cell: Cell | None) -> None:
        if cell is None:
            return
        cells = self.found.setdefault((rule, where), [])
        if len(cells) < SAMPLE:
            cells.append(cell)


def notes(archive: ZipFile, sheet: Sheet) -> Iterator[HiddenContent]:
    """Yield the notes and comments of the cells of a sheet."""
    seen: set[str] = set()
    held = set(archive.namelist())
    relations = sorted(relations_of(archive, sheet.part).values(), reverse=True)
    for kind, target in relations:  # a threaded comment before the note that stands for it
        if kind not in NOTES or target not in held:
            continue
        for _, attributes, text in elements(archive, target, NOTES[kind]):
            where = attributes.get("ref", "")
            if where not in seen and folded(text):
                yield hidden_content("comment", f"シート「{sheet.name}」の{where}", text)
        seen |= {each.get("ref", "") for _, each, _ in elements(archive, target, NOTES[kind])}


def pivot_caches(archive: ZipFile, shown: set[str]) -> Iterator[HiddenContent]:
    """Yield the caches of pivot tables with the rows of a table that no sheet shows."""
    if not any(map(RECORDS.fullmatch, archive.namelist())):
        return
    for name in filter(CACHE.fullmatch, archive.namelist()):
        root = parse_xml(part(archive, name))
        source = root.find("{*}cacheSource/{*}worksheetSource")
        sheet = source.get("sheet", "") if source is not None else ""
        if sheet not in shown:
            items = [each.get("v", "") for each in root.iter("{*}s")][: SAMPLE * 2]
            yield hidden_content(
                "pivot-cache", f"ピボットテーブルの元の表「{sheet}」", "、".join(items)
            )
