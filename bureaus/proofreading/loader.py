"""Manuscripts of editions: their words, their parts, and what stands around them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bureaus.models import READABLE_ANSWERS, Edition, Part
from bureaus.models import Contact as StoredContact
from bureaus.models import Figure as StoredFigure
from bureaus.models import Link as StoredLink
from bureaus.proofreading.context import EditionContext, around_rows, meant_by
from bureaus.proofreading.findings import Consent, Key
from bureaus.proofreading.manuscript import Contact, Figure, Link, Manuscript
from bureaus.proofreading.stored_rows import (
    Row,
    StoredRows,
    accepted_in,
    accepted_rows,
    part_rows,
    parts_in,
    read,
)

Parts = Mapping[type[Part], Iterable[Any]]
PREFETCHED: tuple[tuple[type[Part], str], ...] = (
    (StoredFigure, "figures"),
    (StoredLink, "links"),
    (StoredContact, "contacts"),
)


def manuscript_of(edition: Edition, parts: Parts | None = None) -> Manuscript:
    """
    What `edition` says now, saved or not, with `parts` instead of the stored ones where given.

    2 queries, 1 with `parts`; its page must have been read with it.
    """
    return manuscripts_of([edition], parts)[0]


def manuscripts_of(editions: Sequence[Edition], parts: Parts | None = None) -> list[Manuscript]:
    """
    Those of many editions; `parts`, of all three kinds, are for all of them alike.

    1 query for all of them where parts are given, or prefetched of all; else 2.
    """
    sources = [parts or prefetched(edition) for edition in editions]
    tables = [accepted_rows(edition.page_id for edition in editions)]
    rows: dict[str, list[Row]] = {}
    if not all(sources):
        rows = read([*tables, *part_rows([edition.pk for edition in editions])])
        tables = []
    stored = parts_in(rows)
    told = [
        given(source) if source else stored[edition.pk]
        for edition, source in zip(editions, sources, strict=True)
    ]
    meant = meant_by(editions, [link.target for each in told for link in each.links])
    rows |= read([*tables, *around_rows(editions, meant)])
    around, accepted = EditionContext.of(rows, meant), accepted_in(rows.get("accepted", ()))
    return [
        written(edition, each, accepted[edition.page_id], around)
        for edition, each in zip(editions, told, strict=True)
    ]


def written(
    edition: Edition, told: StoredRows, accepted: Mapping[Key, Consent], around: EditionContext
) -> Manuscript:
    always: dict[str, Any] = {
        "title": edition.title,
        "note": edition.note,
        "change_note": edition.change_note,
        "kind": edition.page.kind,
        "issued_on": edition.issued_on,
        "accepted": accepted,
    }
    if edition.answer not in READABLE_ANSWERS:  # of which the public sees nothing else
        return Manuscript(**always)
    return Manuscript(
        **always,
        lead=edition.lead,
        body=edition.body,
        figures=tuple(told.figures),
        links=tuple(told.links),
        contacts=tuple(told.contacts),
        siblings=around.siblings_of(edition),
        # What it lists itself becomes public with it.
        dead=around.dead - {link.target for link in told.links if link.is_document},
    )


def given(parts: Parts) -> StoredRows:
    return StoredRows(
        [
            Figure(row.alt, row.caption, row.is_decorative, row.image.names)
            for row in parts.get(StoredFigure, ())
        ],
        list(map(link, parts.get(StoredLink, ()))),
        [Contact(row.name) for row in parts.get(StoredContact, ())],
    )


def link(row: StoredLink) -> Link:
    if row.page is not None:
        return Link(row.text, row.page.url_path)
    if row.document is not None:
        return Link(row.text, row.document.get_absolute_url(), is_document=True)
    return Link(row.text, row.url)


def prefetched(edition: Edition) -> Parts:
    """Its parts where all of them are at hand, and otherwise nothing."""
    kept = getattr(edition, "_prefetched_objects_cache", {})
    at_hand = {model: kept[name] for model, name in PREFETCHED if name in kept}
    return at_hand if len(at_hand) == len(PREFETCHED) else {}
