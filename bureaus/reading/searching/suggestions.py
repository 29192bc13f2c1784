"""Suggestions while a reader types, and help where a search has no hits."""

from dataclasses import dataclass, replace
from typing import Any

from bureaus.reading.moments import Moment
from bureaus.reading.searching.matches import (
    MatchRow,
    by_relevance,
    match_rows,
    readable_editions,
    says_less,
)
from bureaus.reading.searching.query_params import SearchParams, search_url
from bureaus.reading.view_models import FilterChoice
from bureaus.search import (
    Groups,
    counts_of,
    matching_editions,
    parse_query,
    similar_editions,
    synonyms,
)
from bureaus.text.words import (
    SIMILAR_ENOUGH,
    TypedQuery,
    fold,
    parse_typed_query,
    script_runs,
    similarity,
)

TITLES_COMPARED = 500
SIMILAR_TITLES = 5
SUGGESTIONS = 8
WORDS_TRIED = 8  # of a query
WORDS_OFFERED = 5
COMMON = 50  # pages with a word; counting stops there


@dataclass(frozen=True, slots=True)
class SimilarTitle:
    """A page with a similar title; the address tells pages of the same title apart."""

    title: str
    url: str
    address: str


@dataclass(frozen=True, slots=True)
class ZeroResultHelp:
    """Links that help where a search has no hits; each of `words`, as typed, has some."""

    similar: tuple[SimilarTitle, ...]
    words: tuple[FilterChoice, ...]
    without_filters: str  # an address; empty where there is none
    with_archived: str
    today: str


def zero_result_help(
    params: SearchParams, question: TypedQuery, groups: Groups, moment: Moment
) -> ZeroResultHelp:
    """2 queries."""
    folded = "".join(word.folded for word in question.required)
    return replace(
        help_beside_nearest(params, moment),
        similar=similar_titles(params, folded, moment),
        words=tuple(
            FilterChoice(word, search_url(SearchParams(text=word), moment), is_chosen=False)
            for word in words_that_find(question, groups, moment)
        ),
    )


def help_beside_nearest(params: SearchParams, moment: Moment) -> ZeroResultHelp:
    """Return the links that remove filters and moments; no query."""
    return ZeroResultHelp(
        similar=(),
        words=(),
        without_filters=search_url(SearchParams(text=params.text), moment)
        if params.is_narrowed
        else "",
        with_archived=""
        if params.with_archived
        else search_url(replace(params, with_archived=True, page=1), moment),
        today=search_url(replace(params, page=1), replace(moment, text=""))
        if moment.is_past
        else "",
    )


def words_that_find(question: TypedQuery, groups: Groups, moment: Moment) -> list[str]:
    """
    Return the words of a query, as typed, that each match a page by themselves. 1 query.

    The most specific first: the one on the fewest pages, among equals the longest.
    """
    words = words_to_try(question)
    # The index has today's text of a replaced document, and the words of hidden files.
    editions = readable_editions(SearchParams(), moment).exclude(says_less(moment))
    querysets = [
        matching_editions(editions, parse_query(parse_typed_query(word), groups)) for word in words
    ]
    counted = [
        (count, -len(word), word)
        for count, word in zip(counts_of(querysets, COMMON), words, strict=True)
    ]
    return [word for count, _, word in sorted(counted) if count][:WORDS_OFFERED]


def words_to_try(question: TypedQuery) -> list[str]:
    """
    Return each word of a query, and its parts between changes of script, as typed.

    Not the query itself, which has been tried.
    """
    typed = [word.typed for word in question.required]
    once: dict[str, str] = {}
    for part in (*typed, *(run for word in typed for run in script_runs(word))):
        if parse_typed_query(part).required:  # without its quotes, a "-x" would exclude x
            once.setdefault(fold(part), part)
    if len(typed) == 1:
        once.pop(question.required[0].folded, None)
    return [*once.values()][:WORDS_TRIED]


def similar_titles(params: SearchParams, folded: str, moment: Moment) -> tuple[SimilarTitle, ...]:
    """Return the pages whose titles share most pairs of characters with `folded`. 1 query."""
    editions = readable_editions(SearchParams(with_archived=params.with_archived), moment)
    similar: Any = similar_editions(editions, folded)
    rows = similar.values_list("title", "placement__url_path")[:TITLES_COMPARED]
    likely = sorted(
        ((similarity(fold(title), folded), title, url) for title, url in rows), reverse=True
    )
    return tuple(
        SimilarTitle(title, moment.address(url), url)
        for value, title, url in likely[:SIMILAR_TITLES]
        if value >= SIMILAR_ENOUGH
    )


def suggested_titles(typed: str, moment: Moment) -> list[MatchRow]:
    """Return the pages whose titles contain what is typed so far, best first. At most 2 queries."""
    question = parse_typed_query(typed)
    if not question.required:
        return []
    query = parse_query(question, synonyms())
    params = SearchParams(text=question.text)
    rows = match_rows(matching_editions(readable_editions(params, moment), query, in_titles=True))
    return by_relevance(rows, {row.edition for row in rows}, query)[:SUGGESTIONS]
