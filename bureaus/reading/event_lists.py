"""The events of an organisation, or of the whole site: as a list, and as a calendar."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from bureaus.models import EVENT_CATEGORIES, Category, Event, Kind, Phase
from bureaus.models.events import event_of
from bureaus.reading import event_statements
from bureaus.reading.event_statements import EventScope, Slice
from bureaus.reading.list_choices import filter_choices, filter_label, page_choices
from bureaus.reading.moments import Moment, present_moment
from bureaus.reading.navigation import EVENTS, breadcrumbs_of, site_frame
from bureaus.reading.news import PER_PAGE, UnreadableFilter, parse_number
from bureaus.reading.pages import document_title, news_entry
from bureaus.reading.resolution import ResolvedPage, Substitute, missing_below, resolve
from bureaus.reading.rows import CalendarRow, EventCountRow, EventRow
from bureaus.reading.view_models import (
    EventGroup,
    EventList,
    FilterChoice,
    Gone,
    Missing,
    Moved,
)

LIST_SUFFIX = "events/"
# The headings of the list, in its order; the keys are the values of `?status=`.
GROUPS = {
    Phase.RUNNING: "募集中・開催中",
    Phase.COMING: "これから始まるもの",
    Phase.ENDED: "終了したもの",
}

# As `event_statements.PHASES` orders them.
ORDERS: dict[Phase, Callable[[EventRow], tuple[datetime, int]]] = {
    Phase.RUNNING: lambda row: (row.listed_end, row.page),
    Phase.COMING: lambda row: (row.listed_start, row.page),
    Phase.ENDED: lambda row: (row.listed_end, row.page),
}


@dataclass(frozen=True, slots=True)
class EventFilter:
    category: Category | None = None
    status: Phase | None = None
    page: int = 1

    @property
    def phases(self) -> tuple[Phase, ...]:
        return (self.status,) if self.status else tuple(GROUPS)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """`page` and `created_at` never change; `number` is that of the edition, and only grows."""

    page: int
    created_at: datetime
    number: int
    url: str
    title: str
    lead: str
    category: str
    event: Event
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class EventCalendar:
    """The events of a page, of an organisation or of the whole site."""

    title: str
    url: str
    entries: tuple[CalendarEntry, ...]


def requested_events(values: Mapping[str, str]) -> EventFilter:
    """Read the parameters; a missing one is empty. Raises UnreadableFilter."""
    category, status, page = (values.get(name, "") for name in ("category", "status", "page"))
    if category and category not in EVENT_CATEGORIES:
        raise UnreadableFilter(f"区分「{category[:40]}」の意見募集・公募・会議はありません。")
    if status and status not in GROUPS:
        raise UnreadableFilter(
            f"状態「{status[:40]}」では絞り込めません。running・coming・ended のどれかに"
            "してください。"
        )
    return EventFilter(
        category=Category(category) if category else None,
        status=Phase(status) if status else None,
        page=parse_number(page, 10**6) if page else 1,
    )


def list_events(
    path: str, event_filter: EventFilter, moment: Moment
) -> EventList | Moved | Gone | Missing:
    """
    Return the events at `path`, below an organisation (the root: of the whole site).

    Missing also where the page number is greater than that of the last page. 2 to 4 queries.
    """
    resolved = resolve(path, moment, suffix=LIST_SUFFIX, kind=Kind.ORGANISATION)
    if not isinstance(resolved, ResolvedPage):
        return resolved
    here, rows = resolved
    scope = EventScope(here.depth == 1, by_category=event_filter.category is not None)
    values = statement_values(here.page, event_filter, moment)
    counts = next(iter(event_statements.event_counts(scope)(**values)), EventCountRow(0, 0, 0))
    total = sum(counts.of(phase) for phase in event_filter.phases)
    page_count = max(1, -(-total // PER_PAGE))
    if event_filter.page > page_count:
        return missing_below(rows, moment)
    address = here.url_path + LIST_SUFFIX
    title = (EVENTS if here.depth == 1 else f"{here.title}の{EVENTS}") + label_of(event_filter)
    today = list_url(address, event_filter, present_moment())
    groups = tuple(groups_on_page(scope, counts, values, event_filter, moment))

    def page_url(page: int) -> str:
        return list_url(address, replace(event_filter, page=page), moment)

    return EventList(
        title=title,
        document_title=document_title(rows, title),
        url=today,
        breadcrumbs=breadcrumbs_of(rows, moment),
        total=total,
        entries=tuple(entry for group in groups for entry in group.entries),
        years=(),
        categories=category_choices(address, event_filter, moment),
        page=event_filter.page,
        page_count=page_count,
        pages=page_choices(event_filter.page, page_count, page_url),
        previous_url=page_url(event_filter.page - 1) if event_filter.page > 1 else "",
        next_url=page_url(event_filter.page + 1) if event_filter.page < page_count else "",
        site_frame=site_frame(moment, today),
        groups=groups,
        statuses=status_choices(address, event_filter, moment),
        calendar_url=moment.exact_address(f"{here.url_path}events.ics"),
    )


def groups_on_page(
    scope: EventScope,
    counts: EventCountRow,
    values: dict[str, Any],
    event_filter: EventFilter,
    moment: Moment,
) -> Iterator[EventGroup]:
    """Yield what of each phase is on the page of the list; 1 query, none where there is none."""
    slices = tuple(slices_on_page(counts, event_filter))
    if not slices:
        return
    rows = event_statements.event_rows(scope, slices)(**values)
    for phase, _, _ in slices:
        inside = sorted(
            (row for row in rows if row.phase(moment.at) == phase),
            key=ORDERS[phase],
            reverse=phase == Phase.ENDED,
        )
        yield EventGroup(GROUPS[phase], tuple(news_entry(row, moment) for row in inside))


def slices_on_page(counts: EventCountRow, event_filter: EventFilter) -> Iterator[Slice]:
    """Yield which events of each phase are on the page: one group goes on where another ends."""
    before, remaining = (event_filter.page - 1) * PER_PAGE, PER_PAGE
    for phase in event_filter.phases:
        count = max(0, min(remaining, counts.of(phase) - before))
        if count:
            yield Slice(phase, before, count)
        before, remaining = max(0, before - counts.of(phase)), remaining - count


def statement_values(
    organisation: int, event_filter: EventFilter, moment: Moment
) -> dict[str, Any]:
    """Return the values of the parameters of `event_statements.events`."""
    values: dict[str, Any] = {"at": moment.at, "day": moment.day, "organisation": organisation}
    if event_filter.category:
        values["category"] = event_filter.category.value
    return values


def label_of(event_filter: EventFilter) -> str:
    return filter_label(
        str(event_filter.category.label) if event_filter.category else "",
        GROUPS[event_filter.status] if event_filter.status else "",
        page=event_filter.page,
    )


def category_choices(
    url: str, event_filter: EventFilter, moment: Moment
) -> tuple[FilterChoice, ...]:
    categories = EVENT_CATEGORIES
    return filter_choices(
        [("すべての区分", None), *((str(category.label), category) for category in categories)],
        lambda category: list_url(url, replace(event_filter, category=category, page=1), moment),
        event_filter.category,
    )


def status_choices(url: str, event_filter: EventFilter, moment: Moment) -> tuple[FilterChoice, ...]:
    return filter_choices(
        [("すべて", None), *((label, phase) for phase, label in GROUPS.items())],
        lambda phase: list_url(url, replace(event_filter, status=phase, page=1), moment),
        event_filter.status,
    )


def list_url(url: str, event_filter: EventFilter, moment: Moment) -> str:
    parameters: dict[str, str | int] = {}
    if event_filter.category:
        parameters["category"] = event_filter.category.value
    if event_filter.status:
        parameters["status"] = event_filter.status.value
    if event_filter.page > 1:
        parameters["page"] = event_filter.page
    if moment.is_past:
        parameters["at"] = moment.day_text
    return f"{url}?{urlencode(parameters)}" if parameters else url


# Calendars


def calendar_of(path: str, moment: Moment) -> EventCalendar | Substitute:
    """Return the events of the organisation at `path` (the root: of the site). 2 queries."""
    resolved = resolve(path, moment, kind=Kind.ORGANISATION)
    if not isinstance(resolved, ResolvedPage):
        return resolved
    here = resolved.page
    scope = EventScope(whole_site=here.depth == 1)
    values = statement_values(here.page, EventFilter(), moment)
    rows = event_statements.calendar_rows(scope)(**values)
    title = f"{here.title}の{EVENTS}"
    return EventCalendar(
        title, moment.address(here.url_path + LIST_SUFFIX), entries_of(rows, moment)
    )


def calendar_of_page(path: str, moment: Moment) -> EventCalendar | Substitute:
    """Return the event of the page at `path`, Missing where it has none. 2 or 3 queries."""
    resolved = resolve(path, moment)
    if not isinstance(resolved, ResolvedPage):
        return resolved
    here, rows = resolved
    if event_of(here, here.category) is None:
        return missing_below(rows, moment)
    found = event_statements.EVENT_OF_PAGE(edition=here.edition, at=moment.at)
    return EventCalendar(here.title, moment.address(here.url_path), entries_of(found, moment))


def entries_of(rows: list[CalendarRow], moment: Moment) -> tuple[CalendarEntry, ...]:
    """Return the entries of a calendar, the last to end first, without those that are hidden."""
    entries = (
        CalendarEntry(
            page=row.page,
            created_at=row.created_at,
            number=row.number,
            url=moment.address(row.url_path),
            title=row.title,
            lead=row.lead,
            category=str(Category(row.category).label),
            event=event,
            published=row.first_published,
            updated=row.live_from,
        )
        for row in rows
        if (event := event_of(row, row.category))
    )
    return tuple(sorted(entries, key=lambda entry: (entry.event.end, entry.page), reverse=True))
