"""The text of Office files and tables for the search, without what they hide."""

from io import BytesIO
from pathlib import Path

from bureaus.uploads.csv_files import read_csv
from bureaus.uploads.ooxml.reader import read_ooxml
from tests.helpers.uploads import EXCEL, RELATIONSHIPS, WORD, office

WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = f"""<w:document xmlns:w="{WORD_NAMESPACE}"><w:body>
<w:p><w:r><w:t>電波の</w:t></w:r><w:r><w:t>利用</w:t></w:r></w:p>
<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隠した文</w:t></w:r><w:r><w:t>見える文</w:t></w:r></w:p>
</w:body></w:document>"""
WORKBOOK = f"""<workbook xmlns="{SHEET_NAMESPACE}"><sheets>
<sheet name="表" xmlns:r="{RELATIONSHIPS}" r:id="rId1"/></sheets></workbook>"""
WORKSHEET = f"""<worksheet xmlns="{SHEET_NAMESPACE}">
<cols><col min="3" max="3" hidden="1"/></cols><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>区分</t></is></c><c r="B1"><v>2013</v></c>
<c r="C1" t="inlineStr"><is><t>隠した列</t></is></c></row>
<row r="2" hidden="1"><c r="A2" t="inlineStr"><is><t>隠した行</t></is></c></row>
</sheetData></worksheet>"""


def test_word_is_read_by_the_paragraph_without_hidden_words() -> None:
    content = office(WORD, {}, **{"word/document.xml": DOCUMENT})
    assert read_ooxml(BytesIO(content))["text"] == "電波の利用\n見える文"


def test_excel_is_read_by_the_row_without_hidden_rows_and_columns() -> None:
    parts = {"xl/workbook.xml": WORKBOOK, "xl/worksheets/sheet1.xml": WORKSHEET}
    assert read_ooxml(BytesIO(office(EXCEL, {}, **parts)))["text"] == "区分 2013"


def test_a_table_of_values_is_read_by_the_row(tmp_path: Path) -> None:
    table = tmp_path / "given.csv"
    table.write_text("年,件数\n2013,5\n", encoding="utf-8")
    assert read_csv(table, tmp_path)["text"] == "年 件数\n2013 5"
