"""
What an officer has typed and not saved: kept beside the draft, for himself alone.

No verbs: nothing here changes what anybody else reads, and no event is written.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from bureaus.models import Edition, Verb, WorkingCopy
from bureaus.publishing.reason import Refused, against_role
from bureaus.richtext import BodyTooHeavy, sanitise, strip_invisible

SIZE_LIMIT = 500_000  # bytes of UTF-8: a body of the greatest size, and as much again of the rest
FIELDS_LIMIT = 5_000
PRESENT = timedelta(minutes=2)  # who has not been seen for longer has gone


class TooLarge(ValueError):
    """What was typed is more than any draft may hold."""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who has the draft open."""

    name: str
    since: datetime


def keep(
    *, edition: Edition, officer: AbstractBaseUser, content: Mapping[str, str], revision: int
) -> WorkingCopy:
    """
    Keep `content`, what the form would send, as the officer's own copy; 4 queries.

    Raises Refused to who may not edit the page, TooLarge.
    """
    refuse_foreign(edition, officer)
    clean = {strip_invisible(name): strip_invisible(value) for name, value in content.items()}
    with suppress(BodyTooHeavy):  # then it stays as it was typed, and nobody sees it but as letters
        clean["body"] = sanitise(clean.get("body", ""))
    size = sum(len(f"{name}{value}".encode()) for name, value in clean.items())
    if size > SIZE_LIMIT or len(clean) > FIELDS_LIMIT:
        raise TooLarge(
            f"入力が大きすぎて、自動保存できません（{size:,}バイト）。"
            f"{SIZE_LIMIT:,}バイト以内にしてください。"
        )
    return touched(edition, officer, content=clean, revision=revision)


def see(*, edition: Edition, officer: AbstractBaseUser, revision: int) -> WorkingCopy:
    """Note that the officer has the draft open. Raises Refused to who may not edit the page."""
    refuse_foreign(edition, officer)
    return touched(edition, officer, revision=revision)


def drop(*, edition: Edition, officer: AbstractBaseUser) -> None:
    """Forget what the officer has typed: he has saved it, or does not want it. 1 query."""
    WorkingCopy.objects.filter(edition=edition, officer=officer.pk).update(content={})


def copies_of(edition: Edition) -> list[WorkingCopy]:
    """Everybody's, with their officers; 1 query."""
    copies = WorkingCopy.objects.filter(edition=edition).select_related("officer")
    return list(copies.order_by("opened_at"))


def own_among(copies: Iterable[WorkingCopy], officer: AbstractBaseUser) -> WorkingCopy | None:
    """What the officer has typed and not saved."""
    own = (copy for copy in copies if copy.officer_id == officer.pk and copy.content)
    return next(own, None)


def others_among(copies: Iterable[WorkingCopy], officer: AbstractBaseUser) -> list[Other]:
    """Who else has the draft open now, and since when."""
    lately = timezone.now() - PRESENT
    return [
        Other(name_of(copy.officer), copy.opened_at)
        for copy in copies
        if copy.seen_at > lately and copy.officer_id != officer.pk
    ]


def name_of(officer: AbstractBaseUser) -> str:
    return str(getattr(officer, "get_short_name", str)() or officer.get_username())


def touched(
    edition: Edition,
    officer: AbstractBaseUser,
    *,
    revision: int,
    content: dict[str, str] | None = None,
) -> WorkingCopy:
    """The copy, seen now; opened now too where its officer had gone."""
    now = timezone.now()
    first: dict[str, object] = {"revision": revision, "content": content or {}}
    copy, is_new = WorkingCopy.objects.get_or_create(
        edition=edition, officer_id=officer.pk, defaults=first
    )
    if is_new:
        return copy
    if now - copy.seen_at > PRESENT:
        copy.opened_at = now
    copy.seen_at = now
    written = ["opened_at", "seen_at"]
    if content is not None:
        copy.content, copy.revision = content, revision
        written += ["content", "revision"]
    copy.save(update_fields=written)
    return copy


def refuse_foreign(edition: Edition, officer: AbstractBaseUser) -> None:
    reasons = list(against_role(Verb.EDIT, officer, edition.page))
    if reasons:
        raise Refused(reasons)
