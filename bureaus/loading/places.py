"""Storing placements: as dumps have them, and those that pages in the short form imply."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import DatabaseError
from django.db.models import F

from bureaus.loading.content_validators import page_of
from bureaus.loading.fixture_records import DamagedFixture, Record
from bureaus.loading.values import explain, python_value
from bureaus.models import Edition, Page, Placement
from bureaus.models.addresses import parent_address
from bureaus.models.first_placements import place_nodes


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
    Return since when each page, by its address, is placed there.

    That is its first approved edition or its creation, whichever is earlier, and no later than
    what is below it.
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
    Place new pages at their addresses, and return since when stored pages have to be placed.

    In an empty table they keep the paths of the records, if all have one.
    """
    nodes = [node_of(record, pages[record.fields["url_path"]], starts) for record in records]
    if all(node.path for node in nodes):
        nodes.sort(key=lambda node: node.path)
    else:
        for node in nodes:
            node.path = ""
    return place_nodes(nodes)


def node_of(record: Record, page: Page, starts: Mapping[int, datetime]) -> Placement:
    return Placement(
        page=page,
        kind=page.kind,
        slug=record.fields.get("slug", ""),
        url_path=record.fields["url_path"],
        path=record.fields.get("path") or "",
        live_from=starts[page.pk],
    )
