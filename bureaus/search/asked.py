"""What is looked for: the question of a reader with everything that means the same."""

from dataclasses import dataclass

from bureaus.models import Synonyms
from bureaus.words import Question, Word, other_years

GROUPS = 500  # of synonyms that are read
WAYS = 12  # in which one word is looked for
LONG_VOWEL = "ー"
SHORTENED = 3  # characters at least that are left of a word without its last long vowel

Groups = list[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of each word one way to say it is in the text, and nothing of `none_of`. All folded."""

    all_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(way for ways in self.all_of for way in ways)

    def is_in(self, text: str) -> bool:
        """Whether a folded text holds it, and nothing that is not wanted."""
        holds = all(any(way in text for way in ways) for ways in self.all_of)
        return holds and not any(part in text for part in self.none_of)


def synonyms() -> Groups:
    """1 query."""
    return [group.folded for group in Synonyms.objects.order_by("pk")[:GROUPS]]


def wanted(question: Question, groups: Groups) -> Wanted:
    ways = tuple(ways_of(word, groups) for word in question.wanted)
    return Wanted(ways, question.unwanted)


def ways_of(word: Word, groups: Groups) -> tuple[str, ...]:
    """The word itself first. What stands in quotation marks is looked for as it is."""
    if word.is_literal:
        return (word.folded,)
    same = {other for group in groups if word.folded in group for other in group}
    others = same | {year for each in (word.folded, *same) for year in other_years(each)}
    short = word.folded.removesuffix(LONG_VOWEL)
    if len(short) >= SHORTENED:
        others.add(short)  # コンピューター is also written コンピュータ
    return (word.folded, *sorted(others - {word.folded}))[:WAYS]
