"""What the public sees at (address, moment): frozen values. Nothing here writes."""

from bureaus.reading.draft_pages import draft_text, draft_text_with, preview
from bureaus.reading.history import History, page_history
from bureaus.reading.listings import (
    Feed,
    FeedEntry,
    NewsRecord,
    OrganisationRecord,
    all_news,
    feed_of,
    list_organisations,
    sitemap_part,
    sitemap_parts,
)
from bureaus.reading.moments import (
    FutureMoment,
    Moment,
    UnreadableMoment,
    present_moment,
    requested_moment,
)
from bureaus.reading.navigation import site_frame
from bureaus.reading.news import NewsFilter, UnreadableFilter, list_news, requested_filter
from bureaus.reading.pages import answer_page
from bureaus.reading.searching import (
    Results,
    SearchParams,
    requested_search,
    search,
    suggested_titles,
)
from bureaus.reading.snapshots import snapshot
from bureaus.reading.view_models import Gone, Missing, Moved, NewsList, PageAnswer, PageView

__all__ = [
    "Feed",
    "FeedEntry",
    "FutureMoment",
    "Gone",
    "History",
    "Missing",
    "Moment",
    "Moved",
    "NewsFilter",
    "NewsList",
    "NewsRecord",
    "OrganisationRecord",
    "PageAnswer",
    "PageView",
    "Results",
    "SearchParams",
    "UnreadableFilter",
    "UnreadableMoment",
    "all_news",
    "answer_page",
    "draft_text",
    "draft_text_with",
    "feed_of",
    "list_news",
    "list_organisations",
    "page_history",
    "present_moment",
    "preview",
    "requested_filter",
    "requested_moment",
    "requested_search",
    "search",
    "site_frame",
    "sitemap_part",
    "sitemap_parts",
    "snapshot",
    "suggested_titles",
]
