"""Full-text search over the pages in force: matches, their order, facets and suggestions."""

from dataclasses import replace

from bureaus.reading.list_choices import page_choices
from bureaus.reading.moments import Moment
from bureaus.reading.navigation import site_frame
from bureaus.reading.searching.facets import facets_of
from bureaus.reading.searching.few import FEW, few_results
from bureaus.reading.searching.matches import COUNTED, best_matches, matches_at, readable_editions
from bureaus.reading.searching.query_params import (
    ADDRESS,
    SearchParams,
    requested_search,
    search_url,
)
from bureaus.reading.searching.results import hits_of, pages_above
from bureaus.reading.searching.results_page import PER_PAGE, Results, empty_results
from bureaus.reading.searching.suggestions import suggested_titles
from bureaus.reading.view_models import Missing
from bureaus.search import matching_editions, parse_query, synonyms
from bureaus.text.words import parse_typed_query

__all__ = ["Results", "SearchParams", "requested_search", "search", "suggested_titles"]


def search(params: SearchParams, moment: Moment) -> Results | Missing:
    """
    Return the pages in force that contain every word: matches in titles first, then the newest.

    Where they are few, then those nearest to the question. Missing after the last page. At most 7
    queries, 9 where a match uses a hidden or replaced file, 1 for an empty query; each reads no
    more rows than are rendered, but for two that read up to 501 short rows, and one that reads
    the beginnings of 100 texts.
    """
    question = parse_typed_query(params.text)
    params = replace(params, text=question.text)
    frame = site_frame(moment, ADDRESS)
    if not question.required:
        return empty_results(params, frame, moment)
    groups = synonyms()
    query = parse_query(question, groups)
    editions = readable_editions(params, moment)
    rows = matches_at(matching_editions(editions, query), query, moment)
    if len(rows) < FEW and params.page == 1:
        results = empty_results(params, frame, moment)
        return few_results(results, rows, params, question, groups=groups, moment=moment)
    ordered = best_matches(rows, editions, query, params)[:COUNTED]
    page_count = -(-len(ordered) // PER_PAGE)
    if params.page > page_count:
        return Missing((), exists_today=False, site_frame=frame)
    page_rows = ordered[(params.page - 1) * PER_PAGE : params.page * PER_PAGE]
    parents = pages_above(page_rows, ordered, moment)
    return replace(
        empty_results(params, frame, moment),
        total=len(ordered),
        is_truncated=len(rows) > COUNTED,
        hits=hits_of(page_rows, query.parts, parents, moment),
        facets=facets_of(params, ordered, parents, moment),
        page_count=page_count,
        pages=page_choices(
            params.page, page_count, lambda page: search_url(replace(params, page=page), moment)
        ),
        previous_url=page_url(params, params.page - 1, page_count, moment),
        next_url=page_url(params, params.page + 1, page_count, moment),
    )


def page_url(params: SearchParams, page: int, count: int, moment: Moment) -> str:
    return search_url(replace(params, page=page), moment) if 1 <= page <= count else ""
