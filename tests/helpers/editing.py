"""Short ways through the editorial actions, for the stories about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from bureaus.models import Action, AuditEntry, Edition, Page
from bureaus.publishing import Blocked, edit, start_draft, submit
from tests.helpers.blockers import blockers_of

TOMORROW = timedelta(days=1)
DATA = {"title": "情報通信国際戦略局", "lead": "新しい要旨。", "change_note": "要旨を直しました。"}


@contextmanager
def undone() -> Iterator[None]:
    """What is done in this block has not been done after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def codes(action: Action, **subject: object) -> set[str]:
    return {blocker.rule or blocker.code for blocker in blockers_of(action, **subject)}


def refused(caught: pytest.ExceptionInfo[Blocked]) -> set[str]:
    return {blocker.rule or blocker.code for blocker in caught.value.blockers}


def drafted(page: Page, writer: User | None, **changes: object) -> Edition:
    draft = start_draft(page=page, actor=writer)
    return edit(edition=draft, actor=writer, changes={**DATA, **changes}, revision=draft.revision)


def submitted(page: Page, writer: User | None, **changes: object) -> Edition:
    return submit(edition=drafted(page, writer, **changes), actor=writer)


def actions_of(edition: Edition) -> list[str]:
    return list(
        AuditEntry.objects.filter(edition=edition).order_by("pk").values_list("action", flat=True)
    )
