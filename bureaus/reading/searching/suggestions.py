"""Where a reader is led while he types, and where nothing is found."""

from dataclasses import dataclass, replace

from django.db.models import Exists

from bureaus.reading.moments import Moment
from bureaus.reading.searching.matches import (
    Row,
    by_relevance,
    readable_editions,
    replaced_since,
    rows_of,
)
from bureaus.reading.searching.query_params import SearchParams, search_url
from bureaus.reading.view_models import Choice
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

COMPARED = 200  # titles
SIMILAR = 5
SUGGESTED = 8
LOOKED_UP = 8  # words of a question
OFFERED = 5  # of them
COMMON = 50  # pages that hold a word: more say no more about it


@dataclass(frozen=True, slots=True)
class SimilarTitle:
    """A page with a title like it: many have the same, so the address says which it is."""

    title: str
    url: str
    address: str


@dataclass(frozen=True, slots=True)
class ZeroResultHelp:
    """What may lead on where nothing is found. `words` are as typed, and each finds something."""

    similar: tuple[SimilarTitle, ...]
    words: tuple[Choice, ...]
    without_filters: str  # an address; empty where there is none
    with_archived: str
    today: str


def zero_result_help(
    asked: SearchParams, question: TypedQuery, groups: Groups, moment: Moment
) -> ZeroResultHelp:
    """2 queries."""
    folded = "".join(word.folded for word in question.required)
    return ZeroResultHelp(
        similar=similar_titles(asked, folded, moment),
        words=tuple(
            Choice(word, search_url(SearchParams(text=word), moment), is_chosen=False)
            for word in words_that_find(question, groups, moment)
        ),
        without_filters=search_url(SearchParams(text=asked.text), moment)
        if asked.is_narrowed
        else "",
        with_archived=""
        if asked.with_archived
        else search_url(replace(asked, with_archived=True, page=1), moment),
        today=search_url(replace(asked, page=1), replace(moment, text=""))
        if moment.is_past
        else "",
    )


def words_that_find(question: TypedQuery, groups: Groups, moment: Moment) -> list[str]:
    """
    The words in a question, as typed, that each find a page by themselves. 1 query.

    The most specific first: the one that is on the fewest pages, of equals the longest.
    """
    words = words_in(question)
    editions = readable_editions(SearchParams(), moment)
    if moment.is_past:  # what a replaced document says only today was not there then
        editions = editions.exclude(Exists(replaced_since(moment)))
    found = [
        matching_editions(editions, parse_query(parse_typed_query(word), groups)) for word in words
    ]
    counted = [
        (count, -len(word), word)
        for count, word in zip(counts_of(found, COMMON), words, strict=True)
    ]
    return [word for count, _, word in sorted(counted) if count][:OFFERED]


def words_in(question: TypedQuery) -> list[str]:
    """
    Each word of a question, and what a change of script parts in it, as typed.

    Not the question itself, which has been looked for.
    """
    typed = [word.typed for word in question.required]
    once: dict[str, str] = {}
    for part in (*typed, *(run for word in typed for run in script_runs(word))):
        if parse_typed_query(part).required:  # a quoted "-x" would exclude x without its quotes
            once.setdefault(fold(part), part)
    if len(typed) == 1:
        once.pop(question.required[0].folded, None)
    return [*once.values()][:LOOKED_UP]


def similar_titles(asked: SearchParams, folded: str, moment: Moment) -> tuple[SimilarTitle, ...]:
    """The pages whose titles share the most pairs of characters with `folded`. 1 query."""
    editions = readable_editions(SearchParams(with_archived=asked.with_archived), moment)
    rows = similar_editions(editions, folded).values_list("title", "page__url_path")[:COMPARED]
    likely = sorted(
        ((similarity(fold(title), folded), title, url) for title, url in rows), reverse=True
    )
    return tuple(
        SimilarTitle(title, moment.address(url), url)
        for value, title, url in likely[:SIMILAR]
        if value >= SIMILAR_ENOUGH
    )


def suggestions(typed: str, moment: Moment) -> list[Row]:
    """The pages whose titles hold what is typed so far, the best first. At most 2 queries."""
    question = parse_typed_query(typed)
    if not question.required:
        return []
    looked_for = parse_query(question, synonyms())
    asked = SearchParams(text=question.text)
    rows = rows_of(matching_editions(readable_editions(asked, moment), looked_for, in_titles=True))
    return by_relevance(rows, {row.edition for row in rows}, looked_for)[:SUGGESTED]
