"""Full-text search over the pages in force: matches, their order, facets and suggestions."""

from dataclasses import dataclass, replace

from bureaus.reading.moments import Moment
from bureaus.reading.navigation import site_frame
from bureaus.reading.news import page_choices
from bureaus.reading.searching.facets import Facets, facets_of
from bureaus.reading.searching.matches import COUNTED, best_matches, matches_at, readable_editions
from bureaus.reading.searching.query_params import (
    ADDRESS,
    SearchParams,
    requested_search,
    search_url,
)
from bureaus.reading.searching.results import Hit, hits_of, pages_above
from bureaus.reading.searching.suggestions import ZeroResultHelp, suggested_titles, zero_result_help
from bureaus.reading.view_models import FilterChoice, Missing, PageLink, SiteFrame
from bureaus.search import Groups, matching_editions, parse_query, synonyms
from bureaus.text.words import TypedQuery, parse_typed_query

__all__ = ["Results", "SearchParams", "requested_search", "search", "suggested_titles"]

HEADING = "サイト内検索"
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Results:
    """
    One page of the hits of a search.

    `query` is the normalised query. `is_truncated`: there are more hits than `total`.
    `unmatched_words`: the words as typed, if no page contains them today.
    """

    query: str
    breadcrumbs: tuple[PageLink, ...]
    total: int
    is_truncated: bool
    hits: tuple[Hit, ...]
    facets: Facets | None
    zero_result_help: ZeroResultHelp | None
    unmatched_words: tuple[str, ...]
    page: int
    page_count: int
    pages: tuple[FilterChoice, ...]
    previous_url: str
    next_url: str
    site_frame: SiteFrame

    @property
    def document_title(self) -> str:
        """With the count: a screen reader reads the title first."""
        was_searched = bool(self.hits or self.zero_result_help)
        parts = [
            f"「{self.query}」" if self.query else "",
            f"{self.total}件{'以上' if self.is_truncated else ''}" if was_searched else "",
            f"{self.page}ページ目" if self.page > 1 else "",
        ]
        label = "、".join(filter(None, parts))
        return f"{self.site_frame.home.title}｜{HEADING}{f'（{label}）' if label else ''}"

    @property
    def first(self) -> int:
        """The number of the first hit on this page."""
        return (self.page - 1) * PER_PAGE + 1


def search(params: SearchParams, moment: Moment) -> Results | Missing:
    """
    Return the pages in force that contain every word: matches in titles first, then the newest.

    Missing after the last page. At most 7 queries, 1 for an empty query; each reads no more rows
    than are rendered, but for two that read up to 501 short rows.
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
    if not rows:
        return zero_results(params, question, groups, frame, moment)
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
        hits=hits_of(page_rows, query, parents, moment),
        facets=facets_of(params, ordered, parents, moment),
        page_count=page_count,
        pages=page_choices(
            params.page, page_count, lambda page: search_url(replace(params, page=page), moment)
        ),
        previous_url=page_url(params, params.page - 1, page_count, moment),
        next_url=page_url(params, params.page + 1, page_count, moment),
    )


def empty_results(params: SearchParams, frame: SiteFrame, moment: Moment) -> Results:
    """Return the results of a query without words, or without hits."""
    return Results(
        query=params.text,
        breadcrumbs=(
            PageLink(
                f"{frame.home.title}トップ", moment.address(frame.home.url), frame.home.english
            ),
        ),
        total=0,
        is_truncated=False,
        hits=(),
        facets=None,
        zero_result_help=None,
        unmatched_words=(),
        page=params.page,
        page_count=1,
        pages=(),
        previous_url="",
        next_url="",
        site_frame=frame,
    )


def zero_results(
    params: SearchParams, question: TypedQuery, groups: Groups, frame: SiteFrame, moment: Moment
) -> Results | Missing:
    """Return empty results with help. 2 queries."""
    if params.page > 1:
        return Missing((), exists_today=False, site_frame=frame)
    is_unmatched = not (params.is_narrowed or moment.is_past or question.excluded)
    return replace(
        empty_results(params, frame, moment),
        zero_result_help=zero_result_help(params, question, groups, moment),
        unmatched_words=tuple(word.typed for word in question.required) if is_unmatched else (),
    )


def page_url(params: SearchParams, page: int, count: int, moment: Moment) -> str:
    return search_url(replace(params, page=page), moment) if 1 <= page <= count else ""
