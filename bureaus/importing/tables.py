"""CSV files of pages and of redirects, as rows with known columns."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from bureaus.importing.charsets import decode
from bureaus.importing.columns import NAMES, Names, column_of
from bureaus.importing.remarks import UnreadableSource

SIZE = 200_000_000  # bytes: all of it is in memory
FIELD = 10_000_000  # characters in a cell


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a CSV file. `line` is the number of the row as a spreadsheet displays it."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "").strip()


def read_rows(name: str, content: bytes, names: Names = NAMES, *, required: str) -> Iterator[Row]:
    """
    Yield the rows that are not empty. Raises UnreadableSource where it is no such table.

    UTF-8, with or without a byte order mark, or CP932, as Excel in Japan writes it.
    """
    decoded = decode(content)
    if decoded.replaced:
        raise UnreadableSource(
            f"「{name}」の文字コードを読めません。UTF-8かシフトJIS（CP932）で保存し直してください。"
        )
    csv.field_size_limit(FIELD)
    rows = csv.reader(io.StringIO(decoded.text.removeprefix("\ufeff"), newline=""))
    columns = known_columns(name, next(rows, []), names, required)
    try:
        for number, cells in enumerate(rows, 2):
            if any(cell.strip() for cell in cells):
                yield Row(number, {column: cells[at] for at, column in columns if at < len(cells)})
    except csv.Error as error:
        raise UnreadableSource(
            f"「{name}」を表として読めません（{error}）。CSVで保存し直してください。"
        ) from error


def known_columns(
    name: str, heads: list[str], names: Names, required: str
) -> list[tuple[int, str]]:
    """Return the position and name of each known column. Raises UnreadableSource."""
    columns = [(at, column) for at, head in enumerate(heads) if (column := column_of(head, names))]
    found = [column for _, column in columns]
    if required not in found:
        raise UnreadableSource(
            f"「{name}」の1行目に「{names[required][0]}」の列がありません（あるのは"
            f"{'、'.join(heads[:10]) or 'なし'}）。1行目を列の名前にしてください。"
        )
    if twice := sorted({column for column in found if found.count(column) > 1}):
        raise UnreadableSource(
            f"「{name}」の1行目に「{names[twice[0]][0]}」の列が2つあります。1つにしてください。"
        )
    return columns
