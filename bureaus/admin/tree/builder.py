"""Build the nested tree: the rows, which of them are open, and the address of each toggle."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from bureaus.admin.tree.query_params import MOST_BATCHES, TreeParams
from bureaus.admin.tree.rows import BATCH, Key, Row, children_of, rows_of
from bureaus.models.placements import STEP
from bureaus.permissions import Grants

MOST_ROWS = 1_500  # on one screen


@dataclass(frozen=True, slots=True)
class Node:
    """A row with its visible children. `more` is the address of the tree with the next batch."""

    row: Row
    is_open: bool
    is_marked: bool
    is_top: bool
    toggle: str
    move: str
    reorder: str
    children: tuple["Node", ...] = ()
    more: str = ""
    next_batch: int = 0
    all_below: str = ""  # the address of the rest as a list, where a tree has too many


class Children(NamedTuple):
    keys: list[Key]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class TreeContext:
    """The input of a tree: the officer's grants, the moment, the open pages, the page to show."""

    grants: Grants
    now: datetime
    base: Key
    opened: Mapping[str, int]  # visible batches by path
    show: Key | None = None
    first_batch: int = 1  # of the base: earlier batches are on the screen already


@dataclass(frozen=True, slots=True)
class Tree:
    """`params` build the same tree again."""

    top: Node
    params: TreeParams
    is_crowded: bool


def build_tree(context: TreeContext, params: TreeParams) -> Tree:
    """Build the tree. 3 queries, whatever is open."""
    opened = reachable(context)
    limits = [(path, batches * BATCH + 1) for path, batches in opened.items()]
    found = children_of(limits, context.grants, context.now)
    children: dict[str, Children] = {}
    count = 1
    for path, batches in opened.items():
        visible = cut(found.get(path, []), batches, path, context)
        if count + len(visible.keys) > MOST_ROWS and children:
            break
        count += len(visible.keys)
        children[path] = visible
    keys = [key.pk for visible in children.values() for key in visible.keys]
    rows = rows_of([context.base.pk, *keys], context.grants, context.now)
    settled = settle_params(params, context, rows, children, opened)
    top = nest_rows(context.base, rows, children, settled, context)
    return Tree(top, settled, is_crowded=len(children) < len(opened))


def reachable(context: TreeContext) -> dict[str, int]:
    """Return the open pages all of whose ancestors, from the base down, are open."""
    reached = {context.base.path: context.opened.get(context.base.path, 1)}
    for path in sorted(context.opened, key=len):
        if path[:-STEP] in reached:
            reached[path] = context.opened[path]
    return reached


def cut(keys: list[Key], batches: int, path: str, context: TreeContext) -> Children:
    """Return the visible children, with the page to show among them, and whether more follow."""
    first = context.first_batch - 1 if path == context.base.path else 0
    visible = keys[first * BATCH : batches * BATCH]
    if context.show is not None and context.show.parent == path and context.show not in visible:
        visible = [*visible, context.show]
    return Children(visible, is_cut=len(keys) > batches * BATCH)


def settle_params(
    params: TreeParams,
    context: TreeContext,
    rows: Mapping[int, Row],
    children: Mapping[str, Children],
    opened: Mapping[str, int],
) -> TreeParams:
    """Return `params` with what is really open, so that links lead back to the same tree."""
    keys = {row.path: row.pk for row in rows.values()}
    top = params.under or context.base.pk
    standing = {
        keys[path]: opened[path]
        for path in children
        if path in keys and (keys[path] != top or opened[path] > 1)
    }
    # What is open below a closed page is remembered until that page opens again.
    hidden = {key: batches for key, batches in params.opened if key not in rows}
    order = tuple((hidden | standing).items())
    return replace(params, under=top, opened=order, show=0)


def nest_rows(
    key: Key,
    rows: Mapping[int, Row],
    children: Mapping[str, Children],
    params: TreeParams,
    context: TreeContext,
) -> Node:
    row = rows[key.pk]
    visible = children.get(key.path)
    batches = max(dict(params.opened).get(key.pk, 1), context.first_batch)
    is_cut = visible is not None and visible.is_cut
    goes_on = is_cut and batches < MOST_BATCHES
    tree = params.without(key.pk) if visible is not None else params.with_open(key.pk)
    back = urlencode({"back": params.query})
    return Node(
        row=row,
        is_open=visible is not None,
        is_marked=context.show is not None and context.show.pk == key.pk,
        is_top=key == context.base,
        toggle=f"{tree.address}#p{key.pk}",
        move=f"{reverse('admin:page-move', args=[key.pk])}?{back}",
        reorder=f"{reverse('admin:page-reorder', args=[key.pk])}?{back}",
        children=tuple(
            nest_rows(child, rows, children, params, context)
            for child in (visible.keys if visible else ())
            if child.pk in rows
        ),
        more=params.with_open(key.pk, batches + 1).address if goes_on else "",
        next_batch=batches + 1,
        all_below=TreeParams(under=key.pk, is_list=True).address if is_cut and not goes_on else "",
    )
