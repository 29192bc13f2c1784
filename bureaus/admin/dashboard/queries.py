"""The lists of the dashboard, cut to their first entries; 1 query each at any size of the site."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.utils import timezone

from bureaus.admin.core.page_states import CHIP_OF_STATE, Chip
from bureaus.models import Action, AuditEntry, Edition, Page, Role, Seal, State
from bureaus.models.pages import placement_at
from bureaus.models.placements import branch_end
from bureaus.permissions import Grants
from bureaus.publishing.approval_steps import progress_of_each
from bureaus.publishing.workflow_facts import (
    AUTHORING_ACTIONS,
    authored_by,
    entries_of_outer,
    unconfirmed_approvals,
    with_return,
    with_submission,
)
from bureaus.text.formatting import OPERATOR

SHOWN = 20
MOST_IN_REVIEW = 200  # editions whose steps are looked at
WRITING = tuple(action for action in AUTHORING_ACTIONS if action != Action.ADD)


@dataclass(frozen=True, slots=True)
class Slice:
    """The first entries of a list; `is_cut` where more follow."""

    items: tuple[Any, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class OpenEdition:
    """An open edition. `comment` and `by` are those of the return, or empty."""

    edition: int
    title: str
    address: str
    chip: Chip
    touched: datetime
    comment: str
    by: str
    is_returned: bool


@dataclass(frozen=True, slots=True)
class PageWithoutText:
    """The first draft of a page that `by` added and nobody has edited."""

    edition: int
    title: str
    address: str
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class AwaitingReview:
    edition: int
    title: str
    address: str
    by: str
    since: datetime
    waits: str  # the duration in words
    step: str = ""  # the step that the officer confirms; empty for the approval


@dataclass(frozen=True, slots=True)
class AwaitingConfirmation:
    edition: int
    title: str
    address: str
    by: str
    since: datetime
    reason: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class BranchSummary:
    """A branch of the officer, with the counts of pages with findings and with errors."""

    page: int
    title: str
    roles: tuple[str, ...]
    found: int
    wrong: int


def cut(rows: Iterable[Any]) -> Slice:
    """Return the first of `rows`, which are one more than SHOWN where there are so many."""
    found = tuple(islice(rows, SHOWN + 1))
    return Slice(found[:SHOWN], is_cut=len(found) > SHOWN)


def drafts_of(officer: User, grants: Grants) -> Slice:
    """
    Return the officer's open editions: returned ones first, then the last changed.

    A page that the officer added counts only where they are a writer.
    """
    is_added = authored_by(officer.pk, [Action.ADD])
    is_written = authored_by(officer.pk, WRITING)
    rows = (
        with_return(Edition.objects.open().placed(timezone.now()))
        .filter(
            grants.in_branches(is_placed=True),
            is_written | (Q(is_added) & grants.in_branches(Role.WRITER, is_placed=True)),
        )
        .annotate(
            touched=Subquery(AuditEntry.objects.filter(edition=OuterRef("pk")).values("at")[:1]),
        )
        .order_by("-is_returned", "-touched", "pk")
        .values_list(
            "pk",
            "title",
            "placement__url_path",
            "state",
            "touched",
            "return_note",
            "returned_by",
            "is_returned",
        )
    )
    return cut(
        OpenEdition(
            edition=pk,
            title=title or "（無題）",
            address=address,
            chip=CHIP_OF_STATE[State(state)],
            touched=touched,
            comment=note if is_returned else "",
            by=(by or OPERATOR) if is_returned else "",
            is_returned=is_returned,
        )
        for pk, title, address, state, touched, note, by, is_returned in rows[: SHOWN + 1]
    )


def pages_without_text(officer: User, grants: Grants) -> Slice:
    """Return the unedited pages that others added to the writer's branches, the oldest first."""
    added = entries_of_outer(Action.ADD)
    rows = (
        Edition.objects.placed(timezone.now())
        .filter(
            grants.in_branches(Role.WRITER, is_placed=True),
            Exists(added),
            ~authored_by(officer.pk, [Action.ADD]),
            ~Exists(AuditEntry.objects.filter(edition=OuterRef("pk")).exclude(action=Action.ADD)),
            state=State.DRAFT,
        )
        .annotate(by=Subquery(added.values("actor__username")[:1]))
        .annotate(since=Subquery(added.values("at")[:1]))
        .order_by("pk")
        .values_list("pk", "title", "placement__url_path", "by", "since")
    )
    return cut(
        PageWithoutText(pk, title or "（無題）", address, by or OPERATOR, since)
        for pk, title, address, by, since in rows[: SHOWN + 1]
    )


def awaiting_review(officer: User, grants: Grants, now: datetime, *, has_steps: bool) -> Slice:
    """
    Return what the officer may approve, or a step of it confirm, and did not write.

    The longest waiting first. `has_steps`: the site has steps of approval; then the oldest
    MOST_IN_REVIEW are looked at. 1 query, 5 where there are steps.
    """
    roles = () if has_steps else (Role.APPROVER,)
    rows = (
        with_submission(Edition.objects.filter(state=State.REVIEW).with_page())
        .filter(grants.in_branches(*roles, is_placed=True), ~authored_by(officer.pk))
        .defer("body", "lead")
        .order_by("submitted_at", "pk")
    )
    found = list(rows[: MOST_IN_REVIEW if has_steps else SHOWN + 1])
    entries = AuditEntry.objects.filter(edition__in=found) if has_steps else ()
    steps = progress_of_each(found, entries) if has_steps else {}
    return cut(
        AwaitingReview(
            edition=edition.pk,
            title=edition.title or "（無題）",
            address=edition.page.url_path,
            by=edition.submitter_name or OPERATOR,
            since=edition.submitted_at or now,
            waits=wait(edition.submitted_at, now),
            step=str(waiting.step) if waiting else "",
        )
        for edition in found
        for waiting in [steps[edition.pk].next if has_steps else None]
        if (
            waiting.is_for(officer.pk)
            if waiting
            else Role.APPROVER in grants.roles_at(edition.page)
        )
    )


def awaiting_confirmation(officer: User, grants: Grants) -> Slice:
    """The urgent approvals that no second approver has confirmed, the oldest first."""
    rows = (
        unconfirmed_approvals()
        .annotate(placement=placement_at(timezone.now(), "edition__"))
        .filter(grants.in_branches(Role.APPROVER, is_placed=True))
        .order_by("at", "pk")
        .values_list(
            "edition",
            "edition__title",
            "placement__url_path",
            "actor__username",
            "at",
            "note",
            "actor",
        )
    )
    return cut(
        AwaitingConfirmation(
            pk, title, address, by or OPERATOR, at, note, is_own=actor == officer.pk
        )
        for pk, title, address, by, at, note, actor in rows[: SHOWN + 1]
    )


def pending_seals(officer: User, grants: Grants, now: datetime) -> Subquery:
    """Count the proposals of others that the officer may confirm; a part of another statement."""
    rows = (
        Seal.objects.pending(now)
        .annotate(placement=placement_at(now, "page__"))
        .filter(grants.in_ranges("placement__path", Role.APPROVER))
        .exclude(proposer=officer.pk)
        .order_by()
        .values(all=Value(1))
        .annotate(total=Count("pk"))
    )
    return Subquery(rows.values("total"))


def branch_summaries(grants: Grants, now: datetime) -> tuple[BranchSummary, ...]:
    """Return the officer's branches with the roles in them."""
    roles: dict[str, list[str]] = {}
    for path, role in grants.branches:
        roles.setdefault(path, []).append(role.label)
    title = Edition.objects.filter(page=OuterRef("pk")).in_force(now).values("title")[:1]
    rows = (
        Page.objects.placed(now)
        .filter(placement__path__in=roles)
        .order_by("placement__path")
        .annotate(title=Subquery(title))
        .values_list("pk", "placement__path", "title", "placement__url_path")
    )
    counts = findings_below(grants, roles, now)
    return tuple(
        BranchSummary(pk, title or address, tuple(dict.fromkeys(roles[path])), *counts[path])
        for pk, path, title, address in rows
    )


def findings_below(
    grants: Grants, tops: Collection[str], now: datetime
) -> dict[str, tuple[int, int]]:
    """Count the pages of each branch with findings, and those with errors. 1 query."""
    below = {top: Q(placement__path__gte=top, placement__path__lt=branch_end(top)) for top in tops}
    found = (
        Edition.objects.not_ended(now)
        .placed(now)
        .filter(grants.in_branches(is_placed=True), finding_count__gt=0)
        .order_by()
        .aggregate(
            **{f"found_{top}": pages_where(inside) for top, inside in below.items()},
            **{
                f"wrong_{top}": pages_where(inside & Q(error_count__gt=0))
                for top, inside in below.items()
            },
        )
    )
    return {top: (found[f"found_{top}"], found[f"wrong_{top}"]) for top in tops}


def pages_where(condition: Q) -> Count:
    return Count("page", filter=condition, distinct=True)


def wait(since: datetime | None, now: datetime) -> str:
    """Return a duration like 3日, 5時間 or 10分."""
    passed = now - (since or now)
    if passed.days:
        return f"{passed.days}日"
    minutes = max(1, passed.seconds // 60)
    return f"{minutes // 60}時間" if minutes >= 60 else f"{minutes}分"  # noqa: PLR2004 - an hour
