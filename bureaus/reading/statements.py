"""
The statements that a public page executes, each compiled once.

All read through `EditionQuerySet.in_force`, so an edition that is not in force at the moment is in
no row. Each reads one range of one index at any size of the site; a test reads the query plans.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from bureaus.models import (
    IN_THE_TREE,
    Action,
    AuditEntry,
    Contact,
    EarlierFile,
    Edition,
    Figure,
    FormerAddress,
    Kind,
    Link,
    Placement,
)
from bureaus.models.addresses import DEPTH_LIMIT
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.placements import PlacementQuerySet, sibling_position
from bureaus.models.seals import of_hidden_image
from bureaus.models.visibility import not_ended, not_hidden
from bureaus.reading.hidden import event_columns, link_text, shown
from bureaus.reading.rows import (
    AddressRow,
    ChildRow,
    ContactColumns,
    FigureColumns,
    LinkColumns,
    NavigationRow,
    PageRow,
    SiblingRow,
    TreeRow,
)

CHILDREN_LIMIT = 500
SITEMAP_LIMIT = 2_000
CHART_LIMIT = 150  # boxes

AT = Parameter("at", DateTimeField())
NOW = Parameter("now", DateTimeField())  # for statements that look beyond the moment
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)

Statement = QuerySet[Any, Any]


def text_parameter(name: str) -> Parameter:
    return Parameter(name, CharField())


def updated(start: str = "live_from") -> Coalesce:
    """When the page of an edition in force, with this `start`, last changed; not in minor ways."""
    editions = Edition.objects.begun(AT).filter(page=OuterRef("page"), is_minor=False)
    return Coalesce(Subquery(editions.order_by("-live_from").values("live_from")[:1]), start)


def listed_editions() -> Statement:
    """The editions that lists contain, joined with where their pages are."""
    return Edition.objects.in_force(AT).listed().placed(AT)


def address_of(page: str) -> Subquery:
    """The address at the moment of the page to which the column `page` refers."""
    here = Placement.objects.in_force(AT).filter(page=OuterRef(page)).order_by()
    return Subquery(here.values("url_path")[:1])


def position() -> Coalesce:
    return sibling_position(AT, "page", "placement__")


def first_published() -> Subquery:
    editions = Edition.objects.begun(AT).filter(page=OuterRef("page"))
    return Subquery(editions.order_by("live_from").values("live_from")[:1])


def reviewed() -> Subquery:
    """When somebody last found, until the moment, that the edition is still right."""
    reviews = AuditEntry.objects.filter(
        action=Action.REVIEW, edition=OuterRef("pk"), at__lte=AT
    ).order_by("-at")
    return Subquery(reviews.values("at")[:1])


@lru_cache(maxsize=DEPTH_LIMIT + 1)
def ancestors_of(count: int) -> Compiled[PageRow]:
    """Read the pages in force at `count` addresses (`address0` …), from the root down."""

    def build() -> Statement:
        addresses = [text_parameter(f"address{number}") for number in range(count)]
        return (
            Edition.objects.in_force(AT)
            .placed(AT)
            .filter(placement__url_path__in=addresses)
            .order_by("placement__depth")
            .values_list(
                "page",
                "placement__path",
                "placement__depth",
                "placement__kind",
                "placement__url_path",
                "pk",
                "answer",
                "live_from",
                shown("title"),
                shown("title_english"),
                shown("lead"),
                shown("body"),
                "category",
                "issued_on",
                shown("note"),
                *event_columns(),
                address_of("moved_to"),
                first_published(),
                updated(),
                reviewed(),
            )
        )

    return Compiled(PageRow, build)


# Where the page that last had an address while it was public is at the moment.
LAST_HOLDER = Compiled(
    AddressRow,
    lambda: (
        public_placements(AT).begun(AT).order_by("-live_from").values_list(address_of("page"))[:1]
    ),
)
# The same of the page that gets the address first after the moment, as today's readers know it.
NEXT_HOLDER = Compiled(
    AddressRow,
    lambda: (
        public_placements(NOW)
        .filter(page_is_public(), live_from__gt=AT, live_from__lte=NOW)
        .order_by("live_from")
        .values_list(address_of("page"))[:1]
    ),
)
FORMER_ADDRESS = Compiled(
    AddressRow,
    lambda: FormerAddress.objects.filter(
        page_is_public(), url_path=text_parameter("address")
    ).values_list(address_of("page")),
)
# Whether a page ever had an address, or a former address is that: then it may answer there.
STORED_ADDRESS = Compiled(
    AddressRow,
    lambda: (
        Placement.objects.filter(url_path=text_parameter("address"))
        .order_by()
        .values_list("url_path")
        .union(
            FormerAddress.objects.filter(url_path=text_parameter("address"))
            .order_by()
            .values_list("url_path"),
            all=True,
        )[:1]
    ),
)


def page_is_public() -> Exists:
    """The condition for rows whose page is public at the moment: nothing leads to a draft."""
    return Exists(Edition.objects.in_force(AT).filter(page=OuterRef("page")))


def public_placements(until: Parameter) -> PlacementQuerySet:
    """The placements at `address` during which their page was public, `until` then."""
    public = Edition.objects.begun(until).filter(
        not_ended(OuterRef("live_from")),
        page=OuterRef("page"),
        live_from__lt=Coalesce(OuterRef("live_until"), Value(FOREVER)),
    )
    placements: PlacementQuerySet = Placement.objects.filter(
        Exists(public), url_path=text_parameter("address")
    )
    return placements


def child_editions(*kinds: str) -> Statement:
    """Return the editions in force of the child pages of these kinds (see `path_range`)."""
    return (
        listed_editions()
        .filter(
            placement__kind__in=kinds,
            placement__depth=Parameter("depth", IntegerField()),
            placement__path__gt=text_parameter("after"),
            placement__path__lt=text_parameter("before"),
        )
        .order_by("placement__path")
    )


def as_children(editions: Statement) -> Statement:
    return editions.values_list(
        "placement__kind",
        "placement__url_path",
        "pk",
        shown("title"),
        shown("title_english"),
        shown("lead"),
        shown(
            "body",
            text=Case(
                When(placement__kind=Kind.POLICY_SECTION, then="body"),
                default=Value(""),
                output_field=TextField(),
            ),
        ),
        "category",
        "placement__depth",
        "placement__path",
        position(),
    )[:CHILDREN_LIMIT]


CHILDREN = Compiled(ChildRow, lambda: as_children(child_editions(*map(str, IN_THE_TREE))))

SIBLINGS = Compiled(
    SiblingRow,
    lambda: child_editions(str(Kind.POLICY_SECTION)).values_list(
        "placement__url_path", shown("title"), "placement__path", position()
    )[:CHILDREN_LIMIT],
)

IN_NAVIGATION = Q(
    placement__kind__in=[str(Kind.PAGE), str(Kind.ORGANISATION)], placement__depth__in=[1, 2]
)

NAVIGATION = Compiled(
    NavigationRow,
    lambda: (
        listed_editions()
        .filter(IN_NAVIGATION)
        .order_by("placement__path")
        .values_list(
            "placement__url_path",
            shown("title"),
            shown("title_english"),
            "category",
            "placement__path",
            position(),
        )[:CHILDREN_LIMIT]
    ),
)

ORGANISATIONS = Compiled(
    TreeRow,
    lambda: (
        listed_editions()
        .filter(
            placement__kind=str(Kind.ORGANISATION),
            placement__depth__lte=Parameter("depth", IntegerField()) + Value(1),
            placement__path__gt=text_parameter("after"),
            placement__path__lt=text_parameter("before"),
        )
        .order_by("placement__path")
        .values_list("placement__path", "placement__url_path", shown("title"), position())[
            : CHART_LIMIT + 1
        ]
    ),
)

SITEMAP = Compiled(
    TreeRow,
    lambda: (
        listed_editions()
        .filter(
            Q(placement__kind=Kind.PAGE, placement__depth__in=[2, 3])
            | Q(placement__kind=Kind.ORGANISATION, placement__depth__in=[1, 2, 3, 4, 5, 6])
            | Q(placement__kind=Kind.POLICY_SECTION, placement__depth__in=[2, 3, 4, 5]),
            placement__live_from__lte=AT,
        )
        .order_by("placement__path")
        .values_list("placement__path", "placement__url_path", shown("title"), position())[
            :SITEMAP_LIMIT
        ]
    ),
)


def parts(model: type[Figure | Link | Contact], count: int) -> QuerySet[Any]:
    """Return the parts of `count` editions (`edition0` …), in order."""
    keys = [Parameter(f"edition{number}", BigIntegerField()) for number in range(count)]
    rows: QuerySet[Any] = model.objects.filter(not_hidden("edition__"), edition__pk__in=keys)
    return rows.order_by("edition", "position")


def link_columns() -> tuple[Any, ...]:
    return (
        "edition",
        link_text(),
        address_of("page"),
        "url",
        "document__address",
        "document__byte_size",
        "document__page_count",
    )


def earlier_file_columns(document: str) -> tuple[Subquery, ...]:
    """The size and pages of the file that was replaced since, if one was."""
    replaced = EarlierFile.objects.filter(document=OuterRef(document), until__gt=AT)
    then = replaced.order_by("until")
    return Subquery(then.values("byte_size")[:1]), Subquery(then.values("page_count")[:1])


@lru_cache(maxsize=256)
def figures_of(count: int) -> Compiled[FigureColumns]:
    return Compiled(
        FigureColumns,
        lambda: (
            parts(Figure, count)
            .exclude(of_hidden_image())
            .values_list(
                "edition",
                "image__file",
                "image__width",
                "image__height",
                "image__renditions",
                "alt",
                "is_decorative",
                "caption",
                "size",
                "position",
            )
        ),
    )


@lru_cache(maxsize=256)
def links_of(count: int) -> Compiled[LinkColumns]:
    return Compiled(
        LinkColumns,
        lambda: parts(Link, count).values_list(*link_columns()),
    )


@lru_cache(maxsize=256)
def past_links_of(count: int) -> Compiled[LinkColumns]:
    """Read the same, then `earlier_file_columns`."""
    return Compiled(
        LinkColumns,
        lambda: parts(Link, count).values_list(*link_columns(), *earlier_file_columns("document")),
    )


@lru_cache(maxsize=256)
def contacts_of(count: int) -> Compiled[ContactColumns]:
    return Compiled(
        ContactColumns,
        lambda: parts(Contact, count).values_list("edition", "name", "phone", "fax", "email"),
    )
