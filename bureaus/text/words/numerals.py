"""Numbers in Japanese: 第3回 and 第三回, 1万円 and 10,000円."""

import re
from collections.abc import Iterator

DIGITS = "〇一二三四五六七八九"
TENS = {"十": 10, "百": 100, "千": 1_000}
MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}
SIGNS = f"0-9{DIGITS}{''.join(TENS)}{''.join(MYRIADS)}"
# A number that is counted; others are parts of words and names: 一般, 三重.
COUNTED = re.compile(
    rf"(?:(?<=第)(?P<ordinal>[{SIGNS}][{SIGNS},]*)"
    rf"|(?<![{SIGNS},.])(?P<number>[{SIGNS}][{SIGNS},]*)"
    r"(?=[回条項章節号年月日人円歳才週番期次度級種類階件割世丁ツカケ個名校区巻冊枚台軒社町村位]))"
)
LONGEST = 16  # characters
THOUSAND, MYRIAD, HUNDRED_MILLION = 1_000, 10**4, 10**8
YEARS = range(1_000, 2_200)
YEAR = "年"


def numbers(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the start and the end of each number that is counted, and its other spellings."""
    for match in COUNTED.finditer(text):
        written = match["ordinal"] or match["number"]
        if len(written) <= LONGEST and (value := value_of(written.rstrip(","))):
            start = match.start()
            end = start + len(written.rstrip(","))
            forms = [*dict.fromkeys(spellings(value))]
            if value in YEARS and text.startswith(YEAR, end):
                forms = forms[:2]
            yield start, end, [each for each in forms if each != text[start:end]]


def value_of(written: str) -> int:
    """Return the number; 0 for none."""
    total = part = 0
    digits = ""
    for sign in written.replace(",", ""):
        if sign in MYRIADS:
            total += (part + int(digits or "0") or 1) * MYRIADS[sign]
            part, digits = 0, ""
        elif sign in TENS:
            part += int(digits or "1") * TENS[sign]
            digits = ""
        else:
            digits += str(DIGITS.index(sign)) if sign in DIGITS else sign
    return total + part + int(digits or "0")


def spellings(value: int) -> Iterator[str]:
    """Yield the number in digits, with commas, in kanji and in both."""
    yield str(value)
    yield "".join(DIGITS[int(sign)] for sign in str(value))
    yield kanji(value)
    if value >= THOUSAND:
        yield f"{value:,}"
    if value % HUNDRED_MILLION == 0:
        yield f"{value // HUNDRED_MILLION}億"
    elif value % MYRIAD == 0:
        yield f"{value // MYRIAD}万"


def kanji(value: int) -> str:
    """Return the number as it is read: 二十三, 一万, 千五百."""
    written = ""
    for sign, unit in reversed(MYRIADS.items()):
        count, value = divmod(value, unit)
        written += f"{below_myriad(count)}{sign}" if count else ""
    return written + below_myriad(value)


def below_myriad(value: int) -> str:
    if value >= MYRIAD:
        return str(value)
    written = ""
    for sign, unit in reversed(TENS.items()):
        count, value = divmod(value, unit)
        if count:
            written += ("" if count == 1 else DIGITS[count]) + sign
    return written + (DIGITS[value] if value else "")
