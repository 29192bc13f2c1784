"""
Set-wise changes of branches: add, move, rename, reorder, and cancel what was booked.

Every function has to be called inside `locks.tree_lock`, with rows read inside it, after the
blockers of the action. A number of statements for a whole branch, whatever its size.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, Max, Min, OuterRef, Q
from django.db.models.functions import Length

from bureaus.models.addresses import address_under, parent_address
from bureaus.models.batches import batches
from bureaus.models.pages import FormerAddress, Page
from bureaus.models.placements import (
    LASTING,
    STEP,
    Placement,
    SiblingPosition,
    last_step,
    path_under,
)

# The copy of a branch that ends below another parent. It is empty until `move_branch` opens it,
# as one page has one open placement. The children are counted once: right after another large
# move, with old statistics, PostgreSQL would count them again for each node.
COPY_BRANCH = """
INSERT INTO bureaus_placement
(path, depth, numchild, page_id, kind, slug, url_path, position, live_from, live_until, release)
WITH counted AS {materialized} (
    SELECT substr(path, 1, length(path) - 4) AS parent, count(*) AS children
    FROM bureaus_placement
    WHERE path > %(old_path)s AND path < %(old_end)s AND live_until IS NULL
    GROUP BY 1
)
SELECT %(path)s || substr(node.path, %(path_length)s), node.depth + %(deeper)s,
COALESCE(counted.children, 0), node.page_id, node.kind,
CASE WHEN node.path = %(old_path)s THEN %(slug)s ELSE node.slug END,
%(address)s || substr(node.url_path, %(address_length)s),
CASE WHEN node.path = %(old_path)s THEN %(position)s ELSE node.position END,
%(start)s, %(start)s, %(release)s
FROM bureaus_placement node LEFT JOIN counted ON counted.parent = node.path
WHERE node.path >= %(old_path)s AND node.path < %(old_end)s AND node.live_until IS NULL
ORDER BY node.path
"""

IN_TIME = ("live_from", "pk")  # the order of the placements of a page


class BranchExtent(NamedTuple):
    """
    The greatest depth and the length of the longest address in a branch.

    `changes` is the first later moment at which something in the branch changes its place.
    """

    depth: int
    address_length: int
    changes: datetime | None


def branch_extent(node: Placement, start: datetime) -> BranchExtent:
    """Return the extent of what stays in the branch of `node`, as it is at `start`; 1 query."""
    stays = Q(live_until=None)
    measures = (
        Placement.objects.branch_of(node)
        .order_by()
        .aggregate(
            depth=Max("depth", filter=stays),
            address=Max(Length("url_path"), filter=stays),
            ending=Min("live_until", filter=Q(live_from__lte=start, live_until__gt=start)),
            arriving=Min("live_from", filter=LASTING & Q(live_from__gt=start)),
        )
    )
    changes = measures["ending"] or measures["arriving"]
    return BranchExtent(measures["depth"] or node.depth, measures["address"] or 0, changes)


def placements_from(page: Page, start: datetime) -> list[Placement]:
    """Return the placements of `page` in force at `start` and after it, in order; 1 query."""
    return list(Placement.objects.not_ended(start).filter(page=page).order_by(*IN_TIME))


def place_page(page: Page, *, slug: str, under: Page | None, start: datetime) -> Placement:
    """
    Store a new page as the last child of `under`, or as the root; return its placement at `start`.

    It is placed below every later placement of `under`, too. About 6 queries.
    """
    page.key = free_key(address_under(under.url_path, slug) if under else "/")
    page.save()
    if under is None:
        root = Placement(page=page, kind=page.kind, slug="", url_path="/", live_from=start)
        page.placement = Placement.objects.add_root(instance=root)
        return page.placement
    page.placement = add_below(page, slug=slug, under=under, start=start)[0]
    return page.placement


def add_below(page: Page, *, slug: str, under: Page, start: datetime) -> list[Placement]:
    """Add the first placements of a stored page: one for each of `under` from `start` on."""
    return [
        Placement.objects.add_child(
            parent,
            instance=Placement(
                page=page,
                kind=page.kind,
                slug=slug,
                url_path=address_under(parent.url_path, slug),
                live_from=max(start, parent.live_from),
                live_until=parent.live_until,
                release=parent.release if parent.live_from > start else "",
            ),
        )
        for parent in placements_from(under, start)
    ]


def free_key(address: str) -> str:
    """Return the key for a new page at `address`: the address, where no page has it. 1 query."""
    keys = Page.objects.filter(Q(key=address) | Q(key__startswith=f"{address}~"))
    taken = set(keys.values_list("key", flat=True))
    number = 1
    key = address
    while key in taken:
        number += 1
        key = f"{address}~{number}"
    return key


def move_branch(
    node: Placement, *, under: Page, slug: str, start: datetime, release: str
) -> list[Placement]:
    """
    Place the branch of `node`, which has no end yet, below `under` from `start` on.

    Return its new roots, one for each placement of `under` from then on. `node` keeps its position
    under the same parent, and becomes the last child of another. 3 queries and 5 for each root.
    """
    stays = under.pk == parent_page_id(node)
    parents = placements_from(under, start)
    copies = [
        copy_branch(node, parent, slug=slug, start=start, release=release, stays=stays)
        for parent in parents
    ]
    Placement.objects.branch_of(node).open().update(live_until=start)
    for copy, parent in zip(copies, parents, strict=True):
        branch = Placement.objects.branch_of(copy)
        branch.filter(live_from=copy.live_from).update(live_until=parent.live_until)
        copy.live_until = parent.live_until
    if not stays:
        end_positions([node.page_id], start)
    return copies


def parent_page_id(node: Placement) -> int | None:
    """Return the key of the page above `node`; 1 query."""
    above = Placement.objects.filter(path=node.parent_path).values_list("page", flat=True)
    key: int | None = above.first()
    return key


def copy_branch(
    node: Placement, parent: Placement, *, slug: str, start: datetime, release: str, stays: bool
) -> Placement:
    """Copy the branch of `node` below `parent`, in force at no moment yet. 4 queries."""
    step = last_step(parent) + 1
    path = path_under(parent, step)
    begins = max(start, parent.live_from)
    values: dict[str, Any] = {
        "path": path,
        "path_length": len(node.path) + 1,
        "deeper": parent.depth + 1 - node.depth,
        "old_path": node.path,
        "old_end": node.branch_end,
        "slug": slug,
        "address": address_under(parent.url_path, slug),
        "address_length": len(node.url_path) + 1,
        "position": node.position if stays else step,
        "start": connection.ops.adapt_datetimefield_value(begins),
        "release": parent.release if parent.live_from > start else release,
    }
    # SQLite counts once by itself, and knows the word only since 3.35.
    materialized = "MATERIALIZED" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(COPY_BRANCH.format(materialized=materialized), values)
    Placement.objects.filter(pk=parent.pk).update(numchild=F("numchild") + 1)
    copied: Placement = Placement.objects.get(path=path)
    return copied


def end_positions(pages: Iterable[int], start: datetime) -> None:
    """End the positions that reordering gave these pages. 1 query a batch."""
    for batch in batches(pages):
        SiblingPosition.objects.filter(page__in=batch, live_until=None).update(live_until=start)


def reorder_children(pages: Sequence[int], *, start: datetime, release: str) -> None:
    """Give the pages, all children of one page, the positions 1, 2, … from `start` on."""
    end_positions(pages, start)
    SiblingPosition.objects.bulk_create(
        [
            SiblingPosition(page_id=page, position=number, live_from=start, release=release)
            for number, page in enumerate(pages, 1)
        ],
        batch_size=150,
    )


def cancel_branches(release: str) -> None:
    """
    Remove what a booked release added to the tree; what it had ended stays in force.

    About 10 queries for each root of a branch.
    """
    nodes = list(Placement.objects.filter(release=release))
    roots = roots_among(nodes)
    if roots:
        start = min(root.live_from for root in roots)
        added = in_branches(roots)
        pages = Placement.objects.filter(added).order_by().values("page")
        later = list(Placement.objects.filter(page__in=pages, live_from__gt=start).exclude(added))
        delete_branches(roots_among(later))
        Placement.objects.filter(added).update(live_until=F("live_from"))
        ended = Placement.objects.exclude(added).filter(page__in=pages, live_until=start)
        reopen_last(ended, among=Placement.objects.exclude(added))
        delete_branches(roots)
        moved = SiblingPosition.objects.filter(
            page__in=still_siblings({root.page_id for root in roots}, start), live_until=start
        )
        reopen_last(moved, among=SiblingPosition.objects.exclude(release=release))
    cancel_positions(release)


def still_siblings(pages: Iterable[int], start: datetime) -> list[int]:
    """
    Return those of `pages` whose last parent is that before `start`; 3 queries.

    An earlier booking for the same moment may have moved them already.
    """
    nodes = Placement.objects.filter(page__in=pages).order_by("live_from", "pk")
    before = {node.page_id: node.parent_path for node in nodes.filter(live_from__lt=start)}
    last = {node.page_id: node.parent_path for node in nodes.open()}
    parents = dict(
        Placement.objects.filter(path__in={*before.values(), *last.values()}).values_list(
            "path", "page"
        )
    )
    return [page for page in last if parents.get(before.get(page)) == parents.get(last[page])]


def cancel_positions(release: str) -> None:
    """Remove the positions of a booked reordering; those before it stay in force. 3 queries."""
    booked = SiblingPosition.objects.filter(release=release)
    starts = {row.page_id: row.live_from for row in booked}
    booked.delete()
    for batch in batches(starts):
        ended = SiblingPosition.objects.filter(page__in=batch, live_until__in=set(starts.values()))
        reopen_last(ended, among=SiblingPosition.objects.all())


def reopen_last(rows: Any, *, among: Any) -> None:
    """Open those of `rows` after which their page has no other row of `among`. 1 query."""
    later = among.order_by().filter(
        Q(live_from__gt=OuterRef("live_from"))
        | Q(live_from=OuterRef("live_from"), pk__gt=OuterRef("pk")),
        page=OuterRef("page"),
    )
    rows.order_by().filter(~Exists(later)).update(live_until=None)


def roots_among(nodes: Sequence[Placement]) -> list[Placement]:
    """Return those of `nodes` whose parent is not among them."""
    paths = {node.path for node in nodes}
    return [node for node in nodes if node.parent_path not in paths]


def in_branches(roots: Iterable[Placement]) -> Q:
    """The condition for the nodes in the branches of `roots`, of every moment."""
    condition = Q(pk__in=[])
    for root in roots:
        condition |= Q(path__gte=root.path, path__lt=root.branch_end)
    return condition


def delete_branches(roots: Sequence[Placement]) -> None:
    """Delete these nodes with all below them. 2 queries each."""
    for root in roots:
        branch = Placement.objects.branch_of(root).order_by()
        branch._raw_delete(branch.db)  # noqa: SLF001 - treebeard would read every node
        Placement.objects.filter(path=root.parent_path).update(numchild=F("numchild") - 1)


def delete_page(page: Page) -> None:
    """Delete a page without children, from every moment. Inside `tree_lock`."""
    delete_branches(list(Placement.objects.filter(page=page)))
    SiblingPosition.objects.filter(page=page).delete()
    FormerAddress.objects.filter(page=page).delete()
    Page.objects.filter(pk=page.pk).delete()


def add_nodes(nodes: Iterable[Placement]) -> None:
    """
    Store the first placements of many stored pages, each below the node at its parent's address.

    None may have an end, nor their parents. Siblings keep the order of `nodes`. In an empty table
    nodes keep the path that they have, if they have one; otherwise they follow the existing
    children. About 2 queries for each existing parent, and 1 for every few hundred nodes.
    """
    by_depth = sorted(nodes, key=lambda node: node.url_path.count("/"))
    is_empty = not Placement.objects.exists()
    wanted = {parent_address(node.url_path) for node in by_depth} - {""}
    parents = {
        node.url_path: node
        for batch in batches(wanted)
        for node in Placement.objects.open().filter(url_path__in=batch)
    }
    stored = dict(parents)
    steps: dict[str, int] = {}
    added = Counter[str]()
    for node in by_depth:
        address = parent_address(node.url_path)
        parent = parents.get(address)
        if parent is not None and address not in steps:
            steps[address] = last_step(parent)
        if not (is_empty and node.path):
            steps[address] = steps.get(address, 0) + 1
            node.path = path_under(parent, steps[address])
        node.depth = len(node.path) // STEP
        node.numchild = 0
        node.position = node.position or node._get_lastpos_in_path()
        added[address] += 1
        parents[node.url_path] = node
        steps[node.url_path] = 0
    for node in by_depth:
        node.numchild = added.pop(node.url_path, 0)
    Placement.objects.bulk_create(by_depth)
    for address, count in added.items():
        if address:
            Placement.objects.filter(pk=stored[address].pk).update(numchild=F("numchild") + count)
