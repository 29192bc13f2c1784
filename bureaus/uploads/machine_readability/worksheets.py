"""
The XML of a worksheet, read for its values.

By regular expressions, which take a third of a parser's time for a million cells: the package's
own check has parsed every part already, and a misread cell is a wrong advice at worst.
"""

import codecs
import re
from collections.abc import Iterator
from html import unescape
from typing import IO

from bureaus.uploads.machine_readability.sheets import Area, Day, Sheet, Value, column_name

CELLS = 200_000  # of all sheets together; the judgement says where it has ended
WIDTH = 1_000  # columns
STRINGS = 40_000_000  # characters of shared strings
CHUNK = 1024 * 1024
LETTERS = 26
P = r"(?:\w+:)?"  # a prefix, which an author may choose
ROW = re.compile(rf"<{P}row\b([^>]*?)(?:/>|>(.*?)</{P}row>)", re.DOTALL)
END_OF_ROW = re.compile(rf"</{P}row>")
CELL = re.compile(
    rf'<{P}c r="([A-Z]{{1,3}})\d+"([^>/]*)'
    rf"(?:/>|><{P}v>([^<]*)</{P}v></{P}c>"
    rf"|><{P}is><{P}t\b[^>]*>([^<]*)</{P}t></{P}is></{P}c>|>(.*?)</{P}c>)",
    re.DOTALL,
)
OTHER_CELL = re.compile(rf"<{P}c\b([^>]*?)(?:/>|>(.*?)</{P}c>)", re.DOTALL)
ATTRIBUTE = re.compile(r"""(\w+)=["']([^"']*)["']""")
VALUE = re.compile(rf"<{P}v\b[^>]*>([^<]*)<")
TEXT = re.compile(rf"<{P}t\b[^>]*>([^<]*)<")
READING = re.compile(rf"<{P}rPh\b.*?</{P}rPh>", re.DOTALL)  # in kana, above the characters
FORMULA = re.compile(rf"<{P}f\b")
STRING = re.compile(
    rf"<{P}si>(?:<{P}t\b[^>]*>([^<]*)</{P}t></{P}si>|(.*?)</{P}si>)|<{P}si/>", re.DOTALL
)
END_OF_STRING = re.compile(rf"</{P}si>")
COLUMN = re.compile(rf"<{P}col\b([^>]*)>")
MERGED = re.compile(rf'<{P}mergeCell\b[^>]*ref="([^"]*)"')
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
TRUE = frozenset({"1", "true"})
NO_RESULT = 0.0  # of a formula whose program stored none


def column_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * LETTERS + ord(letter) - ord("A") + 1
    return column - 1


class Columns(dict[str, int]):
    """The numbers of columns by their letters."""

    def __missing__(self, letters: str) -> int:
        number = self[letters] = column_of(letters)
        return number


class Kinds(dict[str, tuple[str, int]]):
    """The type and the style of cells, by the text of their attributes."""

    def __missing__(self, text: str) -> tuple[str, int]:
        attributes = attributes_in(text)
        self[text] = found = (attributes.get("t", "n"), int(attributes.get("s", 0)))
        return found


class Texts(dict[str, str | None]):
    """Texts by what stands for them in the XML; None for white space."""

    def __missing__(self, raw: str) -> str | None:
        text = readable(raw)
        self[raw] = found = None if not text or text.isspace() else text
        return found


def cells_in(text: str) -> list[tuple[str, str, str, str, str]]:
    """Return letters, attributes and contents (plain, own text, else) of the cells of a row."""
    found = CELL.findall(text)
    if found and len(found) >= text.count("<c "):
        return found
    return list(other_cells(text))


def other_cells(text: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the same of cells as few programs write them: without a reference, or in any order."""
    for place, (attributes, inner) in enumerate(OTHER_CELL.findall(text)):
        reference = attributes_in(attributes).get("r") or column_name(place)
        yield reference.rstrip("0123456789"), attributes, "", "", inner


def attributes_in(text: str) -> dict[str, str]:
    return dict(ATTRIBUTE.findall(text))


def pieces(stream: IO[bytes], end: re.Pattern[str]) -> Iterator[str]:
    """Yield the text in pieces, each of which ends after a match of `end`, and the rest."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    rest = ""
    while chunk := stream.read(CHUNK):
        text = rest + decoder.decode(chunk)
        last = max((match.end() for match in end.finditer(text[-CHUNK // 8 :])), default=0)
        cut = len(text) - len(text[-CHUNK // 8 :]) + last if last else 0
        yield text[:cut]
        rest = text[cut:]
    yield rest


def shared_strings(stream: IO[bytes]) -> list[str]:
    """Return the texts that cells refer to by number."""
    found: list[str] = []
    length = 0
    for piece in pieces(stream, END_OF_STRING):
        for plain, rich in STRING.findall(piece):
            text = readable(plain) if plain or not rich else text_in(rich)
            length += len(text)
            found.append(text if length < STRINGS else "")
    return found


def text_in(rich: str) -> str:
    return readable("".join(TEXT.findall(READING.sub("", rich) if "rPh" in rich else rich)))


def readable(text: str) -> str:
    return unescape(text) if "&" in text else text


class WorksheetReader:
    """A reader of one worksheet: rows until `most` cells are read, and what stands around them."""

    def __init__(self, sheet: Sheet, strings: list[str], most: int) -> None:
        self.sheet = sheet
        self.strings = strings
        self.most = most
        self.cells = 0
        self.columns, self.kinds, self.texts = Columns(), Kinds(), Texts()
        self.days = frozenset(number for number, each in enumerate(sheet.formats) if each.is_day)

    def read(self, stream: IO[bytes]) -> None:
        is_first = True
        for piece in pieces(stream, END_OF_ROW):
            if is_first:
                self.read_columns(piece)
                is_first = False
            if not self.sheet.is_cut:
                for attributes, cells in ROW.findall(piece):
                    self.read_row(attributes_in(attributes), cells)
            if "mergeCell" in piece:
                self.sheet.merged += [area_of(name) for name in MERGED.findall(piece)]

    def read_columns(self, head: str) -> None:
        for text in COLUMN.findall(head.partition("sheetData")[0]):
            column = attributes_in(text)
            if column.get("hidden") in TRUE:
                first, last = int(column.get("min", 1)), int(column.get("max", 1))
                self.sheet.hidden_columns.append((first - 1, last - 1))

    def read_row(self, attributes: dict[str, str], cells: str) -> None:
        sheet = self.sheet
        number = int(attributes.get("r") or len(sheet.rows) + 1) - 1
        missing = number - len(sheet.rows)
        if self.cells + max(missing, 0) >= self.most:
            sheet.is_cut = True
            return
        if attributes.get("hidden") in TRUE:
            sheet.hidden_rows.append(number)
        for _ in range(missing):
            sheet.rows.append([])
            sheet.styles.append([])
        self.read_cells(number, cells)

    def read_cells(self, number: int, cells: str) -> None:
        row: list[Value] = []
        styles: list[int] = []
        for letters, attributes, plain, own, rich in cells_in(cells):
            column = self.columns[letters]
            kind, style = self.kinds[attributes]
            value: Value = None
            if own:
                value = self.texts[own]
            elif plain:
                value = self.plain_value(kind, style, plain)
            elif rich:
                value = self.rich_value(kind, style, rich, number, column)
            if value is None or not len(row) <= column < WIDTH:
                continue
            if missing := column - len(row):
                row += [None] * missing
                styles += [0] * missing
            row.append(value)
            styles.append(style)
        self.cells += len(row)
        self.sheet.rows.append(row)
        self.sheet.styles.append(styles)

    def plain_value(self, kind: str, style: int, text: str) -> Value:
        if kind == "n":
            return Day(text) if style in self.days else float(text)
        if kind == "s":
            text = self.strings[int(text)]
        elif kind == "b":
            text = "TRUE" if text == "1" else "FALSE"
        else:
            return self.texts[text]
        return None if not text or text.isspace() else text

    def rich_value(self, kind: str, style: int, inner: str, row: int, column: int) -> Value:
        """Return the value of a cell with a formula or a text of its own."""
        is_formula = FORMULA.search(inner) is not None
        if is_formula:
            self.sheet.formulas.append((row, column))
        if kind == "inlineStr":
            text = text_in(inner)
            return None if not text or text.isspace() else text
        found = VALUE.search(inner)
        value = self.plain_value(kind, style, found[1]) if found and found[1] else None
        return NO_RESULT if is_formula and value is None else value


def area_of(name: str) -> Area:
    ends = [(int(row) - 1, column_of(letters)) for letters, row in REFERENCE.findall(name)]
    return Area(*ends[0], *ends[-1])
