"""
Writes the notices to officers: with the audit entry, in the transaction of the action.

What happens at a booked moment has no transaction: `add_due_notices` derives it, whenever
`manage.py send_notices` runs (docs/adr/0050).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from bureaus.models import (
    Action,
    Answer,
    AuditEntry,
    BranchRole,
    Document,
    DraftComment,
    Edition,
    Notice,
    NoticeKind,
    Placement,
    Role,
)
from bureaus.models.notices import BEFORE_EXPIRY
from bureaus.models.placements import ancestor_paths
from bureaus.publishing.approval_steps import noting_steps, progress_of_each
from bureaus.publishing.references import editions_using
from bureaus.publishing.workflow_facts import APPROVALS, AUTHORING_ACTIONS, authors_among

KINDS = {
    Action.SUBMIT: NoticeKind.SUBMITTED,
    Action.ENDORSE: NoticeKind.SUBMITTED,
    Action.RETURN: NoticeKind.RETURNED,
    Action.CANCEL_BOOKING: NoticeKind.RETURNED,
    Action.APPROVE: NoticeKind.APPROVED,
    Action.APPROVE_URGENTLY: NoticeKind.APPROVED,
    Action.COMMENT: NoticeKind.COMMENTED,
    Action.REOPEN: NoticeKind.COMMENTED,
}
# How late a notice of a beginning still is one: after a longer outage nobody needs it.
CATCH_UP = timedelta(days=7)


def notify_of_edition(entry: AuditEntry) -> None:
    """Write the notices about an action on an edition. 2 queries, of a submission at most 6."""
    kind = KINDS.get(Action(entry.action))
    if kind is None or entry.edition_id is None or entry.page is None:
        return
    if kind == NoticeKind.SUBMITTED:
        write_notices(kind, entry, next_readers(entry))
        return
    authors = accounts_of_authors([entry.edition_id])
    if kind == NoticeKind.COMMENTED:
        write_notices(kind, entry, authors | commenting(entry.edition_id))
    else:
        write_notices(kind, entry, authors)


def next_readers(entry: AuditEntry) -> set[int]:
    """
    Return who confirms the next step of the edition, else the approvers; none of its authors.

    `entry` has the edition, whose page is the entry's. 2 queries, at most 5 with steps.
    """
    edition: Any = entry.edition
    entries = list(noting_steps(AuditEntry.objects.filter(edition=edition)))
    waiting = progress_of_each([edition], entries)[edition.pk].next
    if waiting is not None:
        return {user.pk for user in waiting.acting}
    authors = {pk for pk in authors_among(entries) if pk is not None}
    return set(officers_at([edition.page.path], Role.APPROVER)) - authors


def notify_of_replacement(entry: AuditEntry, document: Document) -> None:
    """Write the notices to the writers of the pages that use the document. 3 queries."""
    using = editions_using(document).not_ended(timezone.now()).with_page()
    paths = {edition.page.path for edition in using.defer("body")}
    write_notices(NoticeKind.REPLACED, entry, officers_at(paths, Role.WRITER))


def write_notices(kind: NoticeKind, entry: AuditEntry, officers: Iterable[int]) -> None:
    """Write one for each of `officers` but the actor, where there is none yet. 1 query."""
    Notice.objects.bulk_create(
        (
            Notice(kind=kind, entry=entry, recipient_id=officer)
            for officer in sorted(officers)
            if officer != entry.actor_id
        ),
        ignore_conflicts=True,
    )


def accounts_of_authors(editions: Iterable[int] | QuerySet[Any, Any]) -> set[int]:
    """Return the accounts that wrote or submitted one of the editions. 1 query."""
    entries = AuditEntry.objects.filter(edition__in=editions, action__in=AUTHORING_ACTIONS)
    found = entries.exclude(actor=None).order_by().values_list("actor", flat=True).distinct()
    return {pk for pk in found if pk is not None}


def commenting(edition: int) -> set[int]:
    """Return the accounts that have commented on the edition. 1 query."""
    comments = DraftComment.objects.filter(edition=edition, author__is_active=True).order_by()
    found = comments.values_list("author", flat=True).distinct()
    return {pk for pk in found if pk is not None}


def officers_at(paths: Iterable[str], role: Role) -> list[int]:
    """Return the officers with the role at one of these tree paths of now. 1 query."""
    above = {above for path in paths for above in (*ancestor_paths(path), path)}
    tops = Placement.objects.in_force(timezone.now()).filter(path__in=above).order_by()
    holding = BranchRole.objects.filter(role=role, page__in=tops.values("page"))
    officers = User.objects.filter(is_active=True, groups__branch_roles__in=holding)
    return list(officers.order_by().values_list("pk", flat=True).distinct())


# What happens at a booked moment


def add_due_notices(now: datetime) -> None:
    """
    Write the notices of the bookings that have begun, and of the endings that are near.

    Repeatable: a notice exists once for each approval and officer. 2 queries, and 2 for each
    booking found.
    """
    for entry in approvals_of(begun_bookings(now)):
        editions = Edition.objects.filter(pk=entry.edition_id)
        write_notices(NoticeKind.PUBLIC, entry, accounts_of_authors(editions.values("pk")))
    for entry in approvals_of(near_endings(now)):
        editions = Edition.objects.not_ended(now).filter(page=entry.page_id)
        write_notices(NoticeKind.EXPIRES, entry, accounts_of_authors(editions.values("pk")))


def approvals_of(editions: QuerySet[Edition]) -> QuerySet[AuditEntry]:
    """Return the last approval of each edition, where that was a booking."""
    later = AuditEntry.objects.filter(
        edition=OuterRef("edition"), action__in=APPROVALS, pk__gt=OuterRef("pk")
    )
    return AuditEntry.objects.filter(
        ~Exists(later),
        edition__in=editions.order_by().values("pk"),
        action=Action.APPROVE,
        at__lt=F("edition__live_from"),
    ).order_by("pk")


def begun_bookings(now: datetime) -> QuerySet[Edition]:
    return Edition.objects.approved().filter(live_from__gt=now - CATCH_UP, live_from__lte=now)


def near_endings(now: datetime) -> QuerySet[Edition]:
    """The booked editions with which a page stops being current within some days."""
    soon = Edition.objects.approved().filter(live_from__gt=now, live_from__lte=now + BEFORE_EXPIRY)
    return soon.exclude(answer=Answer.CURRENT)
