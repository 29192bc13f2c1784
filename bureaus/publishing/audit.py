"""
Writes the audit entries of actions, and the notices about them.

Imports write theirs in bulk (`actions/imports.py`); only `sealing/` overwrites any.
"""

from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from bureaus.models import Action, AuditEntry, Edition, Page
from bureaus.publishing.blockers.blocker import Blocked, Blocker, BlockerCode
from bureaus.publishing.notices import notify_of_edition
from bureaus.security.log import SecurityEvent, record_event
from bureaus.text.rich_text import strip_invisible

Actor = AbstractBaseUser | None  # None: the operator, at the command line
NOTE_LENGTH = 2_000  # characters
# The actions that the security log has too.
SECURITY_EVENTS = {
    Action.APPOINT: SecurityEvent.ROLE,
    Action.DISMISS: SecurityEvent.ROLE,
    Action.CREATE_ACCOUNT: SecurityEvent.ACCOUNT,
}


def record_action(
    action: Action,
    page: Page,
    actor: Actor,
    note: str = "",
    *,
    edition: Edition | None = None,
    **details: object,
) -> None:
    """
    Record `action` of `actor`, with the `details` that are not empty, and the notices about it.

    1 query, up to 4 where officers get notices of the action.

    Raises Blocked, which rolls the action back, where the note is too long.
    """
    entry = AuditEntry(
        action=action,
        page=page,
        edition=edition,
        address=page.url_path,
        actor_id=actor.pk if actor else None,
        note=clean_note(note),
        details={name: value for name, value in details.items() if value},
    )
    entry.save()
    notify_of_edition(entry)
    log_security_event(action, {"page": page.url_path, **details}, actor)


def record_file_action(
    action: Action, address: str, actor: Actor, note: str = "", **details: object
) -> AuditEntry:
    """Record an action on a file or an account, which belongs to no page; 1 query."""
    entry = AuditEntry(
        action=action,
        address=address,
        actor_id=actor.pk if actor else None,
        note=clean_note(note),
        details={name: value for name, value in details.items() if value},
    )
    entry.save()
    log_security_event(action, {"page": address, **details}, actor)
    return entry


def log_security_event(action: Action, details: dict[str, object], actor: Actor) -> None:
    """Write the record once the transaction has succeeded."""
    if event := SECURITY_EVENTS.get(action):
        name = actor.get_username() if actor else ""
        record = partial(record_event, event, account=name, action=action.value, details=details)
        transaction.on_commit(record)


def clean_note(note: str) -> str:
    """Return the note as it is stored. Raises Blocked where it is too long."""
    note = strip_invisible(note).strip()
    if len(note) > NOTE_LENGTH:
        raise Blocked([note_too_long(note)])
    return note


def note_too_long(note: str) -> Blocker:
    return Blocker(
        BlockerCode.NOTE,
        f"メモ（理由やコメント）が{len(note):,}文字あります。"
        f"{NOTE_LENGTH:,}文字以内に短くしてください。",
    )
