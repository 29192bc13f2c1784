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
    note = strip_invisible(note).strip()
    if len(note) > NOTE_LENGTH:
        raise Refused([too_long(note)])
    Event(
        verb=verb,
        page=page,
        edition=edition,
        address=page.url_path,
        actor_id=actor.pk if actor else None,
        note=note,
        details={name: value for name, value in details.items() if value},
    ).save()


def too_long(note: str) -> Reason:
    return Reason(
        "note",
        f"メモ（理由やコメント）が{len(note):,}文字あります。"
        f"{NOTE_LENGTH:,}文字以内に短くしてください。",
    )
