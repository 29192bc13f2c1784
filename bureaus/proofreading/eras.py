"""The eras of Japanese years: when each began and ended, and what a year of one is called."""

import re
from datetime import date

from bureaus.proofreading.passages import ERA

FIRST_AND_LAST = {
    "明治": (date(1868, 1, 1), date(1912, 7, 30)),
    "大正": (date(1912, 7, 30), date(1926, 12, 25)),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7)),
    "平成": (date(1989, 1, 8), date(2019, 4, 30)),
    "令和": (date(2019, 5, 1), date.max),
}
LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
LETTERS |= {era[0]: era for era in FIRST_AND_LAST}
ERA_YEAR = re.compile(rf"({ERA})(元|[0-9]{{1,2}})年(度)?")


def era_year(era: str, year: str) -> int:
    return FIRST_AND_LAST[era][0].year - 1 + (1 if year == "元" else int(year))


def is_of_era(era: str, first: date, last: date) -> bool:
    """Whether a day of `era` is one of those from `first` to `last`."""
    began, ended = FIRST_AND_LAST[era]
    return began <= last and first <= ended


def has_year(era: str, year: int) -> bool:
    """Whether a day of this year was of `era`; of a fiscal year too, which is named in advance."""
    return is_of_era(era, date(year, 1, 1), date(year, 12, 31))


def in_era(day: date) -> str:
    """The era and the year of a day: 令和元年."""
    era = next(name for name, (began, _) in reversed(FIRST_AND_LAST.items()) if began <= day)
    year = day.year - FIRST_AND_LAST[era][0].year + 1
    return f"{era}{'元' if year == 1 else year}年"
