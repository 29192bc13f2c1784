"""What the public sees at (address, moment): frozen values. Nothing here writes."""

from bureaus.reading.data_page import DATA_URL, DataPage, data_page
from bureaus.reading.draft_pages import draft_text, draft_text_with, preview
from bureaus.reading.event_lists import (
    CalendarEntry,
    EventCalendar,
    calendar_of,
    calendar_of_page,
    list_events,
    requested_events,
)
from bureaus.reading.events import EventView
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
from bureaus.reading.pages import answer_page, page_instead_of_list
from bureaus.reading.searching import (
    Results,
    SearchParams,
    requested_search,
    search,
    suggested_titles,
)
from bureaus.reading.snapshots import snapshot
from bureaus.reading.timemaps import TimeMap, page_timemap
from bureaus.reading.view_models import (
    EventList,
    Gone,
    Memento,
    Missing,
    Moved,
    NewsList,
    PageAnswer,
    PageEditions,
    PageView,
)

__all__ = [
    "DATA_URL",
    "CalendarEntry",
    "DataPage",
    "EventCalendar",
    "EventList",
    "EventView",
    "Feed",
    "FeedEntry",
    "FutureMoment",
    "Gone",
    "History",
    "Memento",
    "Missing",
    "Moment",
    "Moved",
    "NewsFilter",
    "NewsList",
    "NewsRecord",
    "OrganisationRecord",
    "PageAnswer",
    "PageEditions",
    "PageView",
    "Results",
    "SearchParams",
    "TimeMap",
    "UnreadableFilter",
    "UnreadableMoment",
    "all_news",
    "answer_page",
    "calendar_of",
    "calendar_of_page",
    "data_page",
    "draft_text",
    "draft_text_with",
    "feed_of",
    "list_events",
    "list_news",
    "list_organisations",
    "page_history",
    "page_instead_of_list",
    "page_timemap",
    "present_moment",
    "preview",
    "requested_events",
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
