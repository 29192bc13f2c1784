"""
The rows of the tree: the pages that are visible to an officer, and what each row shows.

A page that was never public does not exist for officers of other branches: it is not listed, not
found and not counted, and its parent has no toggle for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Concat

from bureaus.admin.core.page_states import Chip, PageState, annotate_states, page_state
from bureaus.admin.core.users import actor_name
from bureaus.admin.core.version_token import version_of_revision
from bureaus.models import IN_THE_TREE, Action, AuditEntry, Edition, Kind, Page, Placement
from bureaus.models.compiled_sql import Compiled, Parameter
from bureaus.models.placements import LASTING, STEP, branch_end, path_range, sibling_position
from bureaus.models.visibility import ever_public
from bureaus.permissions import Grants
from bureaus.publishing.tree_bookings import reordered_children, roots_of_releases

BATCH = 100  # children
LAST_STEP = Placement.alphabet[-1] * STEP
TREE_KINDS = [str(kind) for kind in IN_THE_TREE]
NOW = Parameter("now", DateTimeField())


class Key(NamedTuple):
    pk: int
    path: str

    @property
    def parent(self) -> str:
        return self.path[:-STEP]


class ReorderedRow(NamedTuple):
    """A booked order, and where one of the reordered pages is."""

    release: str
    live_from: datetime
    path: str | None


class Child(NamedTuple):
    kind: str
    place: int  # among its siblings
    key: Key


@dataclass(frozen=True, slots=True)
class Row:
    """`happened`, `action` and `who` are of the last audit entry, and empty in other branches."""

    pk: int
    path: str
    url_path: str
    kind: str
    slug: str
    state: PageState
    is_own: bool
    has_children: bool
    may_move: bool  # the page itself, and other pages below it
    may_approve: bool
    may_choose: bool  # for a bulk action
    version: str = ""  # of the open edition, where it may be approved; see core.version_token
    happened: datetime | None = None
    action: str = ""
    who: str = ""
    is_place_booked: bool = False  # a move, a rename, or another order below; in own branches

    @property
    def chips(self) -> tuple[Chip, ...]:
        return (*self.state.chips, Chip.PLACE) if self.is_place_booked else self.state.chips

    @property
    def title(self) -> str:
        return self.state.title

    @property
    def is_root(self) -> bool:
        return len(self.path) == STEP


# Visibility


def visible_nodes(grants: Grants, now: datetime) -> Q:
    """Return the condition for placements of now whose pages are visible."""
    if grants.can_view_whole_site:
        return Q()
    return grants.in_ranges("path") | Q(ever_public(now, "page"))


def visible_children(grants: Grants, now: datetime) -> Any:
    """Return the expression for whether a page has a visible child."""
    right_below = Placement.objects.in_force(now).filter(
        depth=OuterRef("placement__depth") + 1,
        path__gt=OuterRef("placement__path"),
        path__lte=Concat(OuterRef("placement__path"), Value(LAST_STEP)),
    )
    right_below = right_below.filter(visible_nodes(grants, now))
    return Case(
        When(placement__numchild=0, then=Value(False)),
        default=Exists(right_below.order_by()),
    )


# Which pages


def branch(path: str) -> dict[str, str]:
    """Return the lookups for the placed pages below `path`."""
    return {"placement__path__gt": path, "placement__path__lt": branch_end(path)}


class Statement(NamedTuple):
    """SQL that is built once and read for many pages: `Parameter`s among its values stay open."""

    sql: str
    values: tuple[Any, ...]

    def values_for(self, path: str, now: datetime) -> list[Any]:
        """Return its values for the children of the page at `path` now."""
        stored = NOW.output_field.get_db_prep_value(now, connection)
        named = {**path_range(path), NOW.name: stored}
        return [named[each.name] if isinstance(each, Parameter) else each for each in self.values]


@lru_cache(maxsize=64)
def statements_of_all(limit: int, vendor: str) -> list[Statement]:
    """Return `child_statements` for viewers of the whole site, built once per database."""
    del vendor  # a part of the key
    return child_statements(limit, Q())


def child_statements(limit: int, visible: Q) -> list[Statement]:
    """
    Return those of the first `limit` in_tree children, and the first `limit` news, newest first.

    A branch may hold thousands of news items. Each statement reads a range of an index.
    """
    children = (
        Placement.objects.in_force(NOW)
        .filter(
            visible,
            depth=Parameter("depth", IntegerField()),
            path__gt=Parameter("after", CharField()),
            path__lt=Parameter("before", CharField()),
        )
        .annotate(place=sibling_position(NOW, "page", ""))
    )
    in_tree = children.filter(kind__in=TREE_KINDS).order_by("place", "path")
    news = children.filter(kind=str(Kind.NEWS_ITEM)).order_by("-path")
    columns = ("page", "path", "kind", "place")
    parts = [rows.values_list(*columns)[:limit] for rows in (in_tree, news)]
    return [Statement(*part.query.sql_with_params()) for part in parts]


def children_of(
    limits: Iterable[tuple[str, int]], grants: Grants, now: datetime
) -> dict[str, list[Key]]:
    """
    Return the first children of several pages, each up to its own limit. 1 query.

    The ORM has no limit per group in one query: a union has as many parts as there are pages, and
    is built once for each limit.
    """
    built: dict[int, list[Statement]] = {}
    texts: list[str] = []
    values: list[Any] = []
    for path, limit in limits:
        if limit not in built:
            built[limit] = (
                statements_of_all(limit, connection.vendor)
                if grants.can_view_whole_site
                else child_statements(limit, visible_nodes(grants, now))
            )
        for statement in built[limit]:
            texts.append(f"SELECT * FROM ({statement.sql}) AS part{len(texts)}")  # noqa: S608 - the ORM's own, and a number
            values += statement.values_for(path, now)
    if not texts:
        return {}
    found: dict[str, list[Child]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(texts), values)
        for pk, path, kind, place in cursor.fetchall():
            found.setdefault(path[:-STEP], []).append(Child(kind, place, Key(pk, path)))
    return {path: in_order(children) for path, children in found.items()}


def in_order(children: Sequence[Child]) -> list[Key]:
    """Sort the rows of a union: in_tree pages as ordered, then the news, newest first."""
    by_place = sorted(children, key=lambda child: (child.place, child.key.path))
    in_tree = [child.key for child in by_place if child.kind != Kind.NEWS_ITEM]
    news = [child.key for child in by_place if child.kind == Kind.NEWS_ITEM]
    return [*in_tree, *sorted(news, key=lambda key: key.path, reverse=True)]


# Contents of the rows


def rows_of(keys: Iterable[int], grants: Grants, now: datetime) -> dict[int, Row]:
    """Return a row for each page. 3 queries, 2 where none is in the officer's branches."""
    opened = Edition.objects.open().filter(page=OuterRef("pk"))
    last = AuditEntry.objects.filter(page=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    pages = annotate_states(Page.objects.order_by().filter(pk__in=list(keys)), now).annotate(
        last_event=Subquery(last)
        if grants.can_view_whole_site
        else Case(When(grants.in_branches(is_placed=True), then=Subquery(last))),
        has_visible_child=visible_children(grants, now),
        has_booked_place=Exists(booked_places(now).filter(page=OuterRef("pk"))),
        open_key=Subquery(opened.values("pk")[:1]),
        open_revision=Subquery(opened.values("revision")[:1]),
    )
    found = list(pages)
    events = events_of(page.last_event for page in found)
    reordered = reordered_paths(now) if found else frozenset()
    return {page.pk: row_of(page, grants, events.get(page.last_event), reordered) for page in found}


def booked_places(now: datetime) -> QuerySet[Placement]:
    """Return the placements of booked moves and renames: those of the pages that were chosen."""
    nodes = Placement.objects.filter(LASTING, live_from__gt=now)
    return roots_of_releases(nodes).order_by()


REORDERED = Compiled(ReorderedRow, lambda: reordered_children(NOW, NOW), is_prepared=False)


def reordered_paths(now: datetime) -> frozenset[str]:
    """Return where the pages are whose children have a booked order. 1 query."""
    return frozenset(row.path[:-STEP] for row in REORDERED(now=now) if row.path)


def events_of(keys: Iterable[int | None]) -> dict[int, AuditEntry]:
    wanted = [key for key in keys if key is not None]
    if not wanted:
        return {}
    return {
        event.pk: event
        for event in AuditEntry.objects.filter(pk__in=wanted).select_related("actor")
    }


def row_of(page: Any, grants: Grants, event: AuditEntry | None, reordered: frozenset[str]) -> Row:
    is_own, may_approve = grants.can_view(page), grants.allows(Action.APPROVE, page)
    is_open = may_approve and page.open_key is not None
    return Row(
        pk=page.pk,
        path=page.path,
        url_path=page.url_path,
        kind=page.get_kind_display(),
        slug=page.slug,
        state=page_state(page, sees=is_own),
        is_own=is_own,
        has_children=bool(page.has_visible_child),
        may_move=grants.allows(Action.MOVE, page),
        may_approve=may_approve,
        may_choose=is_own,
        version=version_of_revision(page.open_key, page.open_revision) if is_open else "",
        happened=event.at if event else None,
        action=Action(event.action).label if event else "",
        who=actor_name(event),
        is_place_booked=is_own and (page.has_booked_place or page.path in reordered),
    )


def get_listed_page(pk: int, grants: Grants, now: datetime) -> Page:
    """Return a visible page. 1 query. Raises Page.DoesNotExist for any other."""
    return cast("Page", Page.objects.placed(now).visible_to(grants, now).get(pk=pk))
