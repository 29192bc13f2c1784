"""Tables are judged by the rules on machine-readable data (2026-03-31)."""

import io
import re
from collections.abc import Iterable
from time import process_time
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl.workbook.workbook import Workbook

from bureaus.uploads.csv_files import decode_with_encoding
from bureaus.uploads.intake import accept_document
from bureaus.uploads.machine_readability.comparison import change_in
from bureaus.uploads.machine_readability.judge import judge_csv, judge_workbook, judged
from bureaus.uploads.machine_readability.rules import RULES, Judgement
from bureaus.uploads.machine_readability.sheets import Area, Sheet, Value
from bureaus.uploads.media_facts import facts_of_document
from tests.helpers.ordinary_sheets import population
from tests.helpers.readability_sheets import BREAKERS, generated, workbook

pytestmark = pytest.mark.one_database


def findings(name: str, content: bytes) -> list[dict[str, Any]]:
    if name.endswith("xlsx"):
        judged = judge_workbook(io.BytesIO(content))
    else:
        judged = judge_csv(*decode_with_encoding(content))
    assert judged is not None, name
    return list(judged["findings"])


def rules(found: Iterable[dict[str, Any]]) -> set[str]:
    return {each["rule"] for each in found}


def test_each_of_200_sheets_is_judged_by_the_rule_that_it_breaks_and_no_other() -> None:
    files = list(generated())
    wrong = {
        name: found
        for rule, name, content in files
        if rules(found := findings(name, content)) != ({rule} if rule else set())
    }
    assert len(files) == 200
    assert wrong == {}


def test_every_rule_that_software_judges_in_one_file_is_broken_by_a_sheet() -> None:
    by_software = {Judgement.CERTAIN, Judgement.SUSPECTED}
    judged = {number for number, rule in RULES.items() if rule.judgement in by_software}
    assert len(RULES) == 30
    assert judged - BREAKERS.keys() == {"3-7"}  # which compares two files


def test_a_finding_names_place_and_remedy() -> None:
    sheet = population()
    sheet.grid[8][4] = "1,234"
    [found] = findings("人口.xlsx", workbook(sheet))
    assert found["place"] == "シート「調査」のE9"
    assert "「1,234」" in found["sentence"]
    assert found["sentence"].endswith("（桁区切りや▲は、表示形式で付けられます）。")


def test_a_title_breaks_two_rules_as_in_the_reference() -> None:
    sheet = population()
    sheet.grid.insert(0, ["令和2年の調査の結果"])
    assert rules(findings("人口.xlsx", workbook(sheet))) == {"1-4", "3-1"}


def test_a_sheet_without_a_table_and_a_legend_on_another_one_are_fine() -> None:
    sheet = population()
    sheet.grid[8][4] = "x"
    made = Workbook()
    data, legend = made.active, made.create_sheet("凡例")
    for row in sheet.grid:
        data.append(row)
    legend.append(["「x」：秘匿した値"])
    content = io.BytesIO()
    made.save(content)
    assert findings("人口.xlsx", content.getvalue()) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (["年", "人口", "世帯"], ["年", "人口", "世帯"], ""),
        (["年", "人口", "世帯"], ["年", "住民", "世帯"], "「人口」"),
        (["年", "人口", "世帯"], ["年", "世帯", "人口"], "列の順番"),
        ([], ["年"], ""),
    ],
)
def test_the_columns_of_the_file_in_its_place_are_compared(
    before: list[str], after: list[str], words: str
) -> None:
    sentence = change_in(before, after)
    assert words in sentence
    assert bool(sentence) == bool(words)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (r'<c r="([A-Z]+\d+)" t="(\w+)">', r'<c t="\2" r="\1">'),
        (r'<c r="[A-Z]+\d+"', "<c"),
        (r"<(/?)(c|v|row|sheetData|worksheet)\b", r"<\1x:\2"),
    ],
)
def test_cells_are_read_as_other_programs_write_them(written: str, instead: str) -> None:
    sheet = population()
    sheet.grid[8][4] = "1,234"
    content = io.BytesIO()
    with ZipFile(io.BytesIO(workbook(sheet))) as given, ZipFile(content, "w") as made:
        for name in given.namelist():
            text = given.read(name)
            if name.endswith("sheet1.xml"):
                text = re.sub(written, instead, text.decode()).encode()
            made.writestr(name, text)
    assert [each["place"] for each in findings("人口.xlsx", content.getvalue())] == [
        "シート「調査」のE9"
    ]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b""])
def test_what_cannot_be_judged_is_taken_without_advice(content: bytes) -> None:
    assert judge_workbook(io.BytesIO(content)) is None


def test_many_blank_cells_beside_many_merged_ones_take_no_time() -> None:
    blank: list[list[Value]] = [[None, 1.0] for _ in range(4_000)]
    sheet = Sheet(rows=[["県", "数"], ["県", 1.0], *blank], width=2)
    sheet.merged = [Area(row, 9, row, 10) for row in range(4_000)]
    began = process_time()
    assert "2-2" in {each.rule for each in judged([sheet])[0].findings}
    assert process_time() - began < 1


def test_the_child_process_judges() -> None:
    content = "組織,人数（人）\n総務課,3人\n政策課,4\n会計課,5\n".encode()
    with accept_document(io.BytesIO(content), "一覧.csv") as found:
        assert found.readability is not None
        assert rules(found.readability["findings"]) == {"2-1"}


def test_a_table_that_is_loaded_is_judged_too() -> None:
    facts = facts_of_document(io.BytesIO(b'name,note\na,b\nc,"d\ne"\n'), "documents/a.csv")
    assert rules(facts["readability"]["findings"]) == {"1-14"}
