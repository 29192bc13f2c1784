"""What is booked for the place of a page: its own changes, and those of the pages above it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bureaus.admin.core.breadcrumbs import admin_url
from bureaus.admin.core.place_summary import rows_at, title_of, with_titles
from bureaus.models import Action, Page, Placement, SiblingPosition
from bureaus.models.placements import LASTING, ancestor_paths
from bureaus.permissions import ROLES_FOR, Grants
from bureaus.publishing.tree_bookings import action_of, with_old_address


@dataclass(frozen=True, slots=True)
class BookedPlace:
    """A booked change of the place of a page; `cancel` is empty where the officer may not."""

    start: datetime
    words: str  # 移動, アドレスの変更, 並べ替え
    sentence: str
    cancel: str


def booked_places_of(page: Page, grants: Grants) -> list[BookedPlace]:
    """Return the changes in the order of the moments. 2 queries, 4 with any booked."""
    now = timezone.now()
    future = Placement.objects.filter(LASTING, page=page, live_from__gt=now).exclude(release="")
    found = [*booked_moves_of(list(future), grants), *booked_orders_of(page, grants, now)]
    return sorted(found, key=lambda each: each.start)


def booked_moves_of(future: Sequence[Placement], grants: Grants) -> Iterator[BookedPlace]:
    """Return what places the page at `future`. 2 queries where there is any."""
    if not future:
        return
    roots = {node.pk: root for node, root in roots_of(future)}
    parents = {
        row.path: row for row in rows_at((node.parent_path for node in future), timezone.now())
    }
    for node in future:
        root = roots[node.pk]
        title = title_of(parents[node.parent_path], grants)
        yield BookedPlace(
            node.live_from,
            str(action_of(root).label),
            moved_sentence(node, root, title, title_of(root, grants)),
            cancel_address(root.page_id, root.standing, root.release, grants),
        )


def roots_of(future: Sequence[Placement]) -> Iterator[tuple[Placement, Any]]:
    """Return each node with the one that was moved: itself, or one above it. 1 query."""
    paths = {path for node in future for path in (*ancestor_paths(node.path), node.path)}
    releases = {node.release for node in future}
    nodes = Placement.objects.filter(path__in=paths, release__in=releases)
    rows = list(with_old_address(with_titles(nodes, timezone.now())).order_by("depth"))
    for node in future:
        yield (
            node,
            next(
                row
                for row in rows
                if row.release == node.release and node.path.startswith(row.path)
            ),
        )


def moved_sentence(node: Placement, root: Any, parent: str, title: str) -> str:
    """Describe a change to an officer of the page."""
    action = action_of(root)
    if root.pk != node.pk:
        change = f"アドレスは {node.url_path} になります。"
        return f"上のページ「{title}」と一緒に変わります。{change}"
    change = f"アドレスは {root.old_address} から {node.url_path} になります。"
    return f"「{parent}」の下へ移動します。{change}" if action == Action.MOVE else change


def booked_orders_of(page: Page, grants: Grants, now: datetime) -> Iterator[BookedPlace]:
    """Return the orders of the page among its siblings, and of its children. 2 queries at most."""
    children = Placement.objects.children_of(page.placement).order_by().values("page")
    rows = SiblingPosition.objects.filter(
        Q(page=page) | Q(page__in=children), live_from__gt=now
    ).values_list("release", "live_from", "page")
    own = {release: start for release, start, key in rows if key == page.pk}
    below = {release: start for release, start, key in rows if key != page.pk}
    words = str(Action.REORDER.label)
    for release, start in below.items():
        if release not in own:
            cancel = cancel_address(page.pk, page.path, release, grants)
            yield BookedPlace(start, words, "この下のページの順番が変わります。", cancel)
    if not own:
        return
    parent = rows_at([page.placement.parent_path], now).get()
    sentence = f"「{title_of(parent, grants)}」の下での順番が変わります。"
    for release, start in own.items():
        cancel = cancel_address(parent.page_id, parent.path, release, grants)
        yield BookedPlace(start, words, sentence, cancel)


def cancel_address(page: int, standing: str, release: str, grants: Grants) -> str:
    if grants.roles_at_path(standing) & ROLES_FOR[Action.MOVE]:
        return admin_url("page-cancel-change", page, release)
    return ""
