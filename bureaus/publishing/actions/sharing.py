"""A link to a draft for somebody without an account: signed, for some days, until approved."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.utils import timezone

from bureaus.models import Action, AuditEntry, Edition
from bureaus.models.locks import under_tree_lock
from bureaus.publishing.actions.editions import lock_and_reread
from bureaus.publishing.audit import Actor, record_action
from bureaus.publishing.blockers.blocker import raise_if_blocked
from bureaus.publishing.blockers.editions import share_blockers
from bureaus.publishing.workflow_facts import APPROVALS

SALT = "bureaus.publishing.sharing"  # a new one would end every link that has been sent


@dataclass(frozen=True, slots=True)
class SharedLink:
    token: str
    until: datetime


@under_tree_lock
def share(*, edition: Edition, actor: Actor, note: str = "") -> SharedLink:
    """
    Make a link to what `edition` says, whatever is saved in it meanwhile.

    Only the signature makes it valid: the token is kept nowhere. Raises Refused.
    """
    edition = lock_and_reread(edition)
    raise_if_blocked(share_blockers(edition=edition, actor=actor))
    until = timezone.now().replace(microsecond=0) + settings.SHARED_PREVIEWS_LAST
    content = [edition.pk, approvals_of(edition.pk), int(until.timestamp())]
    record_action(Action.SHARE, edition.page, actor, note, edition=edition, until=until.isoformat())
    return SharedLink(signing.dumps(content, salt=SALT), until)


def open_shared_link(token: str) -> tuple[Edition, datetime] | None:
    """
    The edition that `token` shows, and until when; None where it shows nothing (any more).

    It ends with its time, with the discarding and with any approval, and does not come back where
    a booking is cancelled. 2 queries, none for a forged one.
    """
    try:
        pk, approvals, seconds = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    until = datetime.fromtimestamp(seconds, UTC)
    if until <= timezone.now():
        return None
    opened = Edition.objects.open().select_related("page", "moved_to")
    edition = opened.filter(pk=pk).first()
    if edition is None or approvals_of(pk) != approvals:
        return None
    return edition, until


def approvals_of(edition: int) -> int:
    """How often it has been approved: more than once where a booking was cancelled. 1 query."""
    return AuditEntry.objects.filter(edition=edition, action__in=APPROVALS).count()
