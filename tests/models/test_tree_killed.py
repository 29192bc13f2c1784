"""A server that is killed at any statement of a tree action leaves the state before or after."""

from collections.abc import Callable

import pytest

from bureaus.integrity import problems
from bureaus.models import AuditEntry, Page, Placement, SiblingPosition
from bureaus.publishing import move, rename
from tests.helpers.cast import Site, publish
from tests.helpers.processes import killed_at, statements_of
from tests.helpers.storms import size

pytestmark = pytest.mark.django_db(transaction=True)
STEP = size(3, full=1)  # every so many statements

State = tuple[object, ...]


def state() -> State:
    return (
        tuple(Placement.objects.order_by("pk").values()),
        tuple(SiblingPosition.objects.order_by("pk").values()),
        AuditEntry.objects.count(),
    )


def test_move(committed_site: Site) -> None:
    archive = publish(committed_site.root, "archive", "保存庫")
    check(lambda: move(page=committed_site.bureau, to=archive, actor=None))


def test_rename(committed_site: Site) -> None:
    check(lambda: rename(page=committed_site.bureau, slug="kokusai", actor=None))


def check(action: Callable[[], object]) -> None:
    before = state()
    statement = 1
    while killed_at(statement, action):
        assert problems() == []
        assert state() == before, f"half a change after {statement} statements"
        statement += STEP
    assert problems() == []
    assert state() != before
    assert statement > 10, "the action was never really under way"


def test_the_harness_kills_the_process(committed_site: Site) -> None:
    pages = statements_of(lambda: list(Page.objects.all()))
    assert pages == 1
    assert killed_at(1, lambda: list(Page.objects.all()))
    assert not killed_at(2, lambda: list(Page.objects.all()))
