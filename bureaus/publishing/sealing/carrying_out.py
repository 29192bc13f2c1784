"""Carrying out a confirmed seal, in the transaction of its confirmation or of a replay."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from bureaus.models import Edition, Seal, SealKind
from bureaus.models.seals import OF_EDITIONS, OF_FILES
from bureaus.publishing.sealing.editions import seal_editions
from bureaus.publishing.sealing.files import seal_file
from bureaus.publishing.sealing.hiding import update_hidden
from bureaus.publishing.sealing.targets import (
    find_edition_target,
    find_note,
    place_passage,
    with_lines,
)
from bureaus.publishing.sealing.traces import overwrite_entries, overwrite_traces
from bureaus.text.tombstones import without_texts


def carry_out(seal: Seal) -> None:
    """Overwrite what the seal names, wherever it is. Of what is not there, nothing is left."""
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
    seal_editions(seal, target)
    texts = with_lines(target.texts)
    overwrite_traces([target.edition.page_id], texts)
    overwrite_reasons(Q(page=seal.page_id), texts)
    update_hidden(seal.page_id)


def seal_note(seal: Seal) -> None:
    """Overwrite the note of an audit entry, and the same words in the other entries there."""
    entry = find_note(seal)
    if entry is None or not entry.note:
        return
    texts = [entry.note]
    is_there = Q(page=entry.page_id) if entry.page_id else Q(page=None, address=entry.address)
    overwrite_entries(Q(pk=entry.pk), texts, seal.sentence)
    overwrite_entries(is_there & ~Q(pk=entry.pk), texts)
    overwrite_reasons(Q(pk=seal.pk), texts)


def overwrite_reasons(of: Q, texts: list[str]) -> None:
    """Overwrite `texts` in the reasons of seals: an officer may have quoted them."""
    for seal in Seal.objects.filter(of):
        reason = without_texts(seal.reason, texts, "（公開を取りやめた文字）")
        if reason != seal.reason:
            Seal.objects.filter(pk=seal.pk).update(reason=reason)
