"""Dates as Japanese texts write them, and whether a text says when it was written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bureaus.proofreading.manuscript import Manuscript
from bureaus.proofreading.passages import ERA, YEAR, Passage

BEFORE = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
LETTERS |= {era[0]: era for era in BEFORE}
ERA_YEAR = re.compile(rf"({ERA})(元|[0-9]{{1,2}})年(度)?")
WEEKDAYS = "月火水木金土日"
BESIDE = rf"[（(](?:(?:{ERA})(?:元|[0-9]{{1,2}})|[0-9]{{4}})年?[）)]"  # the other calendar's year
WEEKDAY = (
    rf"(?:[ \u3000]?(?:[（(［〔](?P<weekday>[{WEEKDAYS}])(?:曜日?)?"
    r"(?:[・、]?(?:祝日?|休))?[）)］〕]"
    rf"|(?P<spelt>[{WEEKDAYS}])曜日))?"
)
DAY = re.compile(
    rf"(?:(?:(?P<west>(?:1[89]|20)[0-9]{{2}})|(?P<era>{ERA})(?P<era_year>元|[0-9]{{1,2}}))"
    rf"(?:年(?:{BESIDE})?|{BESIDE}年))?"
    rf"(?P<month>[0-9]{{1,2}})月(?P<day>[0-9]{{1,2}})日{WEEKDAY}"
)
# 23日（木）から24日（金）まで: of the same month.
NEXT = re.compile(
    r"(?:まで)?(?:、|，|,|・|～|〜|－|-|と|から|及び|又は|並びに|および|または)"
    rf"(?P<day>[0-9]{{1,2}})日{WEEKDAY}"
)
LUNAR = 1873  # before this year months were counted otherwise


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a text names; `date` is None where there is no such day."""

    start: int
    end: int
    text: str
    date: date | None
    weekday: str


def era_year(era: str, year: str) -> int:
    return BEFORE[era] + (1 if year == "元" else int(year))


def day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days(passage: Passage) -> Iterator[Day]:
    """The days whose year is known: stated, or that of the day before them in the paragraph."""
    for block in passage.blocks:
        year, month = None, 0
        text = passage.masked[block.start : block.end]
        for match in DAY.finditer(text):
            if match["west"]:
                year = int(match["west"])
            elif match["era"]:
                year = era_year(match["era"], match["era_year"])
            elif int(match["month"]) < month:
                year = None  # of this year or of the next: nobody says
            month = int(match["month"])
            following: re.Match[str] | None = match
            while following and year is not None and year >= LUNAR:
                yield named(following, block.start, year, month)
                later = NEXT.match(text, following.end())
                is_later = later and int(later["day"]) > int(following["day"])
                following = later if is_later else None


def named(match: re.Match[str], offset: int, year: int, month: int) -> Day:
    found = day_of(year, month, int(match["day"]))
    weekday = match["weekday"] or match["spelt"] or ""
    words = match[0] if match.re is DAY else match[0][match.start("day") - match.start() :]
    return Day(offset + match.end() - len(words), offset + match.end(), words, found, weekday)


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
