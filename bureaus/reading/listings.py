"""Lists for machines: the entries of a feed, the addresses of the sitemap, the records of CSV."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import BigIntegerField, Count, DateField, Q, Value
from django.db.models.functions import Substr

from bureaus.models import Category, Edition, Kind, Page
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.editions import EditionQuerySet
from bureaus.reading.events import EventView, event_view
from bureaus.reading.hidden import event_columns, shown
from bureaus.reading.moments import Moment
from bureaus.reading.news import NewsFilter, statement_values
from bureaus.reading.news_statements import NewsScope, selected_news
from bureaus.reading.resolution import ResolvedPage, Substitute, resolve
from bureaus.reading.rows import (
    CountRow,
    CreationRow,
    FeedItemRow,
    NewsColumns,
    OrganisationColumns,
    OrganisationName,
    SitemapRow,
)
from bureaus.reading.statements import (
    AT,
    Statement,
    address_of,
    first_published,
    listed_editions,
    position,
    updated,
)
from bureaus.reading.tree_order import in_tree_order
from bureaus.text.formatting import EXCERPT_SOURCE

FEED_LENGTH = 20
CSV_LENGTH = 10_000
SITEMAP_LENGTH = 49_990  # pages; sitemaps.org: 50,000 in one file, with the lists


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """`page` and `created_at` never change; `beginning` is that of the body, cut off in HTML."""

    page: int
    created_at: datetime
    url: str
    title: str
    lead: str
    beginning: str
    category: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest news of an organisation, or of the whole site. Addresses keep a past moment."""

    page: int
    created_at: datetime
    url: str
    self_url: str
    title: str
    updated: datetime
    entries: tuple[FeedEntry, ...]


@dataclass(frozen=True, slots=True)
class NewsRecord:
    """A news item in CSV."""

    issued_on: date
    title: str
    category: str
    organisation: str
    url: str
    lead: str
    updated: datetime
    event: EventView | None


@dataclass(frozen=True, slots=True)
class OrganisationRecord:
    """
    An organisation in CSV.

    `parent` is the title of the organisation that it belongs to; empty for the ministry.
    """

    title: str
    reading: str
    english: str
    category: str
    parent: str
    url: str
    updated: datetime


# Feeds

PAGE_CREATION = Compiled(
    CreationRow,
    lambda: Page.objects.filter(pk=Parameter("page", BigIntegerField())).values_list("created_at"),
)


@lru_cache(maxsize=2)
def feed_rows(scope: NewsScope) -> Compiled[FeedItemRow]:
    """The inner query skips the items after them in the index alone."""

    def build() -> Statement:
        keys = selected_news(scope).values("edition")[:FEED_LENGTH]
        rows = Edition.objects.filter(pk__in=keys).placed(AT).order_by("-issued_on", "-page")
        return rows.values_list(
            "page",
            "page__created_at",
            "placement__url_path",
            shown("title"),
            shown("lead"),
            shown("body", text=Substr("body", 1, EXCERPT_SOURCE)),
            "category",
            first_published(),
            updated(),
        )

    return Compiled(FeedItemRow, build)


def feed_of(path: str, moment: Moment) -> Feed | Substitute:
    """Return the newest news of the organisation at `path` (the root: of the site). 3 queries."""
    resolved = resolve(path, moment, kind=Kind.ORGANISATION)
    if not isinstance(resolved, ResolvedPage):
        return resolved
    page = resolved.page
    scope = NewsScope(whole_site=page.depth == 1)
    rows = feed_rows(scope)(at=moment.at, day=moment.day, organisation=page.page)
    entries = tuple(feed_entry(row, moment) for row in rows)
    return Feed(
        page=page.page,
        created_at=PAGE_CREATION(page=page.page)[0].created_at,
        url=moment.address(page.url_path),
        self_url=moment.address(f"{page.url_path}feed.xml"),
        title=page.title,
        updated=max((entry.updated for entry in entries), default=page.live_from),
        entries=entries,
    )


def feed_entry(row: FeedItemRow, moment: Moment) -> FeedEntry:
    return FeedEntry(
        page=row.page,
        created_at=row.created_at,
        url=moment.address(row.url_path),
        title=row.title,
        lead=row.lead,
        beginning=row.beginning,
        category=str(Category(row.category).label),
        published=row.first_published,
        updated=row.updated,
    )


# The sitemap


def entries_listed() -> EditionQuerySet:
    """Return every page that lists contain; news not before its own date, as in news lists."""
    in_time = Q(issued_on=None) | Q(issued_on__lte=Parameter("day", DateField()))
    return Edition.objects.in_force(AT).listed().filter(in_time)


SITEMAP_TOTAL = Compiled(
    CountRow,
    lambda: (
        entries_listed()
        .order_by()
        .values(all=Value(1))
        .annotate(total=Count("*"))
        .values_list("total")
    ),
)


@lru_cache(maxsize=16)
def sitemap_rows(part: int, length: int) -> Compiled[SitemapRow]:
    """In the order of their keys: a new page is the last, and moves no other to another part."""
    start = (part - 1) * length
    return Compiled(
        SitemapRow,
        lambda: (
            entries_listed()
            .placed(AT)
            .order_by("page_id")
            .values_list("placement__url_path", "live_from")[start : start + length]
        ),
    )


def sitemap_parts(moment: Moment) -> int:
    """Count the parts of the sitemap. 1 query, which counts every page."""
    rows = SITEMAP_TOTAL(at=moment.at, day=moment.day)
    return max(1, -(-rows[0].total // SITEMAP_LENGTH)) if rows else 1


def sitemap_part(part: int, moment: Moment) -> list[SitemapRow]:
    """Return a part of the sitemap, from 1; empty after the last. 1 query."""
    return sitemap_rows(part, SITEMAP_LENGTH)(at=moment.at, day=moment.day)


# CSV

ALL_ORGANISATIONS = Compiled(
    OrganisationColumns,
    lambda: (
        listed_editions()
        .filter(placement__kind=str(Kind.ORGANISATION))
        .order_by("placement__path")
        .values_list(
            "placement__path",
            position(),
            "placement__url_path",
            shown("title"),
            shown("title_reading"),
            shown("title_english"),
            "category",
            updated(),
        )[:CSV_LENGTH]
    ),
)

# Archived organisations too: their news still names them.
ORGANISATION_NAMES = Compiled(
    OrganisationName,
    lambda: (
        Edition.objects.in_force(AT)
        .filter(page__kind=str(Kind.ORGANISATION))
        .order_by()
        .values_list("page", shown("title"))
    ),
)


@lru_cache(maxsize=8)
def news_columns(scope: NewsScope, length: int) -> Compiled[NewsColumns]:
    return Compiled(
        NewsColumns,
        lambda: selected_news(scope).values_list(
            "organisation",
            address_of("page"),
            shown("title", "edition__"),
            "issued_on",
            "category",
            shown("lead", "edition__"),
            updated("edition__live_from"),
            *event_columns("edition__"),
        )[:length],
        is_prepared=not scope.by_year,
    )


def list_organisations(moment: Moment) -> tuple[OrganisationRecord, ...]:
    """Return every organisation, in the order of the tree. 1 query."""
    rows = in_tree_order(ALL_ORGANISATIONS(at=moment.at))
    return tuple(
        OrganisationRecord(
            title=row.title,
            reading=row.reading,
            english=row.english,
            category=str(Category(row.category).label),
            parent=parent,
            url=moment.address(row.url_path),
            updated=row.updated,
        )
        for parent, row in zip(parent_titles(rows), rows, strict=True)
    )


def parent_titles(rows: Iterable[OrganisationColumns]) -> Iterator[str]:
    """Yield the title of the nearest organisation above each of `rows`, given in tree order."""
    line: list[OrganisationColumns] = []
    for row in rows:
        while line and not row.path.startswith(line[-1].path):
            line.pop()
        yield line[-1].title if line else ""
        line.append(row)


def all_news(
    path: str, news_filter: NewsFilter, moment: Moment
) -> tuple[NewsRecord, ...] | Substitute:
    """Return the news of the organisation at `path`, the newest ten thousand. 3 queries."""
    resolved = resolve(path, moment, kind=Kind.ORGANISATION)
    if not isinstance(resolved, ResolvedPage):
        return resolved
    page = resolved.page
    scope = NewsScope(
        page.depth == 1, by_year=bool(news_filter.year), by_category=bool(news_filter.category)
    )
    names = {row.page: row.title for row in ORGANISATION_NAMES(at=moment.at)}
    rows = news_columns(scope, CSV_LENGTH)(**statement_values(page.page, news_filter, moment))
    return tuple(
        NewsRecord(
            issued_on=row.issued_on,
            title=row.title,
            category=str(Category(row.category).label),
            organisation=names.get(row.organisation, ""),
            url=moment.address(row.url_path),
            lead=row.lead,
            updated=row.updated,
            event=event_view(row, moment),
        )
        for row in rows
    )
