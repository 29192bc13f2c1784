"""The notices on the dashboard and on their screen, and the choice of the mails."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.models import NoticeChoice, NoticeKind
from bureaus.publishing import approve, rename
from tests.admin.test_dashboard import dashboard_of, entries
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import submitted
from tests.helpers.reader import texts

pytestmark = pytest.mark.django_db
SCREEN = "/admin/bureaus/notices/"


def test_the_dashboard_says_what_became_of_what_one_wrote(
    site: Site, writer: User, approver: User
) -> None:
    approve(editions=[submitted(site.bureau, writer)], actor=approver)
    start = timezone.now() + timedelta(days=1)
    approve(editions=[submitted(site.sections[0], writer)], actor=approver, at=start)
    booked, public = entries(dashboard_of(writer), "outcomes")
    assert "佐藤さんが承認しました。" in booked
    assert "に公開されます。" in booked
    assert "佐藤さんが承認し、公開されました。" in public
    assert entries(dashboard_of(approver), "outcomes") == []


def test_who_lost_the_branch_reads_no_notice_of_it(
    site: Site, writer: User, approver: User
) -> None:
    approve(editions=[submitted(site.bureau, writer)], actor=approver)
    Group.objects.get(name="鈴木の担当").branch_roles.all().delete()
    assert entries(dashboard_of(writer), "outcomes") == []
    assert "情報通信国際戦略局" not in client_of(writer).get(SCREEN).content.decode()


def test_the_dashboard_with_notices_and_booked_changes_stays_in_its_budget(
    site: Site, writer: User, approver: User
) -> None:
    tomorrow = timezone.now() + timedelta(hours=1)
    rename(page=site.guide, slug="annai", actor=None, at=tomorrow)
    approve(editions=[submitted(site.bureau, writer)], actor=approver)
    client = client_of(writer)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")
    assert len(queries) <= 15


def test_the_choice_of_the_mails_is_kept(site: Site, writer: User) -> None:
    client = client_of(writer)
    chosen = {kind.value: "daily" for kind in NoticeKind}
    assert client.post(SCREEN, chosen).status_code == 302
    page = dashboard_of(writer, "bureaus/notices/")
    assert len(texts(page, "//label[input[@checked and @value='daily']]")) == len(NoticeKind)
    assert client.post(SCREEN, {**chosen, "public": "x"}).status_code == 422
    assert client.post(SCREEN, {**chosen, "public": "none"}).status_code == 302
    assert NoticeChoice.objects.get(officer=writer, kind="public").delivery == "none"


def test_the_screen_of_notices_costs_the_same_for_one_and_for_many(
    site: Site, writer: User, approver: User
) -> None:
    client = client_of(writer)
    counts = []
    for page in (site.bureau, *site.sections):
        approve(editions=[submitted(page, writer)], actor=approver)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(SCREEN).status_code == 200
        counts.append(len(queries))
    assert counts[-1] == counts[0] <= 15
