"""The statements of the news lists, each compiled once: see `reading.statements`."""

from functools import lru_cache
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    Count,
    DateField,
    Value,
)

from bureaus.models import (
    Edition,
    NewsListing,
)
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.news_listings import NewsListingQuerySet
from bureaus.reading.hidden import event_columns, shown
from bureaus.reading.rows import (
    CountRow,
    DayRow,
    NewsItemRow,
)
from bureaus.reading.statements import AT, Statement, text_parameter

NEWEST = 5


def news(*, until: str) -> NewsListingQuerySet:
    """
    Return all news in lists, newest first, of the day `until` and before.

    No news is listed before its own date, so that day is never after the moment. It is the only
    upper bound: of two, SQLite enters the index at either.
    """
    return (
        NewsListing.objects.in_force(AT)
        .filter(issued_on__lte=Parameter(until, DateField()))
        .order_by("-issued_on", "-page")
    )


class NewsScope(NamedTuple):
    """
    The scope of a news list: the `whole_site` or one `organisation`, `by_year`, `by_category`.

    Until the `day` of the moment; of a year, from the day `first` to `last`.
    """

    whole_site: bool
    by_year: bool = False
    by_category: bool = False


def selected_news(scope: NewsScope) -> NewsListingQuerySet:
    listings = news(until="last" if scope.by_year else "day")
    if not scope.whole_site:
        listings = listings.filter(organisation=Parameter("organisation", BigIntegerField()))
    if scope.by_year:
        listings = listings.filter(issued_on__gte=Parameter("first", DateField()))
    return listings.filter(category=text_parameter("category")) if scope.by_category else listings


def news_item_columns(rows: Statement) -> Statement:
    """The columns of NewsItemRow."""
    return rows.values_list(
        "page", "placement__url_path", shown("title"), "issued_on", "category", *event_columns()
    )


@lru_cache(maxsize=1024)
def news_rows(scope: NewsScope, start: int, count: int) -> Compiled[NewsItemRow]:
    """
    Read `count` items after the first `start`.

    The inner query skips the items before them in the index alone.
    """

    def build() -> Statement:
        keys = selected_news(scope).values("edition")[start : start + count]
        rows = Edition.objects.filter(pk__in=keys).placed(AT).order_by("-issued_on", "-page")
        return news_item_columns(rows)

    return Compiled(NewsItemRow, build, is_prepared=not scope.by_year)


@lru_cache(maxsize=8)
def news_total(scope: NewsScope) -> Compiled[CountRow]:
    """Count the news: one row."""

    def build() -> Statement:
        grouped = selected_news(scope).order_by().values(all=Value(1))
        return grouped.annotate(total=Count("pk")).values_list("total")

    return Compiled(CountRow, build)


@lru_cache(maxsize=2)
def newest_day(scope: NewsScope) -> Compiled[DayRow]:
    return Compiled(DayRow, lambda: selected_news(scope).values_list("issued_on")[:1])


@lru_cache(maxsize=2)
def oldest_day(scope: NewsScope) -> Compiled[DayRow]:
    return Compiled(DayRow, lambda: selected_news(scope).reverse().values_list("issued_on")[:1])
