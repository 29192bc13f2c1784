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

from bureaus.models.compiled_sql import Selection
from bureaus.search.backends import backend
from bureaus.search.candidates import Candidate, candidates
from bureaus.text.words import asks, is_question, similarity

CANDIDATES = 200  # rows that are ranked by their texts
# Of the rarity of all terms, what a near row holds at least: more than a single one of some, and
# of two either.
NEAR, NEAR_OF_TWO = 0.05, 0.3
# A question is answered by a page that asks it, and by a title in the same words.
ASKED, ALIKE = 2.0, 1.5
MOST_ALIKE = ASKED * (1 + ALIKE)


class Field(NamedTuple):
    """How a field counts: its weight, how soon repetition saturates, and what length costs."""

    weight: float
    saturation: float
    length: float

    def score(self, count: int, length: float) -> float:
        """Return the share of a term that occurs `count` times; the mean `length` is 1."""
        slowness = self.saturation * (1 - self.length + self.length * length)
        return self.weight * count * (self.saturation + 1) / (count + slowness)


TITLE, TEXT = Field(1.2, 0.8, 0.5), Field(1.0, 1.5, 0.6)


def nearest_editions(
    readable: Selection,
    terms: Mapping[str, float],
    most: int,
    question: str = "",
    *,
    is_narrow: bool = False,
) -> list[tuple[Any, ...]]:
    """
    Return the `most` rows of `readable` nearest to `terms`, the best first, as `candidates`.

    `terms`: folded, each with its weight; `question`: all that was typed, folded. At most 2
    queries, none without terms.
    """
    if not terms:
        return []
    found, rarities = candidates(readable, [*terms], CANDIDATES, is_narrow=is_narrow)
    if not found:
        return []
    weighed = {term: rarities[term] * weight for term, weight in terms.items()}
    own = [term for term, weight in terms.items() if weight >= 1]
    return [row.columns for row in Ranking(found, weighed, own, question).best(most)]


class Ranking:
    """The order of candidates for terms, each with its rarity."""

    def __init__(
        self,
        found: Sequence[Candidate],
        rarities: Mapping[str, float],
        own: Sequence[str],
        question: str,
    ) -> None:
        self.found = found
        self.forms = {backend().stored_form(term): rarity for term, rarity in rarities.items()}
        self.near = max(NEAR, 1 / len(own)) if len(own) > 2 else NEAR_OF_TWO  # noqa: PLR2004
        self.rarity = sum(rarities[term] for term in own or rarities) or 1.0
        self.title_length = fmean(len(each.title) for each in found) or 1.0
        self.text_length = fmean(len(each.text) for each in found) or 1.0
        self.question = question
        self.is_question = is_question(question)

    def best(self, most: int) -> list[Candidate]:
        """Return the `most` best rows; titles are compared only of those that may be among them."""
        scores = sorted(
            ((self.score(row), row) for row in self.found), key=itemgetter(0), reverse=True
        )
        ranked: list[tuple[float, Candidate]] = []
        least = 0.0
        for score, row in scores:
            if not score or score * MOST_ALIKE <= least:
                break
            ranked.append((score * self.likeness(row), row))
            if len(ranked) >= most:
                least = sorted((total for total, _ in ranked), reverse=True)[most - 1]
        ranked.sort(key=itemgetter(0), reverse=True)
        return [row for _, row in ranked[:most]]

    def score(self, row: Candidate) -> float:
        """Return BM25 of both fields; 0 if the row is not near."""
        title_length = len(row.title) / self.title_length
        text_length = len(row.text) / self.text_length
        total = found = 0.0
        for form, rarity in self.forms.items():
            in_title, in_text = row.title.count(form), row.text.count(form)
            if in_title or in_text:
                found += rarity
                total += rarity * TITLE.score(in_title, title_length)
                total += rarity * TEXT.score(in_text, text_length)
        return total if found >= self.near * self.rarity else 0.0

    def likeness(self, row: Candidate) -> float:
        """Return how much more a row counts by its title; at most MOST_ALIKE."""
        title = backend().read_form(row.title).partition("\n")[0]
        alike = 1 + ALIKE * similarity(title, self.question)
        return alike * ASKED if self.is_question and asks(title) else alike
