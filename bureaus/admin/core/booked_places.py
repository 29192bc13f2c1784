"""What is booked for the place of a page: its own changes, and those of the pages above it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, Value
from django.utils import timezone

from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.place_summary import title_of, with_titles
from bureaus.models import Action, Page, Placement, SiblingPosition
from bureaus.models.placements import LASTING, STEP, ancestor_paths
from bureaus.models.releases import release_of
from bureaus.permissions import ROLES_FOR, Grants
from bureaus.publishing.tree_bookings import action_of, with_old_address


@dataclass(frozen=True, slots=True)
class BookedPlace:
    """
    A booked change of the place of a page; `cancel` is empty where the officer may not.

    `release`: the address of the release that it belongs to, and is cancelled with.
    """

    start: datetime
    words: str  # 移動, アドレスの変更, 並べ替え
    sentence: str
    cancel: str
    release: str = ""


class Change(NamedTuple):
    """A booked placement of a page, or without `path` and `url_path` a place in an order."""

    path: str
    url_path: str
    release: str
    live_from: datetime
    page: int


def booked_places_of(page: Page, grants: Grants) -> list[BookedPlace]:
    """Return the changes in the order of the moments. 1 query, 2 with any booked."""
    now = timezone.now()
    changes = list(changes_after(page, now))
    future = [each for each in changes if each.path]
    orders = [each for each in changes if not each.path]
    paths = {path for node in future for path in (*ancestor_paths(node.path), node.path)}
    paths |= {page.placement.parent_path for each in orders if each.page == page.pk}
    nodes = Placement.objects.filter(path__in=paths)
    rows = list(with_old_address(with_titles(nodes, now)).order_by("depth")) if paths else []
    found = [*booked_moves_of(future, rows, grants), *booked_orders_of(page, orders, rows, grants)]
    return sorted(found, key=lambda each: each.start)


def changes_after(page: Page, now: datetime) -> Iterator[Change]:
    """Yield the booked placements of `page`, and the orders that concern it. 1 query."""
    placed = Placement.objects.filter(LASTING, page=page, live_from__gt=now).exclude(release="")
    children = Placement.objects.children_of(page.placement).order_by().values("page")
    ordered = (
        SiblingPosition.objects.filter(Q(page=page) | Q(page__in=children), live_from__gt=now)
        .order_by()
        .annotate(path=Value(""), url_path=Value(""))
    )
    rows = placed.order_by().values_list(*Change._fields)
    return map(Change._make, rows.union(ordered.values_list(*Change._fields)))


def booked_moves_of(
    future: Sequence[Change], rows: Sequence[Any], grants: Grants
) -> Iterator[BookedPlace]:
    """Return what places the page at `future`; `rows` are the nodes there and above."""
    by_path = {row.path: row for row in rows}
    for node in future:
        # What was moved: the page itself, or one above it.
        root = next(
            row for row in rows if row.release == node.release and node.path.startswith(row.path)
        )
        title = title_of(by_path[node.path[:-STEP]], grants)
        yield BookedPlace(
            node.live_from,
            str(action_of(root).label),
            moved_sentence(node, root, title, title_of(root, grants)),
            cancel_address(root.page_id, root.standing, root.release, grants),
            release_address(root.release) if grants.can_view_path(root.standing) else "",
        )


def moved_sentence(node: Change, root: Any, parent: str, title: str) -> str:
    """Describe a change to an officer of the page."""
    action = action_of(root)
    if root.path != node.path:
        change = f"アドレスは {node.url_path} になります。"
        return f"上のページ「{title}」と一緒に変わります。{change}"
    change = f"アドレスは {root.old_address} から {node.url_path} になります。"
    return f"「{parent}」の下へ移動します。{change}" if action == Action.MOVE else change


def booked_orders_of(
    page: Page, orders: Sequence[Change], rows: Sequence[Any], grants: Grants
) -> Iterator[BookedPlace]:
    """Return the orders of the page among its siblings, and of its children."""
    own = {each.release: each.live_from for each in orders if each.page == page.pk}
    below = {each.release: each.live_from for each in orders if each.page != page.pk}
    words = str(Action.REORDER.label)
    for release, start in below.items():
        if release not in own:
            cancel = cancel_address(page.pk, page.path, release, grants)
            yield BookedPlace(start, words, "この下のページの順番が変わります。", cancel)
    if not own:
        return
    parent = next(row for row in rows if row.path == page.placement.parent_path)
    sentence = f"「{title_of(parent, grants)}」の下での順番が変わります。"
    for release, start in own.items():
        cancel = cancel_address(parent.page_id, parent.path, release, grants)
        yield BookedPlace(start, words, sentence, cancel)


def cancel_address(page: int, standing: str, release: str, grants: Grants) -> str:
    if not release_of(release) and grants.roles_at_path(standing) & ROLES_FOR[Action.MOVE]:
        return admin_url("page-cancel-change", page, release)
    return ""


def release_address(token: str) -> str:
    """Return the address of the screen of a release; empty where `token` belongs to none."""
    name = release_of(token)
    return admin_url("booked-release", name) if name else ""
