"""
First placements that begin in the past: of pages that were public elsewhere before they came here.

Every function has to be called inside `locks.tree_lock`, as those of `branches`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Min

from bureaus.models.addresses import address_chain, parent_address
from bureaus.models.batches import batches
from bureaus.models.branches import add_below, add_nodes
from bureaus.models.pages import Page
from bureaus.models.placements import LASTING, Placement, ancestor_paths, pages_at


def place_nodes(nodes: Sequence[Placement]) -> dict[int, datetime]:
    """
    Store the first placements of stored pages, and return since when their parents need one.

    Each goes below the page that has its parent's address now, and below every later placement of
    it. A few queries, and some for each page below one that has moved or will.
    """
    pages = {node.url_path: node.page for node in nodes}
    above = pages_at(sorted({parent_address(node.url_path) for node in nodes} - {"", *pages}))
    begins: dict[int, datetime] = {}
    moving = {page.url_path for page in moving_pages(above.values())}
    add_nodes([node for node in nodes if not moving.intersection(address_chain(node.url_path))])
    for node in sorted(nodes, key=lambda node: node.url_path.count("/")):
        if moving.intersection(address_chain(node.url_path)):
            under = {**above, **pages}[parent_address(node.url_path)]
            add_below(node.page, slug=node.slug, under=under, start=node.live_from)
            begins[node.page_id] = node.live_from
    for node in nodes:
        if parent := above.get(parent_address(node.url_path)):
            begins[parent.pk] = min(node.live_from, begins.get(parent.pk, node.live_from))
    return begins


def moving_pages(pages: Iterable[Page]) -> list[Page]:
    """Return those of `pages` that have, had or will have another placement. 1 query a batch."""
    by_number = {page.pk: page for page in pages}
    several = (
        Placement.objects.filter(LASTING).order_by().values("page").annotate(count=Count("pk"))
    )
    return [
        by_number[page]
        for batch in batches(by_number)
        for page in several.filter(page__in=batch, count__gt=1).values_list("page", flat=True)
    ]


def extend_placements(wanted: Mapping[int, datetime]) -> None:
    """
    Let the first placements of these pages, and those above them, begin no later than this.

    Nothing is public at the moments that are added. A first placement below a later one stays:
    the check of the site refuses what is older. 1 query a batch, and 3 for each that begins later.
    """
    lasting = Placement.objects.filter(LASTING).order_by()
    first = {
        page: start
        for batch in batches(wanted)
        for page, start in lasting.filter(page__in=batch)
        .values("page")
        .annotate(first=Min("live_from"))
        .values_list("page", "first")
    }
    for page, start in wanted.items():
        if page in first and start < first[page]:
            node = lasting.filter(page=page).earliest("live_from")
            chain = Placement.objects.filter(path__in=[*ancestor_paths(node.path), node.path])
            late = chain.filter(live_from__gt=start)
            if not late.exclude(release="").exists():
                late.update(live_from=start)
