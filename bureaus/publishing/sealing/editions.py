"""
Overwriting what was sealed in editions.

With `sealing/files.py`, which overwrites the texts of links, the only code that changes an
approved text.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Model

from bureaus.models import (
    PARTS,
    Answer,
    CheckedLink,
    Contact,
    Edition,
    Figure,
    Link,
    Part,
    Seal,
    SealKind,
)
from bureaus.models.seals import FIELDS
from bureaus.publishing.news_listings import update_news_listings
from bureaus.publishing.sealing.targets import (
    PART_MODELS,
    PART_TEXTS,
    TEXTS,
    EditionTarget,
    affected_editions,
    is_same_field,
    part_texts,
    same_parts,
)
from bureaus.search import reindex
from bureaus.text.tombstones import (
    WITHDRAWN_TITLE,
    body_without_passage,
    short_form,
    with_paragraph,
    without_passage,
)

Changes = dict[str, Any]
TITLES = {
    "title": short_form("表題"),
    "title_reading": "",
    "title_english": WITHDRAWN_TITLE,
}
LINES = {**TITLES, "event_place": short_form("場所")}  # too short for a sentence
NO_EVENT: Changes = {"event_start": None, "event_end": None, "is_cancelled": False}
WHOLE = short_form("内容")
PASSAGE = short_form("部分")
UNFORMED = frozenset({"phone", "fax", "email"})  # a sentence is no value of theirs


def seal_editions(seal: Seal, target: EditionTarget) -> list[Edition]:
    """Overwrite the target in every edition that holds it; return them. A few queries each."""
    editions = affected_editions(seal, target)
    for edition in editions:
        store(edition, changes_of(seal, target, edition))
    reindex(edition.pk for edition in editions)
    CheckedLink.objects.filter(uses__edition__in=editions).delete()  # check_links finds the others
    if seal.kind == SealKind.EDITION:
        update_news_listings([target.edition.page_id])
    return editions


def changes_of(seal: Seal, target: EditionTarget, edition: Edition) -> Changes:
    """Overwrite the parts, and return the columns of `edition` that have to be overwritten."""
    is_own = edition.pk == target.edition.pk
    match seal.kind:
        case SealKind.EDITION if is_own:
            delete(part for model in PARTS for part in model.objects.filter(edition=edition))
            return whole_edition(seal, edition)
        case SealKind.EDITION:
            delete_same_parts(target, edition)
            equal = [name for name in TEXTS if is_same_field(target, edition, name)]
            return {name: stand_in(name, seal.sentence, edition) for name in equal}
        case SealKind.FIELD:
            names = FIELDS[seal.field][1]
            equal = [name for name in names if is_own or is_same_field(target, edition, name)]
            changes = {name: stand_in(name, seal.sentence, edition) for name in equal}
            return closed(seal, edition, changes) if seal.field in LINES else changes
        case SealKind.PASSAGE:
            overwrite_in_parts(target.passage, edition)
            return closed(seal, edition, without(target.passage, edition))
        case _:
            overwrite_parts([row for row in same_parts_of(target) if row.edition_id == edition.pk])
            return closed(seal, edition, {})


def store(edition: Edition, changes: Changes) -> None:
    """Write the columns; a form of a draft that is open somewhere is out of date then."""
    if edition.is_open:
        changes = {**changes, "revision": F("revision") + 1}
    if changes:
        Edition.objects.filter(pk=edition.pk).update(**changes)


def whole_edition(seal: Seal, edition: Edition) -> Changes:
    changes: Changes = dict.fromkeys(TEXTS, "")
    changes |= NO_EVENT | {"title": WHOLE, "lead": seal.sentence}
    return changes | ({"note": seal.sentence} if has_no_body(edition) else {})


def stand_in(name: str, sentence: str, edition: Edition) -> str:
    """Return what takes the place of a field; of a draft, which nobody reads, nothing."""
    if name in LINES:
        return LINES[name]
    if edition.is_open:
        return ""
    if name != "body":
        return sentence
    return with_paragraph("".join(sealed_paragraphs(edition)), sentence)


def sealed_paragraphs(edition: Edition) -> list[str]:
    """Return the tombstones that the body has already. 1 query."""
    seals = Seal.objects.confirmed().filter(page=edition.page_id)
    paragraphs = (with_paragraph("", seal.sentence) for seal in seals)
    return [each for each in dict.fromkeys(paragraphs) if each in edition.body]


def closed(seal: Seal, edition: Edition, changes: Changes) -> Changes:
    """Return the changes with the public sentence at the end of what the page shows."""
    if edition.is_open:
        return changes
    if has_no_body(edition):
        note = changes.get("note", edition.note)
        return {**changes, "note": "\n".join(filter(None, [note, seal.sentence]))}
    body = changes.get("body", edition.body)
    return {**changes, "body": with_paragraph(body, seal.sentence)}


def has_no_body(edition: Edition) -> bool:
    return edition.answer in (Answer.GONE, Answer.MOVED)


# Passages


def without(passage: str, edition: Edition) -> Changes:
    changed: Changes = {}
    for name in TEXTS:
        value = getattr(edition, name)
        limit = column_length(edition, name)
        found = (
            body_without_passage(value, passage, PASSAGE)
            if name == "body"
            else without_passage(value, passage, PASSAGE, limit)
        )
        if found != value:
            changed[name] = found
    return changed


def column_length(row: Model, name: str) -> int | None:
    length: int | None = getattr(row._meta.get_field(name), "max_length", None)
    return length


def overwrite_in_parts(passage: str, edition: Edition) -> None:
    for relation, model in PART_MODELS.items():
        for part in model.objects.filter(edition=edition):
            if any(passage in text for text in part_texts(part, relation)):
                overwrite_in_part(part, relation, passage)


def overwrite_in_part(part: Part, relation: str, passage: str) -> None:
    """A link whose address says it leads nowhere any more, and goes."""
    if isinstance(part, Link) and passage in part.url:
        delete([part])
        return
    changes: Changes = {}
    for name in PART_TEXTS[relation]:
        value = str(getattr(part, name))
        limit = column_length(part, name)
        mark = "" if name in UNFORMED else PASSAGE
        if passage in value:
            changes[name] = without_passage(value, passage, mark, limit) if mark else ""
    type(part).objects.filter(pk=part.pk).update(**changes)


# Parts


def same_parts_of(target: EditionTarget) -> list[Any]:
    return same_parts(target.part) if target.part is not None else []


def overwrite_parts(parts: Iterable[Part]) -> None:
    """Delete figures and links; a contact stays, or that of the page above would appear."""
    for part in parts:
        if isinstance(part, Contact):
            replacement = {"name": short_form("連絡先"), "phone": "", "fax": "", "email": ""}
            Contact.objects.filter(pk=part.pk).update(**replacement)
        else:
            delete([part])


def delete_same_parts(target: EditionTarget, edition: Edition) -> None:
    """Delete the parts of a draft that say or show the same as one of the sealed edition."""
    delete(
        part
        for relation, model in PART_MODELS.items()
        for part in model.objects.filter(edition=edition)
        if set(part_texts(part, relation)) & set(target.texts)
        or (isinstance(part, Figure) and part.image_id in target.images)
    )


def delete(parts: Iterable[Part]) -> None:
    """Delete parts, of approved editions too, which the models refuse. 1 query each."""
    for part in parts:
        rows = type(part).objects.filter(pk=part.pk)
        rows._raw_delete(rows.db)  # noqa: SLF001 - nothing hangs on them


def seal_figures(figures: Iterable[Figure], seal: Seal) -> list[Edition]:
    """Delete the figures of a sealed picture; return their editions, with the sentence."""
    found = list(figures)
    delete(found)
    editions = list(Edition.objects.filter(pk__in={figure.edition_id for figure in found}))
    for edition in editions:
        store(edition, closed(seal, edition, {}))
    reindex(edition.pk for edition in editions)
    return editions
