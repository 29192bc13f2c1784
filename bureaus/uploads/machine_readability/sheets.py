"""A sheet as the rules read it: plain values by row and column, counted from zero."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

LETTERS = 26


class Day(float):
    """A number of Excel that is displayed as a date or time."""

    __slots__ = ()


Value = str | float | None  # None: blank
Cell = tuple[int, int]


class Area(NamedTuple):
    """A rectangle of cells; `bottom` and `right` belong to it."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def meets(self, other: "Area") -> bool:
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    @property
    def name(self) -> str:
        first = cell_name(self.top, self.left)
        last = cell_name(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


class Format(NamedTuple):
    """The format of a cell, as far as it may stand for a meaning."""

    colour: str = ""
    fill: str = ""
    is_bold: bool = False
    is_italic: bool = False
    is_day: bool = False


@dataclass(slots=True)
class CsvFaults:
    """What is wrong in the text of a CSV file: rows counted from zero, lines from one."""

    encoding: str = "utf-8"
    many_lines: list[tuple[int, int, int]] = field(default_factory=list)  # row, its lines
    misquoted: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """One sheet of a workbook, or a CSV file, which has no name."""

    name: str = ""
    rows: list[list[Value]] = field(default_factory=list)
    width: int = 0
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    objects: list[tuple[int, int, str]] = field(default_factory=list)
    formulas: list[Cell] = field(default_factory=list)
    styles: list[list[int]] = field(default_factory=list)
    formats: Sequence[Format] = ()
    csv: CsvFaults | None = None
    is_cut: bool = False  # further rows were not read

    def make_rectangular(self) -> None:
        """Give every row as many cells, and leave out the blank ones at the end."""
        while self.rows and self.rows[-1].count(None) == len(self.rows[-1]):
            self.rows.pop()
        self.width = max(map(len, self.rows), default=0)
        for row in self.rows:
            row.extend([None] * (self.width - len(row)))

    def is_blank(self, row: int) -> bool:
        return self.rows[row].count(None) == self.width

    def format_at(self, row: int, column: int) -> Format:
        styles = self.styles[row] if row < len(self.styles) else []
        style = styles[column] if column < len(styles) else 0
        return self.formats[style] if style < len(self.formats) else Format()


def column_name(column: int) -> str:
    """Return A of 0, AA of 26."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        name = chr(ord("A") + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    return f"{column_name(column)}{row + 1}"
