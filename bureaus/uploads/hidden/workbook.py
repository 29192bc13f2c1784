"""The parts of a workbook: its sheets with their states, shared strings and formats."""

from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile

from bureaus.uploads.hidden.xml_stream import elements
from bureaus.uploads.ooxml.archives import parse_xml, part
from bureaus.uploads.ooxml.targets import relations_of

STRINGS = 200_000
HIDDEN_STATES = frozenset({"hidden", "veryHidden"})
WHITE = frozenset({"FFFFFFFF", "00FFFFFF"})
WHITE_THEME = "0"  # the first colour of a theme is that of its ground
UNSEEN_FORMAT = ";;;"


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    part: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Look:
    """How the cells of one format look."""

    is_white: bool
    is_unseen: bool


def sheets_of(archive: ZipFile, workbook: str) -> list[Sheet]:
    relations = relations_of(archive, workbook)
    found = []
    for each in parse_xml(part(archive, workbook)).iter("{*}sheet"):
        key = next((value for name, value in each.attrib.items() if name.endswith("}id")), "")
        _, target = relations.get(key, ("", ""))
        found.append(Sheet(each.get("name", ""), target, each.get("state") in HIDDEN_STATES))
    return found


def shared_strings(archive: ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    found: list[str] = []
    for _, _, text in elements(archive, name, "si"):
        found.append(text)
        if len(found) >= STRINGS:
            break
    return found


def looks_of(archive: ZipFile) -> list[Look]:
    """Return the look of each cell format, by its number."""
    name = "xl/styles.xml"
    if name not in archive.namelist():
        return []
    root = parse_xml(part(archive, name))
    fonts = [is_white_font(each) for each in root.iterfind("{*}fonts/{*}font")]
    grounds = [has_ground(each) for each in root.iterfind("{*}fills/{*}fill")]
    unseen = {
        each.get("numFmtId")
        for each in root.iterfind("{*}numFmts/{*}numFmt")
        if each.get("formatCode", "").replace(" ", "").startswith(UNSEEN_FORMAT)
    }
    return [
        Look(
            is_white=at(fonts, each.get("fontId")) and not at(grounds, each.get("fillId")),
            is_unseen=each.get("numFmtId") in unseen,
        )
        for each in root.iterfind("{*}cellXfs/{*}xf")
    ]


def at(values: list[bool], number: str | None) -> bool:
    return (
        values[int(number)] if number and number.isdigit() and int(number) < len(values) else False
    )


def is_white_font(font: Any) -> bool:
    colour = font.find("{*}color")
    if colour is None:
        return False
    is_white_theme = colour.get("theme") == WHITE_THEME and float(colour.get("tint", 0)) > -0.05  # noqa: PLR2004
    return is_white_theme or colour.get("rgb", "").upper() in WHITE


def has_ground(fill: Any) -> bool:
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return len(fill) > 0  # a gradient
    if pattern.get("patternType", "none") == "none":
        return False
    colour = pattern.find("{*}fgColor")
    return colour is None or colour.get("rgb", "").upper() not in WHITE


@dataclass(slots=True)
class Cell:
    address: str
    text: str


def cell_of(element: Any, strings: list[str]) -> Cell | None:
    kind = element.get("t", "n")
    text = "".join(element.itertext("{*}v", "{*}t")).strip()
    if kind == "s" and text.isdigit():
        text = strings[int(text)] if int(text) < len(strings) else ""
    return Cell(element.get("r", ""), text) if text.strip() else None
