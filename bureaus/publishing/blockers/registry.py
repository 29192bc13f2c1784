"""Why an action cannot be done: all the sentences at once, asked before and while doing it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bureaus.models import Action, Edition
from bureaus.permissions import Officer
from bureaus.publishing.blockers import branch_roles, media, synonyms, tree
from bureaus.publishing.blockers import editions as edition_blockers
from bureaus.publishing.blockers.blocker import Blocked, Blocker

BLOCKERS: dict[Action, Callable[..., Iterator[Blocker]]] = {
    Action.ADD: tree.add_blockers,
    Action.MOVE: tree.move_blockers,
    Action.RENAME: tree.rename_blockers,
    Action.START_DRAFT: edition_blockers.start_draft_blockers,
    Action.EDIT: edition_blockers.edit_blockers,
    Action.SUBMIT: edition_blockers.submit_blockers,
    Action.RETURN: edition_blockers.return_blockers,
    Action.APPROVE: edition_blockers.approve_blockers,
    Action.APPROVE_URGENTLY: edition_blockers.approve_urgently_blockers,
    Action.CONFIRM: edition_blockers.confirm_blockers,
    Action.CANCEL_BOOKING: edition_blockers.cancel_booking_blockers,
    Action.DISCARD: edition_blockers.discard_blockers,
    Action.SHARE: edition_blockers.share_blockers,
    Action.APPOINT: branch_roles.appoint_blockers,
    Action.DISMISS: branch_roles.dismiss_blockers,
    Action.UPLOAD: media.upload_blockers,
    Action.DESCRIBE: media.describe_blockers,
    Action.REPLACE: media.replace_blockers,
    Action.DELETE: media.delete_blockers,
    Action.SYNONYMS: synonyms.synonyms_blockers,
}


def blockers_of(action: Action, **subject: Any) -> list[Blocker]:
    """
    Every reason why `action` cannot be done to `subject`, its keyword arguments; none: it can.

    `actor` is who asks; without one, the operator. At most 18 queries, whatever the size of the
    branch; what several actions ask of one edition is read once.
    """
    return list(BLOCKERS[action](**subject))


def approve_blockers_of_each(
    *,
    editions: Sequence[Edition],
    at: datetime | None = None,
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
) -> list[list[Blocker]]:
    """
    The blockers against approving `editions` together at `at`, of each for itself.

    Why the moment itself is none stands with each. This is for who looks for a moment: what is
    booked in branches that he does not keep is left to the action, which says it once. 3 queries
    and that of the grants, of however many editions, where their figures and events are
    prefetched.
    """
    against_all = list(edition_blockers.moment_blockers(editions, at))
    each = edition_blockers.approve_each_blockers(
        editions=editions, at=at, revisions=revisions, actor=actor, is_trial=True
    )
    return [[*against_all, *blockers] for blockers in each]


def raise_if_blocked(action: Action, **subject: Any) -> None:
    """Raises Blocked."""
    blockers = blockers_of(action, **subject)
    if blockers:
        raise Blocked(blockers)
