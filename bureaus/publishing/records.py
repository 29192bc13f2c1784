"""The one writer of events."""

from django.contrib.auth.models import AbstractBaseUser

from bureaus.models import Edition, Event, Page, Verb

Actor = AbstractBaseUser | None  # None: the operator, at the command line


def record(
    verb: Verb,
    page: Page,
    actor: Actor,
    note: str = "",
    *,
    edition: Edition | None = None,
    **details: object,
) -> None:
    """Say who did `verb`, with what is not empty of `details`; 1 query."""
    Event(
        verb=verb,
        page=page,
        edition=edition,
        address=page.url_path,
        actor_id=actor.pk if actor else None,
        note=note,
        details={name: value for name, value in details.items() if value},
    ).save()


def record_file(verb: Verb, address: str, actor: Actor, note: str = "", **details: object) -> None:
    """The same of a picture or a document, which stands on no page of its own; 1 query."""
    Event(
        verb=verb,
        address=address,
        actor_id=actor.pk if actor else None,
        note=note,
        details={name: value for name, value in details.items() if value},
    ).save()
