"""What a move changes around a page, before it happens: the breadcrumb and the role holders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from bureaus.admin.core.role_holders import ORDER, join_names
from bureaus.models import BranchRole, Edition, Placement
from bureaus.models.placements import ancestor_paths
from bureaus.permissions import Grants

NOBODY = "（だれもいません）"


@dataclass(frozen=True, slots=True)
class BeforeAndAfter:
    """One row of the summary."""

    label: str
    before: str
    after: str

    @property
    def is_same(self) -> bool:
        return self.before == self.after


def surroundings(node: Placement, target: Placement, grants: Grants) -> list[BeforeAndAfter]:
    """Return what is different around `node` below `target`: 2 queries."""
    before = ancestor_paths(node.path)
    after = [*ancestor_paths(target.path), target.path]
    rows = {row.path: row for row in rows_at([*before, *after, node.path], timezone.now())}
    titles = {path: title_of(row, grants) for path, row in rows.items()}
    people = people_at(row.page_id for row in rows.values())

    def names(label: str, paths: Sequence[str]) -> str:
        keys = [rows[path].page_id for path in (*paths, node.path) if path in rows]
        return join_names(name for key in keys for name in people.get((key, label), ())) or NOBODY

    return [
        BeforeAndAfter("パンくず", breadcrumb(before, titles), breadcrumb(after, titles)),
        *(
            BeforeAndAfter(label, names(label, before), names(label, after))
            for label in (role.label for role in ORDER)
        ),
    ]


def rows_at(paths: Iterable[str], now: datetime) -> Any:
    return with_titles(Placement.objects.filter(path__in=set(paths)), now)


def with_titles(nodes: Any, now: datetime) -> Any:
    """Annotate nodes with the titles of their pages, and with where these are now."""
    editions = Edition.objects.filter(page=OuterRef("page"))
    here = Placement.objects.in_force(now).filter(page=OuterRef("page")).order_by()
    return nodes.select_related("page").annotate(
        title=Subquery(editions.in_force(now).values("title")[:1]),
        latest=Subquery(editions.order_by("-number").values("title")[:1]),
        standing=Subquery(here.values("path")[:1]),
    )


def title_of(row: Any, grants: Grants) -> str:
    """Return the public title; officers of the branch read the title of a draft, too."""
    is_own = grants.can_view_path(row.standing)
    return row.title or (row.latest if is_own else "") or "（無題）"


def breadcrumb(paths: Sequence[str], titles: Mapping[str, str]) -> str:
    return " › ".join(titles[path] for path in paths if path in titles)


def people_at(pages: Iterable[int]) -> dict[tuple[int, str], list[str]]:
    """Return the active people by page and role; 1 query."""
    people: dict[tuple[int, str], list[str]] = {}
    rows = BranchRole.objects.filter(page__in=set(pages), group__user__is_active=True)
    columns = ("page", "role", "group__user__username")
    labels = {role.value: role.label for role in ORDER}
    for page, role, name in rows.order_by("group__user__username").values_list(*columns):
        people.setdefault((page, labels[role]), []).append(name)
    return people
