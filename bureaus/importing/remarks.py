"""What an import says about the pages of its source: on screen, and in a CSV file."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Self


class Level(StrEnum):
    FAULT = "取り込めない"
    DROPPED = "落としたもの"
    NOTE = "注意"
    DONE = "取り込み"
    ALREADY = "取り込み済み"


@dataclass(frozen=True, slots=True)
class Remark:
    """
    `value` is what the remark is about, and the beginning of the sentence of a fault.

    `remedy` is empty where there is nothing to do.
    """

    level: Level
    value: str
    reason: str
    remedy: str = ""

    def __str__(self) -> str:
        value = f"「{self.value}」" if self.value else ""
        return f"{value}{self.reason}{self.remedy}"


class UnreadableSource(Exception):
    """The source as a whole was refused. The message is a sentence with the remedy."""


def fault(value: str, reason: str, remedy: str) -> Remark:
    return Remark(Level.FAULT, value, reason, remedy)


def note(value: str, reason: str, remedy: str = "") -> Remark:
    return Remark(Level.NOTE, value, reason, remedy)


COLUMNS = ("場所", "アドレス", "結果", "値", "理由", "直し方")
# A spreadsheet evaluates a cell that begins with one of these.
EVALUATED = ("=", "+", "-", "@", "\t")
VALUE_LENGTH = 200  # characters


class Report:
    """The report of an import as a CSV file, one line for each remark; without a file, none."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.stream: IO[str] | None = None

    def __enter__(self) -> Self:
        if self.path is not None:
            self.stream = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self.stream).writerow(COLUMNS)
        return self

    def __exit__(self, *error: object) -> None:
        if self.stream is not None:
            self.stream.close()

    def write(self, place: str, address: str, remarks: Sequence[Remark]) -> None:
        if self.stream is None:
            return
        rows: list[list[Any]] = [
            [
                place,
                address,
                remark.level,
                remark.value[:VALUE_LENGTH],
                remark.reason,
                remark.remedy,
            ]
            for remark in remarks
        ]
        csv.writer(self.stream).writerows([map(unevaluated, row) for row in rows])
        self.stream.flush()


def unevaluated(value: str) -> str:
    return f"'{value}" if value.startswith(EVALUATED) else value
