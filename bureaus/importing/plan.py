"""The plan of an import: which pages go where, before anything is converted or stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

from bureaus.importing.columns import (
    category_named,
    day_named,
    event_named,
    form_named,
    kind_named,
)
from bureaus.importing.links import LinkMap, old_path, path_of_file, reaches_pages
from bureaus.importing.remarks import Remark, fault
from bureaus.importing.sources import Entry, Source
from bureaus.models import Category, Kind
from bureaus.models.addresses import parent_address
from bureaus.models.events import Event
from bureaus.models.placements import pages_at

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """`former`: the old paths that lead to it, none that another page has. `day`: None for now."""

    entry: Entry
    kind: Kind
    category: Category
    day: date | None
    form: str = ""
    former: tuple[str, ...] = ()
    event: Event | None = None

    @property
    def address(self) -> str:
        return self.entry.address

    @property
    def bases(self) -> list[str]:
        """What relative links begin at: the old address, the file, the new address."""
        old = urlsplit(self.entry.old).path if self.entry.old else ""
        file = path_of_file(self.entry.file) if self.entry.file else ""
        return list(dict.fromkeys(filter(None, (old, file, self.address))))


@dataclass(slots=True)
class Plan:
    source: Source
    links: LinkMap
    pages: list[PlannedPage] = field(default_factory=list)
    faults: list[tuple[Entry, list[Remark]]] = field(default_factory=list)


def plan_import(source: Source, site: str = "") -> Plan:
    """
    Return the plan for the pages of `source`, parents first.

    `site`: the address of the old site, for links with it and for those left behind. 1 query for
    each address of this site that a body links to.
    """
    plan = Plan(source, link_map(source, site))
    entries_at: dict[str, Entry] = {}
    for entry in source.entries:
        page, faults = planned(entry)
        first = entries_at.setdefault(entry.address, entry)
        if first is not entry:
            faults.append(
                fault(
                    entry.address,
                    f"と同じアドレスの行が、ほかにもあります（{first.place}）。",
                    "どちらかのアドレスを変えてください。",
                )
            )
        if faults or page is None:
            plan.faults.append((entry, faults))
        else:
            plan.pages.append(page)
    plan.pages = with_former_addresses(plan.pages)
    plan.pages.sort(key=lambda page: page.address.count("/"))
    addresses = {page.address for page in plan.pages}
    plan.links.exists_here = lambda address: address in addresses or bool(pages_at([address]))
    return plan


def planned(entry: Entry) -> tuple[PlannedPage | None, list[Remark]]:
    """Return the page of `entry`, or its faults."""
    faults: list[Remark] = []

    def value(found: Value | Remark, default: Value) -> Value:
        if isinstance(found, Remark):
            faults.append(found)
            return default
        return found

    cells = entry.values
    kind = value(kind_named(cells.get("kind", "")), Kind.PAGE)
    category = value(category_named(cells.get("category", ""), kind), None)
    page = PlannedPage(
        entry,
        kind,
        category or Category.GENERAL,
        value(day_named(cells.get("date", "")), None),
        value(form_named(cells.get("form", "")), ""),
        event=value(event_named(cells, category), None) if category else None,
    )
    if not entry.address:
        faults.append(
            fault("", "アドレスがありません。", "「/menu/houdou/」のように書いてください。")
        )
    elif not entry.is_crawled:
        faults += parent_faults(entry)
    return page, faults


def parent_faults(entry: Entry) -> list[Remark]:
    """Return a fault where the parent of a row is not that of its address."""
    parent = entry.values.get("parent", "").strip()
    above = parent_address(entry.address)
    if not parent or parent.strip("/") == above.strip("/"):
        return []
    return [
        fault(
            parent,
            f"は、アドレス「{entry.address}」の親ではありません。",
            f"親を「{above}」にするか、アドレスを末尾の名前だけにしてください。",
        )
    ]


def link_map(source: Source, site: str) -> LinkMap:
    """Return where the old paths of the entries lead now."""
    hosts = {urlsplit(entry.old).netloc.lower() for entry in source.entries} | source.hosts
    hosts |= {urlsplit(site).netloc.lower()}
    pages = {
        path: entry.address for entry in source.entries if (path := old_path(entry.old)) and path
    }
    by_file = {
        path: entry.address
        for entry in source.entries
        if entry.file and (path := old_path(path_of_file(entry.file)))
    }
    return LinkMap(
        pages={**by_file, **pages},
        files=frozenset(source.files.names),
        hosts=frozenset(hosts - {""}),
        origin=site.rstrip("/"),
        folder=source.folder,
    )


def with_former_addresses(pages: Iterable[PlannedPage]) -> list[PlannedPage]:
    """Return the pages with the old paths that can lead to them, each to one page."""
    pages = list(pages)
    taken: Mapping[str, PlannedPage] = {page.address: page for page in pages}
    given: set[str] = set()
    found = []
    for page in pages:
        path = old_path(page.entry.old)
        is_free = path and path not in taken and path not in given
        given.add(path)
        is_answered = is_free and "?" not in page.entry.old + path and reaches_pages(path)
        found.append(replace(page, former=(path,)) if is_answered else page)
    return found
