"""Bulk actions on the tree, from the selection to the report."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.models import Action, AuditEntry, Edition, Kind, Page, Role, State
from bureaus.publishing import add, edit, return_, submit
from tests.admin.test_move import BULK_ACTION, SECRET, TREE, messages_in, text
from tests.helpers.cast import Site, client_of, officer, tokyo
from tests.helpers.editing import drafted, submitted
from tests.helpers.generator import grow
from tests.helpers.storms import MANY

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


# Together


def choose(who: User, action: str, pages: list[Page], **fields: Any) -> tuple[Client, Any]:
    client = client_of(who)
    keys = [page.pk for page in pages]
    return client, client.post(BULK_ACTION, {"action": action, "page": keys, **fields})


def sure(who: User, action: str, pages: list[Page], **fields: Any) -> str:
    """Choose, confirm what is shown, and read what is reported."""
    client, content = choose(who, action, pages)
    versions = re.findall(r'name="version" value="([^"]+)"', text(content))
    fields |= {"action": action, "page": [page.pk for page in pages]}
    response = client.post(BULK_ACTION, {**fields, "sure": "1", "seen": "1", "version": versions})
    return messages_in(client, response)


@pytest.fixture
def waiting(site: Site, writer: User) -> list[Page]:
    """Two pages that wait for approval."""
    for page in site.sections:
        submitted(page, writer, title=f"新しい{page.slug}")
    return list(site.sections)


def states(pages: list[Page]) -> list[str]:
    found = (
        Edition.objects.placed(timezone.now())
        .filter(page__in=pages)
        .order_by("placement__path", "-number")
    )
    return [edition.state for edition in found if edition.number == 2]


def test_the_confirmation_screen_comes_first_and_changes_nothing(
    waiting: list[Page], approver: User, site: Site
) -> None:
    _, response = choose(approver, "approve", [*waiting, site.bureau])
    html = text(response)
    assert "確認待ちの2ページ" in html
    assert "新しいkenkyu" in html
    assert "できない1ページ" in html
    assert "確認待ちの版がありません" in html
    assert "2ページを承認して公開する" in html
    assert states(waiting) == [State.REVIEW, State.REVIEW]


def test_several_are_approved_each_for_itself_and_the_rest_is_explained(
    waiting: list[Page], site: Site, writer: User, second_approver: User
) -> None:
    own = submitted(site.bureau, second_approver)
    report = sure(second_approver, "approve", [*waiting, site.bureau, site.news[0]])
    assert "2ページを承認しました。" in report
    assert "2ページはできませんでした：" in report
    assert "本人は承認できません" in report
    assert "確認待ちの版がありません" in report
    assert states(waiting) == [State.APPROVED, State.APPROVED]
    own.refresh_from_db()
    assert own.state == State.REVIEW
    assert {edition.release for edition in Edition.objects.filter(page__in=waiting)} == {""}


def test_several_are_booked_for_one_minute_in_tokyo(waiting: list[Page], approver: User) -> None:
    report = sure(approver, "book", waiting, at="2099-05-06T14:00")
    assert "2ページを公開を予約しました" not in report
    assert "2ページの公開を予約しました（2099年5月6日14時00分に公開）。" in report
    starts = Edition.objects.filter(page__in=waiting, number=2).values_list("live_from", flat=True)
    assert set(starts) == {tokyo(2099, 5, 6, 14)}


@pytest.mark.parametrize("typed", ["", "2099-05-06", "2001-01-01T00:00", "x"])
def test_a_moment_that_cannot_be_is_asked_for_again_with_what_was_typed(
    waiting: list[Page], approver: User, typed: str
) -> None:
    _, response = choose(approver, "book", waiting, sure="1", at=typed)
    html = text(response)
    assert "入れてください。" in html
    assert f'value="{typed}"' in html
    assert states(waiting) == [State.REVIEW, State.REVIEW]


def test_several_are_given_back_with_one_comment(waiting: list[Page], approver: User) -> None:
    _, response = choose(approver, "return", waiting, sure="1", comment="　")
    assert "差し戻す理由を書いてください" in text(response)
    assert states(waiting) == [State.REVIEW, State.REVIEW]
    report = sure(approver, "return", waiting, comment="年度を直してください。")
    assert "2ページを差し戻しました。" in report
    assert states(waiting) == [State.DRAFT, State.DRAFT]
    notes = AuditEntry.objects.filter(action=Action.RETURN).values_list("note", flat=True)
    assert list(notes) == ["年度を直してください。"] * 2


def test_what_was_changed_after_it_was_shown_is_not_approved_unseen(
    waiting: list[Page], approver: User, writer: User
) -> None:
    client, content = choose(approver, "approve", waiting)
    versions = re.findall(r'name="version" value="([^"]+)"', text(content))
    edition = Edition.objects.get(page=waiting[0], state=State.REVIEW)
    return_(edition=edition, actor=approver, comment="直す")
    edit(edition=edition, actor=writer, changes={"lead": "別の要旨"}, revision=edition.revision)
    submit(edition=edition, actor=writer)
    keys = [page.pk for page in waiting]
    fields = {"action": "approve", "page": keys, "version": versions, "sure": "1", "seen": "1"}
    report = messages_in(client, client.post(BULK_ACTION, fields))
    assert "1ページを承認しました。" in report
    assert "確認待ちの版が変わりました" in report
    assert states(waiting) == [State.REVIEW, State.APPROVED]


def test_nothing_chosen_and_too_much_chosen_lead_back_with_a_sentence(
    site: Site, approver: User
) -> None:
    client, response = choose(approver, "approve", [], back=f"under={site.root.pk}")
    assert response["Location"] == f"{TREE}?under={site.root.pk}"
    assert "ページが選ばれていません" in messages_in(client, response)
    keys = list(range(1, 200))
    response = client.post(BULK_ACTION, {"action": "approve", "page": keys})
    assert "100ページまで" in messages_in(client, response)
    assert client.post(BULK_ACTION, {"action": "x", "page": keys}).status_code == 302
    assert client.get(BULK_ACTION).status_code == 405


def test_the_report_tells_an_outsider_nothing_of_what_is_not_public(
    waiting: list[Page], outsider: User, site: Site, writer: User
) -> None:
    secret = add(parent=site.bureau, kind=Kind.PAGE, slug="x", title=SECRET, actor=writer)
    pages = [*waiting, site.bureau, secret]
    for action in ("approve", "book", "return"):
        client, content = choose(outsider, action, pages)
        editions = Edition.objects.filter(page__in=pages)
        versions = [f"{edition.pk}-{edition.revision}" for edition in editions]
        fields = {
            "sure": "1",
            "seen": "1",
            "version": versions,
            "comment": "x",
            "at": "2099-01-01T00:00",
        }
        keys = [page.pk for page in pages]
        done = client.post(BULK_ACTION, {"action": action, "page": keys, **fields})
        for html in (text(content), messages_in(client, done)):
            assert SECRET not in html
            assert "新しい" not in html
            assert "確認待ちの版" not in html  # whether one waits is not theirs to know
            assert "役割が要ります" in html
            assert "1ページは、見つかりません" in html
    assert states(waiting) == [State.REVIEW, State.REVIEW]


def test_a_release_is_made_of_what_waits(
    waiting: list[Page], approver: User, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, response = choose(approver, "release", [*waiting, site.bureau])
    keys = (
        Edition.objects.placed(timezone.now())
        .filter(state=State.REVIEW)
        .order_by("placement__path")
    )
    query = "&".join(f"edition={edition.pk}" for edition in keys)
    assert response["Location"].endswith(f"release/?{query}")


@pytest.mark.parametrize("size", [20, MANY])
def test_the_confirmation_screen_keeps_its_query_budget(size: int) -> None:
    grow(size)
    root = Page.objects.get(key="/")
    other = Page.objects.get(key="/terms/")
    writer = officer("鈴木", {root: [Role.WRITER]})
    pages = list(Page.objects.filter(kind__in=[Kind.PAGE, Kind.POLICY_SECTION])[:60])
    for page in pages[:5]:
        drafted(page, writer)
    client = client_of(officer("佐藤", {other: [Role.APPROVER]}))
    fields = {"action": "approve", "page": [page.pk for page in pages]}
    client.post(BULK_ACTION, fields)
    with CaptureQueriesContext(connection) as queries:
        assert client.post(BULK_ACTION, fields).status_code == 200
    assert len(queries) <= 15
