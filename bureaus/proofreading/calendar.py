"""Dates in Japanese texts: their forms, the years they may mean, and texts without a year."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from bureaus.proofreading.eras import LUNAR
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import ERA, YEAR, Passage
from bureaus.text.eras import era_year

WEEKDAYS = "月火水木金土日"
BESIDE = rf"[（(](?:(?:{ERA})(?:元|[0-9]{{1,2}})|[0-9]{{4}})(?:年度?)?[）)]"
WEEKDAY = (
    rf"(?:[ \u3000]?(?:[（(［〔](?P<weekday>[{WEEKDAYS}])(?:曜日?)?"
    r"(?:[・、]?(?:祝日?|休))?[）)］〕]"
    rf"|(?P<spelt>[{WEEKDAYS}])曜日))?"
)
OF_YEAR = (
    rf"(?:(?P<west>(?:1[89]|20)[0-9]{{2}})|(?P<era>{ERA})(?P<era_year>元|[0-9]{{1,2}}))"
    rf"(?:年(?P<fiscal>度)?(?:{BESIDE})?|{BESIDE}年)"
)
OF_MONTH = r"(?P<month>[0-9]{1,2})月"
OF_DAY = rf"(?P<day>[0-9]{{1,2}})日{WEEKDAY}"
DAY = re.compile(rf"(?:{OF_YEAR})?{OF_MONTH}{OF_DAY}")
# 23日（木）から24日（金）まで: of the same month.
NEXT = re.compile(
    rf"(?:まで)?(?:、|，|,|・|～|〜|－|-|と|から|及び|又は|並びに|および|または){OF_DAY}"
)
# A year, a day, or a bracket: a year in brackets does not apply outside of them.
SIGN = re.compile(
    r"(?P<opening>[（(［〔【「『])|(?P<closing>[）)］〕】」』])"
    rf"|(?=[12明大昭平令]|[0-9]{{1,2}}月)(?:{OF_YEAR})?(?:{OF_MONTH}(?:{OF_DAY})?)?"
)
# Such a year belongs to something else: 2021年4月1日現在, 2019年に卒業した.
OF_ANOTHER = re.compile(
    r"(?:[末初頃]|ごろ)?(?:現在|時点|以[降前後]|まで|生|採用|付|改正|制定|施行|版)"
    r"|[^0-9、。]{0,9}法律|[^0-9、。]{0,30}以来"
)
# A year with this after it applies to no later day.
LOOSE_CONTEXT = re.compile(r"[にかより分産代卒入・～〜~-]")
YEAR_RANGE = re.compile(r"[0-9年][-–~～〜－・]")
SHIFTED = re.compile(r"(?:(一昨|昨|去|前|今|本|同|来|明|翌)年|(?<![0-9元])年度)[のは、]?$")
SHIFTS = {"一昨": -2, "昨": -1, "去": -1, "今": 0, "本": 0, "来": 1, "明": 1}
SHIFTS_OF_STATED = {**SHIFTS, "前": -1, "同": 0, "翌": 1}
APRIL = 4
# The distance of a day without a year from the date of its text: in March days up to December
# are announced, and reports are about the last months.
MAX_AHEAD, MAX_AGO = timedelta(days=300), timedelta(days=250)


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a text; `dates` are those it may mean, none where the year is unknown."""

    start: int
    end: int
    text: str
    dates: tuple[date, ...]
    weekday: str


@dataclass(frozen=True, slots=True)
class StatedYear:
    """A year that a text states: a fiscal one, that of a day, or by itself."""

    year: int
    is_fiscal: bool
    day: date | None
    block: int  # the number of the paragraph that it stands in
    depth: int  # how many brackets it stands in

    def dates(self, month: int, day: int) -> Iterator[date]:
        """Yield the dates that a month and a day after it may mean, the most probable first."""
        if self.is_fiscal:
            yield from days_of((self.year + (month < APRIL),), month, day)
            return
        if self.day:
            yield from nearest_dates(self.day, month, day)
        yield from days_of((self.year,), month, day)


@dataclass
class Years:
    """The years that a text has stated up to the current position."""

    issued_on: date | None
    title: StatedYear | None = None
    stated: list[StatedYear] = field(default_factory=list)
    aside: StatedYear | None = None  # of something else, probably
    block: int = 0
    depth: int = 0

    def begin_block(self, block: int) -> None:
        """Begin a paragraph; in an undated text only the one before it states the year."""
        self.leave_brackets(0)
        self.block = block
        if self.issued_on is None:
            self.stated = [each for each in self.stated if each.block >= block - 1]

    @property
    def nearest(self) -> StatedYear | None:
        return self.stated[-1] if self.stated else self.title

    def leave_brackets(self, depth: int) -> None:
        """Leave brackets: a year in them does not apply to the text after them."""
        self.depth = max(0, depth)
        while self.stated and self.stated[-1].depth > self.depth:
            self.aside = self.stated.pop()

    def add_year(self, match: re.Match[str]) -> None:
        year, month = year_of(match), int(match["month"] or 0)
        day = day_of(year, month, int(match["day"] or 15)) if month else None
        stated = StatedYear(year, bool(match["fiscal"]), day, self.block, self.depth)
        has_weekday = bool(match["day"] and (match["weekday"] or match["spelt"]))
        is_loose = not match["day"] and LOOSE_CONTEXT.match(match.string, match.end())
        is_range = YEAR_RANGE.match(match.string, max(0, match.start() - 2))  # 2025-2026年
        is_other = is_loose or is_range or OF_ANOTHER.match(match.string, match.end())
        if is_other and not has_weekday:
            self.aside = stated
        else:
            self.stated.append(stated)

    def dates_of(self, match: re.Match[str]) -> tuple[date, ...]:
        month, day = int(match["month"]), int(match["day"])
        if year_of(match) and not match["fiscal"]:
            return tuple(days_of((year_of(match),), month, day))
        relative = SHIFTED.search(match.string, max(0, match.start() - 4), match.start())
        if relative:
            return tuple(days_of(self.relative_years(relative[1]), month, day))
        found: list[date] = []
        if self.issued_on:
            found += nearest_dates(self.issued_on, month, day)
        if self.nearest:
            found += self.nearest.dates(month, day)
        if found and self.aside:
            found += self.aside.dates(month, day)
        return tuple(found)

    def relative_years(self, word: str | None) -> Iterator[int]:
        """Yield the years that 昨年 or 翌年 may mean; none for 年度."""
        if self.issued_on and word in SHIFTS:
            yield self.issued_on.year + SHIFTS[word]
        if self.nearest and word in SHIFTS_OF_STATED:
            yield self.nearest.year + SHIFTS_OF_STATED[word]


def year_of(match: re.Match[str]) -> int:
    """Return the year beside a date; 0 where there is none."""
    if match["west"]:
        return int(match["west"])
    return era_year(match["era"], match["era_year"]) if match["era"] else 0


def day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days_of(years: Iterable[int], month: int, day: int) -> Iterator[date]:
    return (found for year in years if (found := day_of(year, month, day)))


def nearest_dates(day: date, month: int, number: int) -> list[date]:
    """Return the dates of this month and number near `day`, the nearest first."""
    years = (day.year, day.year - 1, day.year + 1)
    found = sorted(days_of(years, month, number), key=lambda each: abs(each - day))
    return [
        each for place, each in enumerate(found) if not place or -MAX_AGO <= each - day <= MAX_AHEAD
    ]


def days_in(passage: Passage, manuscript: Manuscript) -> Iterator[Day]:
    """Yield the days in a text, with the dates each may mean: see ADR 0021."""
    years = Years(manuscript.issued_on, year_of_title(manuscript.title_passage))
    for block in passage.blocks:
        years.begin_block(block.number)
        for match in SIGN.finditer(passage.masked[block.start : block.end]):
            if match["opening"]:
                years.depth += 1
            elif match["closing"]:
                years.leave_brackets(years.depth - 1)
            if match["day"]:
                yield from day_series(match, block.start, years.dates_of(match))
            if match["west"] or match["era"]:
                years.add_year(match)


def year_of_title(title: Passage) -> StatedYear | None:
    """Return the year that the title of a page states for all of its text."""
    years = Years(None)
    for match in SIGN.finditer(title.masked):
        if match["west"] or match["era"]:
            years.add_year(match)
    return years.nearest


def day_series(match: re.Match[str], offset: int, dates: tuple[date, ...]) -> Iterator[Day]:
    """Yield a day and those after it of its month: 23日（木）から24日（金）まで."""
    following: re.Match[str] | None = match
    while following:
        yield day_from(following, offset, dates)
        number = int(following["day"])
        following = NEXT.match(match.string, following.end())
        if following and int(following["day"]) <= number:
            return
        number = int(following["day"]) if following else 0
        months = dict.fromkeys((each.year, each.month) for each in dates)
        dates = tuple(found for month in months if (found := day_of(*month, number)))


def day_from(match: re.Match[str], offset: int, dates: tuple[date, ...]) -> Day:
    weekday = match["weekday"] or match["spelt"] or ""
    words = match[0][match.start("day") - match.start() :] if match.re is NEXT else match[0]
    dates = tuple(each for each in dates if each.year >= LUNAR)
    return Day(offset + match.end() - len(words), offset + match.end(), words, dates, weekday)


def is_dated(manuscript: Manuscript, passage: Passage, position: int) -> bool:
    """Return whether the text names a year up to the end of this paragraph."""
    if manuscript.issued_on is not None or YEAR.search(manuscript.title):
        return True
    if passage.field != "lead" and YEAR.search(manuscript.lead):
        return True
    if passage.field not in {"lead", "body", "note"}:  # a title or a caption: see all of the text
        return any(each.first_year is not None for each in (passage, *manuscript.prose))
    first = passage.first_year
    return first is not None and first < passage.block_at(position).end
