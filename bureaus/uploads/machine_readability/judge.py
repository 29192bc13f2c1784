"""
The judgement of a workbook or a CSV file by the rules.

It never refuses a file: where it fails, the file is taken without advice.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZipFile

from bureaus.uploads.machine_readability import contents, level2, level3, structure
from bureaus.uploads.machine_readability.columns import columns_of
from bureaus.uploads.machine_readability.csv_sheets import read_csv_sheet
from bureaus.uploads.machine_readability.findings import Finding, place_text
from bureaus.uploads.machine_readability.layout import find_table
from bureaus.uploads.machine_readability.rules import RULES
from bureaus.uploads.machine_readability.sheets import Sheet
from bureaus.uploads.machine_readability.subject import Subject

CHECKS = (*structure.CHECKS, *contents.CHECKS, *level2.CHECKS, *level3.CHECKS)
ORDER = {number: place for place, number in enumerate(RULES)}
MOST = 100  # findings of a file
NAMES = 200  # columns whose names are kept
EXPLANATION = 200_000  # characters

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judged:
    """A sheet with its findings and the names of its columns."""

    sheet: Sheet
    findings: Sequence[Finding]
    names: Sequence[str]


def judge_workbook(source: Path | BinaryIO) -> dict[str, Any] | None:
    """Return the judgement of an Excel file; None where it could not be judged."""
    from bureaus.uploads.machine_readability.xlsx import read_sheets

    try:
        with ZipFile(source) as archive:
            return as_json(judged(list(read_sheets(archive))))
    except Exception:
        logger.exception("an Excel file could not be judged")
        return None


def judge_csv(text: str, encoding: str) -> dict[str, Any] | None:
    """Return the judgement of a CSV file; None where it could not be judged."""
    try:
        return as_json(judged([read_csv_sheet(text, encoding)]))
    except Exception:
        logger.exception("a CSV file could not be judged")
        return None


def judged(sheets: Sequence[Sheet]) -> list[Judged]:
    return list(iterate_judged(sheets))


def iterate_judged(sheets: Sequence[Sheet]) -> Iterator[Judged]:
    tables = [find_table(sheet) for sheet in sheets]
    for number, (sheet, table) in enumerate(zip(sheets, tables, strict=True)):
        if table is None:
            continue
        others = [each for place, each in enumerate(sheets) if place != number]
        subject = Subject(sheet, table, columns_of(sheet, table), explanations(others))
        found = [finding for check in CHECKS for finding in check(subject)]
        found.sort(key=lambda finding: ORDER[finding.rule])
        yield Judged(sheet, found, [column.name for column in subject.columns[:NAMES]])


def explanations(sheets: Sequence[Sheet]) -> str:
    """Return the texts of small sheets, where marks may be defined."""
    lines = (
        " : ".join(str(value) for value in row if value is not None)
        for sheet in sheets
        for row in sheet.rows[:200]
    )
    return "\n".join(lines)[:EXPLANATION]


def as_json(sheets: Sequence[Judged]) -> dict[str, Any]:
    """Return what is stored: the findings, and the names of the first table's columns."""
    found = [
        {
            "rule": finding.rule,
            "place": place_text(each.sheet, finding),
            "sentence": finding.sentence,
        }
        for each in sheets
        for finding in each.findings
    ]
    cut = [len(each.sheet.rows) for each in sheets if each.sheet.is_cut]
    return {
        "findings": found[:MOST],
        "names": list(sheets[0].names) if sheets else [],
        "rows": cut[0] if cut else None,
    }
