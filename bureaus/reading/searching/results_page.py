"""One page of the results of a search, as it is displayed."""

from dataclasses import dataclass

from bureaus.reading.moments import Moment
from bureaus.reading.searching.facets import Facets
from bureaus.reading.searching.query_params import SearchParams
from bureaus.reading.searching.results import Hit
from bureaus.reading.searching.suggestions import ZeroResultHelp
from bureaus.reading.view_models import FilterChoice, PageLink, SiteFrame

HEADING = "サイト内検索"
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Results:
    """
    One page of the hits of a search.

    `query` is the normalised query. `is_truncated`: there are more hits than `total`.
    `nearest`: pages that contain most of the words. `unmatched_words`: the words as typed, if no
    page contains them all today.
    """

    query: str
    breadcrumbs: tuple[PageLink, ...]
    total: int
    is_truncated: bool
    hits: tuple[Hit, ...]
    nearest: tuple[Hit, ...]
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
        parts = [
            f"「{self.query}」" if self.query else "",
            self.count_label,
            f"{self.page}ページ目" if self.page > 1 else "",
        ]
        label = "、".join(filter(None, parts))
        return f"{HEADING}{f'（{label}）' if label else ''}｜{self.site_frame.home.title}"

    @property
    def count_label(self) -> str:
        """Return how many pages are listed; empty where nothing was searched."""
        if self.nearest and not self.hits:
            return f"近いページ{len(self.nearest)}件"
        was_searched = bool(self.hits or self.zero_result_help)
        return f"{self.total}件{'以上' if self.is_truncated else ''}" if was_searched else ""

    @property
    def first(self) -> int:
        """The number of the first hit on this page."""
        return (self.page - 1) * PER_PAGE + 1


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
        nearest=(),
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
