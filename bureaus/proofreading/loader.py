"""Manuscripts of editions, stored or in a form: their text, their parts and their context."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bureaus.models import READABLE_ANSWERS, Edition, Part
from bureaus.models import Contact as StoredContact
from bureaus.models import Figure as StoredFigure
from bureaus.models import Link as StoredLink
from bureaus.proofreading.context import (
    EditionContext,
    context_of_page,
    context_rows,
    internal_targets,
)
from bureaus.proofreading.findings import Consent, Key
from bureaus.proofreading.manuscript import Contact, Figure, HouseWord, Link, Manuscript
from bureaus.proofreading.stored_rows import (
    Row,
    Rows,
    StoredParts,
    accepted_by_page,
    accepted_rows,
    house_word_rows,
    house_words_in,
    part_rows,
    parts_by_edition,
    read_rows,
    rows_of_page,
)

Parts = Mapping[type[Part], Iterable[Any]]
PREFETCHED: tuple[tuple[type[Part], str], ...] = (
    (StoredFigure, "figures"),
    (StoredLink, "links"),
    (StoredContact, "contacts"),
)


def manuscript_of(edition: Edition, parts: Parts | None = None) -> Manuscript:
    """
    Return the manuscript of `edition`, saved or not, with `parts` in place of stored ones.

    2 queries, 1 with `parts`; its page must have been read with it.
    """
    return manuscripts_of([edition], parts)[0]


def manuscripts_of(editions: Sequence[Edition], parts: Parts | None = None) -> list[Manuscript]:
    """
    Return the manuscripts of many editions; `parts`, of all three kinds, apply to all of them.

    1 query where parts are given, or prefetched for all; else 2.
    """
    sources = [parts or prefetched_parts(edition) for edition in editions]
    is_read = not all(sources)
    rows = own_rows(editions) if is_read else {}
    stored = parts_by_edition(rows)
    parts_of_each = [
        converted_parts(source) if source else stored[edition.pk]
        for edition, source in zip(editions, sources, strict=True)
    ]
    links = [link.target for each in parts_of_each for link in each.links]
    targets = internal_targets(editions, links)
    rows |= rows_around(editions, targets, with_acceptances=not is_read)
    context = EditionContext.of(rows, targets)
    accepted = accepted_by_page(rows.get("accepted", ()))
    words = house_words_in(rows)
    return [
        build_manuscript(edition, each, accepted[edition.page_id], context, words)
        for edition, each in zip(editions, parts_of_each, strict=True)
    ]


def own_rows(editions: Sequence[Edition]) -> dict[str, list[Row]]:
    """Return the parts of stored editions and the acceptances on their pages; 1 query."""
    if is_compiled(editions):
        return rows_of_page(editions)
    parts = part_rows(Q(edition__in=[edition.pk for edition in editions]), timezone.now())
    return read_rows([acceptances(editions), house_word_rows(), *parts])


def rows_around(
    editions: Sequence[Edition], targets: Mapping[str, str], *, with_acceptances: bool
) -> dict[str, list[Row]]:
    """Return the rows of `EditionContext`, and the acceptances where they are not read; 1 query."""
    if is_compiled(editions) and not any(targets.values()):
        return context_of_page(editions, with_acceptances=with_acceptances)
    tables = [acceptances(editions), house_word_rows()] if with_acceptances else []
    return read_rows([*tables, *context_rows(editions, targets)])


def is_compiled(editions: Sequence[Edition]) -> bool:
    """Whether the statements for these editions are compiled: one or two of one page."""
    return 0 < len(editions) <= 2 and len({edition.page_id for edition in editions}) == 1  # noqa: PLR2004


def acceptances(editions: Iterable[Edition]) -> Rows:
    return accepted_rows(Q(page__in={edition.page_id for edition in editions}))


def build_manuscript(
    edition: Edition,
    parts: StoredParts,
    accepted: Mapping[Key, Consent],
    context: EditionContext,
    house_words: tuple[HouseWord, ...],
) -> Manuscript:
    always: dict[str, Any] = {
        "title": edition.title,
        "note": edition.note,
        "change_note": edition.change_note,
        "kind": edition.page.kind,
        "issued_on": edition.issued_on,
        "accepted": accepted,
        "house_words": house_words,
    }
    if edition.answer not in READABLE_ANSWERS:  # the public sees nothing else of it
        return Manuscript(**always)
    return Manuscript(
        **always,
        lead=edition.lead,
        event_place=edition.event_place,
        event_start=edition.event_start,
        event_end=edition.event_end,
        body=edition.body,
        figures=tuple(parts.figures),
        links=tuple(parts.links),
        contacts=tuple(parts.contacts),
        sibling_titles=context.sibling_titles(edition),
        # Documents that it lists become public with it.
        broken_addresses=context.broken_addresses
        - {link.target for link in parts.links if link.is_document},
    )


def converted_parts(parts: Parts) -> StoredParts:
    return StoredParts(
        [
            Figure(row.alt, row.caption, row.is_decorative, row.image.names)
            for row in parts.get(StoredFigure, ())
        ],
        list(map(converted_link, parts.get(StoredLink, ()))),
        [Contact(row.name, row.phone, row.fax) for row in parts.get(StoredContact, ())],
    )


def converted_link(row: StoredLink) -> Link:
    if row.page is not None:
        return Link(row.text, row.page.url_path)
    if row.document is not None:
        return Link(row.text, row.document.get_absolute_url(), is_document=True)
    return Link(row.text, row.url)


def prefetched_parts(edition: Edition) -> Parts:
    """Return its parts where all of them are prefetched, and otherwise nothing."""
    cache = getattr(edition, "_prefetched_objects_cache", {})
    parts = {model: cache[name] for model, name in PREFETCHED if name in cache}
    return parts if len(parts) == len(PREFETCHED) else {}
