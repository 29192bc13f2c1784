"""Why a release cannot be made as planned, cancelled, or given another moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from django.utils import timezone

from bureaus.models import Action, Edition, Page
from bureaus.permissions import Grants, Officer, grants_of
from bureaus.publishing.blockers.approval import (
    moment_blockers,
    release_size_blockers,
    removal_blockers,
)
from bureaus.publishing.blockers.blocker import (
    Blocker,
    BlockerCode,
    blocker_list,
    role_blockers,
)
from bureaus.publishing.blockers.former_addresses import RedirectRights
from bureaus.publishing.blockers.tree import (
    move_availability,
    move_place_blockers,
    past_blockers,
    rename_availability,
    rename_place_blockers,
    unreadable_parent,
)
from bureaus.publishing.releases import PlaceChange, Release, ReleasePlan
from bureaus.publishing.schedule_projection import ScheduleProjection
from bureaus.text.formatting import japanese_moment

MAX_RELEASE_CHANGES = 20  # of the tree in one release


@dataclass(frozen=True, slots=True)
class ReleaseBlockers:
    """Blockers of the whole, of each change by its number in the plan, of each edition by key."""

    general: Sequence[Blocker] = ()
    of_changes: Mapping[int, Sequence[Blocker]] = field(default_factory=dict)
    of_editions: Mapping[int, Sequence[Blocker]] = field(default_factory=dict)

    @property
    def all(self) -> list[Blocker]:
        each = chain(self.of_changes.values(), self.of_editions.values())
        return [*self.general, *chain.from_iterable(each)]


@blocker_list
def plan_blockers(plan: ReleasePlan, actor: Officer) -> Iterator[Blocker]:
    """Yield what keeps the plan from being judged: nothing in it, the moment, a missing role."""
    if not plan.changes:
        yield from moment_blockers(editions_of(plan), plan.at)
    else:
        yield from past_blockers(plan.at)
        yield from release_size_blockers(len(editions_of(plan)))
    if len(plan.changes) > MAX_RELEASE_CHANGES:
        yield too_many_changes(len(plan.changes))
    for change in plan.changes:
        if change.to is None:
            yield from rename_availability(page=change.page, actor=actor)
        else:
            yield from move_availability(page=change.page, actor=actor)
            yield from role_blockers(Action.MOVE, actor, change.to)


def too_many_changes(count: int) -> Blocker:
    return Blocker(
        BlockerCode.MANY,
        f"場所の変更が{count}件あります。一度にできるのは{MAX_RELEASE_CHANGES}件までです。分けてください。",
    )


def change_blockers(
    change: PlaceChange, start: datetime, grants: Grants, *, end_redirects: bool
) -> list[Blocker]:
    """Return why this change is not possible upon the tree as it is in the tables."""
    if change.to is None:
        rights = RedirectRights(grants, change.page, is_chosen=end_redirects)
        return rename_place_blockers(change.page, change.slug, start, rights)
    rights = RedirectRights(grants, change.to, is_chosen=end_redirects)
    return move_place_blockers(change.page, change.to, start, rights)


def unreadable_parents(
    pages: Iterable[Page], projection: ScheduleProjection
) -> dict[int, list[Blocker]]:
    """Return by key why `pages`, moved in the tables, would be public below one that is not."""
    found = {}
    for page in pages:
        alone = None if page.pk in projection.coming else projection.first_alone(page.pk)
        if alone is not None:
            found[page.pk] = [unreadable_parent(page, alone.page, alone.start)]
    return found


@blocker_list
def release_blockers(release: Release | None, actor: Officer) -> Iterator[Blocker]:
    """
    Yield why the officer may not take `release` back, of the parts alone that they may see.

    None: it has been cancelled.
    """
    if release is None:
        yield Blocker(
            BlockerCode.STATE,
            "この一括公開は、もうありません。ほかの人が取り消しました。ホームから開き直してください。",
        )
        return
    if release.start <= timezone.now():
        yield Blocker(
            BlockerCode.STARTED,
            f"この一括公開は、{japanese_moment(release.start)}に始まっています。"
            "直すには、新しい版を作るか、もう一度場所を変えてください。",
        )
    grants = grants_of(actor)
    pages = {
        Action.CANCEL_BOOKING: [edition.page for edition in release.editions],
        Action.MOVE: [each.change.page for each in release.changes],
    }
    for action, needed in pages.items():
        visible = [page for page in needed if grants.can_view(page)]
        yield from role_blockers(action, actor, *visible)
    if not all(grants.can_view(page) for needed in pages.values() for page in needed):
        yield Blocker(
            BlockerCode.ROLE,
            "この一括公開には、ほかの部局のページも入っています。取り消したり日時を変えたり"
            "するには、そのすべてのページの役割が要ります。担当の管理者に依頼してください。",
        )


@blocker_list
def withdrawal_blockers(release: Release, grants: Grants) -> Iterator[Blocker]:
    """Yield what depends on the release, whose changes of the tree are undone in the tables."""
    for edition in release.editions:
        yield from removal_blockers(edition, grants)
    moved = {each.change.page.pk: each.change.page for each in release.changes}
    projection = ScheduleProjection([], release.start, grants, moved=moved)
    projection.leaving = {edition.pk for edition in release.editions}
    yield from chain.from_iterable(unreadable_parents(moved.values(), projection).values())


def editions_of(plan: ReleasePlan) -> list[Edition]:
    """Return the editions of the plan, each once."""
    return list({edition.pk: edition for edition in plan.editions}.values())
