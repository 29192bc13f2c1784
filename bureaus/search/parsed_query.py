"""A typed query together with the synonyms and spellings of its words."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from bureaus.models import Synonyms
from bureaus.models.compiled_sql import Compiled
from bureaus.text.words import (
    TypedQuery,
    Word,
    date_spellings,
    fold,
    short_year_spellings,
    spellings,
    year_spellings,
)

GROUPS = 500  # of synonyms that are used
SPELLINGS = 12  # words of a group of synonyms
VARIANTS = 16  # of one word that are searched for
LONG_VOWEL = "ー"
SHORTENED = 3  # characters at least of a word without its last long vowel

Groups = list[frozenset[str]]


class GroupRow(NamedTuple):
    words: str


SYNONYMS = Compiled(GroupRow, lambda: Synonyms.objects.order_by("pk").values_list("words")[:GROUPS])
NO_GROUPS: Groups = []


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A match holds a variant of each word in `all_of` and nothing of `none_of`. All folded."""

    all_of: tuple[tuple[str, ...], ...]
    none_of: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(variant for variants in self.all_of for variant in variants)

    def matches(self, text: str) -> bool:
        """Return whether a folded text matches."""
        holds = all(any(variant in text for variant in variants) for variants in self.all_of)
        return holds and not any(part in text for part in self.none_of)


def synonyms() -> Groups:
    """Return the groups of synonyms; 1 query."""
    return [folded_group(row.words) for row in SYNONYMS()]


@lru_cache(maxsize=2 * GROUPS)
def folded_group(words: str) -> frozenset[str]:
    """Return the words of a group, folded once for each text."""
    return Synonyms(words=words).folded


def parse_query(typed: TypedQuery, groups: Groups) -> ParsedQuery:
    same = [synonyms_of(word.folded, groups) for word in typed.required]
    for start, end in combinations(range(len(same) + 1), 2):
        # digital tv is 地デジ: a text that says 地デジ holds both words.
        phrase = fold(" ".join(word.typed for word in typed.required[start:end]))
        others = synonyms_of(phrase, groups) - {phrase} if end - start > 1 else set()
        for place in range(start, end):
            same[place] |= others
    variants = tuple(
        variants_of(word, others, groups) for word, others in zip(typed.required, same, strict=True)
    )
    return ParsedQuery(variants, typed.excluded)


def synonyms_of(folded: str, groups: Groups) -> set[str]:
    return {other for group in groups if folded in group for other in group}


def variants_of(word: Word, same: set[str], groups: Groups = NO_GROUPS) -> tuple[str, ...]:
    """Return the spellings of `word`, itself first; a literal word has no others."""
    if word.is_literal:
        return (word.folded,)
    inside = {
        part: sorted(group - {part})
        for group in groups
        for part in group
        if len(part) > 1 and part in word.folded
    }
    others = sorted(same - {word.folded})
    for each in (word.folded, *others):
        others += [*sorted(year_spellings(each)), *date_spellings(each)]
    spelt = spellings(word.folded, inside)
    others += spelt
    for each in (word.folded, *spelt[:VARIANTS]):
        others += sorted(short_year_spellings(each) | year_spellings(each))
    short = word.folded.removesuffix(LONG_VOWEL)
    if len(short) >= SHORTENED:
        others.append(short)  # コンピューター is also written コンピュータ
    return (word.folded, *shortest(others, word.folded)[: VARIANTS - 1])


def shortest(others: Iterable[str], word: str) -> list[str]:
    """Return `others` but those that hold another one, which is found wherever they are."""
    unique = [each for each in dict.fromkeys(others) if each and each != word and word not in each]
    return [each for each in unique if not any(other in each for other in unique if other != each)]
