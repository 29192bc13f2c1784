"""Hidden content: what a file holds beside what its pages show."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from bureaus.uploads.file_names import one_line

WORDS_LENGTH = 80  # characters of what is quoted
PLACE_LENGTH = 80
MOST = 60  # of one file
MOST_OF_RULE = 12


class HiddenContent(NamedTuple):
    """`rule` is a key of `rules.RULES`; `words` is what the hidden content says, shortened."""

    rule: str
    place: str
    words: str


def hidden_content(rule: str, place: str, words: str) -> HiddenContent:
    return HiddenContent(rule, shortened(place, PLACE_LENGTH), shortened(words, WORDS_LENGTH))


def shortened(text: str, length: int) -> str:
    text = one_line(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def chosen(found: Iterable[HiddenContent]) -> list[HiddenContent]:
    """Return each once, and of one rule no more than an officer can look at."""
    kept: list[HiddenContent] = []
    counts: dict[str, int] = {}
    for each in dict.fromkeys(found):
        counts[each.rule] = counts.get(each.rule, 0) + 1
        if counts[each.rule] <= MOST_OF_RULE and len(kept) < MOST:
            kept.append(each)
    return kept


def folded(text: str) -> str:
    """Return the letters and digits of `text` in one form, to compare what two places say."""
    return "".join(
        sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum()
    )
