"""The terms of a question: what is left of it without grammar."""

import re
import unicodedata
from collections.abc import Iterator

from bureaus.text.words.folding import fold
from bureaus.text.words.script_runs import OF_ONE_SCRIPT

LATIN = re.compile("[0-9A-Za-z]+")
WORD = re.compile("[0-9A-Za-z]{2,}")
KANJI = re.compile("[一-鿿々〆]")
TERMS = 24  # of a question; the rest of a longer one says little new
SINGLES = 4  # of them, characters by themselves: nearly every page holds some


def query_terms(typed: str) -> tuple[str, ...]:
    """
    Return the folded pairs of kanji and of katakana, Latin words and numbers, then single kanji.

    粗大ごみの出し方 has 粗大, 出 and 方: hiragana is left out, as it is mostly grammar.
    """
    runs = OF_ONE_SCRIPT.findall(unicodedata.normalize("NFKC", typed))
    terms = dict.fromkeys(term for run in runs for term in terms_of(run))
    singles = dict.fromkeys(fold(run) for run in runs if KANJI.fullmatch(run))
    return (*[*terms][: TERMS - SINGLES], *[*singles][:SINGLES])


def terms_of(run: str) -> Iterator[str]:
    folded = fold(run)
    if WORD.fullmatch(run):
        yield folded
    elif not LATIN.fullmatch(run):
        for place in range(len(folded) - 1):
            yield folded[place : place + 2]
