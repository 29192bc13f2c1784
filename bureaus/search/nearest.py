"""
Pages that hold most of what a question says, where none holds every word.

BM25 in two steps, the same on both databases: one statement adds up the rarities of the terms
that a row holds; the best rows are ranked by how often, and in which field, each term occurs
(Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from statistics import fmean
from typing import Any, NamedTuple

from django.db.models import QuerySet

from bureaus.models import Edition
from bureaus.search.backends import backend
from bureaus.search.candidates import Candidate, candidates
from bureaus.text.words import asks, is_question, similarity

CANDIDATES = 200  # rows that are ranked by their texts
# Of the rarity of all terms, what a near row holds at least: more than a single one of some, and
# of two either.
NEAR, NEAR_OF_TWO = 0.05, 0.3
# A question is answered by a page that asks it, and by a title in the same words.
ASKED, ALIKE = 2.0, 1.0


class Field(NamedTuple):
    """How a field counts: its weight, how soon repetition saturates, and what length costs."""

    weight: float
    saturation: float
    length: float

    def score(self, count: int, length: float) -> float:
        """Return the share of a term that occurs `count` times; the mean `length` is 1."""
        slowness = self.saturation * (1 - self.length + self.length * length)
        return self.weight * count * (self.saturation + 1) / (count + slowness)


TITLE, TEXT = Field(2.0, 0.8, 0.5), Field(1.0, 1.5, 0.6)


def nearest_editions(
    editions: QuerySet[Edition, Any],
    terms: Mapping[str, float],
    columns: Sequence[str],
    most: int,
    question: str = "",
) -> list[tuple[Any, ...]]:
    """
    Return `columns` of the `most` of `editions` nearest to `terms`, the best first.

    `terms`: folded, each with its weight; `question`: all that was typed, folded. 1 query, none
    without terms.
    """
    if not terms:
        return []
    found, rarities = candidates(editions, [*terms], columns, CANDIDATES)
    if not found:
        return []
    weighed = {term: rarities[term] * weight for term, weight in terms.items()}
    own = [term for term, weight in terms.items() if weight >= 1]
    ranking = Ranking(found, weighed, own, question)
    scored = [(ranking.score(each), each.columns) for each in found]
    scored.sort(key=itemgetter(0), reverse=True)
    return [columns for score, columns in scored[:most] if score]


class Ranking:
    """The order of candidates for terms, each with its rarity."""

    def __init__(
        self,
        found: Sequence[Candidate],
        rarities: Mapping[str, float],
        own: Sequence[str],
        question: str,
    ) -> None:
        self.forms = {backend().stored_form(term): rarity for term, rarity in rarities.items()}
        self.near = max(NEAR, 1 / len(own)) if len(own) > 2 else NEAR_OF_TWO  # noqa: PLR2004
        self.rarity = sum(rarities[term] for term in own or rarities) or 1.0
        self.title_length = fmean(len(each.title) for each in found) or 1.0
        self.text_length = fmean(len(each.text) for each in found) or 1.0
        self.question = question
        self.is_question = is_question(question)

    def score(self, row: Candidate) -> float:
        """Return BM25 of both fields, more where the title is alike; 0 if the row is not near."""
        title_length = len(row.title) / self.title_length
        text_length = len(row.text) / self.text_length
        total = found = 0.0
        for form, rarity in self.forms.items():
            in_title, in_text = row.title.count(form), row.text.count(form)
            if in_title or in_text:
                found += rarity
                total += rarity * TITLE.score(in_title, title_length)
                total += rarity * TEXT.score(in_text, text_length)
        return total * self.likeness(row) if found >= self.near * self.rarity else 0.0

    def likeness(self, row: Candidate) -> float:
        title = backend().read_form(row.title).partition("\n")[0]
        alike = 1 + ALIKE * similarity(title, self.question)
        return alike * ASKED if self.is_question and asks(title) else alike
