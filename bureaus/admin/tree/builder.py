"""The tree as it is shown: the rows in their places, what is open, and where each toggle leads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from bureaus.admin.tree.query_params import MOST_BATCHES, TreeParams
from bureaus.admin.tree.rows import BATCH, STEP, Key, Row, children_of, rows_of
from bureaus.models.visibility import visible_pages
from bureaus.permissions import Grants

MOST_ROWS = 1_500  # on one screen


@dataclass(frozen=True, slots=True)
class Node:
    """`more` is the address of the same tree with the next batch of children, or empty."""

    row: Row
    is_open: bool
    is_marked: bool
    is_top: bool
    toggle: str
    move: str
    below: tuple["Node", ...] = ()
    more: str = ""
    next_batch: int = 0
    all_below: str = ""  # where the rest is listed, when it is too much for a tree


class Children(NamedTuple):
    keys: list[Key]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class TreeContext:
    """What the tree grows on: whose it is, when, what is open, and what is to be seen in it."""

    grants: Grants
    now: datetime
    base: Key
    opened: Mapping[str, int]  # batches shown, by path
    show: Key | None = None
    first_batch: int = 1  # of the base: the ones before it are on the screen already


@dataclass(frozen=True, slots=True)
class Tree:
    """`asked` is what an address has to say to grow the same tree again."""

    top: Node
    asked: TreeParams
    is_crowded: bool


def build_tree(soil: TreeContext, asked: TreeParams) -> Tree:
    """3 queries, whatever is open."""
    opened = reachable(soil)
    limits = [(path, batches * BATCH + 1) for path, batches in opened.items()]
    found = children_of(limits, visible_pages(soil.grants, soil.now))
    children: dict[str, Children] = {}
    count = 1
    for path, batches in opened.items():
        shown = cut(found.get(path, []), batches, path, soil)
        if count + len(shown.keys) > MOST_ROWS and children:
            break
        count += len(shown.keys)
        children[path] = shown
    keys = [key.pk for shown in children.values() for key in shown.keys]
    rows = rows_of([soil.base.pk, *keys], soil.grants, soil.now)
    settled = place_rows(asked, soil, rows, children, opened)
    top = nest_rows(soil.base, rows, children, settled, soil)
    return Tree(top, settled, is_crowded=len(children) < len(opened))


def reachable(soil: TreeContext) -> dict[str, int]:
    """What is open, from the base down, that stands below open pages only."""
    reached = {soil.base.path: soil.opened.get(soil.base.path, 1)}
    for path in sorted(soil.opened, key=len):
        if path[:-STEP] in reached:
            reached[path] = soil.opened[path]
    return reached


def cut(keys: list[Key], batches: int, path: str, soil: TreeContext) -> Children:
    """The children shown, and whether there are more; the page to be seen is among them."""
    first = soil.first_batch - 1 if path == soil.base.path else 0
    shown = keys[first * BATCH : batches * BATCH]
    if soil.show is not None and soil.show.parent == path and soil.show not in shown:
        shown = [*shown, soil.show]
    return Children(shown, is_cut=len(keys) > batches * BATCH)


def place_rows(
    asked: TreeParams,
    soil: TreeContext,
    rows: Mapping[int, Row],
    children: Mapping[str, Children],
    opened: Mapping[str, int],
) -> TreeParams:
    """`asked` with what is really open: what was to be seen stays so when the tree is left."""
    keys = {row.path: row.pk for row in rows.values()}
    top = asked.under or soil.base.pk
    standing = {
        keys[path]: opened[path]
        for path in children
        if path in keys and (keys[path] != top or opened[path] > 1)
    }
    # Below a page that is closed now, what was open is so again when it opens.
    hidden = {key: batches for key, batches in asked.opened if key not in rows}
    order = tuple((hidden | standing).items())
    return replace(asked, under=top, opened=order, show=0)


def nest_rows(
    key: Key,
    rows: Mapping[int, Row],
    children: Mapping[str, Children],
    asked: TreeParams,
    soil: TreeContext,
) -> Node:
    row = rows[key.pk]
    shown = children.get(key.path)
    batches = max(dict(asked.opened).get(key.pk, 1), soil.first_batch)
    is_cut = shown is not None and shown.is_cut
    goes_on = is_cut and batches < MOST_BATCHES
    tree = asked.without(key.pk) if shown is not None else asked.with_open(key.pk)
    return Node(
        row=row,
        is_open=shown is not None,
        is_marked=soil.show is not None and soil.show.pk == key.pk,
        is_top=key == soil.base,
        toggle=f"{tree.address}#p{key.pk}",
        move=f"{reverse('admin:page-move', args=[key.pk])}?{urlencode({'back': asked.query})}",
        below=tuple(
            nest_rows(child, rows, children, asked, soil)
            for child in (shown.keys if shown else ())
            if child.pk in rows
        ),
        more=asked.with_open(key.pk, batches + 1).address if goes_on else "",
        next_batch=batches + 1,
        all_below=TreeParams(under=key.pk, is_list=True).address if is_cut and not goes_on else "",
    )
