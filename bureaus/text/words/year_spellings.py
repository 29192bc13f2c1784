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
DATE = re.compile(
    r"(?:([0-9]{4})|([mtshr])(元|[0-9]{1,2}))[./ー]([0-9]{1,2})(?:[./ー]([0-9]{1,2}))?"
)
LONG_DATE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
LETTERS = {"m": "明治", "t": "大正", "s": "昭和", "h": "平成", "r": "令和"}
SHORT = re.compile(r"(?<![0-9a-z])([mtshr])(元|[0-9]{1,2})(?![0-9a-z])年?")


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


def short_year_spellings(folded: str) -> set[str]:
    """Return R5 and R5年 as 令和5年 and 2023年, and those two as R5."""
    found: set[str] = set()
    for match in SHORT.finditer(folded):
        long = OF_ERA.match(f"{LETTERS[match[1]]}{match[2]}年")
        if long:
            before, after = folded[: match.start()], folded[match.end() :]
            found |= {f"{before}{each}{after}" for each in spellings(western_year(long))}
    letters = {era: letter for letter, era in LETTERS.items()}
    for written in (folded, *year_spellings(folded)):
        for match in OF_ERA.finditer(written):
            short = f"{letters[match[1]]}{match[2]}"
            before, after = written[: match.start()], written[match.end() :]
            found.add(f"{before}{short}年{after}")
            if not after[:1].isdigit():
                found.add(f"{before}{short}{after}")
    return found - {folded}


def date_spellings(folded: str) -> Iterator[str]:
    """Yield 2013/8/2, 2013-08-02 and H25.8.2 as 2013年8月2日 and 平成25年8月2日, and back."""
    if match := DATE.fullmatch(folded):
        western, letter, year, month, day = match.groups()
        first = f"{western}年" if western else f"{LETTERS[letter]}{year}年"
        rest = f"{int(month)}月{f'{int(day)}日' if day else ''}"
        yield from (f"{each}{rest}" for each in (first, *sorted(year_spellings(first))))
    for written in (folded, *sorted(year_spellings(folded))):
        if match := LONG_DATE.fullmatch(written):
            year, month, day = match.groups()
            yield from (sign.join(match.groups()) for sign in "./")
            yield f"{year}ー{month:0>2}ー{day:0>2}"
