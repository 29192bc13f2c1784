"""
The import of pages of another site, and of addresses that lead to pages: many at once.

Only the operator imports. Nobody has approved these pages here, and no audit entry says so: each
has one entry of its import (docs/adr/0036).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from bureaus.models import (
    Action,
    AuditEntry,
    Edition,
    Figure,
    FormerAddress,
    Link,
    Page,
    Part,
    Placement,
    State,
)
from bureaus.models.addresses import parent_address
from bureaus.models.branches import free_key
from bureaus.models.first_placements import extend_placements, place_nodes
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import LASTING
from bureaus.publishing.audit import Actor, clean_note
from bureaus.publishing.blockers.blocker import Blocker
from bureaus.publishing.blockers.imports import (
    former_address_blockers,
    import_blockers,
    stored_former_addresses,
)
from bureaus.publishing.imported_page import ImportedPage
from bureaus.publishing.live_until import update_live_until
from bureaus.text.rich_text import sanitise


@dataclass(frozen=True, slots=True)
class Imported:
    """`editions`: those stored. `blocked`: why others were not, by their addresses."""

    editions: list[Edition] = field(default_factory=list)
    blocked: dict[str, list[Blocker]] = field(default_factory=dict)
    former: dict[str, Blocker] = field(default_factory=dict)  # addresses that lead elsewhere


def import_pages(*, pages: Iterable[ImportedPage], actor: Actor = None, note: str = "") -> Imported:
    """
    Store those of a batch of pages that nothing blocks, each with one edition and its parts.

    About 30 queries for a hundred pages. The findings are not counted: the other pages of the
    import may be missing still. Raises BodyTooHeavy.
    """
    cleaned = [replace(page, body=sanitise(page.body)) for page in pages]  # outside the lock
    return store_imported(cleaned, actor, clean_note(note))


@under_tree_lock
def store_imported(pages: Sequence[ImportedPage], actor: Actor, note: str) -> Imported:
    now = timezone.now()
    imported = Imported()
    accepted = []
    for page, blockers in import_blockers(pages, now):
        if blockers:
            imported.blocked[page.address] = blockers
        else:
            accepted.append(page)
    stored = store_pages(accepted, now)
    imported.editions.extend(store_editions(accepted, stored))
    store_parts(imported.editions, accepted)
    former = {address: stored[page.address].pk for page in accepted for address in page.former}
    imported.former.update(store_former_addresses(former, now))
    AuditEntry.objects.bulk_create(
        import_entry(page, edition, actor, note)
        for page, edition in zip(accepted, imported.editions, strict=True)
    )
    update_live_until([page.pk for page in stored.values()])
    return imported


def store_pages(imported: Sequence[ImportedPage], now: datetime) -> dict[str, Page]:
    """Store and place new pages; return them by address."""
    keys = [page.address for page in imported]
    taken = set(Page.objects.filter(key__in=keys).values_list("key", flat=True))
    pages = [
        Page(key=free_key(page.address) if page.address in taken else page.address, kind=page.kind)
        for page in imported
    ]
    Page.objects.bulk_create(pages)
    starts = starts_of(imported, now)
    nodes = [
        Placement(
            page=stored,
            kind=page.kind,
            slug=page.slug,
            url_path=page.address,
            live_from=starts[page.address],
        )
        for stored, page in zip(pages, imported, strict=True)
    ]
    extend_placements(place_nodes(nodes))
    for stored, node in zip(pages, nodes, strict=True):
        stored.placement = node
    return {page.address: stored for page, stored in zip(imported, pages, strict=True)}


def starts_of(pages: Sequence[ImportedPage], now: datetime) -> dict[str, datetime]:
    """Return since when each page is placed: since it is public, or what is below it."""
    starts = {page.address: min(page.start or now, now) for page in pages}
    for address in sorted(starts, key=len, reverse=True):
        above = parent_address(address)
        if above in starts:
            starts[above] = min(starts[above], starts[address])
    return starts


def store_editions(imported: Sequence[ImportedPage], pages: Mapping[str, Page]) -> list[Edition]:
    """Store the first edition of each page, public no earlier than the page is placed."""
    placed = Placement.objects.filter(LASTING, page__in=pages.values()).order_by()
    since = dict(placed.values_list("page").annotate(Min("live_from")))
    editions = []
    for page in imported:
        stored = pages[page.address]
        edition = Edition(
            page=stored,
            number=1,
            title=page.title,
            lead=page.lead,
            body=page.body,
            category=page.category,
            issued_on=page.issued_on,
        )
        if page.event is not None:
            edition.event_start, edition.event_end = page.event.start, page.event.end
            edition.event_place = page.event.place
        if page.start is not None:
            edition.state = State.APPROVED
            edition.live_from = max(page.start, since[stored.pk])
        editions.append(edition)
    return Edition.objects.bulk_create(editions)


def store_parts(editions: Sequence[Edition], imported: Sequence[ImportedPage]) -> None:
    """Store figures and links, in their order; 2 queries."""
    parts: dict[type[Part], list[Part]] = {Figure: [], Link: []}
    for edition, page in zip(editions, imported, strict=True):
        for own in (page.figures, page.links):
            for position, part in enumerate(own, 1):
                part.edition, part.position = edition, position
                parts[type(part)].append(part)
    for model, rows in parts.items():
        model._default_manager.bulk_create(rows)


def import_entry(page: ImportedPage, edition: Edition, actor: Actor, note: str) -> AuditEntry:
    return AuditEntry(
        action=Action.IMPORT,
        page=edition.page,
        edition=edition,
        address=page.address,
        actor_id=actor.pk if actor else None,
        note=note,
        details={"origin": page.origin, "digest": page.digest},
    )


@under_tree_lock
def add_former_addresses(
    *, addresses: Mapping[str, int], actor: Actor = None
) -> dict[str, Blocker]:
    """
    Let each address lead to the page with that key; return why those left out do not.

    One that leads there already stays. 1 audit entry for each page.
    """
    now = timezone.now()
    blocked = former_address_blockers(addresses, now)
    new = new_former_addresses(addresses, blocked)
    by_page: dict[int, list[str]] = {}
    for former in new:
        by_page.setdefault(former.page_id, []).append(former.url_path)
    FormerAddress.objects.bulk_create(new)
    pages = Page.objects.placed(now).in_bulk(by_page)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            action=Action.IMPORT,
            page=pages[key],
            address=pages[key].url_path,
            actor_id=actor.pk if actor else None,
            details={"redirects": paths},
        )
        for key, paths in by_page.items()
    )
    return blocked


def store_former_addresses(addresses: Mapping[str, int], now: datetime) -> dict[str, Blocker]:
    """Store those that lead nowhere yet; return why the others are left out."""
    blocked = former_address_blockers(addresses, now)
    FormerAddress.objects.bulk_create(new_former_addresses(addresses, blocked))
    return blocked


def new_former_addresses(
    addresses: Mapping[str, int], blocked: Mapping[str, Blocker]
) -> list[FormerAddress]:
    stored = stored_former_addresses(addresses)
    return [
        FormerAddress(url_path=address, page_id=page)
        for address, page in addresses.items()
        if address not in blocked and address not in stored
    ]
