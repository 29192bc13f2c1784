"""What the public sees at (address, moment): frozen answers, and never a write."""

from bureaus.reading.catalogue import (
    Feed,
    FeedEntry,
    NewsRow,
    OrganisationRow,
    SitemapEntry,
    all_news,
    feed_of,
    list_organisations,
    sitemap_part,
    sitemap_parts,
)
from bureaus.reading.drafts import Text, preview, text_of, text_with
from bureaus.reading.history import History, history_of
from bureaus.reading.moments import (
    FutureMoment,
    Moment,
    UnreadableMoment,
    moment_asked,
    present,
)
from bureaus.reading.news import Filter, UnreadableFilter, filter_asked, list_news
from bureaus.reading.pages import answer
from bureaus.reading.searching import Asked, Results, search, search_asked, suggestions
from bureaus.reading.shown import Answered, Gone, Missing, Moved, NewsList, ShownPage
from bureaus.reading.snapshots import snapshot
from bureaus.reading.surroundings import chrome

__all__ = [
    "Answered",
    "Asked",
    "Feed",
    "FeedEntry",
    "Filter",
    "FutureMoment",
    "Gone",
    "History",
    "Missing",
    "Moment",
    "Moved",
    "NewsList",
    "NewsRow",
    "OrganisationRow",
    "Results",
    "ShownPage",
    "SitemapEntry",
    "Text",
    "UnreadableFilter",
    "UnreadableMoment",
    "all_news",
    "answer",
    "chrome",
    "feed_of",
    "filter_asked",
    "history_of",
    "list_news",
    "list_organisations",
    "moment_asked",
    "present",
    "preview",
    "search",
    "search_asked",
    "sitemap_part",
    "sitemap_parts",
    "snapshot",
    "suggestions",
    "text_of",
    "text_with",
]
