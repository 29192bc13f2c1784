"""The links to a draft that are valid: read from the audit entries, as no token is stored."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from bureaus.models import Action, AuditEntry, Edition
from bureaus.publishing.workflow_facts import APPROVALS


@dataclass(frozen=True, slots=True)
class ValidLink:
    """A shared link that has not ended: who issued it when; its end `until` names it."""

    by: User | None
    at: datetime
    until: datetime


def links_to(edition: Edition) -> list[ValidLink]:
    """Return the links that still open the draft, the newest first. 1 query."""
    if not edition.is_open:
        return []
    ending = (Action.UNSHARE, *APPROVALS)
    rows = AuditEntry.objects.filter(edition=edition, action__in=(Action.SHARE, *ending))
    valid: dict[str, ValidLink] = {}
    for entry in rows.select_related("actor").order_by("pk"):
        until = entry.details.get("until", "")
        if entry.action == Action.SHARE and until:
            valid[until] = ValidLink(entry.actor, entry.at, datetime.fromisoformat(until))
        elif entry.action == Action.UNSHARE:
            valid.pop(until, None)
        elif entry.action in APPROVALS:
            valid.clear()
    now = timezone.now()
    return [link for link in reversed(valid.values()) if link.until > now]
