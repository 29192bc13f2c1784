"""The moves, renames and reorderings that are booked: read from the rows that they added."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Length, Substr
from django.utils import timezone

from bureaus.models import Action, Page, Placement, SiblingPosition
from bureaus.models.placements import STEP


@dataclass(frozen=True, slots=True)
class BookedChange:
    """
    A change of the tree from `start` on.

    `address` is that of the page from then on. Of a reordering, `page` is the parent.
    """

    action: Action
    page: Page
    release: str
    start: datetime
    address: str


def roots_of_releases(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    """Return those of `placements` that a release has placed by itself, not with their parent."""
    above = Placement.objects.filter(
        release=OuterRef("release"),
        path=Substr(OuterRef("path"), 1, Length(OuterRef("path")) - STEP),
    )
    return placements.exclude(release="").filter(~Exists(above))


def booked_moves(placements: QuerySet[Placement]) -> list[BookedChange]:
    """Return the booked moves and renames among `placements`. 1 query, and 2 for each."""
    now = timezone.now()
    nodes = roots_of_releases(placements.filter(live_from__gt=now)).select_related("page")
    return [change_of(node) for node in nodes.order_by("live_from", "pk")]


def change_of(node: Placement) -> BookedChange:
    before = (
        Placement.objects.filter(page=node.page_id, live_until=node.live_from)
        .order_by("live_from", "pk")
        .last()
    )
    parent = Placement.objects.filter(path=node.parent_path).values_list("page", flat=True)
    same_parent = before is not None and list(parent) == list(
        Placement.objects.filter(path=before.parent_path).values_list("page", flat=True)
    )
    return BookedChange(
        Action.RENAME if same_parent else Action.MOVE,
        node.page,
        node.release,
        node.live_from,
        node.url_path,
    )


def booked_reorderings(parent: Page) -> list[BookedChange]:
    """Return the booked reorderings of the children of `parent`. 2 queries."""
    children = Placement.objects.children_of(parent.placement).order_by().values("page")
    rows = (
        SiblingPosition.objects.filter(page__in=children, live_from__gt=timezone.now())
        .order_by("live_from")
        .values_list("release", "live_from")
        .distinct()
    )
    return [
        BookedChange(Action.REORDER, parent, release, start, parent.url_path)
        for release, start in rows
    ]


def booked_changes(page: Page) -> list[BookedChange]:
    """Return what is booked for `page` itself, in the order of the moments. About 6 queries."""
    moves = booked_moves(Placement.objects.filter(page=page))
    return sorted([*moves, *booked_reorderings(page)], key=lambda change: change.start)


def booked_change(page: Page, release: str) -> BookedChange | None:
    return next((each for each in booked_changes(page) if each.release == release), None)
