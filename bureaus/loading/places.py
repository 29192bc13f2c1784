"""Storing placements: as dumps have them, and those that pages in the short form imply."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import DatabaseError
from django.db.models import Count, F, Min

from bureaus.loading.content_validators import page_of
from bureaus.loading.fixture_records import DamagedFixture, Record
from bureaus.loading.values import explain, python_value
from bureaus.models import Edition, Page, Placement
from bureaus.models.addresses import address_chain, parent_address
from bureaus.models.batches import batches
from bureaus.models.branches import add_below, add_nodes
from bureaus.models.placements import LASTING, ancestor_paths, pages_at


def store_nodes(nodes: list[Placement]) -> None:
    """Store placements with the paths that they have. A query for every few hundred."""
    try:
        Placement.objects.bulk_create(nodes)
    except DatabaseError as error:
        raise DamagedFixture(f"bureaus.placement：{explain(error, nodes[0])}") from error
    new = {node.path for node in nodes}
    added = Counter(node.parent_path for node in nodes if node.parent_path not in new)
    for path, count in added.items():
        Placement.objects.filter(path=path).update(numchild=F("numchild") + count)


def starts_of(pages: Mapping[str, Page], records: Iterable[Record]) -> dict[int, datetime]:
    """
    Return since when each page, by its address, stands there.

    That is its first approved edition or its creation, whichever is earlier, and no later than
    what stands below it.
    """
    starts = {page.pk: page.created_at for page in pages.values()}
    names: dict[object, int] = {key: key for key in starts}
    names |= {address: page.pk for address, page in pages.items()}
    field = Edition._meta.get_field("live_from")
    for record in records:
        if record.model != "bureaus.edition" or not record.fields.get("live_from"):
            continue
        page = names.get(page_of(record))
        first = python_value(field, record.fields["live_from"])
        if page is not None and isinstance(first, datetime):
            starts[page] = min(starts[page], first)
    for address in sorted(pages, key=len, reverse=True):
        if above := pages.get(parent_address(address)):
            starts[above.pk] = min(starts[above.pk], starts[pages[address].pk])
    return starts


def place_short_pages(
    pages: Mapping[str, Page], records: Iterable[Record], starts: Mapping[int, datetime]
) -> dict[int, datetime]:
    """
    Place new pages at their addresses, and return since when stored pages have to stand somewhere.

    In an empty table they keep the paths of the records, if all have one. A few queries, and some
    for each page below one that has moved or will.
    """
    nodes = [node_of(record, pages[record.fields["url_path"]], starts) for record in records]
    if all(node.path for node in nodes):
        nodes.sort(key=lambda node: node.path)
    else:
        for node in nodes:
            node.path = ""
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


def node_of(record: Record, page: Page, starts: Mapping[int, datetime]) -> Placement:
    return Placement(
        page=page,
        kind=page.kind,
        slug=record.fields.get("slug", ""),
        url_path=record.fields["url_path"],
        path=record.fields.get("path") or "",
        live_from=starts[page.pk],
    )


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
