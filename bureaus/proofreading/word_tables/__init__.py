"""
Tables of words that are to be written otherwise, and one scan of a text for all of them.

A line of a table holds the word, what to write instead (`-` where that depends), and conditions:
`<` and `<!` what stands before it or not, `>` and `>!` what stands after it or not, as regular
expressions in which 漢 is any kanji.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bureaus.proofreading.word_tables import loanwords, official, okurigana, repeated, usage

KANJI = "一-龠々〆"
LOOK_BEHIND = 6  # characters
SIGNS = ("<!", "<", ">!", ">")


@dataclass(frozen=True, slots=True)
class Entry:
    rule: str
    wrong: str
    right: str | None  # None: it depends
    before: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    not_after: re.Pattern[str] | None

    def is_at(self, text: str, start: int) -> bool:
        if not text.startswith(self.wrong, start):
            return False
        end = start + len(self.wrong)
        behind = text[max(0, start - LOOK_BEHIND) : start]
        return (
            (self.before is None or self.before.search(behind) is not None)
            and (self.not_before is None or self.not_before.search(behind) is None)
            and (self.after is None or self.after.match(text, end) is not None)
            and (self.not_after is None or self.not_after.match(text, end) is None)
        )


def entry_of(rule: str, line: str) -> Entry:
    wrong, right, *conditions = line.split()
    found: dict[str, re.Pattern[str]] = {}
    for condition in conditions:
        sign = next(sign for sign in SIGNS if condition.startswith(sign))
        pattern = condition[len(sign) :].replace("漢", KANJI)
        found[sign] = re.compile(f"(?:{pattern})$" if sign[0] == "<" else pattern)
    new = None if right == "-" else right
    return Entry(rule, wrong, new, *(found.get(sign) for sign in ("<", "<!", ">", ">!")))


def index() -> dict[str, tuple[Entry, ...]]:
    """Return the entries by what they begin with, one or two characters, the longest first."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    for module in (official, okurigana, loanwords, usage, repeated):
        for rule, lines in module.TABLES.items():
            for line in lines.strip().splitlines():
                entry = entry_of(rule, line)
                entries[entry.wrong[:2]].append(entry)
    return {
        first: tuple(sorted(each, key=lambda entry: -len(entry.wrong)))
        for first, each in entries.items()
    }


INDEX = index()
SINGLE = re.compile("[" + "".join(first for first in INDEX if len(first) == 1) + "]")


def entries_in(text: str) -> Iterator[tuple[int, Entry]]:
    """Yield what stands in the text, of each rule and place the longest; one walk through it."""
    ends: dict[str, int] = {}
    for position, entries in candidates(text):
        for entry in entries:
            if ends.get(entry.rule, 0) <= position and entry.is_at(text, position):
                ends[entry.rule] = position + len(entry.wrong)
                yield position, entry


def candidates(text: str) -> Iterator[tuple[int, tuple[Entry, ...]]]:
    for position, entries in enumerate(map(INDEX.get, map(str.__add__, text, text[1:]))):
        if entries is not None:
            yield position, entries
    for match in SINGLE.finditer(text):
        yield match.start(), INDEX[match[0]]
