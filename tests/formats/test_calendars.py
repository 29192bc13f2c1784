"""Events as files for calendars, read by a parser that others wrote."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from vobject.base import readOne

from bureaus.models import Answer, Edition, Page
from bureaus.publishing import rename
from tests.helpers.cast import BUREAU, Site, approve, tokyo

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]

WHOLE = {"event_start": tokyo(2026, 12, 1), "event_end": tokyo(2026, 12, 29)}
START = tokyo(2014)


def consultation(page: Page, title: str = "意見募集", **content: Any) -> Edition:
    content = {"category": "consultation", "lead": "ご意見を募集します。", **WHOLE, **content}
    content.setdefault("live_from", START)
    return approve(page, title, **content)


def events_at(client: Client, address: str) -> list[Any]:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    calendar = readOne(response.content.decode())
    calendar.validate(raiseException=True)
    return list(getattr(calendar, "vevent_list", []))


def test_a_page_a_bureau_and_the_site_have_the_same_event(site: Site, citizen: Client) -> None:
    consultation(site.news[0])
    addresses = (f"{BUREAU}kaigi-3.ics", f"{BUREAU}events.ics", "/events.ics")
    [page], [bureau], [whole] = (events_at(citizen, address) for address in addresses)
    assert page.serialize() == bureau.serialize() == whole.serialize()
    assert (page.summary.value, page.description.value) == ("意見募集", "ご意見を募集します。")
    assert (page.dtstart.value, page.dtend.value) == (date(2026, 12, 1), date(2026, 12, 29))
    assert page.url.value == f"http://localhost{BUREAU}kaigi-3/"
    assert (page.status.value, page.transp.value) == ("CONFIRMED", "TRANSPARENT")


def test_a_correction_a_move_and_a_cancellation_keep_the_identifier(
    site: Site, citizen: Client
) -> None:
    page = site.news[0]
    first = consultation(page)
    [before] = events_at(citizen, "/events.ics")
    second = consultation(page, live_from=tokyo(2015), is_cancelled=True)
    rename(page=page, slug="renamed", actor=None)
    [after] = events_at(citizen, "/events.ics")
    assert after.uid.value == before.uid.value
    assert int(before.sequence.value) == first.number - 1 < int(after.sequence.value)
    assert after.dtstamp.value == second.live_from
    assert after.status.value == "CANCELLED"
    assert after.url.value.endswith("/renamed/")
    [then] = events_at(citizen, f"{BUREAU}kaigi-3.ics?at=2014-06-01")
    assert then.status.value == "CONFIRMED"


def test_the_times_of_a_meeting_are_those_of_tokyo(site: Site, citizen: Client) -> None:
    consultation(
        site.news[0],
        category="meeting",
        event_start=tokyo(2026, 12, 1, 10, 30),
        event_end=tokyo(2026, 12, 1, 12),
    )
    [event] = events_at(citizen, "/events.ics")
    assert event.dtstart.value == datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=90)
    assert event.transp.value == "OPAQUE"


def test_nothing_in_a_text_can_end_a_line_of_the_file(site: Site, citizen: Client) -> None:
    hostile = "会場,A;B\\C\nATTACH:http://example.com/\rX:1\u2028「" + "長" * 200
    consultation(
        site.news[0],
        "END:VEVENT\r\nBEGIN:VALARM",
        lead="一行目\n二行目\x0b\x00"[:-1],
        event_place=hostile[:300],
    )
    [event] = events_at(citizen, "/events.ics")
    assert {child.name for child in event.getChildren()} == {
        *"UID DTSTAMP LAST-MODIFIED CREATED SEQUENCE DTSTART DTEND SUMMARY DESCRIPTION".split(),
        *"LOCATION URL CATEGORIES STATUS TRANSP".split(),
    }
    assert event.location.value.startswith("会場,A;B\\C\nATTACH:http://example.com/")
    assert event.description.value.startswith("一行目\n二行目")


def test_a_page_without_a_period_or_that_is_gone_has_no_file(site: Site, citizen: Client) -> None:
    assert citizen.get(f"{BUREAU}kobo-2.ics").status_code == 404
    assert citizen.get("/nothing.ics").status_code == 404
    assert events_at(citizen, "/events.ics") == []
    consultation(site.news[0])
    consultation(site.news[0], answer=Answer.GONE, note="削除しました。", live_from=tokyo(2015))
    assert citizen.get(f"{BUREAU}kaigi-3.ics").status_code == 410
    assert events_at(citizen, f"{BUREAU}events.ics") == []
