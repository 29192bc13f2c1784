"""openpyxl: workbooks."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Font, PatternFill

from tests.drills.leaks.cases import (
    HONEST,
    PATH,
    SECRET_NAME,
    HiddenFile,
    HonestFile,
    Producer,
    sentences,
)
from tests.helpers.uploads import jpeg

SHEET = "シート「名簿」"


def workbook(hide: Callable[[Any, Any], None]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "名簿"
    sheet.append(["局", "人数", "備考"])
    sheet.append(["総務局", 12, "なし"])
    hide(book, sheet)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def hidden_sheet(book: Any, _sheet: Any) -> None:
    further = book.create_sheet("元")
    further["A1"] = SECRET_NAME
    further.sheet_state = "hidden"


def very_hidden_sheet(book: Any, sheet: Any) -> None:
    hidden_sheet(book, sheet)
    book["元"].sheet_state = "veryHidden"


def hidden_row(_book: Any, sheet: Any) -> None:
    sheet["A3"] = SECRET_NAME
    sheet.row_dimensions[3].hidden = True


def filtered_row(book: Any, sheet: Any) -> None:
    hidden_row(book, sheet)
    sheet.auto_filter.ref = "A1:C3"
    sheet.auto_filter.add_filter_column(0, ["総務局"])


def hidden_column(_book: Any, sheet: Any) -> None:
    sheet["D2"] = SECRET_NAME
    sheet.column_dimensions["D"].hidden = True


def grouped_column(_book: Any, sheet: Any) -> None:
    sheet["E2"] = SECRET_NAME
    sheet.column_dimensions.group("D", "F", hidden=True)


def note(_book: Any, sheet: Any) -> None:
    sheet["B2"].comment = Comment(SECRET_NAME, "係長")


def white(_book: Any, sheet: Any) -> None:
    sheet["D2"] = SECRET_NAME
    sheet["D2"].font = Font(color="FFFFFFFF")


def unseen_format(_book: Any, sheet: Any) -> None:
    sheet["D2"] = SECRET_NAME
    sheet["D2"].number_format = ";;;"


def creator(book: Any, _sheet: Any) -> None:
    book.properties.creator = SECRET_NAME


def last_person(book: Any, _sheet: Any) -> None:
    book.properties.lastModifiedBy = SECRET_NAME


def path(book: Any, _sheet: Any) -> None:
    book.properties.description = PATH


WAYS: tuple[tuple[Callable[[Any, Any], None], str, str], ...] = (
    (hidden_sheet, "hidden-sheet", "シート「元」"),
    (very_hidden_sheet, "hidden-sheet", "シート「元」"),
    (hidden_row, "hidden-row", f"{SHEET}の3行目"),
    (filtered_row, "hidden-row", f"{SHEET}の3行目"),
    (hidden_column, "hidden-column", f"{SHEET}のD列"),
    (grouped_column, "hidden-column", f"{SHEET}のE列"),
    (note, "comment", f"{SHEET}のB2"),
    (white, "faint-text", f"{SHEET}のD2"),
    (unseen_format, "faint-text", f"{SHEET}のD2"),
    (creator, "person", "文書のプロパティーの「作成者」"),
    (last_person, "person", "文書のプロパティーの「最後に保存した人」"),
    (path, "path", "文書のプロパティーの「description」"),
)


def hidden(_folder: Path) -> Iterator[HiddenFile]:
    for way, rule, place in WAYS:
        yield HiddenFile(way.__name__, "xlsx", workbook(way), rule, place)


def honest(_folder: Path) -> Iterator[HonestFile]:
    """Tables with white headings on a dark ground, formulas, formats, filters and pictures."""
    for number in range(HONEST):
        yield HonestFile("xlsx", workbook(partial(table, number=number)))


def table(book: Any, sheet: Any, number: int) -> None:
    book.properties.creator = ("openpyxl", "総務省")[number % 2]
    for cell in sheet[1]:
        cell.font = Font(color="FFFFFFFF", bold=True)
        cell.fill = PatternFill("solid", fgColor="FF1F3864")
    for row, sentence in enumerate(sentences(number, 20), 3):
        sheet.append([sentence, row, f"=B{row}*2"])
        sheet.cell(row, 2).number_format = "#,##0;△#,##0;0"
    sheet.auto_filter.ref = f"A1:C{sheet.max_row}"
    sheet.column_dimensions["H"].hidden = number % 3 == 0  # an empty one
    if number % 4 == 0:
        sheet.add_image(Image(io.BytesIO(jpeg(80, 60))), "E2")
        book.create_sheet("説明")["A1"] = sentences(number, 1)[0]


EXCEL = Producer("openpyxl", "", hidden, honest)
