"""The period of a reception or meeting in the form of a draft."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from bureaus.models import Edition
from bureaus.publishing import approve, start_draft, submit
from tests.helpers.admin_form import address, draft_of, fields_of
from tests.helpers.cast import BUREAU, Site, client_of, tokyo

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PERIOD = {
    "category": "consultation",
    "event_start": "令和8年12月1日（火）",
    "event_end": "2026-12-28 17:00",
    "event_place": "　電子メール\r\nか郵送",
}


def send(draft: Edition, writer: User, **fields: str) -> Any:
    return client_of(writer).post(address(draft), {**fields_of(draft, writer), **fields})


def test_a_period_is_typed_as_people_write_it_and_saved_once(site: Site, writer: User) -> None:
    draft = draft_of(site.news[1], writer)
    assert send(draft, writer, **PERIOD).status_code == 302
    draft.refresh_from_db()
    assert (draft.event_start, draft.event_end) == (tokyo(2026, 12, 1), tokyo(2026, 12, 28, 17))
    assert draft.event_place == "電子メール か郵送"
    shown = fields_of(draft, writer)
    assert (shown["event_start"], shown["event_end"]) == ("2026年12月1日", "2026年12月28日17時")
    assert send(draft, writer).status_code == 302
    assert Edition.objects.get(pk=draft.pk).revision == draft.revision  # nothing changed


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"event_end": ""}, "期間の終了がありません。"),
        ({"event_start": ""}, "期間の開始がありません。"),
        ({"event_end": "2026-11-30"}, "終了「2026年11月30日」が、開始「2026年12月1日」より後に"),
        ({"event_end": "2026-12-01 0:00"}, "より後になっていません。"),
        ({"event_start": "令和8年12月1日（水）"}, "2026年12月1日は火曜日です。"),
        ({"event_end": "9999-12-31"}, "日時として読み取れません"),
        ({"event_end": "年末"}, "「年末」を日時として読み取れません"),
        ({"category": "press"}, "区分「報道資料」のページには、期間や場所を入れられません"),
        ({"event_place": "長" * 301}, "300"),
        ({"event_start": "", "event_end": "", "is_cancelled": "on"}, "期間の開始がありません。"),
    ],
)
def test_what_cannot_be_stored_is_named_and_nothing_is_lost(
    site: Site, writer: User, fields: dict[str, str], sentence: str
) -> None:
    draft = draft_of(site.news[1], writer)
    response = send(draft, writer, **{**PERIOD, **fields})
    assert response.status_code == 422
    html = response.content.decode()
    assert sentence in html
    assert fields.get("event_start", PERIOD["event_start"]) in html


def test_only_news_has_the_fields(site: Site, writer: User) -> None:
    for page, is_there in ((site.news[1], True), (site.sections[0], False)):
        draft = draft_of(page, writer)
        html = client_of(writer).get(address(draft)).content.decode()
        assert ('name="event_start"' in html) is is_there


def test_the_end_needs_no_second_booking_and_the_next_draft_has_the_period(
    site: Site, writer: User, approver: User, citizen: Client
) -> None:
    draft = draft_of(site.news[1], writer)
    send(draft, writer, **{**PERIOD, "lead": "募集します。", "change_note": "期間を入れました。"})
    approve(editions=[submit(edition=draft, actor=writer)], actor=approver)
    listed = citizen.get("/events.json").json()["events"]
    assert [event["url"] for event in listed] == [f"http://localhost{BUREAU}kobo-2/"]
    following = start_draft(page=site.news[1], actor=writer)
    assert following.event_end == tokyo(2026, 12, 28, 17)
    compared = client_of(writer).get(reverse("admin:page-compare", args=[draft.page_id]))
    assert "2026年12月28日（月）17時" in compared.content.decode()
