"""Formulas of Excel: they may use the contents of the workbook and nothing outside it."""

import re
from collections.abc import Container

from bureaus.uploads.link_addresses import is_allowed_address, quoted
from bureaus.uploads.ooxml.dangers import BY_VALUE, danger
from bureaus.uploads.ooxml.functions import FUNCTIONS
from bureaus.uploads.ooxml.relationships import refuse_address

TEXT = re.compile(r'"(?:[^"]|"")*"')
QUOTED_SHEET = re.compile(r"'(?:[^']|'')*'(?=!)")
# A column of a table: its name may hold what else would be a call. The innermost comes first.
COLUMN = re.compile(r"(?<=[\w\[,@:\]])\[(?:[^\[\]']|'.)*\]")
THIS_WORKBOOK = "[0]!"
CALL = re.compile(r"([^\W\d][\w.]*)\s*\(")
CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+")
PREFIX = re.compile(r"(?:_xlfn\.|_xlws\.)+", re.IGNORECASE)
PARAMETER = re.compile(r"_xlpm\.", re.IGNORECASE)  # of a LAMBDA, and so of the formula itself
UNKNOWN_ELSEWHERE = "__XLUDF.DUMMYFUNCTION"  # as Google Sheets writes what Excel does not know
LINK = re.compile(r"\bHYPERLINK\s*\(", re.IGNORECASE)
ADDRESS = re.compile(r'\s*"((?:[^"]|"")*)"')
PLAIN_MACRO = re.compile(r"(?:\[0\]!)?[\w.]*")


def refuse_formula(formula: str, place: str, names: Container[str]) -> None:
    """Raise InvalidUpload. `names`: the workbook's functions in capitals, its sheets in quotes."""
    masked = TEXT.sub(blank, formula) if '"' in formula else formula
    if "'" in masked:
        masked = without_own_sheets(masked, names)
        if any(mark in sheet for sheet in QUOTED_SHEET.findall(masked) for mark in "\\/[]"):
            raise danger(f"ほかのブックへの参照{quoted(formula)}", place, BY_VALUE)
    if "|" in masked:
        raise danger(f"ほかのプログラムを呼ぶ計算式（DDE）{quoted(formula)}", place, BY_VALUE)
    if "'" in masked:
        masked = QUOTED_SHEET.sub(blank, masked)
    if "[" in masked:
        refuse_workbooks(masked, formula, place)
        masked = without_columns(masked)
    for name in CALL.findall(masked):
        if name not in FUNCTIONS and not is_allowed_call(name, names):
            raise danger(f"登録できる文書では使えない関数{quoted(name)}", place, BY_VALUE)
    for match in LINK.finditer(masked):
        refuse_link(formula[match.end() :], place)


def without_own_sheets(masked: str, names: Container[str]) -> str:
    return QUOTED_SHEET.sub(lambda match: blank(match) if match[0] in names else match[0], masked)


def blank(match: re.Match[str]) -> str:
    """Return as many spaces, so that positions stay the same."""
    return " " * len(match[0])


def without_columns(masked: str) -> str:
    while (shorter := COLUMN.sub(blank, masked)) != masked:
        masked = shorter
    return masked


def refuse_workbooks(masked: str, formula: str, place: str) -> None:
    """Raise InvalidUpload where a bracket is neither a table's nor this workbook's."""
    rest = without_columns(masked).replace(THIS_WORKBOOK, "")
    if "[" in rest:
        raise danger(f"ほかのブックへの参照{quoted(formula)}", place, BY_VALUE)


def is_allowed_call(name: str, names: Container[str]) -> bool:
    bare = PREFIX.sub("", name).upper()
    return (
        bare in FUNCTIONS
        or name.upper() in names
        or bool(PARAMETER.match(bare) or CELL.fullmatch(bare))
        or bare == UNKNOWN_ELSEWHERE
    )


def refuse_link(arguments: str, place: str) -> None:
    """Raise InvalidUpload unless the address of HYPERLINK is a literal of an allowed scheme."""
    match = ADDRESS.match(arguments)
    if match is None:
        raise danger("リンク先を計算で作る関数「HYPERLINK」", place, BY_VALUE)
    address = match[1].replace('""', '"')
    if not is_allowed_address(address):
        refuse_address(address or "（空）", place)


def refuse_macro(name: str, place: str) -> None:
    """Raise InvalidUpload where a button names a macro of another workbook."""
    if not PLAIN_MACRO.fullmatch(name):
        raise danger(f"マクロ{quoted(name)}", place)
