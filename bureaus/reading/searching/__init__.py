"""Pages by what they say: found in the index, best first, with the place where they say it."""

from dataclasses import dataclass, replace

from bureaus.reading.moments import Moment
from bureaus.reading.navigation import site_frame
from bureaus.reading.news import page_choices
from bureaus.reading.searching.facets import Facets, facets_of
from bureaus.reading.searching.matches import COUNTED, best_matches, readable_editions, rows_at
from bureaus.reading.searching.query_params import (
    ADDRESS,
    SearchParams,
    requested_search,
    search_url,
)
from bureaus.reading.searching.results import FoundPage, found_pages, places_of
from bureaus.reading.searching.suggestions import ZeroResultHelp, suggestions, zero_result_help
from bureaus.reading.view_models import Choice, Missing, PageLink, SiteFrame
from bureaus.search import Groups, matching_editions, parse_query, synonyms
from bureaus.text.words import TypedQuery, parse_typed_query

__all__ = ["Results", "SearchParams", "requested_search", "search", "suggestions"]

HEADING = "サイト内検索"
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Results:
    """
    `query` is what was understood; `is_cut`: there are more than the `total`.

    `in_vain`: the words as typed, where nothing at all holds them today.
    """

    query: str
    crumbs: tuple[PageLink, ...]
    total: int
    is_cut: bool
    found: tuple[FoundPage, ...]
    filters: Facets | None
    help: ZeroResultHelp | None
    in_vain: tuple[str, ...]
    page: int
    page_count: int
    pages: tuple[Choice, ...]
    previous_url: str
    next_url: str
    chrome: SiteFrame

    @property
    def document_title(self) -> str:
        """With the count: it is what a screen reader says first of a page."""
        is_asked = bool(self.found or self.help)
        said = [
            f"「{self.query}」" if self.query else "",
            f"{self.total}件{'以上' if self.is_cut else ''}" if is_asked else "",
            f"{self.page}ページ目" if self.page > 1 else "",
        ]
        words = "、".join(filter(None, said))
        return f"{self.chrome.home.title}｜{HEADING}{f'（{words}）' if words else ''}"

    @property
    def first(self) -> int:
        """The number of the first one on this page."""
        return (self.page - 1) * PER_PAGE + 1


def search(asked: SearchParams, moment: Moment) -> Results | Missing:
    """
    The pages in force that hold every word asked for: their titles first, then the newest.

    Missing behind the last page. At most 7 queries, 1 where nothing is asked; each reads no more
    than it shows, but for two that read up to 501 short rows.
    """
    question = parse_typed_query(asked.text)
    asked = replace(asked, text=question.text)
    around = site_frame(moment, ADDRESS)
    if not question.required:
        return results(asked, around, moment)
    groups = synonyms()
    looked_for = parse_query(question, groups)
    editions = readable_editions(asked, moment)
    rows = rows_at(matching_editions(editions, looked_for), looked_for, moment)
    if not rows:
        return in_vain(asked, question, groups, around, moment)
    ordered = best_matches(rows, editions, looked_for, asked)[:COUNTED]
    page_count = -(-len(ordered) // PER_PAGE)
    if asked.page > page_count:
        return Missing((), exists_today=False, chrome=around)
    shown = ordered[(asked.page - 1) * PER_PAGE : asked.page * PER_PAGE]
    places = places_of(shown, ordered, moment)
    return replace(
        results(asked, around, moment),
        total=len(ordered),
        is_cut=len(rows) > COUNTED,
        found=found_pages(shown, looked_for, places, moment),
        filters=facets_of(asked, ordered, places, moment),
        page_count=page_count,
        pages=page_choices(
            asked.page, page_count, lambda page: search_url(replace(asked, page=page), moment)
        ),
        previous_url=to_page(asked, asked.page - 1, page_count, moment),
        next_url=to_page(asked, asked.page + 1, page_count, moment),
    )


def results(asked: SearchParams, around: SiteFrame, moment: Moment) -> Results:
    """Those of a question that has found nothing, or was none."""
    return Results(
        query=asked.text,
        crumbs=(
            PageLink(
                f"{around.home.title}トップ", moment.address(around.home.url), around.home.english
            ),
        ),
        total=0,
        is_cut=False,
        found=(),
        filters=None,
        help=None,
        in_vain=(),
        page=asked.page,
        page_count=1,
        pages=(),
        previous_url="",
        next_url="",
        chrome=around,
    )


def in_vain(
    asked: SearchParams, question: TypedQuery, groups: Groups, around: SiteFrame, moment: Moment
) -> Results | Missing:
    """2 queries."""
    if asked.page > 1:
        return Missing((), exists_today=False, chrome=around)
    is_vain = not (asked.is_narrowed or moment.is_past or question.excluded)
    return replace(
        results(asked, around, moment),
        help=zero_result_help(asked, question, groups, moment),
        in_vain=tuple(word.typed for word in question.required) if is_vain else (),
    )


def to_page(asked: SearchParams, page: int, count: int, moment: Moment) -> str:
    return search_url(replace(asked, page=page), moment) if 1 <= page <= count else ""
