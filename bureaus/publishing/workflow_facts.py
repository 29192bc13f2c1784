"""
The facts about the workflow of an edition that follow from its audit entries (ADR 0029).

Each is defined twice: in Python, on the entries of one edition in any order, and in SQL, for
querysets. tests/publishing/test_workflow_facts.py holds the two together. The last entry is the
one with the greatest key: entries are written under the tree lock, and their time may be moved.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from bureaus.models import Action, AuditEntry, Edition, State

AUTHORING_ACTIONS = (
    Action.ADD,
    Action.IMPORT,
    Action.START_DRAFT,
    Action.EDIT,
    Action.SUBMIT,
)
APPROVALS = (Action.APPROVE, Action.APPROVE_URGENTLY)
HANDOVERS = (Action.SUBMIT, Action.RETURN, Action.CANCEL_BOOKING)
CONFIRMATIONS = (Action.APPROVE_URGENTLY, Action.CONFIRM)

# In Python


def last_entry(entries: Iterable[AuditEntry], *actions: Action) -> AuditEntry | None:
    found = (entry for entry in entries if entry.action in actions)
    return max(found, key=lambda entry: entry.pk, default=None)


def authors_among(entries: Iterable[AuditEntry]) -> set[int | None]:
    """The keys of those who wrote or submitted; None is the operator."""
    return {entry.actor_id for entry in entries if entry.action in AUTHORING_ACTIONS}


def authors_of(edition: Edition) -> set[int | None]:
    """1 query, or none where the audit entries are prefetched."""
    return authors_among(edition.audit_entries.all())


def authors_of_each(
    editions: Sequence[Edition], entries: Iterable[AuditEntry]
) -> dict[int, set[int | None]]:
    """The authors of each edition, by its key."""
    found: dict[int, list[AuditEntry]] = {edition.pk: [] for edition in editions}
    for entry in entries:
        if entry.edition_id in found:
            found[entry.edition_id].append(entry)
    return {key: authors_among(own) for key, own in found.items()}


def submitter_of(edition: Edition) -> int | None:
    """The key of the last submitter. 1 query, or none where the entries are prefetched."""
    submission = last_entry(edition.audit_entries.all(), Action.SUBMIT)
    return submission.actor_id if submission else None


def is_recall(entry: AuditEntry, submitter: int | None) -> bool:
    """Whether `entry` is a return by `submitter`, who had submitted the edition before it."""
    return entry.action == Action.RETURN and submitter is not None and submitter == entry.actor_id


def return_of(edition: Edition, entries: Iterable[AuditEntry]) -> AuditEntry | None:
    """
    The entry by which somebody else returned this draft; None where it was recalled.

    It holds until the draft is submitted again, however often it is edited. `entries` may be the
    last one of each action.
    """
    entries = list(entries)
    last = last_entry(entries, *HANDOVERS)
    if edition.state != State.DRAFT or last is None or last.action != Action.RETURN:
        return None
    submission = last_entry(entries, Action.SUBMIT)
    return None if is_recall(last, submission.actor_id if submission else None) else last


def unconfirmed_approval(entries: Iterable[AuditEntry]) -> AuditEntry | None:
    """The urgent approval that nobody has confirmed. `entries` may be the last of each action."""
    last = last_entry(entries, *CONFIRMATIONS)
    return last if last is not None and last.action == Action.APPROVE_URGENTLY else None


# In SQL


def entries_of_outer(*actions: Action) -> QuerySet[AuditEntry]:
    """The entries of the edition of the outer query, the last first."""
    return AuditEntry.objects.filter(edition=OuterRef("pk"), action__in=actions).order_by("-pk")


def authored_by(officer: int | None, actions: Sequence[Action] = AUTHORING_ACTIONS) -> Exists:
    """The condition for editions that the officer with this key wrote or submitted."""
    return Exists(entries_of_outer(*actions).filter(actor=officer))


def with_submission(editions: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate the last submission: `submitted_at`, `submitter` and its `submitter_name`."""
    last = entries_of_outer(Action.SUBMIT)
    annotated: QuerySet[Any] = editions.annotate(
        submitted_at=Subquery(last.values("at")[:1]),
        submitter=Subquery(last.values("actor")[:1]),
        submitter_name=Subquery(last.values("actor__username")[:1]),
    )
    return annotated


def with_return(editions: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate `is_returned`, as `return_of`, with `return_note` and `returned_by`."""
    last = entries_of_outer(*HANDOVERS)
    is_return = Q(state=State.DRAFT, last_handover=Action.RETURN)
    annotated: QuerySet[Any] = with_submission(editions).annotate(
        last_handover=Subquery(last.values("action")[:1]),
        last_actor=Subquery(last.values("actor")[:1]),
        returned_by=Subquery(last.values("actor__username")[:1]),
        return_note=Subquery(last.values("note")[:1]),
        is_returned=Case(
            When(is_return & Q(last_actor=F("submitter")), then=Value(False)),  # a recall
            When(is_return, then=Value(True)),
            default=Value(False),
        ),
    )
    return annotated


def with_submitters(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Annotate `submitted_by`: the key of who had last submitted that edition before it."""
    before = AuditEntry.objects.filter(
        action=Action.SUBMIT, edition=OuterRef("edition"), pk__lt=OuterRef("pk")
    )
    return entries.annotate(submitted_by=Subquery(before.order_by("-pk").values("actor")[:1]))


def unconfirmed_approvals() -> QuerySet[AuditEntry]:
    """The urgent approvals that nobody has confirmed, through the index audit_action_edition."""
    later = AuditEntry.objects.filter(
        edition=OuterRef("edition"), action__in=CONFIRMATIONS, pk__gt=OuterRef("pk")
    )
    return AuditEntry.objects.filter(
        ~Exists(later), action=Action.APPROVE_URGENTLY, edition__isnull=False
    )
