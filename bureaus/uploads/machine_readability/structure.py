"""Level 1, the shape of a sheet: rules 1-2 to 1-5 and 1-10 to 1-15."""

import re
from collections import Counter
from collections.abc import Iterator

from bureaus.uploads.machine_readability.findings import (
    Finding,
    at,
    at_areas,
    at_cells,
    at_columns,
    at_rows,
    quoted,
)
from bureaus.uploads.machine_readability.layout import is_sequence
from bureaus.uploads.machine_readability.sheets import Area, Format, cell_name
from bureaus.uploads.machine_readability.subject import Check, Subject
from bureaus.uploads.machine_readability.values import text_of

# Names that a program has given, or that are no words.
EMPTY_NAME = re.compile(
    r"(?:列|項目|フィールド|カラム|Column|Field|Unnamed:?|F)[ _]?\d+|[\W_]+", re.IGNORECASE
)


def one_table(subject: Subject) -> Iterator[Finding]:
    if further := subject.table.further:
        yield at_areas(
            "1-2",
            [subject.table.area, *further],
            f"表が{len(further) + 1}つあります。表ごとに、シート（CSVならファイル）を"
            "分けてください。",
        )


def no_gaps(subject: Subject) -> Iterator[Finding]:
    table = subject.table
    if table.blank_rows:
        yield at_rows("1-3", table.blank_rows, "空白の行が表を分けています。行を削除してください。")
    if table.blank_columns:
        yield at_columns(
            "1-3", table.blank_columns, "空白の列が表を分けています。列を削除してください。"
        )
    if table.repeated_headers:
        yield at_rows(
            "1-3",
            table.repeated_headers,
            "項目名の行が、表の途中にもう一度あります。1行目だけに残して削除してください。",
        )


def nothing_around(subject: Subject) -> Iterator[Finding]:
    table, sheet = subject.table, subject.sheet
    if table.others:
        others = sorted(table.others)
        row, column = others[0]
        yield at_cells(
            "1-4",
            others,
            f"表の外に{quoted(text_of(sheet.rows[row][column]))}などの書き込みがあります。"
            "表題や注は、掲載するページか別のシートに書いてください。",
        )
    if table.totals:
        yield at_rows(
            "1-4",
            sorted(table.totals),
            "合計の行が、データの下に続いています。プログラムはデータの1件として数えます。"
            "合計は別の表にしてください。",
        )


def every_column_named(subject: Subject) -> Iterator[Finding]:
    if not subject.table.has_names:
        yield at_rows(
            "1-5",
            [subject.table.area.top],
            "項目名の行がなく、データから始まっています。1行目に項目名を入れてください。",
        )
        return
    width = expected_width(subject)
    names = {
        column.index: column.name
        for column in subject.columns
        if column.filled and column.index < width
    }
    row = subject.first_row
    if missing := [(row, index) for index, name in names.items() if not name]:
        yield at_cells("1-5", missing, "項目名がありません。列の内容を表す名前を入れてください。")
    empty = [index for index, name in names.items() if EMPTY_NAME.fullmatch(name)]
    if not empty and is_sequence(list(names.values())):
        empty = list(names)
    if empty:
        yield at_cells(
            "1-5",
            [(row, index) for index in empty],
            f"項目名{quoted(names[empty[0]])}からは、列の内容が分かりません。"
            "内容を表す名前にしてください。",
        )


def no_objects(subject: Subject) -> Iterator[Finding]:
    """As in the reference: only what begins within the table; a chart beside it is no data."""
    area = subject.table.area
    if found := [each for each in subject.sheet.objects if area.holds(each[0], each[1])]:
        yield at_cells(
            "1-10",
            [(row, column) for row, column, _ in found],
            f"表の上に{found[0][2]}があります。必要な内容はセルに書き、表の外に移すか"
            "削除してください。",
        )


def no_merged_cells(subject: Subject) -> Iterator[Finding]:
    """As in the reference, merged cells of a header are judged by rule 2-3."""
    table = subject.table
    body = Area(subject.first_row + 1, table.area.left, table.area.bottom, table.area.right)
    if found := [each for each in subject.sheet.merged if each.meets(body)]:
        yield at_areas(
            "1-12",
            found,
            "セルが結合されています。結合を解除し、同じ値をそれぞれのセルに入れてください。",
        )


def nothing_hidden(subject: Subject) -> Iterator[Finding]:
    """As in the reference: within what is used, as Excel can hide all the rest of a sheet."""
    sheet = subject.sheet
    if rows := [row for row in sheet.hidden_rows if row < len(sheet.rows)]:
        yield at_rows(
            "1-13",
            rows,
            "行が隠れています。要らない行なら削除し、要る行なら再表示してください。",
        )
    columns = [
        column
        for first, last in sheet.hidden_columns
        for column in range(first, min(last + 1, sheet.width))
    ]
    if columns:
        yield at_columns(
            "1-13",
            columns,
            "列が隠れています。要らない列なら削除し、要る列なら再表示してください。",
        )


# Formats


def no_meaning_in_formats(subject: Subject) -> Iterator[Finding]:
    if not subject.sheet.formats or not any(map(any, subject.sheet.styles)):
        return
    found: dict[str, list[int]] = {}
    for column in subject.columns:
        for what in differences(subject, column.index):
            found.setdefault(what, []).append(column.index)
    for what, columns in found.items():
        yield at_columns(
            "1-11",
            columns,
            f"{what}が、列の一部のセルだけ違います。意味があるなら、列を加えて文字で書き、"
            "ないなら書式をそろえてください。",
        )


def differences(subject: Subject, column: int) -> Iterator[str]:
    """Yield what differs among the formats of a column's filled cells."""
    styles = Counter(
        subject.sheet.styles[row][column]
        for row in subject.table.body
        if subject.sheet.rows[row][column] is not None
    )
    formats = subject.sheet.formats
    used = [formats[style] for style in styles if style < len(formats)] or [Format()]
    if len({each.colour for each in used}) > 1:
        yield "文字の色"
    if len({each.fill for each in used if each.fill}) > 1 or is_highlighted(subject, column, used):
        yield "背景の色"
    if len({each.is_bold for each in used}) > 1:
        yield "太字"
    if len({each.is_italic for each in used}) > 1:
        yield "斜体"


def is_highlighted(subject: Subject, column: int, used: list[Format]) -> bool:
    """Return whether single cells have a ground of their own; rows in stripes have none."""
    if len({each.fill for each in used}) == 1 or len(subject.columns) == 1:
        return False
    neighbour = next(each.index for each in subject.columns if each.index != column)
    sheet = subject.sheet
    return any(
        sheet.format_at(row, column).fill not in {"", sheet.format_at(row, neighbour).fill}
        for row in subject.table.body
    )


# CSV


def one_line_a_record(subject: Subject) -> Iterator[Finding]:
    faults = subject.sheet.csv
    if faults is None:
        return
    wrong = set(faults.misquoted)
    if found := [each for each in faults.many_lines if each[0] not in wrong]:
        yield at(
            "1-14",
            [f"{first}〜{last}行目" for _, first, last in found[:5]],
            "値の中に改行があり、1件が複数の行に分かれています。改行を取ってください。",
            len(found),
        )


def commas_in_quotes(subject: Subject) -> Iterator[Finding]:
    faults = subject.sheet.csv
    if faults is None:
        return
    if faults.misquoted:
        yield at_rows(
            "1-15",
            faults.misquoted,
            '引用符（"）の囲み方が正しくありません。値の全体を囲み、値の中の「"」は'
            "2つ続けて書いてください。",
        )
    expected = expected_width(subject)
    wrong = {*faults.misquoted, *rows_with_others(subject)}
    uneven = [row for row in subject.table.header if faults.widths[row] > expected]
    uneven += [row for row in subject.table.body if faults.widths[row] != expected]
    if uneven := [row for row in uneven if row not in wrong]:
        row = uneven[0]
        yield at_rows(
            "1-15",
            uneven,
            f"列の数が{faults.widths[row]}で、ほかの行（{expected}）と違います。カンマを含む値は、"
            f'引用符（"）で囲んでください（{cell_name(row, 0)}から始まる行など）。',
        )


def rows_with_others(subject: Subject) -> Iterator[int]:
    """Yield the rows of which another table or a note is a part."""
    yield from (row for row, _ in subject.table.others)
    for area in subject.table.further:
        yield from range(area.top, area.bottom + 1)


def expected_width(subject: Subject) -> int:
    """Return the number of columns, in a CSV file that of most records."""
    if subject.sheet.csv is None:
        return subject.sheet.width
    widths = subject.sheet.csv.widths
    return Counter(widths[row] for row in subject.table.body).most_common(1)[0][0]


CHECKS: tuple[Check, ...] = (
    one_table,
    no_gaps,
    nothing_around,
    every_column_named,
    no_objects,
    no_meaning_in_formats,
    no_merged_cells,
    nothing_hidden,
    one_line_a_record,
    commas_in_quotes,
)
