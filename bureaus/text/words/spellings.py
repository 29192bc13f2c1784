"""
Other spellings of a folded word: 取組 and 取り組み, 第三回 and 第3回, 3か月 and 3ヶ月.

The index holds what was written; a search is for each spelling of what was typed. So no part of a
text is lost, and a change of the tables needs no new index.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from operator import itemgetter
from typing import NamedTuple

from bureaus.text.words.numerals import numbers
from bureaus.text.words.spelling_table import spelling_table

SPOTS = 4  # of a word, at which it is spelt otherwise
COMBINED = 60  # spellings that are looked at
LATIN = re.compile("[0-9a-z]+")
KANA = re.compile("[ァ-ヺー]+")
KANJI = re.compile("[一-鿿]")
# What follows the stem of a verb: its ending, and the usual ones after that.
INFLECTION = re.compile(
    "[ア-ンッ]?(?:マス|マシタ|マセン|マショウ|ナイ|ナカッタ|タイ|タ|ダ|テ|デ|バ|ル|テイル|デイル"
    "|ラレル|レル)?"
)
COUNTERS = re.compile("(?<![ァ-ヺー])[カケ個コ](?=[月所国年条村町店])")
PLACES = re.compile("(?<=[一-鿿])[ケガ](?=[一-鿿])")
DOUBLED = re.compile("([一-鿿])\\1")
REPEATED = re.compile("([一-鿿])々")
DOUBLED_KANA = re.compile("([ァ-ン])\\1")
REPEATED_KANA = re.compile("([ァ-ン])ヽ")
VU = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴュ": "ビュ", "ヴ": "ブ"}
VU_SIGN = re.compile("|".join(VU))
OF_VU = {"バ": "ヴァ", "ビュ": "ヴュ", "ビ": "ヴィ", "ベ": "ヴェ", "ボ": "ヴォ", "ブ": "ヴ"}
BA_SIGN = re.compile("ビュ|[バビベボ]|ブ(?![ァ-ォャ-ョ])")
HYPHEN = re.compile("(?<=[a-z])ー(?=[a-z0-9ァ-ヺ])")
# After a letter alone, and between a word and its number: Xー線, covidー19.
HYPHENATED = re.compile("(?<=^[a-z])(?=[a-z]{2}|[ァ-ヺ])|(?<=[a-z])(?=[0-9]+$)")


# The characters that a verb takes after its stem, by that of its plain form; 出シ is in 輸出シ.
ROWS = {row[2]: row for row in "ワイウエッ カキクケイ ガギグゲイ タチツテッ".split()} | {
    row[2]: row for row in "ナニヌネン バビブベン マミムメン ラリルレッ".split()
}
PLAIN_FORM = re.compile("[一-鿿]([ウクグツヌブムル])$")
LONG_STEM = re.compile("[一-鿿][イキギシチニヒビミリエケゲセテネヘベメレ]ル$")


class Spot(NamedTuple):
    """A part of a word, and how else it is written."""

    start: int
    end: int
    others: tuple[str, ...]


Synonyms = Mapping[str, Iterable[str]]
NO_SYNONYMS: Synonyms = {}


def spellings(word: str, synonyms: Synonyms = NO_SYNONYMS) -> list[str]:
    """
    Return other spellings of a folded word, those with the fewest changes first.

    `synonyms`: folded words, with others that may stand in their places inside a longer word.
    """
    words, rules = [*table_spots(word), *synonym_spots(word, synonyms)], [*rule_spots(word)]
    found: list[tuple[int, str]] = []
    for spots in (sorted([*words, *rules]), rules if words else []):
        found += combinations(word, without_overlaps(spots)[:SPOTS])
    found.sort(key=itemgetter(0))
    others = dict.fromkeys(other for _, other in found[:COMBINED])
    return [other for other in (*others, *whole_spellings(word)) if other != word]


def combinations(word: str, spots: Sequence[Spot]) -> Iterator[tuple[int, str]]:
    """Yield how many spots are changed, and the word with these changes."""
    choices = [(word[spot.start : spot.end], *spot.others) for spot in spots]
    for number, chosen in enumerate(product(*choices)):
        if number >= COMBINED * SPOTS:
            return
        written, place, changed = "", 0, 0
        for spot, choice in zip(spots, chosen, strict=True):
            written += word[place : spot.start] + choice
            place = spot.end
            changed += choice != word[spot.start : spot.end]
        yield changed, written + word[place:]


def without_overlaps(spots: Iterable[Spot]) -> list[Spot]:
    """Return spots in their order; of two that overlap, the longer one."""
    kept: list[Spot] = []
    for spot in spots:
        before = kept[-1] if kept else None
        if before is None or spot.start >= before.end:
            kept.append(spot)
        elif (spot.start, spot.end) == (before.start, before.end):
            kept[-1] = before._replace(others=(*before.others, *spot.others))
        elif spot.end - spot.start > before.end - before.start:
            kept[-1] = spot
    return kept


def table_spots(word: str) -> Iterator[Spot]:
    """Yield the words of the table, from left to right the longest; verbs at the end alone."""
    table = spelling_table()
    if len(word) == 1:
        if word in table.words:
            yield Spot(0, 1, table.words[word])
        return
    place = 0
    while place < len(word):
        if verb := verb_spot(word, place):
            yield verb
            return
        for end in range(min(len(word), place + table.longest), place + 1, -1):
            part = word[place:end]
            if part in table.words and is_word(word, place, end):
                is_last = end == len(word)
                yield Spot(place, end, forms_at_end(part) if is_last else table.words[part])
                place = end - 1
                break
        place += 1


def words_in(folded: str) -> list[tuple[str, ...]]:
    """Return the other spellings of each word of the table in a sentence, with kanji."""
    return [spot.others for spot in table_spots(folded) if KANJI.search(folded, *spot[:2])]


def forms_at_end(noun: str) -> tuple[str, ...]:
    """Return the forms of a noun, after the stems of its verb: 申シ込 of 申込ミ."""
    stems, words = spelling_table().stems, spelling_table().words
    forms = words.get(noun, ())
    verbs = (stem for form in forms for stem in (*stems.get(form, ()), *stems.get(form[:-1], ())))
    return tuple(dict.fromkeys((*verbs, *forms)))


def verb_spot(word: str, place: int) -> Spot | None:
    """Return the verb from `place` to the end of the word, with the stems of its spellings."""
    stems = spelling_table().stems
    for end in range(min(len(word) - 1, place + spelling_table().longest), place + 1, -1):
        stem = word[place:end]
        if stem in stems and INFLECTION.fullmatch(word, end):
            forms = (*stems[stem], *forms_at_end(word[place:]), *forms_at_end(stem))
            return Spot(place, len(word), tuple(dict.fromkeys(forms)))
    return None


def is_word(word: str, start: int, end: int) -> bool:
    """Kana and Latin letters alone are a word only where others do not go on beside them."""
    part = word[start:end]
    for script in (KANA, LATIN):
        if script.fullmatch(part):
            beside = word[max(0, start - 1) : start] + word[end : end + 1]
            return not any(script.fullmatch(sign) for sign in beside)
    return True


def synonym_spots(word: str, synonyms: Synonyms) -> Iterator[Spot]:
    """Yield the synonyms that stand inside a longer word."""
    for part, others in synonyms.items():
        start = word.find(part)
        end = start + len(part)
        if start >= 0 and len(part) < len(word) and is_word(word, start, end):
            yield Spot(start, end, tuple(others))


def rule_spots(word: str) -> Iterator[Spot]:
    """Yield numbers, counters and repeated characters."""
    for start, end, others in numbers(word):
        yield Spot(start, end, tuple(others))
    for match in COUNTERS.finditer(word):
        yield Spot(*match.span(), tuple(sign for sign in "カケ個" if sign != match[0]))
    for match in PLACES.finditer(word):
        if not COUNTERS.match(word, match.start()):
            yield Spot(*match.span(), ("ガ" if match[0] == "ケ" else "ケ",))
    for pattern, form in (
        (DOUBLED, "{}々"),
        (REPEATED, "{0}{0}"),
        (DOUBLED_KANA, "{}ヽ"),
        (REPEATED_KANA, "{0}{0}"),
    ):
        for match in pattern.finditer(word):
            yield Spot(*match.span(), (form.format(match[1]),))


def whole_spellings(word: str) -> Iterator[str]:
    """Yield the word with every ヴ written otherwise, and with and without hyphens."""
    if "ヴ" in word:
        yield VU_SIGN.sub(lambda match: VU[match[0]], word)
    elif KANA.fullmatch(word):
        for match in [*BA_SIGN.finditer(word)][:SPOTS]:
            yield word[: match.start()] + OF_VU[match[0]] + word[match.end() :]
    yield from inflections(word)
    if LATIN.match(word):
        yield HYPHEN.sub("", word)
        for match in HYPHENATED.finditer(word):
            yield f"{word[: match.start()]}ー{word[match.end() :]}"


def inflections(word: str) -> Iterator[str]:
    """Yield the beginnings of the forms of a verb in its plain form: 住ミ and 住ン of 住ム."""
    if match := PLAIN_FORM.search(word):
        stem, sign = word[:-1], match[1]
        yield from (stem + other for other in ROWS[sign] if other != sign)
    elif LONG_STEM.search(word):
        yield word[:-1]
