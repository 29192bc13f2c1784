"""Signed links to a draft, for people without an account: for some days, until approved."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.db.models import Count, Q
from django.utils import timezone

from bureaus.models import Action, AuditEntry, Edition
from bureaus.models.locks import under_tree_lock
from bureaus.publishing.actions.editions import lock_and_reread
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.sharing import share_blockers, take_back_blockers
from bureaus.publishing.workflow_facts import APPROVALS

SALT = "bureaus.publishing.sharing"  # a new one would end every link that has been sent


@dataclass(frozen=True, slots=True)
class SharedLink:
    token: str
    until: datetime


class SharedDraft(NamedTuple):
    edition: Edition
    until: datetime


@under_tree_lock
def share(*, edition: Edition, actor: Actor, note: str = "") -> SharedLink:
    """
    Create a link to the present content of `edition`, also as it is saved later.

    Only the signature makes it valid: the token is not stored. Raises Blocked.
    """
    edition = lock_and_reread(edition)
    raise_if_blocked(share_blockers(edition=edition, actor=actor))
    until = timezone.now().replace(microsecond=0) + settings.SHARED_PREVIEWS_LAST
    approvals, _ = approvals_of(edition.pk, until)
    content = [edition.pk, approvals, int(until.timestamp())]
    record_action(Action.SHARE, edition.page, actor, note, edition=edition, until=until.isoformat())
    return SharedLink(signing.dumps(content, salt=SALT), until)


def open_shared_link(token: str) -> SharedDraft | None:
    """
    Return the edition of `token` and the end of its validity; None of an invalid token.

    A link ends with its time, when the draft is discarded and with any approval, and stays
    invalid where a booking is cancelled. 2 queries, none for a forged one.
    """
    content = signed_content(token)
    if content is None:
        return None
    pk, approvals, until = content
    opened = Edition.objects.open().select_related("page", "moved_to")
    edition = opened.filter(pk=pk).first()
    if edition is None or approvals_of(pk, until) != (approvals, 0):
        return None
    return SharedDraft(edition, until)


@under_tree_lock
def take_back(*, edition: Edition, until: datetime, actor: Actor) -> None:
    """
    End the links to `edition` that are valid until that moment.

    The moment names a link: the token itself is not stored. Raises Blocked.
    """
    edition = lock_and_reread(edition)
    raise_if_blocked(take_back_blockers(edition=edition, until=until, actor=actor))
    moment = until.astimezone(UTC).isoformat()
    record_action(Action.UNSHARE, edition.page, actor, edition=edition, until=moment)


def signed_content(token: str) -> tuple[int, int, datetime] | None:
    """Return edition, approvals and end of a token that is genuine and not over. No query."""
    try:
        pk, approvals, seconds = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    until = datetime.fromtimestamp(seconds, UTC)
    return (pk, approvals, until) if until > timezone.now() else None


def approvals_of(edition: int, until: datetime) -> tuple[int, int]:
    """
    Return how often the edition was approved, and the link until that moment taken back. 1 query.

    Cancelled bookings make several approvals.
    """
    taken_back = Q(action=Action.UNSHARE, details__until=until.astimezone(UTC).isoformat())
    counts = AuditEntry.objects.filter(edition=edition).aggregate(
        approvals=Count("pk", filter=Q(action__in=APPROVALS)),
        taken_back=Count("pk", filter=taken_back),
    )
    return counts["approvals"], counts["taken_back"]
