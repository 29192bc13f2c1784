"""Dates in Japanese eras: which days they mean, and whether the era had them."""

import re
from calendar import monthrange
from datetime import date

from bureaus.proofreading.passages import ERA
from bureaus.text.eras import FIRST_AND_LAST, era_year

LUNAR = 1873  # before this year months were counted otherwise
ERA_YEAR = re.compile(rf"({ERA})(元|[0-9]{{1,2}})年(度)?")
# A year, a fiscal year, a month or a day of an era.
ERA_TIME = re.compile(
    rf"(?P<era>{ERA})(?P<year>元|[0-9]{{1,2}})(?:[（(][0-9]{{4}}[）)])?年"
    r"(?:(?P<fiscal>度)|(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日)?)?"
)


def is_of_era(era: str, first: date, last: date) -> bool:
    """Return whether one of the days from `first` to `last` is of the era."""
    began, ended = FIRST_AND_LAST[era]
    return began <= last and first <= ended


def has_year(era: str, year: int) -> bool:
    """Return whether the year is of the era; fiscal years are named when they begin."""
    return is_of_era(era, date(year, 1, 1), date(year, 12, 31))


def days_meant(match: re.Match[str]) -> tuple[date, date] | None:
    """Return the first and last day of an ERA_TIME; None where it does not exist."""
    year, month = era_year(match["era"], match["year"]), int(match["month"] or 0)
    if not month or year < LUNAR:
        return date(year, 1, 1), date(year, 12, 31)
    try:
        if match["day"]:
            return (date(year, month, int(match["day"])),) * 2
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None


def bound(era: str, day: date) -> str:
    """Return the sentence on the bound of the era that the day exceeds."""
    began, ended = FIRST_AND_LAST[era]
    if day < began:
        return f"{era}は元年{began.month}月{began.day}日からです"
    last = ended.year - began.year + 1
    return f"{era}は{last}年{ended.month}月{ended.day}日までです"


def right_time(match: re.Match[str], first: date) -> str:
    """Return an ERA_TIME that begins on `first` in its right era: 令和2年度."""
    era = next((era for era, (began, _) in reversed(FIRST_AND_LAST.items()) if began <= first), "")
    if not era:
        return f"{first.year}年"
    number = first.year - FIRST_AND_LAST[era][0].year + 1
    month = f"{first.month}月" if match["month"] else ""
    day = f"{first.day}日" if match["day"] else ""
    return f"{era}{'元' if number == 1 else number}年{match['fiscal'] or ''}{month}{day}"
