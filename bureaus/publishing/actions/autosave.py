"""
What an officer has typed and not saved: kept beside the draft, for himself alone.

No actions: nothing here changes what anybody else reads, and no event is written.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from bureaus.models import Action, Autosave, Edition
from bureaus.publishing.blockers.blocker import Blocked, role_blockers
from bureaus.text.rich_text import BodyTooHeavy, sanitise, strip_invisible

SIZE_LIMIT = 500_000  # bytes of UTF-8: a body of the greatest size, and as much again of the rest
FIELDS_LIMIT = 5_000
AUTOSAVES_LIMIT = 5  # of one draft and officer
PRESENT = timedelta(minutes=2)  # who has not been seen for longer has gone
CLOSED_FOR = timedelta(days=1)  # nothing is under way for longer
FORM_KEY = re.compile(r"[0-9a-f]{32}")


class AutosaveTooLarge(ValueError):
    """What was typed is more than any draft may hold."""


class AutosaveClosed(ValueError):
    """What was typed in this form has been saved or thrown away since."""


@dataclass(frozen=True, slots=True)
class FormVersion:
    """
    One form that is open, in one tab.

    Of two copies the one with the higher `sequence` is the later; None: it came with the form
    itself. A form without a key, which is of no browser, is the one of its officer.
    """

    key: str = ""
    revision: int = 0
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class OtherEditor:
    """Somebody else who has the draft open."""

    name: str
    since: datetime


def save_autosave(
    *, edition: Edition, officer: AbstractBaseUser, content: Mapping[str, str], form: FormVersion
) -> None:
    """
    Keep `content`, what `form` would send, as the officer's own copy; at most 8 queries.

    What is older than what is kept of that form is passed over. Raises Refused to who may not
    edit the page, TooLarge, Closed, and Edition.DoesNotExist where it was discarded meanwhile.
    """
    refuse_foreign(edition, officer)
    clean = {strip_invisible(name): strip_invisible(value) for name, value in content.items()}
    with suppress(BodyTooHeavy):  # then it stays as it was typed, and nobody sees it but as letters
        clean["body"] = sanitise(clean.get("body", ""))
    size = sum(len(f"{name}{value}".encode()) for name, value in clean.items())
    if size > SIZE_LIMIT or len(clean) > FIELDS_LIMIT:
        raise AutosaveTooLarge(
            f"入力が大きすぎて、自動保存できません（{size:,}バイト）。"
            f"{SIZE_LIMIT:,}バイト以内にしてください。"
        )
    touch(edition, officer, form, content=clean)
    make_room(edition, officer, form.key, may_forget_words=True)


def heartbeat(*, edition: Edition, officer: AbstractBaseUser, form: FormVersion) -> None:
    """Note that the officer has the draft open. Raises as `keep`, without TooLarge."""
    refuse_foreign(edition, officer)
    if touch(edition, officer, form):
        make_room(edition, officer, form.key, may_forget_words=False)


def discard_autosave(*, edition: Edition, officer: AbstractBaseUser, keys: Iterable[str]) -> None:
    """
    Forget what was typed in the forms `keys`: it is saved, or not wanted.

    What such a form has sent before, and comes after, is refused. 1 query a form that was kept.
    """
    closed: dict[str, object] = {"content": {}, "closed_at": timezone.now()}
    for key in keys:
        copies = autosaves_by(edition, officer).filter(form_key=key)
        if copies.update(**closed) or not key or is_foreign(edition, officer):
            continue
        defaults = {**closed, "revision": 0}
        with suppress(IntegrityError):  # the edition has gone meanwhile
            Autosave.objects.update_or_create(
                edition=edition, officer_id=officer.pk, form_key=key, defaults=defaults
            )


def autosaves_of(edition: Edition) -> list[Autosave]:
    """Everybody's that are not closed, with their officers; 1 query."""
    copies = Autosave.objects.filter(edition=edition, closed_at=None)
    return list(copies.select_related("officer").order_by("opened_at"))


def own_autosaves(copies: Iterable[Autosave], officer: AbstractBaseUser) -> list[Autosave]:
    """What the officer has typed and not saved: the newest first, open forms after the left."""
    own = (copy for copy in copies if copy.officer_id == officer.pk and copy.content)
    newest = sorted(own, key=lambda copy: copy.seen_at, reverse=True)
    return sorted(newest, key=is_open)


def is_open(copy: Autosave) -> bool:
    """Whether its form was there a moment ago, and may be still."""
    return copy.seen_at > timezone.now() - PRESENT


def other_editors(copies: Iterable[Autosave], officer: AbstractBaseUser) -> list[OtherEditor]:
    """Who else has the draft open now, and since when; each once, `copies` being as they come."""
    others: dict[int, OtherEditor] = {}
    for copy in copies:
        if is_open(copy) and copy.officer_id != officer.pk:
            others.setdefault(copy.officer_id, OtherEditor(name_of(copy.officer), copy.opened_at))
    return list(others.values())


def other_unsaved_editors(copies: Iterable[Autosave], officer: AbstractBaseUser) -> list[str]:
    """The names of those who have typed something here that is not saved."""
    words = (copy for copy in copies if copy.content and copy.officer_id != officer.pk)
    return list({copy.officer_id: name_of(copy.officer) for copy in words}.values())


def name_of(officer: AbstractBaseUser) -> str:
    return str(getattr(officer, "get_short_name", str)() or officer.get_username())


def touch(
    edition: Edition,
    officer: AbstractBaseUser,
    form: FormVersion,
    *,
    content: dict[str, str] | None = None,
) -> bool:
    """Note that it was seen now, with `content` if there is any; whether it is new."""
    now = timezone.now()
    words = {"revision": form.revision, "sequence": form.sequence or 0, "content": content or {}}
    try:
        copy, is_new = Autosave.objects.get_or_create(
            edition=edition, officer_id=officer.pk, form_key=form.key, defaults=words
        )
    except IntegrityError as error:  # no such edition any more: the database says so at the end
        raise Edition.DoesNotExist from error
    if is_new:
        return True
    written: dict[str, object] = {"seen_at": now}
    if not is_open(copy):
        written["opened_at"] = now
    open_copy = Autosave.objects.filter(pk=copy.pk, closed_at=None)
    # Compared where it is written: two that come at once are put in order there.
    if not open_copy.update(**written):
        Edition.objects.only("pk").get(pk=edition.pk)
        raise AutosaveClosed
    if content is not None:
        if form.sequence is not None:
            open_copy = open_copy.filter(sequence__lt=form.sequence)
        open_copy.update(**words)
    return False


def autosaves_by(edition: Edition, officer: AbstractBaseUser) -> QuerySet[Autosave]:
    return Autosave.objects.filter(edition=edition, officer_id=officer.pk)


def make_room(
    edition: Edition, officer: AbstractBaseUser, key: str, *, may_forget_words: bool
) -> None:
    """Delete what is too many, the emptied first and then the oldest; never what `key` has."""
    Autosave.objects.filter(closed_at__lt=timezone.now() - CLOSED_FOR).delete()
    is_empty = Case(When(content={}, then=Value(1)), default=Value(0), output_field=IntegerField())
    others = autosaves_by(edition, officer).exclude(form_key=key).annotate(is_empty=is_empty)
    ranked = others.order_by("is_empty", "-seen_at").values_list("pk", "is_empty")
    surplus = [pk for pk, empty in ranked[AUTOSAVES_LIMIT - 1 :] if empty or may_forget_words]
    if surplus:
        Autosave.objects.filter(pk__in=surplus).delete()


def is_foreign(edition: Edition, officer: AbstractBaseUser) -> bool:
    return any(True for _ in role_blockers(Action.EDIT, officer, edition.page))


def refuse_foreign(edition: Edition, officer: AbstractBaseUser) -> None:
    blockers = list(role_blockers(Action.EDIT, officer, edition.page))
    if blockers:
        raise Blocked(blockers)
