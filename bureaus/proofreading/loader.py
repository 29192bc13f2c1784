"""Manuscripts of editions: their words, their parts, and what stands around them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bureaus.models import (
    READABLE_ANSWERS,
    Answer,
    Document,
    Edition,
    FormerAddress,
    Page,
    Part,
)
from bureaus.models import Contact as StoredContact
from bureaus.models import Figure as StoredFigure
from bureaus.models import Link as StoredLink
from bureaus.models.addresses import RESERVED_SLUGS
from bureaus.models.pages import branch_end
from bureaus.proofreading.manuscript import Contact, Figure, Link, Manuscript
from bureaus.richtext import internal_addresses

Parts = Mapping[type[Part], Iterable[Any]]
# What each kind of part needs of other tables.
BESIDE: dict[type[Part], tuple[str, ...]] = {
    StoredFigure: ("image",),
    StoredLink: ("page", "document"),
    StoredContact: (),
}
DOCUMENTS = "/documents/"
INDEX = re.compile(r"index\.html?$")


def manuscript_of(edition: Edition, parts: Parts | None = None) -> Manuscript:
    """
    What `edition` says now, saved or not, with `parts` instead of the stored ones where given.

    At most 5 queries; its page must have been read with it.
    """
    return manuscripts_of([edition], parts)[0]


def manuscripts_of(editions: Sequence[Edition], parts: Parts | None = None) -> list[Manuscript]:
    """Those of many editions, with at most 5 queries; `parts` are for all of them alike."""
    rows = {model: rows_of(model, editions, parts or {}) for model in BESIDE}
    links = {key: list(map(link, each)) for key, each in rows[StoredLink].items()}
    beside = titles_beside(editions)
    dead = dead_addresses(editions, [each.target for row in links.values() for each in row])
    return [
        Manuscript(
            title=edition.title,
            note=edition.note,
            change_note=edition.change_note,
            kind=edition.page.kind,
            issued_on=edition.issued_on,
        )
        if edition.answer not in READABLE_ANSWERS  # of which the public sees nothing else
        else Manuscript(
            title=edition.title,
            lead=edition.lead,
            body=edition.body,
            note=edition.note,
            change_note=edition.change_note,
            figures=tuple(map(figure, rows[StoredFigure][edition.pk])),
            links=tuple(links.get(edition.pk, ())),
            contacts=tuple(Contact(each.name) for each in rows[StoredContact][edition.pk]),
            kind=edition.page.kind,
            issued_on=edition.issued_on,
            siblings=beside[edition.page_id],
            dead=dead,
        )
        for edition in editions
    ]


def rows_of(model: type[Part], editions: Sequence[Edition], parts: Parts) -> dict[int, list[Any]]:
    """The parts of one kind, by edition; 1 query unless they are given."""
    found: dict[int, list[Any]] = defaultdict(list)
    if model in parts:
        given = list(parts[model])
        found.update({edition.pk: given for edition in editions})
        return found
    for row in model.objects.filter(edition__in=editions).select_related(*BESIDE[model]):
        found[row.edition_id].append(row)
    return found


def figure(row: StoredFigure) -> Figure:
    return Figure(row.alt, row.caption, row.is_decorative, row.image.names)


def link(row: StoredLink) -> Link:
    if row.page is not None:
        return Link(row.text, row.page.url_path)
    if row.document is not None:
        return Link(row.text, row.document.get_absolute_url(), is_document=True)
    return Link(row.text, row.url)


def titles_beside(editions: Sequence[Edition]) -> dict[int, frozenset[str]]:
    """For each page, its own title where a public page beside it has the same; 1 query."""
    branches = defaultdict(list)
    for edition in editions:
        if edition.page.depth > 1 and edition.title:
            branches[edition.page.depth].append(above(edition.page.path))
    beside = Q(pk__in=[])
    for depth, parents in branches.items():
        ends = {"page__path__gt": min(parents), "page__path__lt": branch_end(max(parents))}
        beside |= Q(page__depth=depth, **ends)
    rows = Edition.objects.filter(
        beside,
        live_from__isnull=False,
        live_until=None,
        answer__in=READABLE_ANSWERS,
        title__in={edition.title for edition in editions},
    ).values_list("page", "page__path", "title")
    pages: dict[tuple[str, str], set[int]] = defaultdict(set)
    for page, path, title in rows.order_by() if branches else ():
        pages[above(path), title].add(page)
    return {
        edition.page_id: frozenset(
            {edition.title}
            if pages[above(edition.page.path), edition.title] - {edition.page_id}
            else ()
        )
        for edition in editions
    }


def above(path: str) -> str:
    return path[: -Page.steplen]


def dead_addresses(editions: Iterable[Edition], targets: Iterable[str]) -> frozenset[str]:
    """The addresses inside the site, as they are typed, where nothing is; 1 query at most."""
    bodies = (
        unescape(match[1]) for edition in editions for match in internal_addresses(edition.body)
    )
    typed = {address.partition("#")[0].partition("?")[0] for address in (*bodies, *targets)}
    meant = {address: stored_name(address) for address in typed}
    sought = {name for name in meant.values() if name}
    if not sought:
        return frozenset()
    gone = Edition.objects.in_force(timezone.now()).filter(answer=Answer.GONE)
    pages = Page.objects.filter(url_path__in=sought).exclude(pk__in=gone.values("page"))
    formers = FormerAddress.objects.filter(url_path__in=sought)
    documents = Document.objects.filter(address__in=sought)
    there = set(
        pages.order_by()
        .values_list("url_path", flat=True)
        .union(
            formers.order_by().values_list("url_path", flat=True),
            documents.order_by().values_list("address", flat=True),
        )
    )
    return frozenset(address for address, name in meant.items() if name and name not in there)


def stored_name(address: str) -> str:
    """The page's or the document's address that `address` means; empty: nobody's to say."""
    if address.startswith(DOCUMENTS):
        return address.removeprefix("/")
    page = INDEX.sub("", address).rstrip("/") + "/"
    names = page.strip("/").split("/")
    is_ours = address.startswith("/") and "." not in page and not RESERVED_SLUGS & set(names)
    return page if is_ours else ""
