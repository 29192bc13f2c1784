"""Which organisation's list has a news item during which interval: derived, for the news lists."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import Q

from bureaus.models.editions import Edition
from bureaus.models.events import EVENT_FIELDS, Event, event_of
from bureaus.models.intervals import Interval, clipped
from bureaus.models.kinds import Category, Kind
from bureaus.models.pages import Page
from bureaus.models.placements import Placement, parent_page
from bureaus.models.visibility import At, begun, not_ended

COLUMNS = ("live_from", "live_until", "category", "edition")
EVENT_COLUMNS = ("event_end", "page", "event_start", "issued_on", *COLUMNS)


class NewsListingQuerySet(models.QuerySet["NewsListing"]):
    def in_force(self, at: At) -> "NewsListingQuerySet":
        """The entries of the lists at the moment `at`: one a news item at most."""
        return self.filter(not_ended(at), begun(at))


class NewsListing(models.Model):
    """
    The entry of a current edition of a news item in the list of the organisation above it.

    The interval is that of the edition, as far as the item is below `organisation` in it. Only
    `publishing.update_news_listings` writes these rows; they are in no dump.
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="news_listings", verbose_name="版"
    )
    page = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="+", verbose_name="ページ"
    )
    organisation = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="+", verbose_name="組織"
    )
    issued_on = models.DateField("発表日")
    category = models.CharField("区分", max_length=20, choices=Category.choices)
    event_start = models.DateTimeField("期間の開始", null=True, blank=True)
    event_end = models.DateTimeField("期間の終了", null=True, blank=True)
    live_from = models.DateTimeField("開始")
    live_until = models.DateTimeField("終了", null=True, blank=True)

    objects = NewsListingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "新着情報の一覧"
        indexes = [
            # All columns that a list reads before its page is cut out: news is counted, and rows
            # outside the page are skipped, in the index alone.
            models.Index(
                fields=["organisation", "issued_on", "page", *COLUMNS], name="news_listing_of"
            ),
            models.Index(fields=["issued_on", "page", *COLUMNS], name="news_listing"),
            # The same for the lists of events, which are ordered by their end.
            models.Index(
                fields=["organisation", *EVENT_COLUMNS],
                condition=Q(event_end__isnull=False),
                name="news_listing_events_of",
            ),
            models.Index(
                fields=[*EVENT_COLUMNS],
                condition=Q(event_end__isnull=False),
                name="news_listing_events",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(live_until=None),
                name="news_listing_one_open",
                violation_error_message="この新着情報は、もう一覧に載っています。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.issued_on} {self.edition_id}"


class Span(NamedTuple):
    """While an item is placed below `organisation`."""

    organisation: int
    start: datetime
    end: datetime | None


def listed_period(event: Event, live_from: datetime) -> tuple[datetime, datetime]:
    """Return the period in lists: cancelled, it is over when the edition begins that says so."""
    end = min(event.end, live_from) if event.is_cancelled else event.end
    return min(event.start, end), end


def expected_listings(pages: Collection[int] | None = None) -> Iterator[NewsListing]:
    """Yield the entries that these news items, or all, should have: not stored. 2 queries."""
    which = Q(page__kind=Kind.NEWS_ITEM) if pages is None else Q(page__in=pages)
    placed: dict[int, list[Span]] = defaultdict(list)
    placements = Placement.objects.filter(which).annotate(above=parent_page())
    for page, above, start, end in placements.order_by("live_from").values_list(
        "page", "above", "live_from", "live_until"
    ):
        spans = placed[page]
        if spans and spans[-1].organisation == above:  # it moved together with its organisation
            spans[-1] = spans[-1]._replace(end=end)
        else:
            spans.append(Span(above, start, end))
    editions = Edition.objects.with_start().listed().filter(which).order_by("pk")
    columns = ("page", "issued_on", "category", "live_from", "live_until", *EVENT_FIELDS)
    for edition in editions.only(*columns):
        if edition.issued_on is None or edition.live_from is None:
            continue  # of another kind: approved news has a date (a constraint)
        event = event_of(edition, edition.category)
        period = listed_period(event, edition.live_from) if event else (None, None)
        in_force = Interval(edition.live_from, edition.live_until, readable=True)
        for above, start, end in placed[edition.page_id]:
            for listed in clipped([in_force], start, end):
                yield NewsListing(
                    edition=edition,
                    page_id=edition.page_id,
                    organisation_id=above,
                    issued_on=edition.issued_on,
                    category=edition.category,
                    event_start=period[0],
                    event_end=period[1],
                    live_from=listed.start,
                    live_until=listed.end,
                )
