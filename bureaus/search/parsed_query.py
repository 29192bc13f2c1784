"""What is looked for: the question of a reader with everything that means the same."""

from dataclasses import dataclass
from itertools import combinations, starmap

from bureaus.models import Synonyms
from bureaus.text.words import Question, Word, fold, year_spellings

GROUPS = 500  # of synonyms that are read
SPELLINGS = 12  # in which one word is looked for
LONG_VOWEL = "ー"
SHORTENED = 3  # characters at least that are left of a word without its last long vowel

Groups = list[frozenset[str]]


@dataclass(frozen=True, slots=True)
class ParsedQuery:
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


def parse_query(question: Question, groups: Groups) -> ParsedQuery:
    same = [same_as(word.folded, groups) for word in question.wanted]
    for start, end in combinations(range(len(same) + 1), 2):
        # digital tv is 地デジ: who says that has said both words.
        together = fold(" ".join(word.typed for word in question.wanted[start:end]))
        others = same_as(together, groups) - {together} if end - start > 1 else set()
        for place in range(start, end):
            same[place] |= others
    ways = tuple(starmap(ways_of, zip(question.wanted, same, strict=True)))
    return ParsedQuery(ways, question.unwanted)


def same_as(folded: str, groups: Groups) -> set[str]:
    return {other for group in groups if folded in group for other in group}


def ways_of(word: Word, same: set[str]) -> tuple[str, ...]:
    """The word itself first. What stands in quotation marks is looked for as it is."""
    if word.is_literal:
        return (word.folded,)
    others = same | {year for each in (word.folded, *same) for year in year_spellings(each)}
    short = word.folded.removesuffix(LONG_VOWEL)
    if len(short) >= SHORTENED:
        others.add(short)  # コンピューター is also written コンピュータ
    return (word.folded, *sorted(others - {word.folded}))[:SPELLINGS]
