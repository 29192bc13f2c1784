"""
Every statement that a public page executes, each compiled once.

All read through `EditionQuerySet.in_force`: what is not in force at the moment is not seen. Each
is one range of one index, whatever the size of the site; a test reads their query plans.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)

from bureaus.models import Contact, Edition, Figure, FormerAddress, Kind, Link, Page
from bureaus.models.addresses import DEPTH_LIMIT
from bureaus.models.pages import branch_end
from bureaus.reading.compiled import Compiled, Parameter

CHILDREN_LIMIT = 500
SITEMAP_DEPTH = 4
SITEMAP_LIMIT = 2_000
NEWEST = 5

AT = Parameter("at", DateTimeField())
IN_THE_TREE = [str(Kind.PAGE), str(Kind.ORGANISATION), str(Kind.POLICY_SECTION)]

Statement = QuerySet[Any, Any]


def text(name: str) -> Parameter:
    return Parameter(name, CharField())


@lru_cache(maxsize=DEPTH_LIMIT + 1)
def chain_of(count: int) -> Compiled:
    """The pages in force at `count` addresses (`address0` …), from the root down."""

    def build() -> Statement:
        editions = Edition.objects.filter(page=OuterRef("page"), live_from__lte=AT)
        first = editions.order_by("live_from").values("live_from")[:1]
        updated = editions.filter(is_minor=False).order_by("-live_from").values("live_from")[:1]
        return (
            Edition.objects.in_force(AT)
            .filter(page__url_path__in=[text(f"address{number}") for number in range(count)])
            .order_by("page__depth")
            .values_list(
                "page",
                "page__path",
                "page__depth",
                "page__kind",
                "page__url_path",
                "pk",
                "answer",
                "live_from",
                "title",
                "title_english",
                "lead",
                "body",
                "category",
                "issued_on",
                "note",
                "moved_to__url_path",
                Subquery(first),
                Subquery(updated),
            )
        )

    return Compiled(build)


FORMER = Compiled(
    lambda: FormerAddress.objects.filter(url_path=text("address")).values_list("page__url_path")
)


def below(*kinds: str) -> QuerySet[Edition]:
    """Editions in force of the pages of these kinds right below (`after`, `before`, `depth`)."""
    return (
        Edition.objects.in_force(AT)
        .listed()
        .filter(
            page__kind__in=kinds,
            page__depth=Parameter("depth", IntegerField()),
            page__path__gt=text("after"),
            page__path__lt=text("before"),
        )
        .order_by("page__path")
    )


CHILDREN = Compiled(
    lambda: below(*IN_THE_TREE).values_list(
        "page__kind",
        "page__url_path",
        "pk",
        "title",
        "title_english",
        "lead",
        Case(When(page__kind=Kind.POLICY_SECTION, then="body"), default=Value(""), output_field=TextField()),
        "category",
    )[:CHILDREN_LIMIT]
)

SIBLINGS = Compiled(
    lambda: below(str(Kind.POLICY_SECTION)).values_list("page__url_path", "title")[:CHILDREN_LIMIT]
)

NAVIGATION = Compiled(
    lambda: Edition.objects.in_force(AT)
    .listed()
    .filter(page__kind__in=[str(Kind.PAGE), str(Kind.ORGANISATION)], page__depth__in=[1, 2])
    .order_by("page__path")
    .values_list("page__url_path", "title", "title_english", "category")[:CHILDREN_LIMIT]
)

SITEMAP = Compiled(
    lambda: Edition.objects.in_force(AT)
    .listed()
    .filter(page__kind__in=IN_THE_TREE, page__depth__in=list(range(1, SITEMAP_DEPTH + 1)))
    .order_by("page__path")
    .values_list("page__depth", "page__url_path", "title")[:SITEMAP_LIMIT]
)


def news(at: datetime | Parameter) -> QuerySet[Edition]:
    """All news in force, newest first."""
    return (
        Edition.objects.in_force(at)
        .listed()
        .filter(issued_on__isnull=False, listed_under__isnull=False)
        .order_by("-issued_on", "-page")
    )


NEWS_COLUMNS = ("page__url_path", "title", "issued_on", "category")
NEWEST_OF_SITE = Compiled(lambda: news(AT).values_list(*NEWS_COLUMNS)[:NEWEST])
NEWEST_OF_ORGANISATION = Compiled(
    lambda: news(AT)
    .filter(listed_under=Parameter("organisation", BigIntegerField()))
    .values_list(*NEWS_COLUMNS)[:NEWEST]
)


def parts(model: type[Figure | Link | Contact], count: int) -> QuerySet[Any]:
    """The parts of `count` editions (`edition0` …), in order."""
    places = [Parameter(f"edition{number}", BigIntegerField()) for number in range(count)]
    return model._default_manager.filter(edition__pk__in=places).order_by("edition", "position", "pk")


@lru_cache(maxsize=256)
def figures_of(count: int) -> Compiled:
    return Compiled(
        lambda: parts(Figure, count).values_list(
            "edition",
            "image__file",
            "image__width",
            "image__height",
            "alt",
            "is_decorative",
            "caption",
        )
    )


@lru_cache(maxsize=256)
def links_of(count: int) -> Compiled:
    return Compiled(
        lambda: parts(Link, count).values_list(
            "edition",
            "text",
            "page__url_path",
            "url",
            "document__file",
            "document__byte_size",
            "document__page_count",
        )
    )


@lru_cache(maxsize=256)
def contacts_of(count: int) -> Compiled:
    return Compiled(
        lambda: parts(Contact, count).values_list("edition", "name", "phone", "fax", "email")
    )


def path_range(path: str) -> dict[str, Any]:
    """The parameters of `below` for the children of the page at this tree path."""
    return {
        "after": path,
        "before": branch_end(path),
        "depth": len(path) // Page.steplen + 1,
    }
