"""The formats of a workbook's cells (`xl/styles.xml`)."""

import re
from typing import Any
from zipfile import ZipFile

from bureaus.uploads.machine_readability.sheets import Format
from bureaus.uploads.ooxml.archives import parse_xml, part

STYLES = "xl/styles.xml"
# Numbers of built-in formats that display a date or a time; 27 to 58 those of Japan.
DAYS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
DAY = re.compile(r"[ymdhsge]", re.IGNORECASE)
BLACK, WHITE = "000000", "FFFFFF"


def read_formats(archive: ZipFile) -> list[Format]:
    """Return the formats by the number that cells name."""
    if STYLES not in archive.namelist():
        return []
    root = parse_xml(part(archive, STYLES))
    fonts = list(children(root, "fonts"))
    fills = list(children(root, "fills"))
    days = {int(each.get("numFmtId", 0)): is_day(each) for each in children(root, "numFmts")}
    return [
        cell_format(each, item(fonts, each, "fontId"), item(fills, each, "fillId"), days)
        for each in children(root, "cellXfs")
    ]


def children(root: Any, name: str) -> Any:
    found = root.find(f"{{*}}{name}")
    return [] if found is None else found


def item(items: list[Any], owner: Any, key: str) -> Any:
    number = int(owner.get(key, 0))
    return items[number] if number < len(items) else None


def is_day(number_format: Any) -> bool:
    code = LITERAL.sub("", number_format.get("formatCode", ""))
    return "General" not in code and bool(DAY.search(code))


def cell_format(xf: Any, font: Any, fill: Any, days: dict[int, bool]) -> Format:
    number = int(xf.get("numFmtId", 0))
    return Format(
        colour=colour(font, "{*}color", BLACK),
        fill=colour(fill, "{*}patternFill/{*}fgColor", WHITE) if is_filled(fill) else "",
        is_bold=is_on(font, "b"),
        is_italic=is_on(font, "i"),
        is_day=days.get(number, number in DAYS),
    )


def is_filled(fill: Any) -> bool:
    pattern = None if fill is None else fill.find("{*}patternFill")
    return pattern is not None and pattern.get("patternType", "none") not in {"none", "gray125"}


def is_on(font: Any, name: str) -> bool:
    found = None if font is None else font.find(f"{{*}}{name}")
    return found is not None and found.get("val", "1") not in {"0", "false"}


def colour(owner: Any, path: str, default: str) -> str:
    """Return the colour; empty for the default one, which most cells have."""
    found = None if owner is None else owner.find(path)
    if found is None:
        return ""
    if rgb := found.get("rgb", "")[-6:].upper():
        return "" if rgb == default else rgb
    theme = found.get("theme")
    # Themes 0 and 1 are the ground and the text.
    return "" if theme in {None, "0", "1"} else f"{theme}/{found.get('tint', '')}"
