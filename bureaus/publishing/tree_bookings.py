"""The moves, renames and reorderings that are booked: read from the rows that they added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from bureaus.models import Action, Page, Placement, SiblingPosition
from bureaus.models.pages import placement_at
from bureaus.models.placements import LASTING, outer_parent_path
from bureaus.models.visibility import At


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
    above = Placement.objects.filter(release=OuterRef("release"), path=outer_parent_path())
    return placements.exclude(release="").filter(~Exists(above))


def with_old_address(placements: Any) -> Any:
    """Annotate `old_address`: that of the page right before each of `placements` begins."""
    ended = Placement.objects.filter(page=OuterRef("page"), live_until=OuterRef("live_from"))
    before = ended.filter(LASTING)  # not where another change of the same release put it
    last = before.order_by("-live_from", "-pk").values("url_path")[:1]
    return placements.annotate(old_address=Subquery(last))


def action_of(node: Any) -> Action:
    """Return what placed the node, from `with_old_address`: a move keeps the slug."""
    old = str(node.old_address or "").rstrip("/").rpartition("/")[2]
    return Action.MOVE if old == node.slug else Action.RENAME


def booked_moves(placements: QuerySet[Placement]) -> list[BookedChange]:
    """Return the booked moves and renames among `placements`. 1 query."""
    now = timezone.now()
    nodes = roots_of_releases(placements.filter(LASTING, live_from__gt=now)).select_related("page")
    return [
        BookedChange(action_of(node), node.page, node.release, node.live_from, node.url_path)
        for node in with_old_address(nodes).order_by("live_from", "pk")
    ]


def reordered_children(start: At, now: At) -> Any:
    """
    Return the booked reorderings that begin from `start` on: release, moment, and the tree path.

    The path is that of one of the reordered pages, where it is at `now`.
    """
    rows = SiblingPosition.objects.filter(live_from__gte=start)
    placed = rows.annotate(placement=placement_at(now, "page__")).order_by("live_from")
    return placed.values_list("release", "live_from").annotate(path=Min("placement__path"))


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
    """Return what is booked for `page` itself, in the order of the moments. 3 queries."""
    moves = booked_moves(Placement.objects.filter(page=page))
    return sorted([*moves, *booked_reorderings(page)], key=lambda change: change.start)


def booked_change(page: Page, release: str) -> BookedChange | None:
    return next((each for each in booked_changes(page) if each.release == release), None)
