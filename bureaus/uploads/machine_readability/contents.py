"""Level 1, the values: rules 1-6 to 1-9."""

import re
from collections.abc import Iterator

from bureaus.uploads.machine_readability.columns import Column, cells_with
from bureaus.uploads.machine_readability.findings import Finding, at_cells, quoted
from bureaus.uploads.machine_readability.sheets import Cell, Value
from bureaus.uploads.machine_readability.subject import Check, Subject
from bureaus.uploads.machine_readability.values import Kind

SPACE = re.compile(r"[\s\u3000]")
PADDED = re.compile(r"^[ \t\u3000]|[ \t\u3000]$|[ \u3000]{2,}|[\u3000\t]")
# Spaces that part a sign from its text: ア　, ※1　, 第1表　, 1．
SIGN = re.compile(
    r"(?:[ア-ンa-zａ-ｚ①-⑳][）)．.]?|[（(][^）)]{1,3}[）)]|[※注]\d*|第[\d０-９一二三四五六七八九十]+[表章節条号]?"
    r"|[\d０-９]+[．.])\u3000(?=\S)"
)
ADDRESS = re.compile(r"住所|所在地|勤務地|居所|本籍|送付先|address", re.IGNORECASE)
# Names and addresses are written with one space: 山田　太郎.
NAMES = re.compile(r"氏名|名前|代表者|担当者|姓名|name", re.IGNORECASE)
LINES = re.compile(r"[\r\n]")
MANY = re.compile(r"[、・,，]|[\r\n]|^\s*[\d.]+（[\d.]+）\s*$")
TWO_NUMBERS = re.compile(r"\s*\d[\d.]*（\d[\d.]*）\s*")
THOUSANDS = re.compile(r"[+\-−▲△]?[¥￥$]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\D*")
ENGLISH = re.compile(r"[\x00-\x7f]+")
ITEM = 12  # characters: a longer piece is part of a sentence
# Characters that JIS X 0208 lacks, as in the reference; units such as ㎡ are left out there too.
DEPENDENT = re.compile(
    "[\u2460-\u2473\u3251-\u325f\u32b1-\u32bf\u2160-\u217f\u3220-\u3243\u3280-\u32ff\u3300-\u33ff"
    "\ufe30-\ufe4f\u2116\u2121]"
)
UNIT_SIGNS = frozenset("㎡㎥㎢㎠㎝㎞㎜㎏㎎㎍㎅㎄㎃㎖㎗㎘㏄㏊")
CODE = re.compile(r"[Ⅰ-ⅿ][ー－\-][０-９0-9]+")  # of a classification
WAVES = re.compile("[〜～]")  # told apart by no program that reads Shift_JIS
ROWS = 3
ZEROS = 2
NUMBERS = 0.7  # of the values


def no_spaces(subject: Subject) -> Iterator[Finding]:
    cells: list[Cell] = []
    example = ""
    for column in subject.columns:
        wrong = {text for text in column.texts if is_spaced(text, column.name)}
        cells += cells_with(subject.table, column, wrong)
        example = example or next(iter(wrong), "")
    for row in subject.table.header:
        for column in subject.columns:
            value = subject.sheet.rows[row][column.index]
            if isinstance(value, str) and (is_spaced(value, "") or LINES.search(value)):
                cells.append((row, column.index))
                example = example or value
    if cells:
        yield at_cells(
            "1-6",
            sorted(cells),
            f"{quoted(example)}などに、体裁を整える空白や改行があります。削除してください。",
        )


def is_spaced(text: str, name: str) -> bool:
    """Return whether spaces are there for the looks."""
    if not SPACE.search(text):
        return False
    text = LINES.sub("", text)
    if ADDRESS.search(name) or NAMES.search(name):
        return text != text.strip(" \u3000")
    return PADDED.search(SIGN.sub("", text, count=1)) is not None


def one_datum(subject: Subject) -> Iterator[Finding]:
    cells: list[Cell] = []
    example = ""
    for column in subject.columns:
        if column.is_prose:
            continue
        wrong = {text for text in column.texts if MANY.search(text) and is_many(text, subject)}
        cells += cells_with(subject.table, column, wrong)
        example = example or next(iter(wrong), "")
    if cells:
        yield at_cells(
            "1-7",
            sorted(cells),
            f"{quoted(example)}など、1つのセルに2つ以上のデータがあります。列か行を分けてください。",
        )


def is_many(text: str, subject: Subject) -> bool:
    """Return whether a value is several data: lines, items of a list, or two numbers."""
    if LINES.search(text):
        return not subject.is_csv and len(list(filter(str.strip, LINES.split(text)))) > 1
    if TWO_NUMBERS.fullmatch(text):
        return True
    if "。" in text or THOUSANDS.fullmatch(text):
        return False
    if ENGLISH.fullmatch(text) and ", " in text and not any(map(str.isdigit, text)):
        return False
    return any(is_list(text.split(sign), least) for sign, least in (("、", 3), ("・", 3), (",", 2)))


def is_list(items: list[str], least: int) -> bool:
    return len(items) >= least and all(0 < len(item.strip()) <= ITEM for item in items)


def no_dependent_characters(subject: Subject) -> Iterator[Finding]:
    cells: list[Cell] = []
    found: dict[str, None] = {}
    faults = subject.sheet.csv
    waves = faults is not None and faults.encoding == "cp932"
    for column in subject.columns:
        wrong: set[str] = set()
        for text in column.texts:
            if not text.isascii() and (signs := dependent_signs(text, waves=waves)):
                wrong.add(text)
                found |= dict.fromkeys(signs)
        cells += cells_with(subject.table, column, wrong)
        for row in subject.table.header:
            value = subject.sheet.rows[row][column.index]
            if isinstance(value, str) and (signs := dependent_signs(value, waves=waves)):
                cells.append((row, column.index))
                found |= dict.fromkeys(signs)
    if cells:
        yield at_cells(
            "1-8",
            sorted(cells),
            f"機種依存文字「{'」「'.join(list(found)[:5])}」があります。固有の名前でなければ、"
            "ほかの文字に替えてください。",
        )


def dependent_signs(text: str, *, waves: bool) -> list[str]:
    signs = [sign for sign in DEPENDENT.findall(text) if sign not in UNIT_SIGNS]
    if signs and CODE.fullmatch(text.strip()):
        signs = []
    return signs + (WAVES.findall(text) if waves else [])


def blanks_and_zeros(subject: Subject) -> Iterator[Finding]:
    """As the reference prepares it; whether a blank means zero there a language model says."""
    for column in subject.columns:
        if is_ambiguous(column):
            blank: set[Value] = {None}
            yield at_cells(
                "1-9",
                cells_with(subject.table, column, blank),
                f"{quoted(column.name)}に、空欄と0の両方があります。空欄が「値がない」の意味か"
                "確かめ、0ならば0を入れてください。",
            )


def is_ambiguous(column: Column) -> bool:
    numbers = column.count(Kind.NUMBER, Kind.DIGITS)
    zeros = column.counts[0.0] + column.counts["0"]
    return (
        len(column.values) >= ROWS
        and column.counts[None] > 0
        and zeros >= ZEROS
        and numbers >= NUMBERS * column.filled
    )


CHECKS: tuple[Check, ...] = (no_spaces, one_datum, no_dependent_characters, blanks_and_zeros)
