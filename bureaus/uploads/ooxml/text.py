"""The text of Word, Excel and PowerPoint files for the search, without what they hide."""

import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from bureaus.uploads.ooxml.archives import PART, parse_xml, part
from bureaus.uploads.ooxml.targets import relations_of

TEXT_LENGTH = 300_000  # characters, as many as the index takes
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SLIDE = re.compile(r"ppt/slides/slide([0-9]+)\.xml")
WORKBOOK = "xl/workbook.xml"
LETTERS = re.compile("[A-Z]+")
HIDDEN = {"1", "true"}
SHOWN = {"0", "false", "off"}


def package_text(archive: ZipFile, kind: str) -> str:
    """Return the text, a line for each paragraph or row; of parts that are too large, none."""
    lines = {"docx": document_lines, "xlsx": workbook_lines, "pptx": slide_lines}.get(kind)
    written: list[str] = []
    length = 0
    for line in lines(archive) if lines else ():
        if text := " ".join(line.split()):
            written.append(text)
            length += len(text) + 1
        if length > TEXT_LENGTH:
            break
    return "\n".join(written)[:TEXT_LENGTH]


def root_of(archive: ZipFile, name: str) -> Any:
    """Return the root of a part; None where there is none, or a very large one."""
    if name not in archive.namelist() or archive.getinfo(name).file_size > PART:
        return None
    return parse_xml(part(archive, name))


def document_lines(archive: ZipFile) -> Iterator[str]:
    root = root_of(archive, "word/document.xml")
    for paragraph in root.iter(f"{WORD}p") if root is not None else ():
        runs = (run for run in paragraph.iter(f"{WORD}r") if not is_vanished(run))
        yield "".join(text.text or "" for run in runs for text in run.iterchildren(f"{WORD}t"))


def is_vanished(run: Any) -> bool:
    mark = run.find(f"{WORD}rPr/{WORD}vanish")
    return mark is not None and mark.get(f"{WORD}val") not in SHOWN


def slide_lines(archive: ZipFile) -> Iterator[str]:
    slides = sorted(
        (int(found[1]), found[0]) for found in map(SLIDE.fullmatch, archive.namelist()) if found
    )
    for _, name in slides:
        root = root_of(archive, name)
        if root is None or root.get("show") in SHOWN:
            continue
        for paragraph in root.iter(f"{DRAWING}p"):
            yield "".join(text.text or "" for text in paragraph.iter(f"{DRAWING}t"))


def workbook_lines(archive: ZipFile) -> Iterator[str]:
    shared = root_of(archive, "xl/sharedStrings.xml")
    strings = (
        [text_in(each) for each in shared.iterchildren(f"{SHEET}si")] if shared is not None else []
    )
    for name in visible_sheets(archive):
        root = root_of(archive, name)
        if root is not None:
            yield from row_lines(root, strings)


def visible_sheets(archive: ZipFile) -> Iterator[str]:
    workbook = root_of(archive, WORKBOOK)
    if workbook is None:
        return
    relations = relations_of(archive, WORKBOOK)
    for sheet in workbook.iter(f"{SHEET}sheet"):
        _, target = relations.get(sheet.get(RELATION, ""), ("", ""))
        if sheet.get("state", "visible") == "visible":
            yield target


def row_lines(root: Any, strings: list[str]) -> Iterator[str]:
    hidden = [columns_of(each) for each in root.iter(f"{SHEET}col") if each.get("hidden") in HIDDEN]
    for row in root.iter(f"{SHEET}row"):
        if row.get("hidden") in HIDDEN:
            continue
        cells = (
            cell
            for cell in row.iterchildren(f"{SHEET}c")
            if not any(column_of(cell) in columns for columns in hidden)
        )
        yield " ".join(filter(None, (value_of(cell, strings) for cell in cells)))


def columns_of(col: Any) -> range:
    first, last = col.get("min", ""), col.get("max", "")
    is_written = (first + last).isascii() and first.isdecimal() and last.isdecimal()
    return range(int(first), int(last) + 1) if is_written else range(0)


def column_of(cell: Any) -> int:
    """Return the number of the column of a cell; 0 where the cell does not say it."""
    letters = LETTERS.match(cell.get("r", ""))
    return column_number(letters[0]) if letters else 0


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def value_of(cell: Any, strings: list[str]) -> str:
    value = cell.findtext(f"{SHEET}v") or ""
    match cell.get("t"):
        case "s":
            number = int(value) if value.isascii() and value.isdecimal() else len(strings)
            return strings[number] if number < len(strings) else ""
        case "inlineStr":
            return text_in(cell)
        case "e" | "b":
            return ""
        case _:
            return value


def text_in(element: Any) -> str:
    """Return the text of a string, without the readings of its characters."""
    readings = {text for each in element.iter(f"{SHEET}rPh") for text in each.iter(f"{SHEET}t")}
    return "".join(each.text or "" for each in element.iter(f"{SHEET}t") if each not in readings)
