"""Dates as Japanese texts write them, of which year they are, and whether a text names a year."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from bureaus.proofreading.eras import LUNAR, era_year
from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import ERA, YEAR, Passage

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
# A year, a day, or what a year within says nothing beyond.
SIGN = re.compile(
    r"(?P<opening>[（(［〔【「『])|(?P<closing>[）)］〕】」』])"
    rf"|(?=[12明大昭平令]|[0-9]{{1,2}}月)(?:{OF_YEAR})?(?:{OF_MONTH}(?:{OF_DAY})?)?"
)
# Such a year is that of something else: 2021年4月1日現在, 2019年に卒業した.
OF_ANOTHER = re.compile(
    r"(?:[末初頃]|ごろ)?(?:現在|時点|以[降前後]|まで|生|採用|付|改正|制定|施行|版)"
    r"|[^0-9、。]{0,9}法律|[^0-9、。]{0,30}以来"
)
LOOSELY = re.compile(r"[にかより分産代卒入・～〜~-]")  # no day of such a year is to follow
TO_YEAR = re.compile(r"[0-9年][-–~～〜－・]")
SHIFTED = re.compile(r"(?:(一昨|昨|去|前|今|本|同|来|明|翌)年|(?<![0-9元])年度)[のは、]?$")
SHIFTS = {"一昨": -2, "昨": -1, "去": -1, "今": 0, "本": 0, "来": 1, "明": 1}
SHIFTS_OF_STATED = {**SHIFTS, "前": -1, "同": 0, "翌": 1}
APRIL = 4
# How far a day without a year is from the day of its text: in March those up to December are
# announced, and what is reported is of the last months.
AHEAD, AGO = timedelta(days=300), timedelta(days=250)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a text names; `dates` are those it may mean, none where nothing says the year."""

    start: int
    end: int
    text: str
    dates: tuple[date, ...]
    weekday: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A year that a text states: a fiscal one, that of a day, or just so."""

    year: int
    is_fiscal: bool
    day: date | None
    block: int  # the number of the paragraph that it stands in
    depth: int  # how many brackets it stands in

    def dates(self, month: int, day: int) -> Iterator[date]:
        """What a month and a day after it may mean, the most probable first."""
        if self.is_fiscal:
            yield from days_of((self.year + (month < APRIL),), month, day)
            return
        if self.day:
            yield from near(self.day, month, day)
        yield from days_of((self.year,), month, day)


@dataclass
class Years:
    """What a text says, up to where it is read, of the year of its days."""

    issued_on: date | None
    title: Stated | None = None
    stated: list[Stated] = field(default_factory=list)
    aside: Stated | None = None  # of something else, or so it seems
    block: int = 0
    depth: int = 0

    def enter(self, block: int) -> None:
        """Begin a paragraph: of an undated text, only the one before it still says the year."""
        self.close(0)
        self.block = block
        if self.issued_on is None:
            self.stated = [each for each in self.stated if each.block >= block - 1]

    @property
    def nearest(self) -> Stated | None:
        return self.stated[-1] if self.stated else self.title

    def close(self, depth: int) -> None:
        """A year in brackets says nothing of what follows them."""
        self.depth = max(0, depth)
        while self.stated and self.stated[-1].depth > self.depth:
            self.aside = self.stated.pop()

    def state(self, match: re.Match[str]) -> None:
        year, month = year_of(match), int(match["month"] or 0)
        day = day_of(year, month, int(match["day"] or 15)) if month else None
        stated = Stated(year, bool(match["fiscal"]), day, self.block, self.depth)
        has_weekday = bool(match["day"] and (match["weekday"] or match["spelt"]))
        is_loose = not match["day"] and LOOSELY.match(match.string, match.end())
        is_range = TO_YEAR.match(match.string, max(0, match.start() - 2))  # 2025-2026年
        is_other = is_loose or is_range or OF_ANOTHER.match(match.string, match.end())
        if is_other and not has_weekday:
            self.aside = stated
        else:
            self.stated.append(stated)

    def dates_of(self, match: re.Match[str]) -> tuple[date, ...]:
        month, day = int(match["month"]), int(match["day"])
        if year_of(match) and not match["fiscal"]:
            return tuple(days_of((year_of(match),), month, day))
        shifted = SHIFTED.search(match.string, max(0, match.start() - 4), match.start())
        if shifted:
            return tuple(days_of(self.shifted(shifted[1]), month, day))
        found: list[date] = []
        if self.issued_on:
            found += near(self.issued_on, month, day)
        if self.nearest:
            found += self.nearest.dates(month, day)
        if found and self.aside:
            found += self.aside.dates(month, day)
        return tuple(found)

    def shifted(self, word: str | None) -> Iterator[int]:
        """The years that 昨年 or 翌年 may be; none of 年度."""
        if self.issued_on and word in SHIFTS:
            yield self.issued_on.year + SHIFTS[word]
        if self.nearest and word in SHIFTS_OF_STATED:
            yield self.nearest.year + SHIFTS_OF_STATED[word]


def year_of(match: re.Match[str]) -> int:
    """The year that stands with a date; 0 where none does."""
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


def near(day: date, month: int, number: int) -> list[date]:
    """The dates of this month and number that are near `day`, the nearest first."""
    years = (day.year, day.year - 1, day.year + 1)
    found = sorted(days_of(years, month, number), key=lambda each: abs(each - day))
    return [each for place, each in enumerate(found) if not place or -AGO <= each - day <= AHEAD]


def days(passage: Passage, manuscript: Manuscript) -> Iterator[Day]:
    """The days of a text, with what each may mean: see ADR 0021."""
    years = Years(manuscript.issued_on, year_of_title(manuscript.title_passage))
    for block in passage.blocks:
        years.enter(block.number)
        for match in SIGN.finditer(passage.masked[block.start : block.end]):
            if match["opening"]:
                years.depth += 1
            elif match["closing"]:
                years.close(years.depth - 1)
            if match["day"]:
                yield from run_of(match, block.start, years.dates_of(match))
            if match["west"] or match["era"]:
                years.state(match)


def year_of_title(title: Passage) -> Stated | None:
    """The year that the title of a page states, of all that is below it."""
    years = Years(None)
    for match in SIGN.finditer(title.masked):
        if match["west"] or match["era"]:
            years.state(match)
    return years.nearest


def run_of(match: re.Match[str], offset: int, dates: tuple[date, ...]) -> Iterator[Day]:
    """23日（木）から24日（金）まで: the day, and those after it that are of its month."""
    following: re.Match[str] | None = match
    while following:
        yield named(following, offset, dates)
        number = int(following["day"])
        following = NEXT.match(match.string, following.end())
        if following and int(following["day"]) <= number:
            return
        number = int(following["day"]) if following else 0
        months = dict.fromkeys((each.year, each.month) for each in dates)
        dates = tuple(found for month in months if (found := day_of(*month, number)))


def named(match: re.Match[str], offset: int, dates: tuple[date, ...]) -> Day:
    weekday = match["weekday"] or match["spelt"] or ""
    words = match[0][match.start("day") - match.start() :] if match.re is NEXT else match[0]
    dates = tuple(each for each in dates if each.year >= LUNAR)
    return Day(offset + match.end() - len(words), offset + match.end(), words, dates, weekday)


def is_dated(manuscript: Manuscript, passage: Passage, position: int) -> bool:
    """Whether the text says, up to the end of this paragraph, which year it speaks of."""
    if manuscript.issued_on is not None or YEAR.search(manuscript.title):
        return True
    if passage.field != "lead" and YEAR.search(manuscript.lead):
        return True
    if passage.field not in {"lead", "body", "note"}:  # a title or a caption, beside the whole
        return any(each.first_year is not None for each in (passage, *manuscript.prose))
    first = passage.first_year
    return first is not None and first < passage.block_at(position).end
