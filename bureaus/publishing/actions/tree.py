"""
The tree actions: each one transaction under the tree lock, with one audit entry, or Blocked.

A move, a rename and a reordering begin now, or at a booked moment `at`: then every row is written
at once, and nothing runs at the moment.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from bureaus.models import (
    CATEGORIES_OF,
    ROOT_KIND,
    Action,
    Category,
    Edition,
    Kind,
    Page,
    Part,
    Placement,
)
from bureaus.models.addresses import address_under
from bureaus.models.branches import cancel_branches, move_branch, place_page, reorder_children
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import reread
from bureaus.models.releases import release_of
from bureaus.permissions import grants_of
from bureaus.publishing.actions.editions import COPIED_FIELDS, replace_parts
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.former_addresses import redirects_from, redirects_lost
from bureaus.publishing.blockers.new_addresses import branch_redirects_lost
from bureaus.publishing.blockers.part_files import file_blockers
from bureaus.publishing.blockers.tree import (
    add_blockers,
    add_root_blockers,
    move_blockers,
    placement_at_start,
    rename_blockers,
    reorder_blockers,
)
from bureaus.publishing.blockers.tree_cancellation import cancel_change_blockers
from bureaus.publishing.finding_counts import count_findings
from bureaus.publishing.news_listings import update_news_listings
from bureaus.publishing.tree_bookings import booked_change

NO_CONTENT: Mapping[str, Any] = MappingProxyType({})
NO_PARTS: Mapping[type[Part], Iterable[Part]] = MappingProxyType({})


@count_findings
@under_tree_lock
def add_root(*, title: str) -> Page:
    """
    Add the page at `/`, with a first draft, to a site without pages. Raises Blocked.

    Only an operator begins a site, at the command line. 15 queries.
    """
    raise_if_blocked(add_root_blockers(title=title))
    page = Page(kind=ROOT_KIND)
    place_page(page, slug="", under=None, start=timezone.now())
    draft = Edition(page=page, number=1, title=title, category=Category.MINISTRY)
    draft.save()
    record_action(Action.ADD, page, None, edition=draft)
    return page


@count_findings
@under_tree_lock
def add(
    *,
    parent: Page,
    kind: Kind,
    slug: str,
    title: str,
    actor: Actor,
    note: str = "",
    content: Mapping[str, Any] = NO_CONTENT,
    parts: Mapping[type[Part], Iterable[Part]] = NO_PARTS,
    end_redirects: bool = False,
    copied: Page | None = None,
) -> Page:
    """
    Add a page with a first draft as the last child of `parent`. 25 queries, 2 a model of `parts`.

    `content`, of COPIED_FIELDS, and `parts` are what the draft begins with, else nothing.
    A category that pages of this kind cannot have becomes the usual one of the kind.
    `end_redirects`: take the address even where it is a former address of another page. The
    redirect ends when the page is public, and the audit entries of both pages say so; only a
    manager of both may do it. `copied`: the page of which the draft begins as a copy; the audit
    entry names it, so that who seals something there finds the copy. Raises Blocked.
    """
    parent, parts = reread(parent), {model: list(rows) for model, rows in parts.items()}
    raise_if_blocked(file_blockers(parts, grants_of(actor)))
    raise_if_blocked(
        add_blockers(
            parent=parent,
            kind=kind,
            slug=slug,
            title=title,
            end_redirects=end_redirects,
            actor=actor,
        )
    )
    page = Page(kind=kind)
    place_page(page, slug=slug, under=parent, start=timezone.now())
    draft = first_draft(page, title, content, parts)
    redirects = redirects_from(Q(url_path=page.url_path), timezone.now())
    losing = redirects_lost({page.url_path: page.pk}, redirects)
    record_action(
        Action.ADD,
        page,
        actor,
        note,
        edition=draft,
        released=record_losses(losing, actor),
        copied=copied.key if copied else "",
    )
    return page


def first_draft(
    page: Page,
    title: str,
    content: Mapping[str, Any],
    parts: Mapping[type[Part], Iterable[Part]],
) -> Edition:
    """Write the first draft of a new page. Raises TypeError for what is not content."""
    unknown = content.keys() - set(COPIED_FIELDS)
    if unknown:
        raise TypeError(f"not content: {', '.join(sorted(unknown))}")
    usual, *others = CATEGORIES_OF[Kind(page.kind)]
    category = content.get("category")
    category = category if category in others else usual
    draft = Edition(page=page, number=1, **{**content, "category": category, "title": title})
    draft.save()
    for model, rows in parts.items():
        replace_parts(draft, model, rows)
    return draft


@under_tree_lock
def move(
    *,
    page: Page,
    to: Page,
    actor: Actor,
    at: datetime | None = None,
    note: str = "",
    end_redirects: bool = False,
) -> Page:
    """
    Make `page`, with its branch, the last child of `to` from `at` or now on.

    Every former address leads to the page. At most 40 queries for a branch of any size.
    `end_redirects` as in `add`. Raises Blocked.
    """
    page, to = reread(page), reread(to)
    start = at or timezone.now()
    raise_if_blocked(
        move_blockers(page=page, to=to, at=at, end_redirects=end_redirects, actor=actor)
    )
    node = placement_at_start(page, start)
    placed = place_branch(node, to, slug=node.slug, start=start, release=secrets.token_hex(16))
    record_placing(Action.MOVE, placed, actor, note, at=at)
    update_news_listings([page.pk])
    return reread(page)


@under_tree_lock
def rename(
    *,
    page: Page,
    slug: str,
    actor: Actor,
    at: datetime | None = None,
    note: str = "",
    end_redirects: bool = False,
) -> Page:
    """
    Change the slug of `page` from `at` or now on; its former addresses lead to it.

    It keeps its place among its siblings. Cost and `end_redirects` as in `move`. Raises Blocked.
    """
    page = reread(page)
    start = at or timezone.now()
    raise_if_blocked(
        rename_blockers(page=page, slug=slug, at=at, end_redirects=end_redirects, actor=actor)
    )
    node = placement_at_start(page, start)
    parent = page_above(node)
    placed = place_branch(node, parent, slug=slug, start=start, release=secrets.token_hex(16))
    record_placing(Action.RENAME, placed, actor, note, at=at)
    return reread(page)


def page_above(node: Placement) -> Page:
    """Return the page below which `node` is placed; 1 query."""
    above: Placement = Placement.objects.select_related("page").get(path=node.parent_path)
    return above.page


class Placing(NamedTuple):
    """A branch that has been placed: its page, and the redirects that other pages lose by it."""

    page: Page
    old: str
    new: str
    release: str
    losing: Mapping[Page, Sequence[str]]


def place_branch(
    node: Placement, under: Page, *, slug: str, start: datetime, release: str
) -> Placing:
    """Place the branch of `node` below `under`, after the blockers; `record_placing` follows."""
    address = address_under(placement_at_start(under, start).url_path, slug)
    losing = branch_redirects_lost(node, address, start)
    move_branch(node, under=under, slug=slug, start=start, release=release)
    return Placing(node.page, node.url_path, address, release, losing)


def record_placing(
    action: Action, placed: Placing, actor: Actor, note: str, *, at: datetime | None
) -> None:
    """Write the audit entries of a move or rename: of the page, and of those that lose by it."""
    record_action(
        action,
        reread(placed.page),
        actor,
        note,
        released=record_losses(placed.losing, actor),
        old=placed.old,
        new=placed.new,
        booked=at.isoformat() if at else "",
        release=placed.release if at or release_of(placed.release) else "",
    )


@under_tree_lock
def reorder(
    *,
    parent: Page,
    children: Sequence[Page],
    actor: Actor,
    at: datetime | None = None,
    note: str = "",
) -> Page:
    """
    Give `children`, all of `parent` without news, this order from `at` or now on.

    At most 20 queries, and 1 for every 150 children. Raises Blocked.
    """
    parent = reread(parent)
    start = at or timezone.now()
    raise_if_blocked(reorder_blockers(parent=parent, children=children, at=at, actor=actor))
    release = secrets.token_hex(16)
    reorder_children([child.pk for child in children], start=start, release=release)
    record_action(
        Action.REORDER,
        parent,
        actor,
        note,
        booked=at.isoformat() if at else "",
        release=release if at else "",
    )
    return parent


@under_tree_lock
def cancel_change(*, page: Page, release: str, actor: Actor, note: str = "") -> Page:
    """
    Remove a booked move, rename or reordering of `page` before it begins.

    The tables are then as if it had never been booked. About 20 queries. Raises Blocked.
    """
    page = reread(page)
    raise_if_blocked(cancel_change_blockers(page=page, release=release, actor=actor))
    change = booked_change(page, release)
    cancel_branches(release)
    update_news_listings([page.pk])
    record_action(
        Action.CANCEL_BOOKING,
        page,
        actor,
        note,
        booked=change.start.isoformat() if change else "",
    )
    return reread(page)


def record_losses(losing: Mapping[Page, Sequence[str]], actor: Actor) -> list[str]:
    """Write an audit entry for each page that loses redirects; return their addresses."""
    for page, addresses in losing.items():
        record_action(Action.RENAME, page, actor, lost=list(addresses))
    return sorted(address for addresses in losing.values() for address in addresses)
