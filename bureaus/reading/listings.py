"""Lists for machines: the entries of a feed, the addresses of the sitemap, the rows of the CSV."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Count,
    DateField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Substr

from bureaus.models import Category, Edition, Kind, Page
from bureaus.reading.ancestors import PageRow, find_ancestors
from bureaus.reading.compiled_sql import Compiled, Parameter
from bureaus.reading.moments import Moment
from bureaus.reading.navigation import breadcrumbs_of, site_frame
from bureaus.reading.news import NewsFilter, values_of
from bureaus.reading.pages import instead_of_page, is_organisation
from bureaus.reading.request_paths import canonical_address, known_beginning
from bureaus.reading.statements import (
    AT,
    NewsOf,
    Statement,
    first_published,
    selected_news,
    updated,
)
from bureaus.reading.view_models import Gone, Missing, Moved
from bureaus.text.formatting import LOOKED_AT

FEED_LENGTH = 20
CSV_LENGTH = 10_000
SITEMAP_LENGTH = 50_000  # sitemaps.org: no more in one file

Instead = Moved | Gone | Missing
Rows = Iterator[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """`page` and `created_at` never change; `beginning` is that of the body, HTML cut off."""

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
class NewsRow:
    issued_on: date
    title: str
    category: str
    organisation: str
    url: str
    lead: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """`parent` is the title of the organisation that it belongs to; empty for the ministry."""

    title: str
    reading: str
    english: str
    category: str
    parent: str
    url: str
    updated: datetime


class SitemapEntry(NamedTuple):
    """A tuple, because there are fifty thousand of them."""

    url: str
    since: datetime


def find_organisation(path: str, moment: Moment) -> PageRow | Instead:
    """The organisation at `path`; Missing also where a page of another kind is. 1 to 4 queries."""
    address = canonical_address(path)
    found = find_ancestors(address or known_beginning(path), moment)
    instead = instead_of_page(address, found, moment)
    if isinstance(instead, Moved) and not is_organisation(instead.url_path, moment):
        return Missing(
            breadcrumbs_of(found, moment), exists_today=False, chrome=site_frame(moment, "")
        )
    if instead is not None:
        return instead
    if found[-1].kind != Kind.ORGANISATION:
        return Missing(
            breadcrumbs_of(found, moment), exists_today=False, chrome=site_frame(moment, "")
        )
    return found[-1]


# Feeds

CREATED = Compiled(
    lambda: Page.objects.filter(pk=Parameter("page", BigIntegerField())).values_list("created_at")
)


@lru_cache(maxsize=2)
def feed_rows(which: NewsOf) -> Compiled:
    """The inner query passes over what is not shown in the index alone."""

    def build() -> Statement:
        keys = selected_news(which).values("pk")[:FEED_LENGTH]
        rows = Edition.objects.filter(pk__in=keys).order_by("-issued_on", "-page")
        return rows.values_list(
            "page",
            "page__created_at",
            "page__url_path",
            "title",
            "lead",
            Substr("body", 1, LOOKED_AT),
            "category",
            first_published(),
            updated(),
        )

    return Compiled(build)


def feed_of(path: str, moment: Moment) -> Feed | Instead:
    """The newest news of the organisation at `path`, the root: of the whole site. 3 queries."""
    here = find_organisation(path, moment)
    if not isinstance(here, PageRow):
        return here
    which = NewsOf(whole_site=here.depth == 1)
    rows = feed_rows(which)(at=moment.at, day=moment.day, organisation=here.page)
    entries = tuple(feed_entry(row, moment) for row in rows)
    return Feed(
        page=here.page,
        created_at=CREATED(page=here.page)[0][0],
        url=moment.address(here.url_path),
        self_url=moment.address(f"{here.url_path}feed.xml"),
        title=here.title,
        updated=max((entry.updated for entry in entries), default=here.live_from),
        entries=entries,
    )


def feed_entry(row: Sequence[Any], moment: Moment) -> FeedEntry:
    page, created_at, url_path, title, lead, beginning, category, published, changed = row
    return FeedEntry(
        page=page,
        created_at=created_at,
        url=moment.address(url_path),
        title=title,
        lead=lead,
        beginning=beginning,
        category=str(Category(category).label),
        published=published,
        updated=changed,
    )


# The sitemap


def entries_listed() -> QuerySet[Edition]:
    """Every page that stands in lists; news not before its own date, as in the lists of news."""
    in_time = Q(listed_under=None) | Q(issued_on__lte=Parameter("day", DateField()))
    return Edition.objects.in_force(AT).listed().filter(in_time)


TOTAL = Compiled(
    lambda: (
        entries_listed()
        .order_by()
        .values(all=Value(1))
        .annotate(total=Count("pk"))
        .values_list("total")
    )
)


@lru_cache(maxsize=16)
def sitemap_rows(part: int, length: int) -> Compiled:
    """In the order of their keys: a new page is the last, and moves no other to another part."""
    start = (part - 1) * length
    return Compiled(
        lambda: (
            entries_listed()
            .order_by("page_id")
            .values_list("page__url_path", "live_from")[start : start + length]
        )
    )


def sitemap_parts(moment: Moment) -> int:
    """How many parts the sitemap has; 1 query, which counts every page."""
    rows = TOTAL(at=moment.at, day=moment.day)
    return max(1, -(-rows[0][0] // SITEMAP_LENGTH)) if rows else 1


def sitemap_part(part: int, moment: Moment) -> list[SitemapEntry]:
    """Part 1 and following; empty behind the last. 1 query."""
    rows = sitemap_rows(part, SITEMAP_LENGTH)(at=moment.at, day=moment.day)
    return [SitemapEntry(*row) for row in rows]


# CSV

ORGANISATIONS = Compiled(
    lambda: (
        Edition.objects.in_force(AT)
        .listed()
        .filter(page__kind=str(Kind.ORGANISATION))
        .order_by("page__path")
        .values_list(
            "page__path",
            "page__url_path",
            "title",
            "title_reading",
            "title_english",
            "category",
            updated(),
        )[:CSV_LENGTH]
    )
)

# Archived organisations too: what they have published still names them.
NAMES = Compiled(
    lambda: (
        Edition.objects.in_force(AT)
        .filter(page__kind=str(Kind.ORGANISATION))
        .order_by()
        .values_list("page", "title")
    )
)


@lru_cache(maxsize=8)
def csv_rows(which: NewsOf, length: int) -> Compiled:
    return Compiled(
        lambda: selected_news(which).values_list(
            "listed_under",
            "page__url_path",
            "title",
            "issued_on",
            "category",
            "lead",
            updated(),
        )[:length],
        is_prepared=not which.by_year,
    )


def list_organisations(moment: Moment) -> tuple[OrganisationRow, ...]:
    """Every organisation, in the order of the tree; 1 query."""
    rows = ORGANISATIONS(at=moment.at)
    return tuple(
        OrganisationRow(
            title=title,
            reading=reading,
            english=english,
            category=str(Category(category).label),
            parent=parent,
            url=moment.address(url_path),
            updated=changed,
        )
        for parent, (_, url_path, title, reading, english, category, changed) in zip(
            parents(rows), rows, strict=True
        )
    )


def parents(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The title of the nearest organisation above each, given (path, _, title …) in tree order."""
    way: list[tuple[str, str]] = []
    for path, _, title, *_ in rows:
        while way and not path.startswith(way[-1][0]):
            way.pop()
        yield way[-1][1] if way else ""
        way.append((path, title))


def all_news(path: str, asked: NewsFilter, moment: Moment) -> tuple[NewsRow, ...] | Instead:
    """The news of the organisation at `path`, the newest ten thousand; 3 queries."""
    here = find_organisation(path, moment)
    if not isinstance(here, PageRow):
        return here
    which = NewsOf(here.depth == 1, by_year=bool(asked.year), by_category=bool(asked.category))
    names = dict(NAMES(at=moment.at))
    return tuple(
        NewsRow(
            issued_on=issued_on,
            title=title,
            category=str(Category(category).label),
            organisation=names.get(listed_under, ""),
            url=moment.address(url_path),
            lead=lead,
            updated=changed,
        )
        for listed_under, url_path, title, issued_on, category, lead, changed in csv_rows(
            which, CSV_LENGTH
        )(**values_of(here.page, asked, moment))
    )
