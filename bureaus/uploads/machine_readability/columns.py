"""The columns of a table: their names, their values and what these are."""

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from bureaus.uploads.machine_readability.layout import Table
from bureaus.uploads.machine_readability.sheets import Cell, Sheet, Value
from bureaus.uploads.machine_readability.values import NUMERIC, Kind, kind_of, text_of

PROSE = 20  # characters: longer values are sentences more often than choices
MOST_OF = 0.2  # of the values


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column: `values` of the rows of the body, how often each occurs, and the different texts.

    `totals` counts the values of each kind.
    """

    index: int
    name: str
    values: tuple[Value, ...]
    counts: Counter[Value]
    kinds: dict[Value, Kind]
    totals: Counter[Kind]
    texts: tuple[str, ...]

    @property
    def filled(self) -> int:
        return len(self.values) - self.counts[None]

    def count(self, *kinds: Kind) -> int:
        return sum(self.totals[kind] for kind in kinds)

    @property
    def is_numeric(self) -> bool:
        """Whether more than half of its values are numbers, pure or not."""
        numbers = self.count(*NUMERIC)
        return numbers > 0 and numbers * 2 > self.filled - self.count(Kind.MARK)

    @property
    def is_text(self) -> bool:
        """Whether four of five values are texts."""
        return 0 < self.filled * 4 <= self.count(Kind.TEXT) * 5

    @property
    def is_prose(self) -> bool:
        """Whether it holds sentences, titles or the like, and no short values."""
        long = sum("。" in text or len(text) > PROSE for text in self.texts)
        return long > MOST_OF * len(self.texts)


def columns_of(sheet: Sheet, table: Table) -> list[Column]:
    rows = [sheet.rows[row] for row in table.body]
    return [column_at(sheet, table, index, rows) for index in table.columns]


def column_at(sheet: Sheet, table: Table, index: int, rows: list[list[Value]]) -> Column:
    values = tuple([row[index] for row in rows])
    # A date and a number may be equal: the kinds are of the first of such values.
    counts = Counter(values)
    kinds = {value: kind_of(value) for value in counts}
    totals: Counter[Kind] = Counter()
    for value, count in counts.items():
        totals[kinds[value]] += count
    texts = tuple([value for value in counts if isinstance(value, str)])
    name = header_name(sheet, table, index)
    return Column(index, name, values, counts, kinds, totals, texts)


def header_name(sheet: Sheet, table: Table, column: int) -> str:
    """Return the name of a column, over all rows of the header."""
    names = [text_of(sheet.rows[row][column]).strip() for row in table.header]
    return " ".join(dict.fromkeys(filter(None, names)))


def cells_with(table: Table, column: Column, wrong: AbstractSet[Any]) -> list[Cell]:
    """Return the cells of the column with one of the values."""
    if not wrong:
        return []
    return [
        (row, column.index)
        for row, value in zip(table.body, column.values, strict=True)
        if value in wrong
    ]
