"""
Pages that hold most of what a question says, where none holds every word.

BM25 in two steps, the same on both databases: one statement adds up the rarities of the terms
that a row holds; the best rows are ranked by how often, and in which field, each term occurs
(Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from operator import itemgetter
from statistics import fmean
from typing import Any, NamedTuple

from django.db.models import QuerySet

from bureaus.models import Edition
from bureaus.search.backends import backend
from bureaus.search.candidates import Candidate, candidates

CANDIDATES = 100  # rows that are ranked by their texts
# Of the rarity of all terms, what a near row holds at least: more than a single one of some, and
# of two either.
NEAR, NEAR_OF_TWO = 0.15, 0.3


class Field(NamedTuple):
    """How a field counts: its weight, how soon repetition saturates, and what length costs."""

    weight: float
    saturation: float
    length: float

    def score(self, count: int, length: float) -> float:
        """Return the share of a term that occurs `count` times; the mean `length` is 1."""
        slowness = self.saturation * (1 - self.length + self.length * length)
        return self.weight * count * (self.saturation + 1) / (count + slowness)


TITLE, TEXT = Field(2.0, 0.8, 0.3), Field(1.0, 1.0, 0.3)


def nearest_editions(
    editions: QuerySet[Edition, Any],
    terms: Mapping[str, float],
    columns: Sequence[str],
    most: int,
) -> list[tuple[Any, ...]]:
    """
    Return `columns` of the `most` of `editions` nearest to `terms`, the best first.

    `terms`: folded, each with its weight. 1 query, none without terms.
    """
    if not terms:
        return []
    found, rarities = candidates(editions, [*terms], columns, CANDIDATES)
    if not found:
        return []
    ranking = Ranking(found, {term: rarities[term] * weight for term, weight in terms.items()})
    scored = [(ranking.score(each), each.columns) for each in found]
    scored.sort(key=itemgetter(0), reverse=True)
    return [columns for score, columns in scored[:most] if score]


class Ranking:
    """The order of candidates for terms, each with its rarity."""

    def __init__(self, found: Sequence[Candidate], rarities: Mapping[str, float]) -> None:
        self.forms = {backend().stored_form(term): rarity for term, rarity in rarities.items()}
        self.near = max(NEAR, 1 / len(rarities)) if len(rarities) > 2 else NEAR_OF_TWO  # noqa: PLR2004
        self.rarity = sum(rarities.values()) or 1.0
        self.title_length = fmean(len(each.title) for each in found) or 1.0
        self.text_length = fmean(len(each.text) for each in found) or 1.0

    def score(self, row: Candidate) -> float:
        """Return BM25 of both fields, times the root of the share that is found; 0 if not near."""
        title_length, text_length = (
            len(row.title) / self.title_length,
            len(row.text) / self.text_length,
        )
        total = found = 0.0
        for form, rarity in self.forms.items():
            in_title, in_text = row.title.count(form), row.text.count(form)
            if in_title or in_text:
                found += rarity
                total += rarity * TITLE.score(in_title, title_length)
                total += rarity * TEXT.score(in_text, text_length)
        share = found / self.rarity
        return total * sqrt(share) if share >= self.near else 0.0
