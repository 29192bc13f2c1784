"""Carrying out a confirmed seal, in the transaction of its confirmation or of a replay."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from bureaus.models import AuditEntry, Contact, Edition, Figure, Link, Part, Seal, SealKind
from bureaus.models.seals import OF_EDITIONS, OF_FILES
from bureaus.publishing.sealing.editions import seal_editions
from bureaus.publishing.sealing.files import seal_file
from bureaus.publishing.sealing.hiding import update_hidden
from bureaus.publishing.sealing.targets import (
    LINE,
    TEXTS,
    EditionTarget,
    find_edition_target,
    find_note,
    part_texts,
    place_passage,
    with_lines,
)
from bureaus.publishing.sealing.traces import (
    final_rows,
    overwrite_entries,
    overwrite_reasons,
    overwrite_traces,
)


def carry_out(seal: Seal) -> None:
    """
    Overwrite what the seal names, wherever it is. What is not there is passed over.

    Some queries for each edition of the page, in the transaction of the caller.
    """
    now = timezone.now()
    waiting = waiting_passages(now)
    if seal.kind in OF_EDITIONS:
        seal_in_editions(seal)
    elif seal.kind in OF_FILES:
        seal_file(seal)
    else:
        seal_note(seal)
    for proposal, passage in waiting:
        place_again(proposal, passage, now)


def waiting_passages(now: datetime) -> list[tuple[Seal, str]]:
    """Return the proposals to seal a passage, with what they name while its place is right."""
    proposals = Seal.objects.pending(now).filter(kind=SealKind.PASSAGE)
    targets = [(proposal, find_edition_target(proposal)) for proposal in proposals]
    return [(proposal, target.passage) for proposal, target in targets if target]


def place_again(proposal: Seal, passage: str, now: datetime) -> None:
    """Store where the passage is after its text has changed; without it, the proposal lapses."""
    edition = Edition.objects.get(page=proposal.page_id, number=proposal.number)
    place_passage(proposal, edition, passage)
    if proposal.length is None:
        proposal.lapses_at = now
    proposal.save(update_fields=["field", "start", "length", "lapses_at"])


def seal_in_editions(seal: Seal) -> None:
    target = find_edition_target(seal)
    if target is None or not target.is_found:
        return
    texts = with_lines(traced_texts(target))
    seal_editions(seal, target)
    overwrite_traces([target.edition.page_id], texts)
    overwrite_reasons(Q(page=seal.page_id), texts)
    update_hidden(seal.page_id)


def traced_texts(target: EditionTarget) -> list[str]:
    """
    Return the texts that are overwritten in the traces as well. 0 to 2 queries.

    Not the short ones of figures and links, such as a credit: other texts say them as well.
    """
    if target.part is not None:
        parts: list[Part] = [target.part]
    elif target.passage:
        parts = []
    else:
        parts = [*Figure.objects.filter(edition=target.edition)]
        parts += Link.objects.filter(edition=target.edition)
    short = {
        text
        for part in parts
        if not isinstance(part, Contact)
        for text in part_texts(part, f"{part._meta.model_name}s")
        if len(text) < LINE
    }
    short -= {str(getattr(target.edition, name)) for name in TEXTS}
    return [text for text in target.texts if text not in short]


def seal_note(seal: Seal) -> None:
    """Overwrite the note of an audit entry, and the same words in the other entries there."""
    entry = find_note(seal)
    if entry is None or not entry.note:
        return
    texts = [entry.note]
    is_there = Q(page=entry.page_id) if entry.page_id else Q(page=None, address=entry.address)
    overwrite_entries(is_there, texts)
    final_rows(AuditEntry).filter(pk=entry.pk).update(note=seal.sentence)
    is_of_page = Q(page=entry.page_id) if entry.page_id else Q()
    overwrite_reasons(Q(pk=seal.pk) | is_of_page, texts)
