"""The one writer of events."""

from django.contrib.auth.models import AbstractBaseUser

from bureaus.models import Edition, Event, Page, Verb
from bureaus.publishing.reason import Reason, Refused
from bureaus.richtext import strip_invisible

Actor = AbstractBaseUser | None  # None: the operator, at the command line
NOTE_LENGTH = 2_000  # characters


def record(
    verb: Verb,
    page: Page,
    actor: Actor,
    note: str = "",
    *,
    edition: Edition | None = None,
    **details: object,
) -> None:
    """
    Say who did `verb`, with what is not empty of `details`; 1 query.

    Raises Refused, and with it nothing has been done, where the note is too long to be read.
    """
    Event(
        verb=verb,
        page=page,
        edition=edition,
        address=page.url_path,
        actor_id=actor.pk if actor else None,
        note=noted(note),
        details={name: value for name, value in details.items() if value},
    ).save()


def record_file(verb: Verb, address: str, actor: Actor, note: str = "", **details: object) -> None:
    """The same of a file or an account, which stands on no page of its own; 1 query."""
    Event(
        verb=verb,
        address=address,
        actor_id=actor.pk if actor else None,
        note=noted(note),
        details={name: value for name, value in details.items() if value},
    ).save()


def noted(note: str) -> str:
    """The note as it is kept. Raises Refused."""
    note = strip_invisible(note).strip()
    if len(note) > NOTE_LENGTH:
        raise Refused([too_long(note)])
    return note


def too_long(note: str) -> Reason:
    return Reason(
        "note",
        f"メモ（理由やコメント）が{len(note):,}文字あります。"
        f"{NOTE_LENGTH:,}文字以内に短くしてください。",
    )
