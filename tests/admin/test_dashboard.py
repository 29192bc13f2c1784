"""The dashboard: an officer's tasks."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone
from lxml.html import HtmlElement, document_fromstring

from bureaus.models import Action, AuditEntry, Edition, Kind, Role
from bureaus.publishing import (
    add,
    appoint,
    approve_urgently,
    confirm,
    edit,
    return_,
    start_draft,
    submit,
)
from tests.helpers.cast import Site, publish_below
from tests.helpers.editing import drafted, submitted
from tests.helpers.reader import texts, values

pytestmark = pytest.mark.django_db
QUERIES = 14


def dashboard_of(user: User, query: str = "") -> HtmlElement:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    response = client.get(f"/admin/{query}")
    assert response.status_code == 200
    page: HtmlElement = document_fromstring(response.content.decode())
    return page


def entries(page: HtmlElement, name: str) -> list[str]:
    return texts(page, f"//section[h2[@id='{name}-heading']]//ul[@class='work-list']/li")


def quiet(page: HtmlElement, name: str) -> list[str]:
    return texts(page, f"//section[h2[@id='{name}-heading']]/p[@class='quiet']")


def happened(edition: Edition, action: Action, at: datetime) -> None:
    """Move an audit entry in time, past the model that forbids it."""
    table, column = AuditEntry._meta.db_table, connection.ops.quote_name("at")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE edition_id = %s AND action = %s",  # noqa: S608
            [at, edition.pk, action.value],
        )


# わたしの下書き


def test_the_dashboard_lists_my_open_editions_with_their_state(site: Site, writer: User) -> None:
    drafted(site.bureau, writer, title="局の新しい紹介")
    submitted(site.sections[0], writer, title="政策の直し")
    mine = entries(dashboard_of(writer), "drafts")
    assert len(mine) == 2
    assert any("局の新しい紹介 下書き" in entry for entry in mine)
    assert any("政策の直し 確認待ち" in entry for entry in mine)
    assert all("最終更新：" in entry for entry in mine)


def test_an_open_edition_of_a_colleague_is_not_mine(
    site: Site, writer: User, second_approver: User
) -> None:
    drafted(site.bureau, second_approver)
    assert entries(dashboard_of(writer), "drafts") == []


def test_a_returned_draft_is_first_and_has_the_comment(
    site: Site, writer: User, approver: User
) -> None:
    returned = submitted(site.bureau, writer, title="戻った版")
    return_(edition=returned, actor=approver, comment="年を西暦にしてください。")
    drafted(site.sections[0], writer, title="あとで書いた版")
    mine = entries(dashboard_of(writer), "drafts")
    assert mine[0].startswith("戻った版 下書き 差し戻し 年を西暦にしてください。佐藤さんから")
    assert mine[1].startswith("あとで書いた版")


def test_a_recall_is_not_a_return(site: Site, writer: User) -> None:
    return_(edition=submitted(site.bureau, writer), actor=writer)
    assert "差し戻し" not in entries(dashboard_of(writer), "drafts")[0]


def test_a_recall_with_a_comment_is_no_return_on_the_dashboard_nor_on_the_page(
    site: Site, writer: User
) -> None:
    """A writer who is also an approver recalls their own edition from the review screen."""
    appoint(name=writer.username, role=Role.APPROVER, page=site.bureau, actor=None)
    return_(edition=submitted(site.bureau, writer), actor=writer, comment="書き直します。")
    assert "差し戻し" not in entries(dashboard_of(writer), "drafts")[0]
    client = Client(HTTP_HOST="localhost")
    client.force_login(writer)
    page = client.get(f"/admin/bureaus/page/{site.bureau.pk}/change/").content.decode()
    assert "差し戻しの理由" not in page


def test_what_i_sent_again_waits_and_has_no_comment_any_more(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    submit(edition=return_(edition=edition, actor=approver, comment="年を"), actor=writer)
    assert "確認待ち" in entries(dashboard_of(writer), "drafts")[0]
    assert "年を" not in entries(dashboard_of(writer), "drafts")[0]


def test_a_draft_leads_to_its_form(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer)
    hrefs = values(dashboard_of(writer), "//ul[@class='work-list']//a/@href")
    assert hrefs == [f"/admin/bureaus/edition/{draft.pk}/change/"]


def test_a_former_role_holder_does_not_see_their_drafts(site: Site, writer: User) -> None:
    drafted(site.bureau, writer, title="もう見えない")
    writer.groups.clear()
    page = dashboard_of(writer)
    assert entries(page, "drafts") == []
    assert "もう見えない" not in page.text_content()


def test_of_very_many_drafts_the_rest_is_in_the_tree(site: Site, writer: User) -> None:
    for page in publish_below(site.bureau, {f"p{number}": "頁" for number in range(21)}):
        start_draft(page=page, actor=writer)
    dashboard = dashboard_of(writer)
    assert len(entries(dashboard, "drafts")) == 20
    assert "/admin/bureaus/page/?mine=1" in values(dashboard, "//a/@href")


# まだだれも書いていない下書き


def test_what_a_manager_added_waits_for_the_writers_until_one_begins(
    site: Site, writer: User, manager: User, second_approver: User
) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="shiryo", title="新しい資料", actor=manager)
    assert entries(dashboard_of(writer), "without-text")[0].startswith("新しい資料")
    assert f"{manager}さんが" in entries(dashboard_of(writer), "without-text")[0]
    assert entries(dashboard_of(writer), "drafts") == []
    assert "新しい資料" not in dashboard_of(manager).text_content()
    draft = Edition.objects.get(page=page)
    edit(edition=draft, actor=writer, changes={"lead": "要旨。"}, revision=draft.revision)
    assert entries(dashboard_of(writer), "without-text") == []
    assert entries(dashboard_of(writer), "drafts")[0].startswith("新しい資料")


def test_what_i_added_as_a_writer_is_mine_and_waits_for_nobody(site: Site, writer: User) -> None:
    add(parent=site.bureau, kind=Kind.PAGE, slug="shiryo", title="新しい資料", actor=writer)
    assert entries(dashboard_of(writer), "drafts")[0].startswith("新しい資料")
    assert entries(dashboard_of(writer), "without-text") == []


def test_what_is_added_in_another_branch_is_not_for_me_to_write(site: Site, outsider: User) -> None:
    add(parent=site.bureau, kind=Kind.PAGE, slug="shiryo", title="新しい資料", actor=None)
    assert "新しい資料" not in dashboard_of(outsider).text_content()


# わたしの確認を待つもの


def test_an_approver_sees_what_waits_the_longest_first_and_how_long(
    site: Site, writer: User, approver: User
) -> None:
    new = submitted(site.bureau, writer, title="新しい依頼")
    old = submitted(site.sections[0], writer, title="古い依頼")
    happened(old, Action.SUBMIT, timezone.now() - timedelta(days=3, hours=1))
    happened(new, Action.SUBMIT, timezone.now() - timedelta(hours=5, minutes=1))
    waiting = entries(dashboard_of(approver), "waiting")
    assert waiting[0].startswith("古い依頼 3日待っています")
    assert waiting[1].startswith("新しい依頼 5時間待っています")
    assert "鈴木さんが" in waiting[0]


def test_an_author_is_not_asked_to_approve_their_edition(
    site: Site, second_approver: User, approver: User
) -> None:
    submitted(site.bureau, second_approver)
    assert entries(dashboard_of(second_approver), "waiting") == []
    assert len(entries(dashboard_of(approver), "waiting")) == 1


def test_nobody_is_asked_about_another_branch(
    site: Site, writer: User, outsider: User, manager: User
) -> None:
    submitted(site.bureau, writer, title="よその依頼")
    for other in (outsider, manager, writer):
        assert entries(dashboard_of(other), "waiting") == []
    assert "よその依頼" not in dashboard_of(outsider).text_content()


# 事後確認を待つもの


def test_an_urgent_approval_stays_on_every_approvers_dashboard_until_a_second_confirms(
    site: Site, writer: User, approver: User, second_approver: User, outsider: User
) -> None:
    edition = drafted(site.bureau, writer, title="災害のお知らせ")
    edition = approve_urgently(edition=edition, actor=approver, reason="津波警報のため。")
    own, other = (
        entries(dashboard_of(approver), "urgent"),
        entries(dashboard_of(second_approver), "urgent"),
    )
    assert "ほかの承認者に、事後確認を依頼してください。" in own[0]
    assert other[0].startswith("災害のお知らせ 津波警報のため。")
    assert "依頼してください" not in other[0]
    for stranger in (writer, outsider):
        assert entries(dashboard_of(stranger), "urgent") == []
    confirm(edition=edition, actor=second_approver)
    assert (
        entries(dashboard_of(approver), "urgent")
        == entries(dashboard_of(second_approver), "urgent")
        == []
    )
