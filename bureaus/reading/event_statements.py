"""The statements of the lists of events, each compiled once: see `reading.statements`."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.db.models import BigIntegerField, Count, DateField, Q, Value

from bureaus.models import RECEPTIONS, Edition, NewsListing, Phase
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.news_listings import NewsListingQuerySet
from bureaus.reading.hidden import event_columns, shown
from bureaus.reading.news_statements import NEWEST, NewsScope, news_item_columns, selected_news
from bureaus.reading.rows import CalendarRow, EventCountRow, EventRow, NewsItemRow
from bureaus.reading.statements import (
    AT,
    Statement,
    address_of,
    first_published,
    text_parameter,
)

CALENDAR_LENGTH = 100
OPEN_LIMIT = 5

# What belongs to each phase at the moment, in the order of the list: what closes first, what
# begins first, what has ended last. A cancelled event has ended (models.news_listings). All enter
# the index at the end of the event.
PHASES: dict[Phase, tuple[Q, tuple[str, str]]] = {
    Phase.RUNNING: (Q(event_end__gt=AT, event_start__lte=AT), ("event_end", "page")),
    Phase.COMING: (Q(event_end__gt=AT, event_start__gt=AT), ("event_start", "page")),
    Phase.ENDED: (Q(event_end__lte=AT), ("-event_end", "-page")),
}


class EventScope(NamedTuple):
    """The scope of a list of events: the `whole_site` or one `organisation`, `by_category`."""

    whole_site: bool
    by_category: bool = False


def events(scope: EventScope) -> NewsListingQuerySet:
    """Return the news in lists that has an event; none before its own date, as in those lists."""
    listings = NewsListing.objects.in_force(AT).filter(
        event_end__isnull=False, issued_on__lte=Parameter("day", DateField())
    )
    if not scope.whole_site:
        listings = listings.filter(organisation=Parameter("organisation", BigIntegerField()))
    return listings.filter(category=text_parameter("category")) if scope.by_category else listings


def events_in(phase: Phase, scope: EventScope) -> NewsListingQuerySet:
    condition, order = PHASES[phase]
    return events(scope).filter(condition).order_by(*order)


@lru_cache(maxsize=4)
def event_counts(scope: EventScope) -> Compiled[EventCountRow]:
    """Count the events in each phase: one row, none where there are none."""

    def build() -> Statement:
        counts = {phase: Count("pk", filter=PHASES[phase][0]) for phase in PHASES}
        grouped = events(scope).order_by().values(all=Value(1)).annotate(**counts)
        return grouped.values_list(*PHASES)

    return Compiled(EventCountRow, build)


class Slice(NamedTuple):
    """`length` events in a phase, after the first `start`."""

    phase: Phase
    start: int
    length: int


def united(slices: Iterable[Statement]) -> Statement:
    """Unite slices, each as a subquery: SQLite limits no part of a union itself."""
    first, *others = (
        NewsListing.objects.filter(pk__in=part).order_by().values("pk") for part in slices
    )
    rows: Statement = first.union(*others)
    return rows


@lru_cache(maxsize=1024)
def event_rows(scope: EventScope, slices: tuple[Slice, ...]) -> Compiled[EventRow]:
    """
    Read the events of a page of the list, in no order.

    The inner queries skip the events before them in the index alone.
    """

    def build() -> Statement:
        parts: list[Statement] = [
            events_in(phase, scope).values("pk")[start : start + length]
            for phase, start, length in slices
        ]
        keys = united(parts) if len(parts) > 1 else parts[0]
        return NewsListing.objects.filter(pk__in=keys).values_list(
            "page",
            "event_start",
            "event_end",
            address_of("page"),
            shown("title", "edition__"),
            "issued_on",
            "category",
            *event_columns("edition__"),
        )

    # What has not ended is a short range of the index, of which a plan for any value knows nothing.
    return Compiled(EventRow, build, is_prepared=False)


@lru_cache(maxsize=2)
def current_news(scope: EventScope) -> Compiled[NewsItemRow]:
    """Read the newest news and the open receptions that close first, in no order."""

    def build() -> Statement:
        newest = selected_news(NewsScope(scope.whole_site)).values("edition")[:NEWEST]
        receptions = events_in(Phase.RUNNING, scope).filter(category__in=[*map(str, RECEPTIONS)])
        closing = receptions.values("edition")[:OPEN_LIMIT]
        of_newest, of_closing = (
            Edition.objects.filter(pk__in=keys).order_by().values("pk")
            for keys in (newest, closing)
        )
        rows = Edition.objects.filter(pk__in=of_newest.union(of_closing)).placed(AT).order_by()
        return news_item_columns(rows)

    return Compiled(NewsItemRow, build)


def calendar_columns(rows: Statement) -> Statement:
    return rows.values_list(
        "page",
        "page__created_at",
        "number",
        "placement__url_path",
        shown("title"),
        shown("lead"),
        "category",
        "live_from",
        first_published(),
        *event_columns(),
    )


@lru_cache(maxsize=2)
def calendar_rows(scope: EventScope) -> Compiled[CalendarRow]:
    """Read the events that end last, those to come included, in no order."""

    def build() -> Statement:
        keys = events(scope).order_by("-event_end", "-page").values("edition")[:CALENDAR_LENGTH]
        return calendar_columns(Edition.objects.filter(pk__in=keys).placed(AT).order_by())

    return Compiled(CalendarRow, build)


EVENT_OF_PAGE = Compiled(
    CalendarRow,
    lambda: calendar_columns(
        Edition.objects.filter(pk=Parameter("edition", BigIntegerField())).placed(AT)
    ),
)
