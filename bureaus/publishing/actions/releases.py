"""
A release with changes of the tree: approve, cancel and reschedule, each all or nothing.

The changes are made in the tables first, one after the other, by the rules of a single move or
rename; then the editions and the moved pages are judged upon the tree that results. What blocks
rolls everything back. Taking back goes the other way. So nothing is simulated (docs/adr/0034).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from bureaus.models import Action, Edition, Page, State
from bureaus.models.branches import cancel_branches
from bureaus.models.locks import under_tree_lock
from bureaus.models.placements import placed_pages, reread
from bureaus.models.releases import in_release, new_release, release_token
from bureaus.permissions import Grants, Officer, actor_context, grants_of
from bureaus.publishing.actions.editions import (
    date_taken,
    give_dates_back,
    lock_and_reread,
    put_in_force,
)
from bureaus.publishing.actions.tree import Placing, page_above, place_branch, record_placing
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.approval import blockers_of_each
from bureaus.publishing.blockers.blocker import Blocker, raise_if_blocked
from bureaus.publishing.blockers.releases import (
    ReleaseBlockers,
    change_blockers,
    editions_of,
    plan_blockers,
    release_blockers,
    unreadable_parents,
    withdrawal_blockers,
)
from bureaus.publishing.blockers.tree import past_blockers, placement_at_start
from bureaus.publishing.blockers.tree_cancellation import built_on_placement_blockers
from bureaus.publishing.live_until import update_live_until
from bureaus.publishing.news_listings import update_news_listings
from bureaus.publishing.releases import PlaceChange, Release, ReleasePlan, read_release
from bureaus.publishing.schedule_projection import ScheduleProjection


@dataclass(frozen=True, slots=True)
class ReleaseOutcome:
    """What has been done of a plan. With any blockers, the transaction has to be rolled back."""

    blockers: ReleaseBlockers
    editions: list[Edition]
    placed: dict[int, Placing]  # by the number of the change


@under_tree_lock
def approve_release(
    *,
    plan: ReleasePlan,
    actor: Actor,
    note: str = "",
    revisions: Mapping[int, int] | None = None,
) -> str:
    """
    Put the editions of `plan` in force and make its changes of the tree, from one moment on.

    The officer has to be approver of each edition, and manager as for each move or rename.
    `revisions` as in `approve`. About 40 queries a change, 20 an edition. Return the name of the
    release. Raises Blocked.
    """
    release = new_release()
    outcome = carry_out(plan, release, actor_context(actor), revisions)
    raise_if_blocked(outcome.blockers.all)
    for number, placed in outcome.placed.items():
        record_placing(plan.changes[number].action, placed, actor, note, at=plan.at)
    for edition in outcome.editions:
        record_edition(Action.APPROVE, edition, release, actor, note, at=plan.at)
    return release


@under_tree_lock
def try_release(
    *, plan: ReleasePlan, actor: Officer, revisions: Mapping[int, int] | None = None
) -> ReleaseBlockers:
    """
    Return the blockers of `approve_release`: carry out the plan and roll it back.

    What is booked in other branches is left out, and stated by the action alone.
    """
    officer = actor_context(actor)
    with transaction.atomic():
        outcome = carry_out(plan, new_release(), officer, revisions, is_trial=True)
        transaction.set_rollback(True)
    return outcome.blockers


@under_tree_lock
def cancel_release(*, release: str, actor: Actor, note: str = "") -> None:
    """
    Take a release back before it begins: the tables are as before it was approved.

    Its editions wait for approval again. Raises Blocked.
    """
    officer = actor_context(actor)
    booked = read_release(release)
    raise_if_blocked(release_blockers(booked, officer))
    if booked is None:
        return
    raise_if_blocked(take_back(booked, grants_of(officer)))
    was = booked.start.isoformat()
    for each in booked.changes:
        record_action(
            Action.CANCEL_BOOKING,
            reread(each.change.page),
            actor,
            note,
            booked=was,
            release=each.node.release,
        )
    for edition in booked.editions:
        record_edition(Action.CANCEL_BOOKING, edition, release, actor, note, at=booked.start)


@under_tree_lock
def reschedule_release(
    *,
    release: str,
    at: datetime,
    actor: Actor,
    note: str = "",
    end_redirects: bool = False,
) -> None:
    """
    Let a release begin at `at` instead: cancel it and approve it again, in one transaction.

    What blocks either blocks both. Raises Blocked.
    """
    officer = actor_context(actor)
    booked = read_release(release)
    raise_if_blocked([*past_blockers(at), *release_blockers(booked, officer)])
    if booked is None:
        return
    raise_if_blocked(take_back(booked, grants_of(officer)))
    changes = [each.change for each in booked.changes]
    plan = ReleasePlan(booked.editions, changes, at, end_redirects)
    outcome = carry_out(plan, release, officer)
    raise_if_blocked(outcome.blockers.all)
    for placed in outcome.placed.values():
        record_placing(Action.RESCHEDULE, placed, actor, note, at=at)
    for edition in outcome.editions:
        record_edition(Action.RESCHEDULE, edition, release, actor, note, at=at)


def carry_out(
    plan: ReleasePlan,
    release: str,
    officer: Officer,
    revisions: Mapping[int, int] | None = None,
    *,
    is_trial: bool = False,
) -> ReleaseOutcome:
    """Make the changes and put the editions in force, as far as nothing blocks."""
    plan = as_stored(plan)
    if general := plan_blockers(plan, officer):
        return ReleaseOutcome(ReleaseBlockers(general), [], {})
    start, grants = plan.at or timezone.now(), grants_of(officer)
    editions = [lock_and_reread(edition) for edition in editions_of(plan)]
    for edition in editions:
        edition.page = reread(edition.page)  # roles are those of the tree before the release
    placed, against = place_changes(plan, release, start, grants)
    each = blockers_of_each(
        editions=editions, at=plan.at, revisions=revisions, actor=officer, is_trial=is_trial
    )
    projection = ScheduleProjection(
        editions, start, grants, is_trial=is_trial, moved=moved_pages(plan)
    )
    blockers = ReleaseBlockers(
        of_changes=against | alone_after(plan, projection),
        of_editions={edition.pk: found for edition, found in zip(editions, each, strict=True)},
    )
    if not blockers.all:
        for edition in editions:
            put_in_force(edition, start, release=release_token(release))
        update_live_until(edition.page_id for edition in editions)
        update_news_listings(change.page.pk for change in plan.changes)
    return ReleaseOutcome(blockers, editions, placed)


def as_stored(plan: ReleasePlan) -> ReleasePlan:
    """
    Return the plan with its pages where they are now: roles depend on it. 1 query.

    Raises Page.DoesNotExist where one has been discarded.
    """
    named = [page for change in plan.changes for page in (change.page, change.to) if page]
    pages = placed_pages(page.pk for page in named)
    if len(pages) < len({page.pk for page in named}):
        raise Page.DoesNotExist
    changes = [
        PlaceChange(pages[change.page.pk], change.to and pages[change.to.pk], change.slug)
        for change in plan.changes
    ]
    return replace(plan, changes=changes)


def place_changes(
    plan: ReleasePlan, release: str, start: datetime, grants: Grants
) -> tuple[dict[int, Placing], dict[int, list[Blocker]]]:
    """
    Make the changes; return what was placed, and the blockers of the rest.

    After each one the blocked ones are tried again, so their order in the plan is free: an
    address may be taken that another change leaves.
    """
    placed: dict[int, Placing] = {}
    pending = dict(enumerate(plan.changes))
    while pending:
        against = {}
        for number in in_order(pending):
            against[number] = change_blockers(
                pending[number], start, grants, end_redirects=plan.end_redirects
            )
            if not against[number]:
                break
        else:
            return placed, against
        token = release_token(release, len(placed) + 1)
        placed[number] = place_change(pending.pop(number), start, token)
    return placed, {}


def in_order(pending: Mapping[int, PlaceChange]) -> list[int]:
    """
    Return the numbers of the changes, those last whose target another one still takes along.

    A page that moves below a page of the release is then placed by its own change, and not again
    with the branch of its target.
    """

    def waits(number: int) -> bool:
        target = pending[number].to
        others = (change.page for other, change in pending.items() if other != number)
        return target is not None and any(target.path.startswith(each.path) for each in others)

    return sorted(pending, key=waits)


def place_change(change: PlaceChange, start: datetime, token: str) -> Placing:
    node = placement_at_start(change.page, start)
    under = change.to or page_above(node)
    return place_branch(node, under, slug=change.slug or node.slug, start=start, release=token)


def moved_pages(plan: ReleasePlan) -> dict[int, int]:
    """Return the numbers of the moves by the key of the page."""
    return {each.page.pk: number for number, each in enumerate(plan.changes) if each.to}


def alone_after(plan: ReleasePlan, projection: ScheduleProjection) -> dict[int, list[Blocker]]:
    """Return the moves that bring a public page below one that is not public, by number."""
    moves = moved_pages(plan)
    pages = [plan.changes[number].page for number in moves.values()]
    found = unreadable_parents(pages, projection)
    return {moves[page]: blockers for page, blockers in found.items()}


def take_back(release: Release, grants: Grants) -> list[Blocker]:
    """Undo a release, the last change first; return what has been built upon it instead."""
    for each in reversed(release.changes):
        if found := list(built_on_placement_blockers(each.node)):
            return found
        cancel_branches(each.node.release)
    against = withdrawal_blockers(release, grants)
    if not against:
        Edition.objects.filter(in_release(release.name)).update(
            state=State.REVIEW,
            live_from=None,
            live_until=None,
            release="",
            revision=F("revision") - 1,  # the one that was approved: nothing can be saved since
        )
        give_dates_back(release.editions)
        update_live_until(edition.page_id for edition in release.editions)
        update_news_listings(each.change.page.pk for each in release.changes)
    return against


def record_edition(
    action: Action,
    edition: Edition,
    release: str,
    actor: Actor,
    note: str,
    *,
    at: datetime | None,
) -> None:
    record_action(
        action,
        edition.page,
        actor,
        note,
        edition=edition,
        booked=at.isoformat() if at else "",
        release=release_token(release),
        dated=date_taken(edition, at or timezone.now()),
    )
