"""
The unsaved input of the edition form, stored beside the draft for its user alone.

These functions are no actions: nothing that others read changes, and no audit entry is written.
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
CLOSED_FOR = timedelta(days=1)  # no request arrives later
FORM_KEY = re.compile(r"[0-9a-f]{32}")


class AutosaveTooLarge(ValueError):
    """The input is larger than any draft may be."""


class AutosaveClosed(ValueError):
    """The input of this form has been saved or discarded since."""


@dataclass(frozen=True, slots=True)
class FormVersion:
    """
    One open form, in one tab.

    Of two requests the one with the higher `sequence` is the later; None is of the form itself.
    A form without a key, which no browser sends, is the only one of its user.
    """

    key: str = ""
    revision: int = 0
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class OtherEditor:
    """Another user who has the draft open."""

    name: str
    since: datetime


def save_autosave(
    *, edition: Edition, officer: AbstractBaseUser, content: Mapping[str, str], form: FormVersion
) -> None:
    """
    Store `content`, the fields that `form` would send; at most 8 queries.

    Content older than the stored one of that form is ignored. Raises Blocked where the officer
    may not edit the page, AutosaveTooLarge, AutosaveClosed, and Edition.DoesNotExist.
    """
    require_edit_role(edition, officer)
    clean = {strip_invisible(name): strip_invisible(value) for name, value in content.items()}
    with suppress(BodyTooHeavy):  # then it stays as typed, and is only displayed as plain text
        clean["body"] = sanitise(clean.get("body", ""))
    size = sum(len(f"{name}{value}".encode()) for name, value in clean.items())
    if size > SIZE_LIMIT or len(clean) > FIELDS_LIMIT:
        raise AutosaveTooLarge(
            f"入力が大きすぎて、自動保存できません（{size:,}バイト）。"
            f"{SIZE_LIMIT:,}バイト以内にしてください。"
        )
    touch(edition, officer, form, content=clean)
    delete_surplus(edition, officer, form.key, with_content=True)


def heartbeat(*, edition: Edition, officer: AbstractBaseUser, form: FormVersion) -> None:
    """Record that the officer has the draft open. Raises as `save_autosave`, but for the size."""
    require_edit_role(edition, officer)
    if touch(edition, officer, form):
        delete_surplus(edition, officer, form.key, with_content=False)


def discard_autosave(*, edition: Edition, officer: AbstractBaseUser, keys: Iterable[str]) -> None:
    """
    Discard the input of the forms `keys`: it is saved, or no longer needed.

    A request of such a form that arrives later is refused. 1 query for each stored form.
    """
    closed: dict[str, object] = {"content": {}, "closed_at": timezone.now()}
    for key in keys:
        copies = autosaves_by(edition, officer).filter(form_key=key)
        if copies.update(**closed) or not key or lacks_edit_role(edition, officer):
            continue
        defaults = {**closed, "revision": 0}
        with suppress(IntegrityError):  # the edition has gone meanwhile
            Autosave.objects.update_or_create(
                edition=edition, officer_id=officer.pk, form_key=key, defaults=defaults
            )


def autosaves_of(edition: Edition) -> list[Autosave]:
    """Return the autosaves of all users that are not closed, with the users; 1 query."""
    copies = Autosave.objects.filter(edition=edition, closed_at=None)
    return list(copies.select_related("officer").order_by("opened_at"))


def own_autosaves(copies: Iterable[Autosave], officer: AbstractBaseUser) -> list[Autosave]:
    """Return the officer's unsaved input: the newest first, that of open forms last."""
    own = (copy for copy in copies if copy.officer_id == officer.pk and copy.content)
    newest = sorted(own, key=lambda copy: copy.seen_at, reverse=True)
    return sorted(newest, key=has_open_form)


def has_open_form(copy: Autosave) -> bool:
    """Return whether its form sent a heartbeat a short time ago."""
    return copy.has_open_form(timezone.now())


def other_editors(copies: Iterable[Autosave], officer: AbstractBaseUser) -> list[OtherEditor]:
    """Return who else has the draft open, and since when; `copies` in the order of opening."""
    others: dict[int, OtherEditor] = {}
    for copy in copies:
        if has_open_form(copy) and copy.officer_id != officer.pk:
            others.setdefault(copy.officer_id, OtherEditor(name_of(copy.officer), copy.opened_at))
    return list(others.values())


def other_unsaved_editors(copies: Iterable[Autosave], officer: AbstractBaseUser) -> list[str]:
    """Return the names of the other users with unsaved input."""
    others = (copy for copy in copies if copy.content and copy.officer_id != officer.pk)
    return list({copy.officer_id: name_of(copy.officer) for copy in others}.values())


def name_of(officer: AbstractBaseUser) -> str:
    return str(getattr(officer, "get_short_name", str)() or officer.get_username())


def touch(
    edition: Edition,
    officer: AbstractBaseUser,
    form: FormVersion,
    *,
    content: dict[str, str] | None = None,
) -> bool:
    """Record that the form is open now, with `content` if any; return whether it is new."""
    now = timezone.now()
    fields = {"revision": form.revision, "sequence": form.sequence or 0, "content": content or {}}
    try:
        copy, is_new = Autosave.objects.get_or_create(
            edition=edition, officer_id=officer.pk, form_key=form.key, defaults=fields
        )
    except IntegrityError as error:  # the edition has gone: the foreign key fails
        raise Edition.DoesNotExist from error
    if is_new:
        return True
    written: dict[str, object] = {"seen_at": now}
    if not has_open_form(copy):
        written["opened_at"] = now
    open_copy = Autosave.objects.filter(pk=copy.pk, closed_at=None)
    # The comparison is part of the UPDATE, which orders two simultaneous requests.
    if not open_copy.update(**written):
        Edition.objects.only("pk").get(pk=edition.pk)
        raise AutosaveClosed
    if content is not None:
        if form.sequence is not None:
            open_copy = open_copy.filter(sequence__lt=form.sequence)
        open_copy.update(**fields)
    return False


def autosaves_by(edition: Edition, officer: AbstractBaseUser) -> QuerySet[Autosave]:
    return Autosave.objects.filter(edition=edition, officer_id=officer.pk)


def delete_surplus(
    edition: Edition, officer: AbstractBaseUser, key: str, *, with_content: bool
) -> None:
    """Delete autosaves above the limit, empty ones first, then the oldest; never that of `key`."""
    Autosave.objects.filter(closed_at__lt=timezone.now() - CLOSED_FOR).delete()
    is_empty = Case(When(content={}, then=Value(1)), default=Value(0), output_field=IntegerField())
    others = autosaves_by(edition, officer).exclude(form_key=key).annotate(is_empty=is_empty)
    ranked = others.order_by("is_empty", "-seen_at").values_list("pk", "is_empty")
    surplus = [pk for pk, empty in ranked[AUTOSAVES_LIMIT - 1 :] if empty or with_content]
    if surplus:
        Autosave.objects.filter(pk__in=surplus).delete()


def lacks_edit_role(edition: Edition, officer: AbstractBaseUser) -> bool:
    return any(True for _ in role_blockers(Action.EDIT, officer, edition.page))


def require_edit_role(edition: Edition, officer: AbstractBaseUser) -> None:
    blockers = list(role_blockers(Action.EDIT, officer, edition.page))
    if blockers:
        raise Blocked(blockers)
