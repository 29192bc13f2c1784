"""Dates as people write them in Japanese: pure functions."""

import re
import unicodedata
from calendar import monthrange
from datetime import date

from bureaus.text.eras import FIRST_AND_LAST, LETTERS, era_year

LENGTH = 40  # characters; no date is longer
SPACE = re.compile(r"\s+")
WEEKDAY = re.compile(r"\([月火水木金土日](?:曜日?)?\)\Z")
EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
ERA = "|".join((*FIRST_AND_LAST, *LETTERS))
YEAR = rf"(?:(?P<era>{ERA})(?P<of_era>元|0?[1-9]|[1-9]\d{{1,2}})|(?P<year>\d{{4}}))"
IN_KANJI = re.compile(rf"{YEAR}年(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日)?)?", re.ASCII)
WITH_SIGNS = re.compile(
    rf"{YEAR}(?:(?P<sign>[./-])(?P<month>\d{{1,2}})(?:(?P=sign)(?P<day>\d{{1,2}}))?)?", re.ASCII
)


def named_days(text: str) -> tuple[date, date] | None:
    """
    Return the first and last day of the day, month or year that `text` names; None for no date.

    2013-8-1, 2013/08/01, 20130801, 2013年8月, 平成25年8月1日, H25.8.1, 令和元年, in digits of any
    width. An era may have ended before the date (平成32年), as in documents written before that.
    """
    if len(text) > LENGTH:
        return None
    text = WEEKDAY.sub("", SPACE.sub("", unicodedata.normalize("NFKC", text))).upper()
    digits = EIGHT_DIGITS.fullmatch(text)
    match = IN_KANJI.fullmatch(text) or WITH_SIGNS.fullmatch(text)
    try:
        if digits:
            return (date(*map(int, digits.groups())),) * 2
        return written_days(match) if match else None
    except ValueError:
        return None


def written_days(match: re.Match[str]) -> tuple[date, date]:
    """Return the days of a match of either pattern. Raises ValueError where no calendar has it."""
    era = LETTERS.get(match["era"], match["era"])
    year = era_year(era, match["of_era"]) if era else int(match["year"])
    if match["day"]:
        return (date(year, int(match["month"]), int(match["day"])),) * 2
    first_month, last_month = int(match["month"] or 1), int(match["month"] or 12)
    first = date(year, first_month, 1)
    last = date(year, last_month, monthrange(year, last_month)[1])
    # The last day of 昭和64年, and of its January, is that of the era.
    ended = FIRST_AND_LAST[era][1] if era else last
    return first, ended if first <= ended <= last else last
