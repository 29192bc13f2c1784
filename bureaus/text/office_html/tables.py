"""Tables of spreadsheets: hidden columns are dropped, and bold rows and columns are headers."""

from collections.abc import Iterable

from bureaus.text.html_tree import Element
from bureaus.text.office_html.remains import Notes, note
from bureaus.text.office_html.rules import pattern
from bureaus.text.office_html.tree import text_of

BOLD, REGULAR = pattern("bold"), pattern("regular")
CELLS = frozenset({"td", "th"})
LONGEST_SPAN = 99
MOST_PLACES = 50_000  # cells of the grid; a larger table keeps its columns


def set_tables(root: Element, notes: Notes) -> None:
    for table in [each for each in root.descendants() if each.tag == "table"]:
        rows = rows_of(table)
        if hidden := hidden_columns(table):
            drop_columns(rows, hidden, notes)
        cells_in_head = [
            cell
            for part in table.elements
            if part.tag == "thead"
            for row in part.elements
            for cell in row.elements
        ]
        make_headers(cells_in_head)
        if not any(cell.tag == "th" for row in rows for cell in row):
            find_headers(rows, notes)


def rows_of(table: Element) -> list[list[Element]]:
    """Return the cells of each row, without those of tables in them."""
    rows = [
        row
        for part in table.elements
        for row in ([part] if part.tag == "tr" else part.elements)
        if row.tag == "tr"
    ]
    return [[cell for cell in row.elements if cell.tag in CELLS] for row in rows]


def make_headers(cells: Iterable[Element]) -> None:
    for cell in cells:
        cell.tag = "th" if cell.tag in CELLS else cell.tag


# Header cells


def find_headers(rows: list[list[Element]], notes: Notes) -> None:
    """Make headers of the bold rows at the top, and of a bold first column."""
    filled = [row for row in rows if any(map(text_of, row))]
    height = 0
    for row in filled[:-1]:
        if len(row) == 1 or not is_bold_row(row):
            break
        height += 1
    for row in filled[:height]:
        make_headers(row)
        note(notes, "head", " ".join(filter(None, map(text_of, row))))
    body = [row for row in filled[height:] if len(row) > 1]
    if len(body) > 1 and all(is_bold(row[0]) and not is_bold_row(row[1:]) for row in body):
        make_headers(row[0] for row in body)
        note(notes, "head", " ".join(text_of(row[0]) for row in body))


def is_bold_row(row: list[Element]) -> bool:
    filled = [cell for cell in row if text_of(cell)]
    return bool(filled) and all(map(is_bold, filled))


def is_bold(element: Element) -> bool:
    """Return whether it has text, and all of it is bold."""
    return bool(text_of(element)) and not has_regular_text(element, is_bold=False)


def has_regular_text(element: Element, *, is_bold: bool) -> bool:
    weight = element.styles.get("font-weight", "")
    if element.tag in {"b", "strong"} or BOLD.search(weight):
        is_bold = True
    if REGULAR.search(weight) and not BOLD.search(weight):
        is_bold = False
    return any(
        (not is_bold and bool(text_of(child)))
        if isinstance(child, str)
        else has_regular_text(child, is_bold=is_bold)
        for child in element.children
    )


# Hidden columns


def hidden_columns(table: Element) -> set[int]:
    hidden: set[int] = set()
    column = 0
    for part in [each for each in table.descendants() if each.tag == "col"]:
        width = span_of(part, "span")
        if part.styles.get("display") == "none":
            hidden |= set(range(column, column + width))
        column += width
    return hidden


def drop_columns(rows: list[list[Element]], hidden: set[int], notes: Notes) -> None:
    """Drop the cells that stand in hidden columns alone, and narrow those that reach into one."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            width, height = span_of(cell, "colspan"), span_of(cell, "rowspan")
            if len(taken) + width * height > MOST_PLACES:
                return
            columns = range(column, column + width)
            taken |= {(number + down, each) for down in range(height) for each in columns}
            shown = sum(each not in hidden for each in columns)
            if shown and shown < width:
                cell.attributes["colspan"] = str(shown)
            if shown == 1:
                cell.attributes.pop("colspan", None)
            if not shown:
                note(notes, "hidden", text_of(cell))
                cell.tag, cell.children = "", []
        row[:] = [cell for cell in row if cell.tag]


def span_of(element: Element, name: str) -> int:
    value = element.value(name)
    return min(int(value), LONGEST_SPAN) if value.isdecimal() and int(value) else 1
