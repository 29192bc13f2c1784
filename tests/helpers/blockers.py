"""The blockers of every action by its name, for tests that loop over the actions."""

from collections.abc import Callable
from typing import Any

from bureaus.models import Action
from bureaus.publishing import Blocker
from bureaus.publishing.blockers import (
    acceptances,
    approval,
    approval_steps,
    branch_roles,
    draft_comments,
    editions,
    media,
    page_reviews,
    seal_decisions,
    seals,
    sharing,
    synonyms,
    tree,
)

BLOCKERS: dict[Action, Callable[..., list[Blocker]]] = {
    Action.ADD: tree.add_blockers,
    Action.MOVE: tree.move_blockers,
    Action.RENAME: tree.rename_blockers,
    Action.START_DRAFT: editions.start_draft_blockers,
    Action.EDIT: editions.edit_availability,
    Action.SUBMIT: editions.submit_blockers,
    Action.ENDORSE: approval_steps.endorse_blockers,
    Action.RETURN: editions.return_blockers,
    Action.APPROVE: approval.approve_blockers,
    Action.APPROVE_URGENTLY: approval.approve_urgently_blockers,
    Action.CONFIRM: approval.confirm_blockers,
    Action.CANCEL_BOOKING: approval.cancel_booking_blockers,
    Action.DISCARD: editions.discard_blockers,
    Action.REVIEW: page_reviews.page_review_blockers,
    Action.REVIEW_INTERVAL: page_reviews.page_review_interval_blockers,
    Action.SHARE: sharing.share_blockers,
    Action.UNSHARE: sharing.take_back_blockers,
    Action.ACCEPT: acceptances.acceptance_blockers,
    Action.COMMENT: draft_comments.comment_blockers,
    Action.RESOLVE: draft_comments.resolve_blockers,
    Action.REOPEN: draft_comments.reopen_blockers,
    Action.APPOINT: branch_roles.appoint_blockers,
    Action.DISMISS: branch_roles.dismiss_blockers,
    Action.UPLOAD: media.upload_blockers,
    Action.DESCRIBE: media.describe_blockers,
    Action.REPLACE: media.replace_blockers,
    Action.DELETE: media.delete_blockers,
    Action.PROPOSE_SEAL: seals.propose_seal_availability,
    Action.SEAL: seal_decisions.seal_blockers,
    Action.REFUSE_SEAL: seal_decisions.refuse_seal_availability,
    Action.WITHDRAW_SEAL: seal_decisions.withdraw_seal_blockers,
    Action.SYNONYMS: synonyms.synonyms_blockers,
}


def blockers_of(action: Action, **subject: Any) -> list[Blocker]:
    return BLOCKERS[action](**subject)
