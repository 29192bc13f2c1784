"""The results of a search that few pages answer whole: the nearest others, or help."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bureaus.reading.moments import Moment
from bureaus.reading.searching.facets import facets_of
from bureaus.reading.searching.matches import MatchRow, in_order, nearest_matches
from bureaus.reading.searching.query_params import SearchParams
from bureaus.reading.searching.results import hits_of, pages_above
from bureaus.reading.searching.results_page import Results
from bureaus.reading.searching.suggestions import help_beside_nearest, zero_result_help
from bureaus.search import Groups, parse_query
from bureaus.text.words import TypedQuery, fold, kana_words, query_terms, words_in

FEW = 5  # pages that contain every word; below, the nearest others are listed too
SYNONYM = 0.4  # weight of a term that only a synonym has
SPELLING = 0.6  # and of another spelling
TERMS = 36  # that are searched for, with those of synonyms
LATIN = re.compile("[0-9a-z]+")


def few_results(
    empty: Results,
    rows: list[MatchRow],
    params: SearchParams,
    question: TypedQuery,
    *,
    groups: Groups,
    moment: Moment,
) -> Results:
    """Return `empty` with `rows` and the pages nearest to the question, or with help. 4 queries."""
    query = parse_query(question, groups)
    rows = in_order(rows, query, params)
    terms = weighted_terms(question, groups)
    others = nearest_matches(params, terms, rows, moment, question=fold(question.text))
    is_unmatched = not (rows or params.is_narrowed or moment.is_past or question.excluded)
    results = replace(
        empty,
        unmatched_words=tuple(word.typed for word in question.required) if is_unmatched else (),
    )
    if not (rows or others):
        return replace(results, zero_result_help=zero_result_help(params, question, groups, moment))
    parents = pages_above([*rows, *others], rows, moment)
    hits = hits_of([*rows, *others], marked(query.parts, terms), parents, moment)
    return replace(
        results,
        total=len(rows),
        hits=hits[: len(rows)],
        nearest=hits[len(rows) :],
        zero_result_help=None if rows else help_beside_nearest(params, moment),
        facets=facets_of(params, rows, parents, moment) if rows else None,
    )


def weighted_terms(question: TypedQuery, groups: Groups) -> Mapping[str, float]:
    """
    Return the terms of a question and of the synonyms in it, with their weights.

    None where it says exactly what it means: in quotes, or by what it excludes.
    """
    if question.excluded or any(word.is_literal for word in question.required):
        return {}
    typed = " ".join(word.typed for word in question.required)
    folded = fold(typed)
    words = {*LATIN.findall(folded)}

    def is_said(word: str) -> bool:
        return word in words if LATIN.fullmatch(word) else word in folded

    same = {
        other
        for group in groups
        if any(map(is_said, group))
        for other in group
        if not is_said(other)
    }
    own = dict.fromkeys((*query_terms(typed), *kana_words(typed)), 1.0)
    spelt = [each for word in words_in(folded) for each in word if each not in folded]
    others = [term for word in sorted(same) for term in query_terms(word) if term not in own]
    found = own | dict.fromkeys((other for other in others if other not in own), SYNONYM)
    found |= dict.fromkeys((each for each in spelt if each not in found), SPELLING)
    return dict([*found.items()][:TERMS])


def marked(parts: Sequence[str], terms: Mapping[str, float]) -> tuple[str, ...]:
    """A single character is marked only if it was typed as a word: 市 is in every sentence."""
    return (*parts, *(term for term in terms if len(term) > 1))
