"""
Two hundred sheets for the rules on machine-readable data, each built to break one rule or none.

Excel files are written by openpyxl and CSV files by the csv module, both by others than the
judgement that they test.
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from openpyxl.chart.bar_chart import BarChart
from openpyxl.chart.reference import Reference
from openpyxl.drawing.image import Image
from openpyxl.styles.fills import PatternFill
from openpyxl.styles.fonts import Font
from openpyxl.workbook.workbook import Workbook
from PIL import Image as Picture

from tests.helpers.ordinary_sheets import BASES, ROWS, Sheet

Breaker = Callable[[Sheet, int], None]
BREAKERS: dict[str, tuple[str, Breaker]] = {}  # the formats, and what breaks the rule


def breaks(rule: str, formats: str = "xlsx csv") -> Callable[[Breaker], Breaker]:
    def register(breaker: Breaker) -> Breaker:
        BREAKERS[rule] = (formats, breaker)
        return breaker

    return register


# Level 1


@breaks("1-2")
def second_table(sheet: Sheet, variant: int) -> None:
    second: list[list[Any]] = [["役職", "人員（人）"], ["課長", 3], ["係長", 8]]
    if variant % 2:
        for row, further in zip(sheet.grid, second, strict=False):
            row.extend([None, None, *further])
    else:
        sheet.grid += [[], *second]


@breaks("1-3")
def gap(sheet: Sheet, variant: int) -> None:
    width = len(sheet.grid[0])
    if variant == 0:
        sheet.grid.insert(10, [None] * width)
    elif variant == 1:
        sheet.grid.insert(1, [None] * width)
    elif variant == 2:
        for row in sheet.grid:
            row.insert(3, None)
    else:
        sheet.grid.insert(13, list(sheet.grid[0]))
        sheet.grid.insert(13, [None] * width)


@breaks("1-4")
def note(sheet: Sheet, variant: int) -> None:
    width = len(sheet.grid[0])
    blank = [None] * (width - 1)
    if variant == 0:
        sheet.grid.append(["※速報の値です。", *blank])
    elif variant == 1:
        sheet.grid += [[None, *blank], ["出典：所管課の調べ", *blank]]
    elif variant == 2:
        for number, row in enumerate(sheet.grid):
            row += [None, None, "確認済み" if number == 4 else None]
    else:
        total: list[Any] = [None] * width
        total[0], total[sheet.number] = "合計", 999
        sheet.grid.append(total)


@breaks("1-5")
def nameless(sheet: Sheet, variant: int) -> None:
    if variant == 0:
        sheet.grid[0][sheet.name] = None
    elif variant == 1:
        sheet.grid[0] = [number + 1 for number in range(len(sheet.grid[0]))]
    elif variant == 2:
        sheet.grid[0][sheet.choice] = "Unnamed: 5"
    else:
        del sheet.grid[0]


@breaks("1-6")
def spaces(sheet: Sheet, variant: int) -> None:
    name = sheet.grid[5][sheet.name]
    if variant == 0:
        sheet.grid[5][sheet.name] = f"　　{name}"
    elif variant == 1:
        sheet.grid[5][sheet.name] = f"{name}  "
    elif variant == 2:
        sheet.grid[5][sheet.name] = f"{name[0]}　{name[1:]}"
    else:
        sheet.grid[0][sheet.name] = "団　体　名"


@breaks("1-7")
def many_data(sheet: Sheet, variant: int) -> None:
    values = ("甲社、乙社、丙社", "甲班・乙班・丙班", "甲館,乙館", "12（8）")
    sheet.grid[7][sheet.name] = values[variant]


@breaks("1-8")
def dependent(sheet: Sheet, variant: int) -> None:
    name = sheet.grid[3][sheet.name]
    sheet.grid[3][sheet.name] = f"{name}{'①㈱Ⅲ㍻'[variant]}"
    if variant == 1:
        sheet.encoding = "cp932"


@breaks("1-9")
def zeros(sheet: Sheet, variant: int) -> None:
    for row in (2, 5, 9):
        sheet.grid[row + variant][sheet.number] = 0
    sheet.grid[4][sheet.number] = None


@breaks("1-10", "xlsx")
def picture(sheet: Sheet, variant: int) -> None:
    content = io.BytesIO()
    Picture.new("RGB", (8, 8), "red").save(content, "PNG")
    sheet.after.append(lambda made: made.add_image(Image(content), f"B{5 + variant}"))


@breaks("1-11", "xlsx")
def formats(sheet: Sheet, variant: int) -> None:
    def change(made: Any) -> None:
        cell = made.cell(6, sheet.number + 1)
        if variant == 0:
            cell.font = Font(color="FFFF0000")
        elif variant == 1:
            cell.fill = PatternFill("solid", fgColor="FFFFFF00")
        elif variant == 2:
            cell.font = Font(bold=True)
        else:
            cell.font = Font(italic=True)

    sheet.after.append(change)


@breaks("1-12", "xlsx")
def merged(sheet: Sheet, variant: int) -> None:
    column = "ABCDEF"[sheet.name]
    areas = (f"{column}4:{column}6", f"{column}20:{column}24", "A8:B8", f"{column}3:{column}4")
    sheet.after.append(lambda made: made.merge_cells(areas[variant]))


@breaks("1-13", "xlsx")
def hidden(sheet: Sheet, variant: int) -> None:
    def change(made: Any) -> None:
        if variant == 0:
            made.row_dimensions[7].hidden = True
        elif variant == 1:
            made.column_dimensions["C"].hidden = True
        elif variant == 2:
            made.row_dimensions.group(8, 12, hidden=True)
        else:
            made.column_dimensions.group("B", "C", hidden=True)

    sheet.after.append(change)


@breaks("1-14", "csv")
def line_break(sheet: Sheet, variant: int) -> None:
    name = sheet.grid[6 + variant][sheet.name]
    sheet.grid[6 + variant][sheet.name] = (
        f"{name[:2]}{chr(10) if variant % 2 else chr(13) + chr(10)}{name[2:]}"
    )


@breaks("1-15", "csv")
def loose_comma(sheet: Sheet, variant: int) -> None:
    name = str(sheet.grid[6][sheet.name])
    broken = (f"{name},別館", f'{name}"別館"', f'"{name}"別館', f"{name},1,2")[variant]
    sheet.text = lambda text: text.replace(f",{name},", f",{broken},", 1)


# Level 2


@breaks("2-1")
def impure(sheet: Sheet, variant: int) -> None:
    values = ("1,234", "1200円", "350※1", "▲45")
    sheet.grid[8][sheet.number] = values[variant]


@breaks("2-2")
def omitted(sheet: Sheet, variant: int) -> None:
    for row in sheet.grid:
        row.insert(0, None)
    sheet.grid[0][0] = "ブロック"
    for number, row in enumerate(sheet.grid[1:]):
        row[0] = ("東部", "西部", "南部", "北部")[number // 6]
        if number % 6:
            row[0] = (None, "〃", "同上", None)[variant]


@breaks("2-3")
def same_names(sheet: Sheet, variant: int) -> None:
    width = len(sheet.grid[0])
    if variant == 0:
        sheet.grid[0][sheet.name] = sheet.grid[0][sheet.key]
    elif variant == 1:
        for row in sheet.grid:
            row += [row[sheet.number]]
    elif variant == 2:
        units = ["" for _ in range(width)]
        for number in range(width):
            units[number] = "人" if number == sheet.number else "種類"
        sheet.grid.insert(1, list(units))
    else:
        sheet.grid[0][sheet.choice] = sheet.grid[0][sheet.day] = "調査の状況（日）"


@breaks("2-4")
def variants(sheet: Sheet, variant: int) -> None:
    other = {
        "取組済": "取り組み済み",
        "検討中": "検討中。",
        "新規": "新規 ",
        "継続": "継　続",
        "直営": "直営（注）",
        "満足": "満足※",
    }
    usual = sheet.grid[10][sheet.choice]
    for row in sheet.grid[10:13]:
        if row[sheet.choice] == usual:
            row[sheet.choice] = other.get(usual, f"{usual}。").strip().replace("　", "・")


@breaks("2-5")
def other_details(sheet: Sheet, variant: int) -> None:
    details = (
        "その他（講座を開いた）",
        "その他：貸出し",
        "その他 (民間)",
        "その他（具体的に：未記入）",
    )
    sheet.grid[9][sheet.choice] = details[variant]
    sheet.grid[10][sheet.choice] = sheet.grid[11][sheet.choice] = "その他"


@breaks("2-6", "xlsx")
def formula(sheet: Sheet, variant: int) -> None:
    letter = "ABCDEF"[sheet.number]
    formulas = (
        f"={letter}3*2",
        f"=SUM({letter}3:{letter}5)",
        f"={letter}4",
        f"=ROUND({letter}6/2,0)",
    )
    sheet.grid[1][sheet.number] = formulas[variant]


# Level 3


@breaks("3-1")
def blank_rows_above(sheet: Sheet, variant: int) -> None:
    for _ in range(variant + 1):
        sheet.grid.insert(0, [None] * len(sheet.grid[0]))


@breaks("3-3")
def marks(sheet: Sheet, variant: int) -> None:
    for row in (3, 8):
        sheet.grid[row][sheet.number] = ("x", "…", "***", "-")[variant]


@breaks("3-4")
def no_unit(sheet: Sheet, variant: int) -> None:
    sheet.grid[0][sheet.number] = ("実績", "総計", "見込み", "計画値")[variant]


@breaks("3-5")
def eras(sheet: Sheet, variant: int) -> None:
    sheet.grid[0][sheet.day] = "調査年月日"
    if variant == 0:
        sheet.column(sheet.day, ["令和3年4月1日"] * ROWS)
    elif variant == 1:
        sheet.column(sheet.day, ["R3.4"] * ROWS)
    elif variant == 2:
        sheet.column(sheet.day, ["21/04/01"] * ROWS)
    else:
        sheet.column(sheet.day, ["2021-04-01", "2021年4月1日"] * (ROWS // 2))


@breaks("3-6")
def short_regions(sheet: Sheet, variant: int) -> None:
    names = ("東京", "大阪", "京都", "神奈川", "福岡", "長野")
    sheet.grid[0][sheet.name] = ("都道府県", "都道府県名", "所在の市区町村", "地域")[variant]
    sheet.column(sheet.name, [*names] * (ROWS // 6))


@breaks("3-9")
def wide(sheet: Sheet, variant: int) -> None:
    names = (
        ["2019年", "2020年", "2021年"],
        ["4月", "5月", "6月", "7月"],
        ["第1四半期", "第2四半期", "第3四半期"],
        ["研修1", "研修2", "研修3", "研修4"],
    )[variant]
    sheet.grid[0] += names
    for number, row in enumerate(sheet.grid[1:]):
        row += [number + each for each in range(len(names))]


# What breaks no rule


def stripes(made: Any) -> None:
    """Every other row has a ground, the header is bold, and the rows below are hidden."""
    for row in range(2, ROWS + 2, 2):
        for cell in made[row]:
            cell.fill = PatternFill("solid", fgColor="FFEEEEEE")
    for cell in made[1]:
        cell.font = Font(bold=True)
    made.row_dimensions[200].hidden = True


def chart_below(made: Any) -> None:
    chart = BarChart()
    chart.add_data(Reference(made, min_col=1, min_row=1, max_row=5))
    made.add_chart(chart, f"B{ROWS + 10}")
    made.cell(5, 1).number_format = "#,##0"


# Files


def workbook(sheet: Sheet) -> bytes:
    made = Workbook()
    made.active.title = "調査"
    for row in sheet.grid:
        made.active.append(row)
    for change in sheet.after:
        change(made.active)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def csv_file(sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(sheet.grid)
    return sheet.text(text.getvalue()).encode(sheet.encoding)


WRITERS: dict[str, Callable[[Sheet], bytes]] = {"xlsx": workbook, "csv": csv_file}


def generated() -> Iterator[tuple[str, str, bytes]]:
    """Yield 200 files: the rule that each breaks, its name and its content."""
    for rule, (formats_of_rule, breaker) in BREAKERS.items():
        for variant, base in enumerate(BASES):
            for suffix in formats_of_rule.split():
                sheet = base()
                breaker(sheet, variant)
                yield rule, f"{rule}-{base.__name__}.{suffix}", WRITERS[suffix](sheet)
    for base in BASES:
        for suffix, encoding in (("xlsx", ""), ("csv", "utf-8-sig"), ("csv", "cp932")):
            sheet = base()
            sheet.encoding = encoding
            yield "", f"{base.__name__}-{encoding}.{suffix}", WRITERS[suffix](sheet)
        for number, harmless in enumerate((stripes, chart_below)):
            sheet = base()
            sheet.after.append(harmless)
            yield "", f"{base.__name__}-harmless-{number}.xlsx", workbook(sheet)
