"""The state of an edition and its authors."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from bureaus.admin.core.page_states import CHIP_OF_ANSWER, CHIP_OF_STATE, Chip
from bureaus.admin.core.users import display_name
from bureaus.models import Action, Answer, AuditEntry, Edition, Link, State
from bureaus.models.editions import EditionQuerySet
from bureaus.publishing.approval_steps import noting_steps
from bureaus.publishing.workflow_facts import APPROVALS, HANDOVERS, last_entry, return_of

WRITING = (Action.ADD, Action.START_DRAFT, Action.EDIT)


@dataclass(frozen=True, slots=True)
class PastChip:
    """The chip of an edition that has ended; its page has another state."""

    value: str = "draft"
    label: str = "過去の版"


@dataclass(frozen=True, slots=True)
class EditionAuthor:
    """The last person who did an action, the time and the note."""

    name: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class EditionAuthors:
    writers: tuple[str, ...]
    saved_at: datetime | None
    submitted: EditionAuthor | None
    approved: EditionAuthor | None
    confirmed: EditionAuthor | None
    is_urgent: bool


def with_parts(editions: Any) -> EditionQuerySet:
    """Prefetch the parts and the audit entries of `editions`. 5 queries for any number."""
    found: EditionQuerySet = (
        editions.with_page()
        .with_target()
        .prefetch_related(
            "figures",
            Prefetch("links", Link.objects.with_targets()),
            "contacts",
            Prefetch("audit_entries", noting_steps(AuditEntry.objects.select_related("actor"))),
        )
    )
    return found


def chip_of(edition: Edition) -> Chip | PastChip:
    now = timezone.now()
    if edition.is_open:
        return CHIP_OF_STATE[State(edition.state)]
    if edition.is_booked(now):
        return Chip.BOOKED
    if not edition.is_in_force(now):
        return PastChip()
    return CHIP_OF_ANSWER.get(Answer(edition.answer), Chip.CURRENT)


def edition_authors(edition: Edition) -> EditionAuthors:
    """Summarise an edition from `with_parts`. No query."""
    events = list(edition.audit_entries.all())  # the latest first
    writing = [event for event in events if event.action in WRITING]
    approved = last_entry(events, *APPROVALS)
    return EditionAuthors(
        writers=tuple(dict.fromkeys(display_name(event.actor) for event in reversed(writing))),
        saved_at=writing[0].at if writing else None,
        submitted=author_of(last_entry(events, Action.SUBMIT)),
        approved=author_of(approved),
        confirmed=author_of(last_entry(events, Action.CONFIRM)),
        is_urgent=approved is not None and approved.action == Action.APPROVE_URGENTLY,
    )


def return_summary(edition: Edition) -> EditionAuthor | None:
    """Return who returned the draft, when and why, until it is submitted again. 1 query."""
    entries = AuditEntry.objects.filter(edition=edition, action__in=HANDOVERS)
    return author_of(return_of(edition, entries.select_related("actor")))


def author_of(entry: AuditEntry | None) -> EditionAuthor | None:
    return EditionAuthor(display_name(entry.actor), entry.at, entry.note) if entry else None
