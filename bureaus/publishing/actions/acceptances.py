"""Accepting a finding of the proofreader: the text stays, with the reason on record."""

from bureaus.models import Acceptance, Action, Edition
from bureaus.models.locks import under_tree_lock
from bureaus.publishing.actions.editions import lock_and_reread
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.acceptances import acceptance_blockers
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.finding_counts import count_findings
from bureaus.text.rich_text import strip_invisible


@count_findings
@under_tree_lock
def accept_finding(
    *, edition: Edition, rule: str, quote: str, reason: str, actor: Actor
) -> Acceptance:
    """
    Accept this finding on the page of `edition`, in this edition and in later ones.

    Writers and approvers can accept a warning; an error can be accepted only where the text is
    in an edition that was loaded as the original. Raises Blocked.
    """
    edition = lock_and_reread(edition)
    raise_if_blocked(
        acceptance_blockers(edition=edition, rule=rule, quote=quote, reason=reason, actor=actor)
    )
    accepted = Acceptance(
        page=edition.page,
        rule=rule,
        quote=quote,
        reason=strip_invisible(reason).strip(),
        actor_id=actor.pk if actor else None,
    )
    accepted.save(force_insert=True)
    record_action(
        Action.ACCEPT, edition.page, actor, reason, edition=edition, rule=rule, quote=quote
    )
    return accepted
