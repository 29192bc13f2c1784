"""Confirming a step of an edition; writing the steps of a page; absences."""

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.models import User

from bureaus.models import Absence, Action, ApprovalStep, Edition, Page, StepOfficer
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import reread
from bureaus.publishing.actions.branch_roles import ACCOUNTS
from bureaus.publishing.actions.editions import lock_and_reread
from bureaus.publishing.approval_steps import progress_of
from bureaus.publishing.audit import Actor, record_action, record_file_action
from bureaus.publishing.blockers.approval_steps import (
    StepEntry,
    absence_blockers,
    endorse_blockers,
    step_blockers,
    whose_absence_blockers,
)
from bureaus.publishing.blockers.blocker import raise_if_blocked


@under_tree_lock
def endorse(
    *,
    edition: Edition,
    actor: Actor,
    note: str = "",
    revisions: Mapping[int, int] | None = None,
) -> Edition:
    """
    Confirm the next step of an edition that awaits review.

    `revisions`: those that the officer has looked at, by key. At most 20 queries. Raises Blocked.
    """
    edition = lock_and_reread(edition)
    raise_if_blocked(endorse_blockers(edition=edition, revisions=revisions, actor=actor))
    for waiting in progress_of(edition).outstanding[:1]:  # one, by the blockers
        record_action(
            Action.ENDORSE, edition.page, actor, note, edition=edition, step=waiting.step.mark
        )
    return edition


@under_tree_lock
def change_step(
    *,
    page: Page,
    entry: StepEntry | None,
    actor: Actor,
    step: int | None = None,
    version: str = "",
) -> ApprovalStep | None:
    """
    Add `entry` to the steps of `page`, or put it in the place of `step` of this `version`.

    Delete that, and return None, where `entry` is None. At most 20 queries. Raises Blocked.
    """
    page = reread(page)
    steps = ApprovalStep.objects.filter(pk=step or 0, page=page).prefetch_related("people__officer")
    stored = steps.first() if step else None
    raise_if_blocked(
        step_blockers(page=page, entry=entry, stored=stored, sent=(step, version), actor=actor)
    )
    before = str(stored or "")
    if entry is None:
        if stored is not None:
            stored.delete()
        record_action(Action.APPROVAL_STEPS, page, actor, step_before=before)
        return None
    changed = stored or ApprovalStep(page=page)
    changed.name, changed.position = entry.name, entry.position
    changed.save()
    accounts = {user.username: user for user in User.objects.filter(username__in=names_of(entry))}
    StepOfficer.objects.filter(step=changed).delete()
    StepOfficer.objects.bulk_create(
        StepOfficer(step=changed, officer=accounts[name], is_deputy=name in entry.deputies)
        for name in names_of(entry)
    )
    record_action(
        Action.APPROVAL_STEPS,
        page,
        actor,
        step_name=entry.name,
        step_before=before if before != entry.name else "",
        people="、".join(entry.people),
        deputies="、".join(entry.deputies),
    )
    return changed


def names_of(entry: StepEntry) -> list[str]:
    return [*entry.people, *entry.deputies]


@under_tree_lock
def record_absence(*, officer: User, first_day: date, last_day: date, actor: Actor) -> Absence:
    """Record the days on which `officer` confirms no step. At most 8 queries. Raises Blocked."""
    raise_if_blocked(
        absence_blockers(officer=officer, first_day=first_day, last_day=last_day, actor=actor)
    )
    absence = Absence.objects.create(officer=officer, first_day=first_day, last_day=last_day)
    record_file_action(Action.ABSENCE, ACCOUNTS, actor, absent=str(absence))
    return absence


@under_tree_lock
def cancel_absence(*, absence: Absence, actor: Actor) -> None:
    """End an absence, or take it back. At most 6 queries. Raises Blocked."""
    raise_if_blocked(whose_absence_blockers(absence.officer, actor))
    record_file_action(Action.ABSENCE, ACCOUNTS, actor, present=str(absence))
    absence.delete()
