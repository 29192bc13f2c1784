"""Level 2: rules 2-1 to 2-6."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from bureaus.uploads.machine_readability.columns import Column, cells_with
from bureaus.uploads.machine_readability.findings import Finding, at_areas, at_cells, quoted
from bureaus.uploads.machine_readability.sheets import Area, Cell, Value
from bureaus.uploads.machine_readability.subject import Check, Subject
from bureaus.uploads.machine_readability.values import HAS_DIGIT, Kind, text_of

DITTO = frozenset("〃 ” 同上 同左 同右 仝 々 ヽ ゝ 同".split())
STUBS = 3  # columns on the left that may name the row
CHOICES = 20
CHOICE_ROWS = 10
NEGATION = re.compile("ない|なし|なく|ず$|ぬ$|まで|から|より")
ANNOTATION = re.compile(r"(?<=\S)\s*(?:[※＊*#＃].*|[（(【\[][^）)】\]]*[）)】\]])$")
OTHER = re.compile(r"その他\s*[（(：:、,，・\-－―\s].*\S|その他\S*[（(：:]\S.*")
ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")


def pure_numbers(subject: Subject) -> Iterator[Finding]:
    cells: list[Cell] = []
    example = ""
    for column in subject.columns:
        if column.is_numeric:
            wrong = set(impure_texts(column, is_csv=subject.is_csv))
            cells += cells_with(subject.table, column, wrong)
            example = example or next(iter(wrong), "")
    if cells:
        yield at_cells(
            "2-1",
            sorted(cells),
            f"数値の列に、文字になった値{quoted(example)}などがあります。数値だけを入れ、単位は"
            "項目名に、注は別の列に移してください（桁区切りや▲は、表示形式で付けられます）。",
        )


def impure_texts(column: Column, *, is_csv: bool) -> Iterator[str]:
    """Yield the texts in a column of numbers that hold digits and are no numbers."""
    in_excel = not is_csv and column.count(Kind.NUMBER) * 2 > column.filled
    for text in column.texts:
        kind = column.kinds[text]
        if (
            kind is Kind.IMPURE
            or (kind is Kind.DIGITS and in_excel)
            or (kind is Kind.TEXT and HAS_DIGIT.search(text) and not ERROR.match(text))
        ):
            yield text


def nothing_omitted(subject: Subject) -> Iterator[Finding]:
    cells: list[Cell] = []
    for column in subject.columns:
        cells += cells_with(subject.table, column, DITTO & set(column.texts))
    cells += omitted(subject)
    if cells:
        yield at_cells(
            "2-2",
            sorted(cells),
            "上の行と同じ値が、空欄や「〃」で省略されているようです。すべての行に値を入れてください。",
        )


def omitted(subject: Subject) -> Iterator[Cell]:
    """
    Yield the blank cells of columns that name the rows, below a value and not merged with it.

    The first column that names each row alone is the last of them: what follows it describes the
    row, and may be missing.
    """
    for column in subject.columns[:STUBS]:
        if not column.is_text:
            continue
        if not column.counts[None] and len(column.counts) == len(column.values):
            return
        seen, merged = False, merged_rows(subject, column.index)
        for row, value in zip(subject.table.body, column.values, strict=True):
            seen = seen or value is not None
            if seen and value is None and row not in merged:
                yield row, column.index


def merged_rows(subject: Subject, column: int) -> set[int]:
    """Return the rows in which the column is merged; each is visited once, however many areas."""
    rows: set[int] = set()
    end = 0
    areas = (each for each in subject.sheet.merged if each.left <= column <= each.right)
    for area in sorted(areas):
        below = min(area.bottom + 1, len(subject.sheet.rows))
        rows.update(range(max(area.top, end), below))
        end = max(end, below)
    return rows


def unique_names(subject: Subject) -> Iterator[Finding]:
    table = subject.table
    merged = [each for each in subject.sheet.merged if is_in_header(subject, each)]
    if merged:
        yield at_areas(
            "2-3",
            merged,
            "項目名のセルが結合されています。結合を解除し、1行の中で列ごとに完結した項目名に"
            "してください（例：「人口_男」「人口_女」）。",
        )
    elif len(table.header) > 1:
        yield at_areas(
            "2-3",
            [Area(table.header[0], table.area.left, table.header[-1], table.area.right)],
            f"項目名が{len(table.header)}行に分かれています。1行の中で列ごとに完結した項目名に"
            "してください（例：「人口_男」「人口_女」）。",
        )
    columns: dict[str, list[int]] = defaultdict(list)
    for column in subject.columns:
        columns["".join(column.name.split())].append(column.index)
    for name, indices in columns.items():
        if name and len(indices) > 1:
            yield at_cells(
                "2-3",
                [(subject.first_row, index) for index in indices],
                f"項目名{quoted(name)}が{len(indices)}つの列にあります。違いが分かる名前に"
                "してください。",
            )


def is_in_header(subject: Subject, area: Area) -> bool:
    table = subject.table
    return bool(table.header) and (
        area.top in table.header
        and area.bottom in table.header
        and table.area.holds(area.top, area.left)
    )


# Choices


def is_choice(column: Column, texts: set[str]) -> bool:
    """Return whether a column holds choices: few values, each of them more than once."""
    return (
        column.is_text
        and column.filled >= CHOICE_ROWS
        and len(texts) <= min(CHOICES, column.filled // 2)
    )


def same_spelling(subject: Subject) -> Iterator[Finding]:
    for column in subject.columns:
        texts = {text for text in column.texts if not text.startswith("その他")}
        if not is_choice(column, texts):
            continue
        groups: dict[str, list[str]] = defaultdict(list)
        for text in sorted(texts, key=lambda each: -column.counts[each]):
            groups[spelling(text)].append(text)
        for usual, *variants in groups.values():
            if variants:
                yield at_cells(
                    "2-4",
                    cells_with(subject.table, column, set(variants)),
                    f"{quoted(column.name)}に、{quoted(usual)}と{quoted(variants[0])}のように"
                    "表記の違う値があります。1つにそろえてください。",
                )


@cache
def spelling(text: str) -> str:
    """Return what stays the same where a choice is spelled otherwise: 取組済 of 取り組み済み."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = ANNOTATION.sub("", folded)
    folded = "".join(sign for sign in folded if sign.isalnum())
    folded = re.sub("ー(?![ァ-ヺ])", "", folded).replace("ヶ", "か").replace("ケ所", "か所")
    if NEGATION.search(folded):
        return folded
    return re.sub("[ぁ-ん]", "", folded) or folded


def others_apart(subject: Subject) -> Iterator[Finding]:
    for column in subject.columns:
        wrong = {text for text in column.texts if OTHER.fullmatch(text)}
        rest = {text for text in column.texts if text not in wrong}
        if wrong and is_choice(column, {*rest, "その他"}):
            yield at_cells(
                "2-5",
                cells_with(subject.table, column, wrong),
                f"{quoted(min(wrong))}のように、「その他」の内容が選択肢の列にあります。列には"
                "「その他」とだけ書き、内容は別の列に書いてください。",
            )


# Formulas


def no_formulas(subject: Subject) -> Iterator[Finding]:
    sheet = subject.sheet
    cells = list(sheet.formulas)
    known = set(cells)
    for column in subject.columns:
        wrong: set[Value] = {text for text in column.texts if ERROR.fullmatch(text)}
        cells += [each for each in cells_with(subject.table, column, wrong) if each not in known]
    if cells:
        row, column_index = cells[0]
        value = text_of(sheet.rows[row][column_index]) if row < len(sheet.rows) else ""
        yield at_cells(
            "2-6",
            sorted(cells),
            f"計算式か、そのエラー（{quoted(value)}など）があります。「値の貼り付け」で数値に"
            "してください。",
        )


CHECKS: tuple[Check, ...] = (
    pure_numbers,
    nothing_omitted,
    unique_names,
    same_spelling,
    others_apart,
    no_formulas,
)
