"""Why a verb cannot be done: all the sentences at once, asked before and while doing it."""

from collections.abc import Callable, Iterator
from typing import Any

from bureaus.models import Verb
from bureaus.publishing import against_editions, against_people, against_tree
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
    Verb.APPOINT: against_people.against_appoint,
}


def reasons_against(verb: Verb, **subject: Any) -> list[Reason]:
    """
    Every reason why `verb` cannot be done to `subject`, its keyword arguments; none: it can.

    `actor` is who asks; without one, the operator. At most 18 queries, whatever the size of the
    branch; what several verbs ask of one edition is read once.
    """
    return list(AGAINST[verb](**subject))


def refuse_if_any(verb: Verb, **subject: Any) -> None:
    """Raises Refused."""
    reasons = reasons_against(verb, **subject)
    if reasons:
        raise Refused(reasons)
