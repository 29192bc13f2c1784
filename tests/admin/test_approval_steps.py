"""The screen of the steps of approval, and the decision of who confirms one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bureaus.models import Absence, Action, ApprovalStep, AuditEntry, Edition, Kind, Role
from bureaus.publishing import change_step
from bureaus.publishing.blockers.approval_steps import StepEntry
from bureaus.text.formatting import TOKYO
from tests.helpers.cast import Site, client_of, officer, place
from tests.helpers.editing import submitted
from tests.helpers.page_details import text_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SCREEN = "/admin/bureaus/approval-steps/"
TODAY = timezone.localdate(timezone=TOKYO)
STEP = {"name": "局の確認", "position": "1", "people": "中村", "deputies": "", "do": "save"}


@pytest.fixture
def manager(site: Site) -> User:
    return officer("中村", {site.bureau: [Role.MANAGER]})


@pytest.fixture
def chief(site: Site) -> User:
    return officer("伊藤", {site.sections[0]: [Role.WRITER]})


@pytest.fixture
def step(site: Site, chief: User, manager: User) -> ApprovalStep:
    entry = StepEntry(site.sections[0], "課の確認", 1, ("伊藤",), ("中村",))
    found = change_step(page=site.sections[0], entry=entry, actor=manager)
    assert found is not None
    return found


def send(who: User, **fields: Any) -> Any:
    return client_of(who).post(SCREEN, fields, follow=True)


def screen(who: User) -> str:
    return text_in(client_of(who).get(SCREEN).content.decode())


def review(who: User, edition: Edition) -> Any:
    return client_of(who).get(reverse("admin:edition-review", args=[edition.pk]))


def test_a_manager_adds_changes_and_deletes_a_step(site: Site, manager: User, chief: User) -> None:
    send(manager, branch=site.bureau.pk, **STEP)
    step = ApprovalStep.objects.get()
    shown = client_of(manager).get(SCREEN, {"step": step.pk}).content.decode()
    version = re.findall(r'name="version" value="([^"]+)"', shown)[-1]
    fields = STEP | {"name": "局長の確認", "step": step.pk, "version": version}
    response = send(manager, branch=site.bureau.pk, **fields)
    assert "「局長の確認」の段階を保存しました。" in text_in(response.content.decode())
    shown = client_of(manager).get(SCREEN).content.decode()
    version = re.findall(r'name="version" value="([^"]+)"', shown)[0]
    response = send(manager, step=step.pk, version=version, do="delete")
    assert "「局長の確認」の段階をなくしました。" in text_in(response.content.decode())
    assert not ApprovalStep.objects.exists()
    entries = AuditEntry.objects.filter(action=Action.APPROVAL_STEPS).order_by("pk")
    assert [entry.details.get("step_before", "") for entry in entries] == [
        "",
        "局の確認",
        "局長の確認",
    ]


def test_what_is_wrong_stays_in_the_form(site: Site, manager: User) -> None:
    response = send(manager, branch=site.bureau.pk, **(STEP | {"people": "中村、見知らぬ人"}))
    assert response.status_code == 409
    shown = response.content.decode()
    assert "「見知らぬ人」は" in text_in(shown)
    assert "中村、見知らぬ人" in shown
    assert not ApprovalStep.objects.exists()


def test_a_writer_reads_the_steps_and_reports_their_own_absence(
    site: Site, step: ApprovalStep, chief: User
) -> None:
    assert "課の確認" in screen(chief)
    assert "段階を加える" not in screen(chief)
    days = {"absence-first_day": str(TODAY), "absence-last_day": str(TODAY + timedelta(days=2))}
    send(chief, do="absent", **days)
    assert Absence.objects.get().officer == chief
    assert "伊藤（不在）" in screen(chief)
    send(chief, do="present", absence=Absence.objects.get().pk)
    assert not Absence.objects.exists()


def test_a_step_stays_at_its_place(site: Site, manager: User, step: ApprovalStep) -> None:
    shown = client_of(manager).get(SCREEN, {"step": step.pk}).content.decode()
    places = shown[shown.index('id="id_branch"') :].split("</select>")[0]
    assert re.findall(r'<option value="(\d+)"', places) == [str(step.page_id)]


def test_nobody_takes_back_the_absence_of_somebody_else(
    site: Site, step: ApprovalStep, chief: User, writer: User
) -> None:
    absence = Absence.objects.create(officer=chief, first_day=TODAY, last_day=TODAY)
    response = send(writer, do="present", absence=absence.pk)
    assert "その不在は、もうありません。" in text_in(response.content.decode())
    assert Absence.objects.exists()


def test_people_of_another_branch_see_no_step_of_this_one(site: Site, step: ApprovalStep) -> None:
    other = officer("別局", {site.guide: [Role.MANAGER]})
    inside = officer("別課", {site.sections[1]: [Role.MANAGER]})
    assert "課の確認" in screen(other)  # 組織案内 stands above the section
    assert "段階は、まだありません。" in screen(inside)


def test_a_page_above_that_was_never_public_is_not_named(site: Site) -> None:
    above = place(site.guide, "himitsu", Kind.ORGANISATION)
    Edition.objects.create(page=above, number=1, title="極秘の新局", category="bureau")
    own = place(above, "ka", Kind.ORGANISATION)
    boss = officer("局長", {above: [Role.MANAGER]})
    change_step(page=above, entry=StepEntry(above, "局長の確認", 1, ("局長",), ()), actor=boss)
    shown = screen(officer("山本", {own: [Role.WRITER]}))
    assert "局長の確認 上の場所とその下" in shown
    assert "極秘の新局" not in shown
    assert "極秘の新局" in screen(boss)


def test_the_review_screen_lets_who_confirms_the_step_decide(
    site: Site, step: ApprovalStep, writer: User, chief: User, approver: User
) -> None:
    edition = submitted(site.sections[0], writer)
    shown = text_in(review(chief, edition).content.decode())
    assert "「課の確認」の段階で、あなたの確認を待っています" in shown
    assert "いま公開する" not in shown
    waiting = text_in(review(approver, edition).content.decode())
    assert "「課の確認」の段階の確認が、まだです" in waiting
    version = re.findall(
        r'name="version" value="([^"]+)"', review(chief, edition).content.decode()
    )[0]
    address = reverse("admin:edition-review", args=[edition.pk])
    fields = {"decision": "endorse", "version": version}
    unseen = client_of(chief).post(address, fields)
    assert "印を付けてください" in text_in(unseen.content.decode())
    done = client_of(chief).post(address, fields | {"seen": "1", "note": "よい"}, follow=True)
    assert "確認済みにしました。承認者の確認に進みます。" in text_in(done.content.decode())
    approving = text_in(review(approver, edition).content.decode())
    assert "あなたが承認できます" in approving
    assert "課の確認：済み（伊藤" in approving


def test_the_home_screen_and_the_page_lead_to_the_step(
    site: Site, step: ApprovalStep, writer: User, chief: User, approver: User
) -> None:
    submitted(site.sections[0], writer)
    home = text_in(client_of(chief).get("/admin/").content.decode())
    assert "「課の確認」の段階" in home
    assert "確認を待つものはありません" in text_in(
        client_of(approver).get("/admin/").content.decode()
    )
    page = reverse("admin:bureaus_page_change", args=[site.sections[0].pk])
    assert "「課の確認」の段階を確認する" in text_in(client_of(chief).get(page).content.decode())
    assert "承認の前の、段階の確認を待っています。" in text_in(
        client_of(approver).get(page).content.decode()
    )


@pytest.mark.parametrize("count", [1, 6])
def test_the_screen_costs_the_same_for_any_number_of_steps(
    site: Site, manager: User, count: int
) -> None:
    for number in range(count):
        entry = StepEntry(site.bureau, f"段階{number}", 1, ("中村",), ())
        change_step(page=site.bureau, entry=entry, actor=manager)
    client = client_of(manager)
    with CaptureQueriesContext(connection) as queries:
        client.get(SCREEN)
    ours = [each["sql"] for each in queries if "bureaus_" in each["sql"]]
    assert len(ours) <= 12
