"""Officers who work on one page at once, and a server that is killed while it approves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import Acceptance, Action, AuditEntry, Edition, State
from bureaus.publishing import (
    Blocked,
    accept_finding,
    approve,
    cancel_booking,
    edit,
    move,
    start_draft,
    submit,
)
from bureaus.publishing.findings import findings_report
from tests.helpers.cast import Site, publish
from tests.helpers.processes import at_once, killed_at
from tests.helpers.storms import size

pytestmark = pytest.mark.django_db(transaction=True)
STEP = size(2, full=1)  # every so many statements
CHANGES = {"lead": "要旨", "change_note": "直しました。"}


def waiting(site: Site) -> Edition:
    draft = start_draft(page=site.bureau, actor=None)
    draft = edit(edition=draft, actor=None, changes=CHANGES, revision=draft.revision)
    return submit(edition=draft, actor=None)


def test_eight_who_approve_publish_once(committed_site: Site) -> None:
    edition = waiting(committed_site)

    def press(_number: int) -> None:
        try:
            approve(editions=[edition], actor=None)
        except Blocked as refused:
            assert "state" in {blocker.code for blocker in refused.blockers}  # noqa: PT017

    assert at_once(8, press) == []
    assert AuditEntry.objects.filter(action=Action.APPROVE).count() == 1
    assert problems() == []


def test_of_eight_who_start_a_draft_one_does(committed_site: Site) -> None:
    def begin(_number: int) -> None:
        try:
            start_draft(page=committed_site.bureau, actor=None)
        except Blocked as refused:
            assert {blocker.code for blocker in refused.blockers} == {"open_edition"}  # noqa: PT017

    assert at_once(8, begin) == []
    assert Edition.objects.filter(page=committed_site.bureau, state=State.DRAFT).count() == 1


def test_no_word_of_eight_who_save_is_lost_without_a_sentence(committed_site: Site) -> None:
    draft = start_draft(page=committed_site.bureau, actor=None)

    def write(number: int) -> None:
        for turn in range(5):
            seen = Edition.objects.get(pk=draft.pk)
            words = f"{seen.lead}{number}-{turn} "
            try:
                edit(edition=seen, actor=None, changes={"lead": words}, revision=seen.revision)
            except Blocked as refused:
                assert {blocker.code for blocker in refused.blockers} == {"stale"}  # noqa: PT017

    assert at_once(8, write) == []
    saved = Edition.objects.get(pk=draft.pk)
    assert len(saved.lead.split()) == saved.revision - 1
    assert AuditEntry.objects.filter(action=Action.EDIT).count() == saved.revision - 1


def test_of_eight_acceptances_of_one_finding_one_is_recorded(committed_site: Site) -> None:
    draft = start_draft(page=committed_site.bureau, actor=None)
    draft = edit(edition=draft, actor=None, changes={"lead": "今秋の要旨。"}, revision=1)
    [finding] = [each for each in findings_report(draft).open() if each.rule == "date-vague"]

    def let_stand(number: int) -> None:
        acceptance = {"rule": finding.rule, "quote": finding.quote, "reason": f"理由{number}"}
        try:
            accept_finding(edition=draft, actor=None, **acceptance)
        except Blocked as refused:
            assert {blocker.code for blocker in refused.blockers} == {"already"}  # noqa: PT017

    assert at_once(8, let_stand) == []
    assert (
        Acceptance.objects.count() == AuditEntry.objects.filter(action=Action.ACCEPT).count() == 1
    )


def test_approving_and_moving_at_once(committed_site: Site) -> None:
    archive = publish(committed_site.root, "archive", "保存庫")
    homes = (committed_site.guide, archive)

    def work(number: int) -> None:
        for turn in range(6):
            try:
                if number % 2:
                    move(page=committed_site.bureau, to=homes[turn % 2], actor=None)
                else:
                    approve(editions=[waiting(committed_site)], actor=None)
            except Blocked:
                continue

    assert at_once(8, work) == []
    assert problems() == []
    assert AuditEntry.objects.filter(action=Action.APPROVE).exists()


@pytest.mark.parametrize("is_booked", [True, False])
def test_killed_while_approving_it_is_the_state_before_or_after(
    committed_site: Site, *, is_booked: bool
) -> None:
    edition = waiting(committed_site)
    at = timezone.now() + timedelta(days=1) if is_booked else None
    check(lambda: approve(editions=[edition], actor=None, at=at))


def test_killed_while_cancelling(committed_site: Site) -> None:
    [booked] = approve(
        editions=[waiting(committed_site)], actor=None, at=timezone.now() + timedelta(days=1)
    )
    check(lambda: cancel_booking(edition=booked, actor=None))


def state() -> tuple[object, ...]:
    columns = ("pk", "state", "live_from", "live_until", "release", "revision")
    return (tuple(Edition.objects.order_by("pk").values_list(*columns)), AuditEntry.objects.count())


def check(action: Callable[[], object]) -> None:
    before = state()
    statement = 1
    while killed_at(statement, action):
        assert problems() == []
        assert state() == before, f"half a change after {statement} statements"
        statement += STEP
    assert problems() == []
    assert state() != before
    assert statement > 5
