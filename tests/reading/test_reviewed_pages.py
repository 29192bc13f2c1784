"""最終確認日: when somebody last found a page still right, as it was known at the moment."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.models import Action, AuditEntry
from bureaus.publishing import mark_page_reviewed
from tests.helpers.cast import BUREAU, Site, approve, tokyo
from tests.helpers.reader import read, texts

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
REVIEWED = "//dt[.='最終確認日']/following-sibling::dd"


def reviewed(site: Site, at: datetime) -> None:
    edition = site.bureau.editions.get(live_from__lte=at, live_until=None)
    AuditEntry(
        action=Action.REVIEW, page=site.bureau, edition=edition, address=BUREAU, at=at
    ).save()


def shown(citizen: Client, day: str = "") -> list[str]:
    return texts(read(citizen, f"{BUREAU}{day and f'?at={day}'}"), REVIEWED)


def test_the_last_review_until_the_moment_is_shown_and_no_later_one(
    site: Site, citizen: Client
) -> None:
    assert shown(citizen) == []
    reviewed(site, tokyo(2015, 4, 1))
    reviewed(site, tokyo(2016, 4, 1))
    assert shown(citizen) == ["2016年4月1日"]
    assert shown(citizen, "2015-12-31") == ["2015年4月1日"]
    assert shown(citizen, "2015-03-31") == []


def test_a_new_edition_has_to_be_reviewed_itself(site: Site, citizen: Client) -> None:
    reviewed(site, tokyo(2015, 4, 1))
    approve(site.bureau, "直した局", live_from=timezone.now() - timedelta(days=2))
    assert shown(citizen) == []
    assert shown(citizen, "2015-12-31") == ["2015年4月1日"]


def test_it_is_read_with_the_page(site: Site, citizen: Client) -> None:
    with CaptureQueriesContext(connection) as before:
        citizen.get(BUREAU)
    mark_page_reviewed(page=site.bureau, actor=None)
    with CaptureQueriesContext(connection) as after:
        assert "最終確認日" in citizen.get(BUREAU).content.decode()
    assert len(after) <= len(before)
