"""Spellings of a year in the Japanese and the western calendar."""

import re
from collections.abc import Iterator

# (the era, its first year, its last one)
ERAS = (
    ("明治", 1868, 1912),
    ("大正", 1912, 1926),
    ("昭和", 1926, 1989),
    ("平成", 1989, 2019),
    ("令和", 2019, 2117),
)
OF_ERA = re.compile(r"(明治|大正|昭和|平成|令和)(元|[0-9]{1,2})年")
WESTERN = re.compile(r"(?<![0-9])([0-9]{4})年")
FIRST = "元"


def year_spellings(folded: str) -> set[str]:
    """
    Return `folded` with one year respelt: 平成25年 as 2013年, 平成元年 as 平成1年.

    Also with all years in one calendar, and in the other.
    """
    found = {
        folded[: match.start()] + other + folded[match.end() :]
        for pattern in (OF_ERA, WESTERN)
        for match in pattern.finditer(folded)
        for other in spellings(western_year(match))
    }
    found.add(OF_ERA.sub(lambda match: f"{western_year(match)}年", folded))
    found.add(WESTERN.sub(lambda match: [*spellings(western_year(match))][-1], folded))
    return found - {folded}


def western_year(match: re.Match[str]) -> int:
    if match.re is WESTERN:
        return int(match[1])
    first = next(first for era, first, _ in ERAS if era == match[1])
    return first + (1 if match[2] == FIRST else int(match[2])) - 1


def spellings(year: int) -> Iterator[str]:
    """Yield every spelling of the year, in both eras where one follows another."""
    yield f"{year}年"
    for era, first, last in ERAS:
        if first <= year <= last:
            yield f"{era}{year - first + 1}年"
            if year == first:
                yield f"{era}{FIRST}年"
