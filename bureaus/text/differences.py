"""
Differences between two texts, word by word, for Japanese without spaces.

Pure functions. Lines are paired first, and words are compared within a pair only: the cost is
that of the lines that differ, and a pair that is too long is marked as a whole.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Runs of kanji, katakana and Latin are words; hiragana, mostly inflection, are single tokens.
WORD = re.compile(r"[一-龠々〆ヶ]+|[ァ-ヴーｦ-ﾟ]+|[A-Za-z0-9０-９Ａ-Ｚａ-ｚ]+|\s+|.", re.DOTALL)
WORDS_COMPARED = 500  # in one line
LINES_COMPARED = 500  # in one text
PAIRS_COMPARED = 10_000  # of lines, in one block
ALIKE = 0.3  # lines that share fewer of their words are a removed and an added line


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line, and whether it differs from the other text."""

    text: str
    is_changed: bool


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the old text and its counterpart; empty where there is none."""

    old: Line
    new: Line

    @property
    def is_changed(self) -> bool:
        return any(piece.is_changed for piece in (*self.old, *self.new))


def compare(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the lines of both texts side by side, in order and complete."""
    if len(old) > LINES_COMPARED or len(new) > LINES_COMPARED:
        return list(beside(old, new))
    pairs: list[Pair] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            pairs += [Pair(same(line), same(line)) for line in old[start:end]]
        else:
            pairs += beside(old[start:end], new[new_start:new_end])
    return pairs


def beside(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Yield each old line beside its most probable counterpart, in their order."""
    at = new_at = 0
    for line, new_line in (*alike(old, new), (len(old), len(new))):
        yield from (Pair(changed(text), ()) for text in old[at:line])
        yield from (Pair((), changed(text)) for text in new[new_at:new_line])
        if line < len(old):
            yield in_words(old[line], new[new_line])
        at, new_at = line + 1, new_line + 1


def alike(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """
    Return the pairs of lines that share most of their words, in order in both texts.

    A longest common subsequence weighted by similarity; too many lines are not compared.
    """
    if len(old) * len(new) > PAIRS_COMPARED:
        return []
    words, new_words = (
        [set(WORD.findall(line)) for line in old],
        [set(WORD.findall(x)) for x in new],
    )
    best: list[list[tuple[float, tuple[tuple[int, int], ...]]]] = [
        [(0.0, ())] * (len(new) + 1) for _ in range(len(old) + 1)
    ]
    for line in reversed(range(len(old))):
        for new_line in reversed(range(len(new))):
            skipped = max(best[line + 1][new_line], best[line][new_line + 1])
            likeness = shared(words[line], new_words[new_line])
            score, following = best[line + 1][new_line + 1]
            taken = (score + likeness, ((line, new_line), *following))
            best[line][new_line] = max(skipped, taken) if likeness >= ALIKE else skipped
    return list(best[0][0][1])


def shared(old: set[str], new: set[str]) -> float:
    return len(old & new) / max(1, len(old | new))


def in_words(old: str, new: str) -> Pair:
    before, after = WORD.findall(old), WORD.findall(new)
    if max(len(before), len(after)) > WORDS_COMPARED:
        return Pair(changed(old), changed(new)) if old != new else Pair(same(old), same(new))
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return Pair(
        line_of(("".join(before[a:b]), what != "equal") for what, a, b, _, _ in codes),
        line_of(("".join(after[a:b]), what != "equal") for what, _, _, a, b in codes),
    )


def line_of(pieces: Iterable[tuple[str, bool]]) -> Line:
    return tuple(Piece(text, is_changed) for text, is_changed in pieces if text)


def same(text: str) -> Line:
    return line_of([(text, False)])


def changed(text: str) -> Line:
    return line_of([(text, True)])
