"""
Where the table of a sheet is: its header, its rows, and what stands around it.

Blank rows and columns part a sheet into blocks. The block with the most cells is the table; one
that continues it belongs to it all the same, and any other one is another table or a note.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bureaus.uploads.machine_readability.sheets import Area, Cell, Sheet, Value
from bureaus.uploads.machine_readability.values import NUMERIC, Kind, kind_of

TOTAL = re.compile(r"(?:合|小|総)?計|総数|総合計")
NOTE = re.compile(r"\s*(?:※|[（(]?注|備考|出典|出所|資料|参考|Source|単位)")
HEADER_ROWS = 5
EXAMINED = 30  # rows of the body that say what its columns hold
A_TITLE = 2  # cells that a row above the table may have


@dataclass(slots=True)
class Table:
    """The table of a sheet. Rows and columns are numbers of the sheet."""

    area: Area
    header: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    blank_rows: list[int] = field(default_factory=list)
    blank_columns: list[int] = field(default_factory=list)
    repeated_headers: list[int] = field(default_factory=list)
    others: list[Cell] = field(default_factory=list)  # notes around it
    totals: list[int] = field(default_factory=list)  # rows below it
    further: list[Area] = field(default_factory=list)  # other tables
    has_names: bool = True

    @property
    def columns(self) -> Iterator[int]:
        blank = set(self.blank_columns)
        return (each for each in range(self.area.left, self.area.right + 1) if each not in blank)


def find_table(sheet: Sheet) -> Table | None:
    """Return the table; None of a sheet without one, such as a cover or an explanation."""
    blocks = list(blocks_in(sheet))
    tables = [each for each in blocks if is_table(each)]
    if not tables:
        return None
    largest = max(tables, key=lambda area: (size(area), -area.top, -area.left))
    main = min((each for each in blocks if same_columns(each, largest)), key=lambda area: area.top)
    table = Table(main)
    trim(sheet, table)
    for block in sorted(blocks):
        if block != main:
            place(sheet, table, block)
    find_header(sheet, table)
    find_body(sheet, table)
    return table if table.body else None


def size(area: Area) -> int:
    return (area.bottom - area.top + 1) * (area.right - area.left + 1)


def is_table(area: Area) -> bool:
    return area.bottom > area.top and area.right > area.left


def blocks_in(sheet: Sheet) -> Iterator[Area]:
    """Yield the blocks of cells that blank rows and columns part."""
    filled = [row for row in range(len(sheet.rows)) if not sheet.is_blank(row)]
    for top, bottom in bands(filled):
        rows = sheet.rows[top : bottom + 1]
        used = [
            column
            for column, cells in enumerate(zip(*rows, strict=True))
            if cells.count(None) < len(cells)
        ]
        for left, right in bands(used):
            yield tight(sheet, Area(top, left, bottom, right))


def tight(sheet: Sheet, area: Area) -> Area:
    """Return the area without blank rows at its ends: other blocks stand beside those."""
    top, bottom = area.top, area.bottom
    cells = slice(area.left, area.right + 1)
    width = area.right - area.left + 1
    while top < bottom and sheet.rows[top][cells].count(None) == width:
        top += 1
    while bottom > top and sheet.rows[bottom][cells].count(None) == width:
        bottom -= 1
    return area._replace(top=top, bottom=bottom)


def bands(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of consecutive numbers."""
    first = last = -1
    for number in numbers:
        if first >= 0 and number > last + 1:
            yield first, last
        if first < 0 or number > last + 1:
            first = number
        last = number
    if first >= 0:
        yield first, last


def cells_of(sheet: Sheet, row: int, area: Area) -> list[Value]:
    return sheet.rows[row][area.left : area.right + 1]


def filled(values: Iterable[Value]) -> list[Value]:
    return [value for value in values if value is not None]


# Titles and notes


def trim(sheet: Sheet, table: Table) -> None:
    """Take titles above and notes and totals below out of the table."""
    while table.area.top < table.area.bottom - 1 and is_title(sheet, table.area):
        table.others += noted(sheet, table.area.top, table.area)
        table.area = table.area._replace(top=table.area.top + 1)
    while table.area.bottom > table.area.top + 1:
        values = cells_of(sheet, table.area.bottom, table.area)
        if is_total(values):
            table.totals.append(table.area.bottom)
        elif is_note(values):
            table.others += noted(sheet, table.area.bottom, table.area)
        else:
            break
        table.area = table.area._replace(bottom=table.area.bottom - 1)


def noted(sheet: Sheet, row: int, area: Area) -> list[Cell]:
    return [
        (row, column)
        for column in range(area.left, area.right + 1)
        if sheet.rows[row][column] is not None
    ]


def is_title(sheet: Sheet, area: Area) -> bool:
    """Return whether the first row is a title: of few cells, above a row that may be a header."""
    here = filled(cells_of(sheet, area.top, area))
    below = filled(cells_of(sheet, area.top + 1, area))
    width = area.right - area.left + 1
    if len(here) > A_TITLE or len(below) <= len(here) or is_spread(sheet, area):
        return False
    if any(kind_of(value) in NUMERIC for value in below):
        return len(here) == 1 < width - 1 and len(below) == width and is_sentence(here[0])
    return len(here) < max(A_TITLE, width - 1) or is_sentence(here[0])


def is_sentence(value: Value) -> bool:
    return isinstance(value, str) and (len(value) > 12 or NOTE.match(value) is not None)  # noqa: PLR2004 - longer than the name of a column


def is_spread(sheet: Sheet, area: Area) -> bool:
    """Return whether the first row begins a header of merged cells within the table."""
    width = area.right - area.left
    return any(
        each.top == area.top and each.right - each.left < width and each != each[:2] * 2
        for each in sheet.merged
        if each.meets(area)
    )


def is_total(values: list[Value]) -> bool:
    texts = [value.strip() for value in filled(values) if isinstance(value, str)]
    return any(TOTAL.fullmatch("".join(text.split())) for text in texts[:3])


def is_note(values: list[Value]) -> bool:
    found = filled(values)
    if not found:
        return False
    first = found[0]
    if isinstance(first, str) and NOTE.match(first) and len(found) < len(values):
        return True
    return len(found) == 1 and len(values) > A_TITLE and isinstance(values[0], str)


# Blocks beside the table


def place(sheet: Sheet, table: Table, block: Area) -> None:
    """Say what another block is: a piece of the table, another table or a note."""
    area = table.area
    if same_columns(area, block):
        place_below(sheet, table, block)
    elif is_beside(area, block):
        gap = (min(area.right, block.right) + 1, max(area.left, block.left))
        table.blank_columns += range(*gap)
        table.area = Area(
            min(area.top, block.top),
            min(area.left, block.left),
            max(area.bottom, block.bottom),
            max(area.right, block.right),
        )
    elif is_table(block):
        table.further.append(block)
    else:
        for row in range(block.top, block.bottom + 1):
            table.others += noted(sheet, row, block)


def same_columns(area: Area, block: Area) -> bool:
    return area.left == block.left and area.right == block.right


def place_below(sheet: Sheet, table: Table, block: Area) -> None:
    area = table.area
    begins_again = is_header_like(sheet, block)
    if begins_again and cells_of(sheet, block.top, block) != cells_of(sheet, area.top, area):
        table.further.append(block)
        return
    piece = Table(block)
    trim(sheet, piece)
    table.others += piece.others
    table.totals += piece.totals
    if begins_again:
        table.repeated_headers.append(block.top)
    table.blank_rows += range(area.bottom + 1, block.top)
    table.area = area._replace(bottom=piece.area.bottom)


def is_header_like(sheet: Sheet, block: Area) -> bool:
    """Return whether a block begins with names above numbers."""
    if block.bottom == block.top:
        return False
    first = [kind_of(value) for value in cells_of(sheet, block.top, block)]
    second = [kind_of(value) for value in cells_of(sheet, block.top + 1, block)]
    return any(
        above is Kind.TEXT and below in NUMERIC for above, below in zip(first, second, strict=True)
    ) and not any(kind in NUMERIC for kind in first)


def is_beside(area: Area, block: Area) -> bool:
    """Return whether a single blank column parts it from the table, in the same rows."""
    gap = max(area.left, block.left) - min(area.right, block.right) - 1
    return gap == 1 and abs(area.top - block.top) <= 1 and abs(area.bottom - block.bottom) <= 1


# Header and body


def find_header(sheet: Sheet, table: Table) -> None:
    """Find the rows of the header: one, or more where cells are merged or names are split."""
    top = table.area.top
    if is_headless(sheet, table):
        table.has_names = False
        return
    last = top
    for row in range(top, min(top + HEADER_ROWS, table.area.bottom)):
        if row > last:
            break
        last = max(last, *(each.bottom for each in merged_in(sheet, table, row)), row)
        if continues_header(sheet, table, row + 1):
            last = max(last, row + 1)
    last = min(last, table.area.bottom - 1, top + HEADER_ROWS - 1)
    blank = set(table.blank_rows)
    table.header = [row for row in range(top, last + 1) if row not in blank]


def merged_in(sheet: Sheet, table: Table, row: int) -> list[Area]:
    """Return the merged cells that begin in a row of the header, and one that is below them."""
    wide = [
        each for each in sheet.merged if each.top == row and table.area.holds(each.top, each.left)
    ]
    below = [
        each._replace(bottom=each.bottom + 1)
        for each in wide
        if each.right > each.left and names_below(sheet, each)
    ]
    return wide + below


def names_below(sheet: Sheet, area: Area) -> bool:
    """Return whether texts stand below merged cells: the names that these group."""
    if area.bottom + 1 >= len(sheet.rows):
        return False
    row = sheet.rows[area.bottom + 1][area.left : area.right + 1]
    return all(kind_of(value) is Kind.TEXT for value in row)


def continues_header(sheet: Sheet, table: Table, row: int) -> bool:
    """Return whether a row holds texts only where the rows below hold numbers."""
    if row >= table.area.bottom or row in table.blank_rows:
        return False
    numeric = numeric_columns(sheet, table, row + 1)
    kinds = [kind_of(sheet.rows[row][column]) for column in numeric]
    texts = kinds.count(Kind.TEXT)
    return bool(numeric) and texts * 2 >= len(numeric) and not NUMERIC & set(kinds)


def numeric_columns(sheet: Sheet, table: Table, start: int) -> list[int]:
    rows = [
        row
        for row in range(start, min(start + EXAMINED, table.area.bottom + 1))
        if not sheet.is_blank(row)
    ]
    found = []
    for column in range(table.area.left, table.area.right + 1):
        kinds = [kind_of(sheet.rows[row][column]) for row in rows]
        numbers = sum(kind in NUMERIC for kind in kinds)
        if numbers * 2 > len(kinds) - kinds.count(Kind.BLANK) - kinds.count(Kind.MARK):
            found.append(column)
    return found


def is_headless(sheet: Sheet, table: Table) -> bool:
    """Return whether the first row holds data where the others do."""
    top = table.area.top
    numeric = numeric_columns(sheet, table, top + 1)
    first = [sheet.rows[top][column] for column in numeric]
    data = [value for value in first if kind_of(value) in NUMERIC and not may_be_name(value)]
    return bool(numeric) and len(data) * 2 >= len(numeric) and not is_sequence(first)


def may_be_name(value: Value) -> bool:
    """Return whether a number may be the name of a column: a year."""
    text = str(int(value)) if isinstance(value, float) else str(value)
    return bool(re.fullmatch(r"(?:19|20)\d\d", text))


def is_sequence(values: list[Value]) -> bool:
    """Return whether the values count on by one, as numbers of columns do."""
    try:
        numbers = [float(value) for value in values if value is not None]
    except ValueError:
        return False
    return len(numbers) > 1 and all(after - before == 1 for before, after in pairwise(numbers))


def find_body(sheet: Sheet, table: Table) -> None:
    """Find the rows of data, and the blank rows and columns among them."""
    area = table.area
    table.blank_rows += [
        row
        for row in range(area.top, area.bottom + 1)
        if cells_of(sheet, row, area).count(None) == area.right - area.left + 1
    ]
    table.blank_rows = sorted(set(table.blank_rows))
    table.blank_columns = sorted(set(table.blank_columns))
    skipped = {*table.header, *table.blank_rows, *table.repeated_headers}
    table.body = [row for row in range(area.top, area.bottom + 1) if row not in skipped]
