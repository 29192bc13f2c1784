"""The eras of Japanese years: when each began and ended, and how it is written."""

from datetime import date

FIRST_AND_LAST = {
    "明治": (date(1868, 1, 1), date(1912, 7, 30)),
    "大正": (date(1912, 7, 30), date(1926, 12, 25)),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7)),
    "平成": (date(1989, 1, 8), date(2019, 4, 30)),
    "令和": (date(2019, 5, 1), date.max),
}
LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
LETTERS |= {era[0]: era for era in FIRST_AND_LAST}
FIRST_YEAR = "元"


def era_year(era: str, year: str) -> int:
    """Return the western year: 2013 for 平成 and "25"; "元" is the first year."""
    return FIRST_AND_LAST[era][0].year - 1 + (1 if year == FIRST_YEAR else int(year))
