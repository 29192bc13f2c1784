"""Why a verb cannot be done: all the sentences at once, asked before and while doing it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bureaus.models import Edition, Verb
from bureaus.permissions import Officer
from bureaus.publishing import (
    against_editions,
    against_media,
    against_people,
    against_synonyms,
    against_tree,
)
from bureaus.publishing.reason import Reason, Refused

AGAINST: dict[Verb, Callable[..., Iterator[Reason]]] = {
    Verb.ADD: against_tree.against_add,
    Verb.MOVE: against_tree.against_move,
    Verb.RENAME: against_tree.against_rename,
    Verb.START_DRAFT: against_editions.against_start_draft,
    Verb.EDIT: against_editions.against_edit,
    Verb.SUBMIT: against_editions.against_submit,
    Verb.RETURN: against_editions.against_return,
    Verb.APPROVE: against_editions.against_approve,
    Verb.APPROVE_URGENTLY: against_editions.against_approve_urgently,
    Verb.CONFIRM: against_editions.against_confirm,
    Verb.CANCEL_BOOKING: against_editions.against_cancel_booking,
    Verb.DISCARD: against_editions.against_discard,
    Verb.SHARE: against_editions.against_share,
    Verb.APPOINT: against_people.against_appoint,
    Verb.DISMISS: against_people.against_dismiss,
    Verb.UPLOAD: against_media.against_upload,
    Verb.DESCRIBE: against_media.against_describe,
    Verb.REPLACE: against_media.against_replace,
    Verb.DELETE: against_media.against_delete,
    Verb.SYNONYMS: against_synonyms.against_synonyms,
}


def reasons_against(verb: Verb, **subject: Any) -> list[Reason]:
    """
    Every reason why `verb` cannot be done to `subject`, its keyword arguments; none: it can.

    `actor` is who asks; without one, the operator. At most 18 queries, whatever the size of the
    branch; what several verbs ask of one edition is read once.
    """
    return list(AGAINST[verb](**subject))


def reasons_against_each(
    *,
    editions: Sequence[Edition],
    at: datetime | None = None,
    revisions: Mapping[int, int] | None = None,
    actor: Officer = None,
) -> list[list[Reason]]:
    """
    The reasons against approving `editions` together at `at`, of each for itself.

    Why the moment itself is none stands with each. This is for who looks for a moment: what is
    booked in branches that he does not keep is left to the verb, which says it once. 3 queries
    and that of the grants, of however many editions, where their figures and events are
    prefetched.
    """
    against_all = list(against_editions.against_moment(editions, at))
    each = against_editions.against_each(
        editions=editions, at=at, revisions=revisions, actor=actor, is_trial=True
    )
    return [[*against_all, *reasons] for reasons in each]


def refuse_if_any(verb: Verb, **subject: Any) -> None:
    """Raises Refused."""
    reasons = reasons_against(verb, **subject)
    if reasons:
        raise Refused(reasons)
