"""Sealing: the only way in which anything that was published is withdrawn from every moment."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bureaus.models import (
    Action,
    AuditEntry,
    Document,
    EarlierFile,
    Edition,
    Image,
    Kind,
    Seal,
    SealKind,
)
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import ancestor_paths, path_under
from bureaus.models.seals import ProposalOutcome
from bureaus.publishing.audit import Actor, record_action, record_file_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.media import file_address
from bureaus.publishing.blockers.seal_decisions import (
    refuse_seal_blockers,
    seal_blockers,
    withdraw_seal_blockers,
)
from bureaus.publishing.blockers.seals import (
    SealRequest,
    library_item,
    page_of_file,
    propose_seal_blockers,
)
from bureaus.publishing.sealing.carrying_out import carry_out
from bureaus.publishing.sealing.hiding import update_hidden
from bureaus.publishing.sealing.seal_list import keep_list
from bureaus.publishing.sealing.targets import find_edition_target, find_file, place_passage
from bureaus.text.formatting import OPERATOR
from bureaus.text.rich_text import strip_invisible
from bureaus.text.tombstones import LEAST


@under_tree_lock
def propose_seal(
    *, request: SealRequest, ground: str, reason: str, actor: Actor, is_urgent: bool = False
) -> Seal:
    """
    Propose to seal something; a second approver confirms it within SEAL_HOURS, or it lapses.

    `is_urgent`: no citizen reads it from now until then. Raises Blocked.
    """
    now = timezone.now()
    seal = seal_of(request)
    raise_if_blocked(
        propose_seal_blockers(
            request=request,
            seal=seal,
            ground=ground,
            reason=reason,
            is_urgent=is_urgent and seal.kind != SealKind.NOTE,
            actor=actor,
        )
    )
    seal.ground, seal.reason = ground, strip_invisible(reason).strip()
    seal.is_urgent = is_urgent and seal.kind != SealKind.NOTE
    seal.proposer_id = actor.pk if actor else None
    seal.proposed_at, seal.lapses_at = now, now + timedelta(hours=settings.SEAL_HOURS)
    seal.decider = decider_of(seal, now)
    seal.save(force_insert=True)
    update_hidden(seal.page_id)
    record(Action.PROPOSE_SEAL, seal, request.subject, actor, seal.reason)
    return seal


@under_tree_lock
def confirm_seal(*, seal: Seal, actor: Actor, note: str = "") -> Seal:
    """
    Seal, as a second approver, what was proposed: it is overwritten for good. Raises Blocked.

    `manage.py erase_sealed` deals with what databases leave behind in their files.
    """
    seal = locked(seal)
    raise_if_blocked(seal_blockers(seal=seal, actor=actor))
    seal.confirmer_id = actor.pk if actor else None
    seal.confirmed_at = timezone.now()
    seal.save(update_fields=["confirmer", "confirmed_at"])
    subject = subject_of(seal)
    record(Action.SEAL, seal, subject, actor, note)  # before: the note may quote what is sealed
    carry_out(seal)
    update_hidden(seal.page_id)
    transaction.on_commit(partial(keep_list), robust=True)
    return seal


@under_tree_lock
def refuse_seal(*, seal: Seal, actor: Actor, note: str) -> Seal:
    """Decide, as a second approver, that what was proposed stays. Raises Blocked."""
    seal = locked(seal)
    raise_if_blocked(refuse_seal_blockers(seal=seal, note=note, actor=actor))
    return end(
        seal, ProposalOutcome.REFUSED, Action.REFUSE_SEAL, actor, strip_invisible(note).strip()
    )


@under_tree_lock
def withdraw_seal(*, seal: Seal, actor: Actor, note: str = "") -> Seal:
    """Take back one's own proposal. Raises Blocked."""
    seal = locked(seal)
    raise_if_blocked(withdraw_seal_blockers(seal=seal, actor=actor))
    return end(seal, ProposalOutcome.WITHDRAWN, Action.WITHDRAW_SEAL, actor, note)


def locked(seal: Seal) -> Seal:
    return Seal.objects.select_for_update(of=("self",)).select_related("page").get(pk=seal.pk)


def end(seal: Seal, outcome: ProposalOutcome, action: Action, actor: Actor, note: str) -> Seal:
    """Let the proposal lapse now: what an urgent one hides is read again from here on."""
    seal.ending, seal.lapses_at = outcome, timezone.now()
    seal.save(update_fields=["ending", "lapses_at"])
    update_hidden(seal.page_id)
    record(action, seal, subject_of(seal), actor, note)
    return seal


def seal_of(request: SealRequest) -> Seal:
    """Return the row that the request would become, not stored."""
    seal = Seal(kind=request.kind, field=request.field)
    match request.subject:
        case Edition() as edition:
            seal.page, seal.number = edition.page, edition.number
            if request.kind == SealKind.PASSAGE:
                place_passage(seal, edition, request.passage.strip())
        case AuditEntry() as entry:
            seal.page, seal.entry = entry.page, entry.pk
        case file:
            seal.page, seal.file = page_of_file(file), str(file.file)
    return seal


def decider_of(seal: Seal, now: datetime) -> str:
    """
    Return the title of the organisation that the page is, or belongs to. 1 to 6 queries.

    Of those above, the first whose title says nothing of what is to be sealed.
    """
    path = seal.page.placement.path if seal.page else path_under(None, 1)
    organisations = (
        Edition.objects.in_force(now)
        .placed(now)
        .filter(placement__path__in=[*ancestor_paths(path), path])
        .filter(placement__kind=Kind.ORGANISATION)
    )
    target = find_edition_target(seal) if seal.number else None
    sealed = [text for text in (target.texts if target else ()) if len(text) >= LEAST]
    titles = organisations.order_by("-placement__depth").values_list("title", flat=True)
    clean = (title for title in titles if not any(text in title for text in sealed))
    return next(clean, settings.PUBLISHER.name or OPERATOR)


def subject_of(seal: Seal) -> Edition | Document | EarlierFile | Image | AuditEntry | None:
    """Return what the seal is about; None where it has gone meanwhile. 1 to 3 queries."""
    if seal.kind == SealKind.NOTE:
        return AuditEntry.objects.select_related("page").filter(pk=seal.entry or 0).first()
    if seal.number is not None:
        editions = Edition.objects.with_page().filter(page=seal.page_id, number=seal.number)
        found: Edition | None = editions.first()
        return found
    return find_file(seal)


def address_of(subject: Edition | Document | EarlierFile | Image | AuditEntry) -> str:
    """Return the address under which the audit log has it."""
    match subject:
        case AuditEntry():
            return subject.address
        case Edition():
            return str(subject.page.url_path)
        case _:
            return file_address(library_item(subject))


def record(
    action: Action,
    seal: Seal,
    subject: Edition | Document | EarlierFile | Image | AuditEntry | None,
    actor: Actor,
    note: str,
) -> None:
    """Write the audit entry: with the page, or for a file with its address."""
    details: dict[str, Any] = {
        "seal": seal.key,
        "kind": seal.kind,
        "field": seal.field,
        "urgent": seal.is_urgent,
    }
    if isinstance(subject, Edition):
        record_action(action, subject.page, actor, note, edition=subject, **details)
    elif isinstance(subject, AuditEntry) and subject.page is not None:
        record_action(action, subject.page, actor, note, **details)
    else:
        address = address_of(subject) if subject else f"/{seal.file}"
        record_file_action(action, address, actor, note, **details)
