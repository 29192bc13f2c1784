"""Bulk actions decide only about pages that were ticked and read."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureaus.admin.tree import bulk_actions
from bureaus.admin.tree.bulk_actions import BulkAction, BulkRequest, Selected, apply_to_one
from bureaus.models import Edition, Page, State
from bureaus.publishing import edit, return_, submit
from tests.helpers.cast import Site
from tests.helpers.editing import submitted

pytestmark = pytest.mark.one_database_unless_long


def of(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def screen(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


def boxes(client: Client, page: Page) -> list[str]:
    """Return the checkboxes of the bureau's sections in the tree."""
    tree = client.get(f"{screen('bureaus_page_changelist')}?under={page.pk}").content.decode()
    return re.findall(r'name="page" value="([^"]+)"', tree)


def box_of(client: Client, edition: Edition) -> str:
    found = boxes(client, Edition.objects.get(pk=edition.pk).page)
    return next(box for box in found if box.startswith(f"{edition.page_id}:"))


def rewritten(edition: Edition, writer: User) -> Edition:
    """Recall, edit and submit the edition again."""
    edition = return_(edition=edition, actor=writer)
    changes = {"lead": "だれも見ていない言葉"}
    edition = edit(edition=edition, actor=writer, changes=changes, revision=edition.revision)
    return submit(edition=edition, actor=writer)


def test_the_box_names_the_text_that_was_ticked_and_the_next_page_leads_to_it(
    site: Site, writer: User, approver: User
) -> None:
    edition, client = submitted(site.sections[0], writer), of(approver)
    box = box_of(client, edition)
    assert box == f"{edition.page_id}:{edition.pk}-{edition.revision}"
    content = client.post(
        screen("bulk-action"), {"action": "approve", "page": box}
    ).content.decode()
    assert f'href="{screen("edition-review", edition.pk)}"' in content
    assert 'name="seen"' in content


@pytest.mark.parametrize("action", ["approve", "book", "return"])
def test_what_was_written_after_the_tick_is_not_decided(
    site: Site, writer: User, approver: User, action: str
) -> None:
    edition, client = submitted(site.sections[0], writer), of(approver)
    box = box_of(client, edition)
    rewritten(edition, writer)
    content = client.post(screen("bulk-action"), {"action": action, "page": box}).content.decode()
    assert "確認待ちの版が変わりました" in content
    assert 'name="version"' not in content


@pytest.mark.parametrize("action", ["approve", "book"])
def test_nothing_is_published_without_the_tick_for_having_read_it(
    site: Site, writer: User, approver: User, action: str
) -> None:
    edition, client = submitted(site.sections[0], writer), of(approver)
    sent = {
        "action": action,
        "page": edition.page_id,
        "sure": "1",
        "version": f"{edition.pk}-{edition.revision}",
        "at": "2099-05-06T14:00",
    }
    refused = client.post(screen("bulk-action"), sent).content.decode()
    assert "それぞれの見え方と違いを確かめて、印を付けてください" in refused
    assert Edition.objects.get(pk=edition.pk).state == State.REVIEW
    client.post(screen("bulk-action"), sent | {"seen": "1"})
    assert Edition.objects.get(pk=edition.pk).state == State.APPROVED


def test_what_changes_at_the_last_moment_is_refused_by_the_action(
    site: Site, writer: User, approver: User, rf: RequestFactory
) -> None:
    edition = submitted(site.sections[0], writer)
    one = Selected(page=edition.page, title="節", edition=Edition.objects.get(pk=edition.pk))
    versions = frozenset({one.version})
    rewritten(edition, writer)
    request = rf.post("/")
    request.user = approver
    failure = apply_to_one(one, BulkRequest(BulkAction.APPROVE), versions, request)
    assert failure is not None
    assert [blocker.code for blocker in failure.blockers] == ["changed"]
    assert Edition.objects.get(pk=edition.pk).state == State.REVIEW


def test_all_that_match_are_shown_with_their_number_and_reasons(
    site: Site, writer: User, approver: User
) -> None:
    waiting, client = submitted(site.sections[0], writer), of(approver)
    sent = {"action": "approve", "all": "1", "back": f"list=1&under={site.bureau.pk}"}
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        content = client.post(screen("bulk-action"), sent).content.decode()
    assert len(queries) <= 15
    assert "確認待ちの1ページ" in content
    assert f'name="version" value="{waiting.pk}-{waiting.revision}"' in content
    assert "できない4ページ" in content  # the bureau, the other section and two news items
    assert content.count("確認待ちの版がありません") == 4
    waiting = rewritten(waiting, writer)  # meanwhile: the version that was shown is not its
    shown: dict[str, Any] = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', content) for name in ("page", "version")
    }
    sure = {**shown, "action": "approve", "sure": "1", "seen": "1"}
    client.post(screen("bulk-action"), sure)
    assert Edition.objects.get(pk=waiting.pk).state == State.REVIEW


def test_more_than_the_limit_are_not_taken(
    site: Site, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_actions, "MOST_AT_ONCE", 3)
    sent = {"action": "approve", "all": "1", "back": f"list=1&under={site.bureau.pk}"}
    content = of(approver).post(screen("bulk-action"), sent, follow=True).content.decode()
    assert "条件に合うページが" in content
    assert "しぼり込んでから" in content
