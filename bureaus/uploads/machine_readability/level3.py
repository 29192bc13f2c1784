"""Level 3: rules 3-1 to 3-9, as far as a file shows them."""

import re
from collections import defaultdict
from collections.abc import Iterator

from bureaus.uploads.machine_readability.columns import Column, cells_with
from bureaus.uploads.machine_readability.findings import (
    Finding,
    at_areas,
    at_cells,
    at_columns,
    at_rows,
    quoted,
)
from bureaus.uploads.machine_readability.sheets import Area, Cell, Day
from bureaus.uploads.machine_readability.subject import Check, Subject
from bureaus.uploads.machine_readability.values import UNITS, Kind

HEADER_ROWS = 3
UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
HAS_UNIT = re.compile(rf"[（(\[［【][^）)\]］】]+[）)\]］】]|[_＿](?:{UNIT})$|単位")
# Names that say the unit, or need none.
SAYS_UNIT = re.compile(
    "金額|価格|費用|単価|予算|決算|売上|収入|支出|人口|面積|距離|長さ|高さ|幅|重量|重さ|割合|率$|比率"
    "|構成比|年齢|気温|温度|数$|額$|数_|額_"
)
NEEDS_NONE = re.compile(
    r"コード|番号|No\.?$|№|ID|指数|指標|順位|ランク|フラグ|区分|年$|年度|月$|日$|年月|西暦|緯度|経度|回$|号$"
    r"|種別|級$|郵便|電話|code|number|rank|year|month|date|lat|lon|count|flag|type|\d+",
    re.IGNORECASE,
)
TIME = re.compile(r"年|月|日|時期|期間|時点|date|year|month|period", re.IGNORECASE)
WESTERN = re.compile(r"(?:19|20)\d\d")
ERA = re.compile(r"(?:明治|大正|昭和|平成|令和)\s*(?:\d{1,2}|元)")
JIS = re.compile(r"[MTSHR]\d{1,2}\.\d{1,2}\.\d{1,2}(?:T\S+)?")
SHORT_ERA = re.compile(r"[MTSHR]\d{1,2}(?:年度?|[./-]\d.*)?")
SHORT_YEAR = re.compile(r"\d{2}[/.]\d{1,2}[/.]\d{1,2}")
FORMS = (
    ("年月日を「-」で区切る表記", re.compile(r"\d{4}-\d{1,2}(?:-\d{1,2}(?:[T ].*)?)?")),
    ("年月日を「/」で区切る表記", re.compile(r"\d{4}/\d{1,2}(?:/\d{1,2})?")),
    ("年月日を「.」で区切る表記", re.compile(r"\d{4}\.\d{1,2}(?:\.\d{1,2})?")),
    ("「年」「月」「日」を付ける表記", re.compile(r"(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?")),
    ("「年度」を付ける表記", re.compile(r"(?:19|20)\d\d年度")),
    ("年だけの表記", re.compile(r"(?:19|20)\d\d")),
    ("元号の頭文字の表記", JIS),
)
PREFECTURES = (
    "青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 神奈川 新潟 富山 石川 福井 山梨 長野"
    " 岐阜 静岡 愛知 三重 滋賀 兵庫 奈良 和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡"
    " 佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄 東京 大阪 京都"
).split()
SHORT_NAMES = frozenset(PREFECTURES)
REGION = re.compile(
    r"都道府県|府県|市区町村|市町村|自治体|地域|地方公共団体|prefecture", re.IGNORECASE
)
MUNICIPAL = re.compile(r"市区町村(?:名|$)|市町村(?:名|$)")
FORMAL = re.compile(r".*[都道府県市区町村郡島](?:[（(].*[）)])?|.*(?:計|総数|全国|その他|不明)|\d+")
WIDE = (
    ("年", re.compile(r"(?:19|20)\d\d\s*(?:年度?)?")),
    ("月", re.compile(r"\d{1,2}\s*月")),
    ("期", re.compile(r"第?\d+(?:四半期|[期回])|[上下前後]半?期|[1-4]Q|Q[1-4]")),
    ("年", re.compile(r"(?:平成|令和|昭和)(?:\d{1,2}|元)\s*(?:年度?)?|[RHS]\d{1,2}(?:年度?)?")),
)
WIDE_COLUMNS, WIDE_TABLE = 3, 4
NUMBERED = re.compile(r"(.*?\D)[ _\-]?\d+")
NUMBERED_COLUMNS, NUMBERED_TABLE = 4, 5
MOST_COLUMNS = 100


def begins_with_names(subject: Subject) -> Iterator[Finding]:
    table = subject.table
    if table.area.top:
        yield at_rows(
            "3-1",
            list(range(table.area.top)),
            f"表が{table.area.top + 1}行目から始まっています。1行目を項目名にし、2行目から"
            "データを入れてください。",
        )
    if len(table.header) >= HEADER_ROWS:
        yield at_rows(
            "3-1",
            table.header,
            f"項目名が{len(table.header)}行あります。1行目だけにしてください。",
        )


def marks_defined(subject: Subject) -> Iterator[Finding]:
    for column in subject.columns:
        marks = {text for text in column.texts if column.kinds[text] is Kind.MARK}
        unknown = {mark for mark in marks if not is_defined(mark.strip(), subject)}
        if unknown and column.is_numeric:
            yield at_cells(
                "3-3",
                cells_with(subject.table, column, unknown),
                f"数値の列{quoted(column.name)}に記号「{min(unknown)}」があります。秘匿、該当なしなど"
                "その意味を、別のシートか掲載するページに書いてください。",
            )


def is_defined(mark: str, subject: Subject) -> bool:
    """Return whether another sheet or a note says what the mark means."""
    notes = " ".join(str(subject.sheet.rows[row][column]) for row, column in subject.table.others)
    quoted_mark = rf"[「『“\"'（(【]?{re.escape(mark)}[」』”\"'）)】]?\s*(?:[:：=＝は…]|\n)"
    return re.search(quoted_mark, f"{subject.explanations}\n{notes}\n") is not None


def units_stated(subject: Subject) -> Iterator[Finding]:
    columns = [
        column
        for column in subject.columns
        if column.name and column.is_numeric and not says_unit(column)
    ]
    if columns:
        yield at_cells(
            "3-4",
            [(subject.first_row, column.index) for column in columns],
            f"数値の列{quoted(columns[0].name)}などに、単位が書かれて"
            "いません。「人口（人）」のように、項目名に加えてください。",
        )


def says_unit(column: Column) -> bool:
    name = column.name.strip()
    if HAS_UNIT.search(name) or SAYS_UNIT.search(name) or NEEDS_NONE.search(name):
        return True
    return column.count(Kind.IMPURE) * 2 > column.filled or any(
        pattern.fullmatch(name) for _, pattern in WIDE
    )


# Time


def time_axis(subject: Subject) -> Iterator[Finding]:
    header = [
        (row, column.index)
        for row in subject.table.header
        for column in subject.columns
        if has_era_only(str(subject.sheet.rows[row][column.index] or ""))
    ]
    if header:
        yield at_cells(
            "3-5",
            header,
            "項目名の年が和暦だけです。西暦にするか、「令和3年（2021年）」のように西暦を"
            "併記してください。",
        )
    for column in subject.columns:
        if TIME.search(column.name) and not column.name.endswith("数"):
            yield from days_in(subject, column)


def has_era_only(text: str) -> bool:
    return ERA.match(text) is not None and not WESTERN.search(text)


def days_in(subject: Subject, column: Column) -> Iterator[Finding]:
    eras = {text for text in column.texts if is_era(text)}
    short = {text for text in column.texts if SHORT_YEAR.fullmatch(text.strip())}
    if eras:
        yield at_cells(
            "3-5",
            cells_with(subject.table, column, eras),
            f"{quoted(min(eras))}など、和暦だけの表記があります。西暦にするか、西暦を併記して"
            "ください。",
        )
    if short:
        yield at_cells(
            "3-5",
            cells_with(subject.table, column, short),
            f"{quoted(min(short))}は、どれが年か分かりません。「2021-04-01」のように、4桁の西暦で"
            "書いてください。",
        )
    forms = {form for text in column.texts if (form := form_of(text.strip()))}
    if forms and any(isinstance(value, Day) for value in column.counts):
        forms.add("Excelの日付")
    if len(forms) > 1:
        yield at_columns(
            "3-5",
            [column.index],
            f"{quoted(column.name)}に、{'と'.join(sorted(forms)[:2])}が混ざっています。1つに"
            "そろえてください。",
        )


def is_era(text: str) -> bool:
    text = text.strip()
    return has_era_only(text) or (
        SHORT_ERA.fullmatch(text) is not None
        and JIS.fullmatch(text) is None
        and not WESTERN.search(text)
    )


def form_of(text: str) -> str:
    return next((name for name, pattern in FORMS if pattern.fullmatch(text)), "")


# Regions


def formal_regions(subject: Subject) -> Iterator[Finding]:
    for column in subject.columns:
        if short := set(short_names(column)):
            yield at_cells(
                "3-6",
                cells_with(subject.table, column, short),
                f"{quoted(min(short))}など、地域の名前が省略されています。標準地域コードか、"
                "「東京都」「千代田区」のような正式な名称にしてください。",
            )


def short_names(column: Column) -> Iterator[str]:
    """Yield the prefectures and municipalities that lack the end of their formal name."""
    prefectures = [text for text in column.texts if text.strip() in SHORT_NAMES]
    if REGION.search(column.name) or len(prefectures) * 2 >= len(column.counts):
        yield from prefectures
    if MUNICIPAL.search(column.name):
        yield from (
            text
            for text in column.texts
            if column.kinds[text] is Kind.TEXT and not FORMAL.fullmatch(text.strip())
        )


# Long and wide


def long_format(subject: Subject) -> Iterator[Finding]:
    columns = subject.columns
    if len(columns) > MOST_COLUMNS:
        yield wide(subject, columns, f"列が{len(columns)}あります。")
        return
    if len(columns) < WIDE_TABLE:
        return
    for unit, pattern in WIDE:
        found = [column for column in columns if is_name_of(column, pattern)]
        if len(found) >= WIDE_COLUMNS:
            yield wide(subject, found, f"{unit}が{len(found)}つの列に分かれています。")
            return
    if len(columns) < NUMBERED_TABLE:
        return
    bases: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        if match := NUMBERED.fullmatch(column.name.strip()):
            bases[match[1]].append(column)
    for base, found in bases.items():
        if len(found) >= NUMBERED_COLUMNS:
            yield wide(subject, found, f"「{base}」に番号を付けた列が{len(found)}あります。")


def is_name_of(column: Column, pattern: re.Pattern[str]) -> bool:
    """Return whether the last part of the name is a year, a month or the like."""
    return pattern.fullmatch(column.name.strip()) is not None


def wide(subject: Subject, columns: list[Column], what: str) -> Finding:
    row = subject.first_row
    area = Area(row, columns[0].index, row, columns[-1].index)
    return at_areas(
        "3-9",
        [area],
        f"{what}項目の値を1つの列に入れ、1件を1行にする縦持ちにしてください。",
    )


CHECKS: tuple[Check, ...] = (
    begins_with_names,
    marks_defined,
    units_stated,
    time_axis,
    formal_regions,
    long_format,
)
__all__ = ["CHECKS", "Cell"]
