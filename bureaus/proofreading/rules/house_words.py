"""The words of the house, which its managers keep."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bureaus.proofreading.findings import Level, Remark
from bureaus.proofreading.manuscript import HouseWord, Manuscript
from bureaus.proofreading.registry import rule
from bureaus.proofreading.rules import sources


@rule(
    "word-house",
    "用語集と違う表記",
    Level.WARNING,
    hint="用語集の表記に直してください。",
    source=sources.HOUSE,
)
def word_house(manuscript: Manuscript) -> Iterator[Remark]:
    """What the site writes otherwise. False alarms: 0 of 300; accepted: 0."""
    if not manuscript.house_words:
        return
    pattern, entries = pattern_of(manuscript.house_words)
    for passage in manuscript.passages:
        for match in passage.search(pattern):
            entry = entries[match[0]]
            if entry.preferred:
                reason = f"（{entry.reason}）" if entry.reason else ""
                yield passage.remark(
                    match.start(),
                    match.end(),
                    f"「{match[0]}」は、用語集では「{entry.preferred}」と書きます{reason}。",
                    entry.preferred,
                )


@lru_cache(maxsize=4)
def pattern_of(words: tuple[HouseWord, ...]) -> tuple[re.Pattern[str], dict[str, HouseWord]]:
    """
    Return what finds the longest word at each place, and the entries by their words.

    The words that others are to become are found too, so that 取組 does not end 取組み.
    """
    entries = {entry.preferred: HouseWord(entry.preferred) for entry in words if entry.preferred}
    entries |= {entry.written: entry for entry in words}
    longest_first = sorted(entries, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), entries
