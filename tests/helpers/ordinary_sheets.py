"""Sheets that break no rule on machine-readable data, each a table of its own kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROWS = 24
PREFECTURES = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県".split()
)
TOWNS = "甲市 乙市 丙市 丁町 戊町 己村".split()


@dataclass
class Sheet:
    """A grid with the columns that the rules ask about, and what openpyxl or csv shall do to it."""

    grid: list[list[Any]]
    key: int  # the columns by what they hold
    name: int
    choice: int
    number: int
    day: int
    encoding: str = "utf-8-sig"
    after: list[Callable[[Any], None]] = field(default_factory=list)  # to the worksheet
    text: Callable[[str], str] = lambda text: text  # of the CSV file

    def column(self, index: int, values: list[Any]) -> None:
        for row, value in zip(self.grid[1:], values, strict=False):
            row[index] = value


def population() -> Sheet:
    grid: list[list[Any]] = [["地域コード", "都道府県", "調査日", "回答", "人口（人）"]]
    for row in range(ROWS):
        answer = ("取組済", "検討中", "未定")[row % 3]
        name = f"{PREFECTURES[row % 12]}"
        grid.append(
            [f"{row + 1:02}000", name, f"2020-10-{row % 28 + 1:02}", answer, 9000 + row * 7]
        )
    return Sheet(grid, 0, 1, 3, 4, 2)


def budget() -> Sheet:
    grid: list[list[Any]] = [["事業番号", "事業名", "年度", "執行額（千円）", "区分"]]
    for row in range(ROWS):
        kind = ("新規", "継続")[row % 2]
        grid.append([f"B{row:03}", f"調査研究{row}号", f"{2019 + row % 4}年度", 1000 + row, kind])
    return Sheet(grid, 0, 1, 4, 3, 2)


def facilities() -> Sheet:
    head = ["施設番号", "施設名", "市町村名", "開設日", "定員（人）", "運営"]
    grid: list[list[Any]] = [head]
    for row in range(ROWS):
        town = TOWNS[row % 6]
        day = f"2001/4/{row % 28 + 1}"
        grid.append(
            [f"F{row:03}", f"第{row}学習館", town, day, 20 + row, "直営" if row % 3 else "委託"]
        )
    return Sheet(grid, 0, 1, 5, 4, 3)


def survey() -> Sheet:
    grid: list[list[Any]] = [["回答番号", "団体名", "満足度", "回答年月", "回答数（件）", "指数"]]
    for row in range(ROWS):
        degree = ("満足", "普通", "不満")[row % 3]
        grid.append(
            [f"R{row:03}", f"協議会{row}", degree, f"2021年{row % 12 + 1}月", 3 + row, row / 4 + 1]
        )
    return Sheet(grid, 0, 1, 2, 4, 3)


BASES: tuple[Callable[[], Sheet], ...] = (population, budget, facilities, survey)
