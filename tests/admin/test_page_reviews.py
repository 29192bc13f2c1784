"""見直し: who found a page still right, which pages are due, and the list as CSV."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from bureaus.models import Action, AuditEntry, Edition, PageReview
from bureaus.publishing import Blocked, mark_page_reviewed, set_page_review_interval
from ministry_site.environment import review_days
from tests.admin.test_dashboard import dashboard_of
from tests.admin.test_dashboard_whole import old
from tests.helpers import cast
from tests.helpers.cast import Site, client_of, tokyo
from tests.helpers.reader import texts

pytestmark = pytest.mark.django_db
LIST = "/admin/bureaus/unrevised/"


def due_for(officer: User, query: str = "") -> list[str]:
    return old(dashboard_of(officer, f"bureaus/unrevised/{query}"))


def test_one_key_takes_a_page_off_the_list_and_makes_no_edition(site: Site, writer: User) -> None:
    client, count = client_of(writer), Edition.objects.count()
    assert due_for(writer)[0] == "情報通信国際戦略局"
    pressed = client.post(f"/admin/bureaus/page/{site.bureau.pk}/reviewed/", {"next": LIST})
    assert (pressed.status_code, pressed.headers["Location"]) == (302, LIST)
    assert "情報通信国際戦略局" not in due_for(writer)
    assert Edition.objects.count() == count
    entry = AuditEntry.objects.get(action=Action.REVIEW)
    assert (entry.actor, entry.page) == (writer, site.bureau)
    detail = client.get(f"/admin/bureaus/page/{site.bureau.pk}/change/").content.decode()
    assert "鈴木が見直しました。" in detail


def test_the_button_leads_nowhere_else(site: Site, writer: User) -> None:
    address = f"/admin/bureaus/page/{site.bureau.pk}/reviewed/"
    pressed = client_of(writer).post(address, {"next": "//evil.example/admin/"})
    assert pressed.headers["Location"].startswith("/admin/bureaus/page/")


def test_a_page_is_due_again_after_its_interval_and_a_new_text_counts_as_read(
    site: Site, approver: User
) -> None:
    mark_page_reviewed(page=site.bureau, actor=approver)
    PageReview.objects.update(reviewed_at=timezone.now() - timedelta(days=100))
    assert "情報通信国際戦略局" not in due_for(approver)
    set_page_review_interval(page=site.bureau, days=91, actor=approver)
    assert "情報通信国際戦略局" in due_for(approver)
    set_page_review_interval(page=site.bureau, days=0, actor=approver)
    assert "情報通信国際戦略局" not in due_for(approver)
    set_page_review_interval(page=site.bureau, days=91, actor=approver)
    cast.approve(site.bureau, "直した局", live_from=timezone.now() - timedelta(days=2))
    assert due_for(approver) == ["ICT政策の企画", "研究開発の推進"]


def test_a_page_that_is_booked_to_change_is_due_neither_in_the_list_nor_on_its_detail_page(
    site: Site, approver: User
) -> None:
    detail = f"/admin/bureaus/page/{site.bureau.pk}/change/"
    assert "見直しの時期が来ています" in client_of(approver).get(detail).content.decode()
    cast.approve(site.bureau, "来月の局", live_from=timezone.now() + timedelta(days=30))
    assert "情報通信国際戦略局" not in due_for(approver)
    read = client_of(approver).get(detail).content.decode()
    assert "見直しの時期が来ています" not in read
    assert "次の版の公開が予約されています" in read


def test_who_may_review_and_what(site: Site, writer: User, approver: User, outsider: User) -> None:
    for page, officer in ((site.bureau, outsider), (site.guide, writer)):
        with pytest.raises(Blocked):
            mark_page_reviewed(page=page, actor=officer)
    with pytest.raises(Blocked, match="役割"):
        set_page_review_interval(page=site.bureau, days=91, actor=writer)
    with pytest.raises(Blocked, match="新着情報"):
        set_page_review_interval(page=site.news[0], days=91, actor=approver)
    cast.approve(site.sections[0], "終わり", live_from=tokyo(2020), answer="gone", note="終了")
    with pytest.raises(Blocked, match="公開していない"):
        mark_page_reviewed(page=site.sections[0], actor=approver)


def test_the_list_of_one_branch_and_as_csv(site: Site, manager: User, outsider: User) -> None:
    assert due_for(manager, f"?under={site.bureau.pk}")[0] == "情報通信国際戦略局"
    assert due_for(outsider, f"?under={site.bureau.pk}") == []
    cast.approve(site.sections[0], "=1+1", live_from=tokyo(2014))
    response = client_of(manager).get(f"{LIST}?under={site.bureau.pk}&format=csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["表題", "アドレス", "いまの内容になった日", "見直した日", "見直した人"]
    assert [row[0] for row in rows[1:]] == ["情報通信国際戦略局", "研究開発の推進", "'=1+1"]
    assert texts(dashboard_of(manager, "bureaus/unrevised/"), "//a[contains(@href, 'csv')]")


@pytest.mark.one_database
def test_the_interval_of_a_kind_is_a_setting(site: Site, writer: User, settings: Settings) -> None:
    settings.REVIEW_DAYS = review_days("policy_section=0,page=365")
    assert due_for(writer) == ["情報通信国際戦略局"]
    for wrong in ("news_item=3", "page=-1", "x", "99999"):
        with pytest.raises(ValueError):  # noqa: PT011 - whose text is the operator's
            review_days(wrong)
