"""Other pages that may hold what a seal names: copies of its page, and the same words elsewhere."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from bureaus.models import Action, AuditEntry, Edition, Page, Seal, SealKind
from bureaus.models.visibility import Viewer
from bureaus.publishing.sealing.targets import (
    LINE,
    PART_MODELS,
    PART_TEXTS,
    SAME,
    TEXTS,
    EditionTarget,
)

ROWS = 60  # editions that are read
NOTHING = Q(pk__in=[])


class Holder(NamedTuple):
    """An edition of another page: the newest that has the words, else the newest of a copy."""

    edition: Edition
    is_copy: bool
    has_words: bool


def holders(
    seal: Seal, target: EditionTarget | None, viewer: Viewer, now: datetime
) -> list[Holder]:
    """
    Return the other pages that may hold what `seal` names, as far as the officer may read them.

    These are the pages that were copied from its page, the one that it was copied from, and those
    with an edition that has the very same words. 4 queries; the last reads the whole table of
    editions, on a screen that is opened twice a proposal.
    """
    if seal.page is None:
        return []
    related = [*copies_of(seal.page), *source_of(seal.page)]
    words = same_words(seal, target) if target else NOTHING
    rows = (
        Edition.objects.visible_to(viewer, now)
        .exclude(page=seal.page_id)
        .filter(Q(page__in=related) | words)
        .annotate(has_words=ExpressionWrapper(words, output_field=BooleanField()))
        .with_page()
        .order_by("placement__path", "-has_words", "-number")[:ROWS]
    )
    found: dict[int, Holder] = {}
    for row in rows:
        found.setdefault(row.page_id, Holder(row, row.page_id in related, row.has_words))
    return list(found.values())


def copies_of(page: Page) -> list[int]:
    entries = AuditEntry.objects.filter(action=Action.ADD, details__copied=page.key)
    return [key for key in entries.values_list("page", flat=True) if key is not None]


def source_of(page: Page) -> list[int]:
    entries = AuditEntry.objects.filter(action=Action.ADD, page=page)
    keys = [details.get("copied") for details in entries.values_list("details", flat=True)]
    return list(Page.objects.filter(key__in=filter(None, keys)).values_list("pk", flat=True))


def same_words(seal: Seal, target: EditionTarget) -> Q:
    """Return the condition for editions with the passage, the same part, or the same text."""
    if target.passage:
        return any_of(passage_conditions(target.passage))
    if target.part is not None:
        relation = f"{target.part._meta.model_name}s"
        same = {name: getattr(target.part, name) for name in SAME[relation]}
        return Q(Exists(PART_MODELS[relation].objects.filter(edition=OuterRef("pk"), **same)))
    least = 1 if seal.kind == SealKind.FIELD else LINE
    texts = [text for text in target.texts if len(text) >= least]
    return any_of(Q(**{f"{name}__in": texts}) for name in TEXTS)


def passage_conditions(passage: str) -> Iterable[Q]:
    """Yield where a passage may be: the source of a body is HTML."""
    for name in TEXTS:
        source = escape(passage, quote=False) if name == "body" else passage
        yield Q(**{f"{name}__contains": source})
    for relation, model in PART_MODELS.items():
        of_edition = model.objects.filter(edition=OuterRef("pk"))
        has_it = any_of(Q(**{f"{name}__contains": passage}) for name in PART_TEXTS[relation])
        yield Q(Exists(of_edition.filter(has_it)))


def any_of(conditions: Iterable[Q]) -> Q:
    found = NOTHING
    for condition in conditions:
        found |= condition
    return found
