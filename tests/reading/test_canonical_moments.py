"""One address for each moment: what citizens type leads to the day in its canonical form."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from bureaus.text.formatting import TOKYO
from tests.helpers.cast import Site, approve, tokyo
from tests.helpers.reader import BUREAU, read, texts

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("2013-8-1", "2013-08-01"),
        ("2013/08/01", "2013-08-01"),
        ("20130801", "2013-08-01"),
        ("2013年8月1日", "2013-08-01"),
        ("２０１３年８月１日", "2013-08-01"),
        ("2013年8月", "2013-08-31"),
        ("2013", "2013-12-31"),
        ("平成25年8月1日", "2013-08-01"),
        ("平成25年", "2013-12-31"),
        ("H25.8.1", "2013-08-01"),
        ("平成31年", "2019-04-30"),
        ("2013-08-01T10:00+09:00", "2013-08-01T10:00"),
        ("2013-08-01T01:00Z", "2013-08-01T10:00"),
        ("2013-08-01T10:00:00", "2013-08-01T10:00"),
        ("2013-08-01T10:00:05Z", "2013-08-01T19:00:05"),
    ],
)
@pytest.mark.parametrize("address", [BUREAU, "/news/", f"{BUREAU}history/", "/index.json"])
def test_another_spelling_redirects_to_the_canonical_one(
    site: Site, citizen: Client, address: str, typed: str, canonical: str
) -> None:
    response = citizen.get(f"{address}?at={quote(typed)}")
    assert response.status_code == 302
    assert response.headers["Location"] == f"{address}?at={canonical}"
    assert response.headers["Cache-Control"] == "no-cache"
    assert citizen.get(response.headers["Location"]).status_code == 200


def test_the_redirect_keeps_the_rest_of_the_query_and_stays_on_this_site(
    site: Site, citizen: Client
) -> None:
    response = citizen.get("/news/?year=2013&at=H25.8.1&category=press")
    assert response.headers["Location"] == "/news/?year=2013&at=2013-08-01&category=press"
    response = citizen.get("/%2Fexample.com/a b/?at=H25.8.1")
    assert response.headers["Location"] == "/%2Fexample.com/a%20b/?at=2013-08-01"
    assert "/%2Fexample.com/" in response.content.decode()


@pytest.mark.parametrize("canonical", ["2013-08-01", "2013-08-01T10:00", "2013-08-01T10:00:05"])
def test_the_canonical_form_is_answered_at_once(
    site: Site, citizen: Client, canonical: str
) -> None:
    assert citizen.get(f"{BUREAU}?at={canonical}").status_code == 200


def test_a_year_that_has_not_ended_means_today(site: Site, citizen: Client) -> None:
    today = timezone.localtime(timezone=TOKYO).date()
    for typed in (f"{today:%Y}", f"{today:%Y-%m}", f"令和{today.year - 2018}年"):
        response = citizen.get(f"{BUREAU}?at={quote(typed)}")
        assert response.headers["Location"] == f"{BUREAU}?at={today}"


@pytest.mark.parametrize("typed", ["令和99年", "2099年8月", "H111.8.1", "9999", "9999-12-31"])
def test_a_date_in_the_future_is_said_to_be_in_the_future_and_nothing_else(
    site: Site, citizen: Client, typed: str
) -> None:
    approve(site.bureau, "まだ秘密の局", live_from=timezone.now() + timedelta(days=2))
    page = read(citizen, f"{BUREAU}?at={quote(typed)}", 400)
    assert texts(page, "//main/p")[0] == (
        f"日時「{typed}」は未来です。今日までの日時を指定してください。"
    )
    assert "秘密" not in str(page.text_content())


def test_the_links_of_a_page_at_a_minute_lead_to_the_day(site: Site, citizen: Client) -> None:
    approve(site.bureau, "昼からの局", live_from=tokyo(2013, 8, 1, 12), category="bureau")
    page = read(citizen, f"{BUREAU}?at=2013-08-01T12:00:05")
    found = {str(href).partition("at=")[2] for href in page.xpath("//article//a/@href")}
    assert found - {""} == {"2013-08-01"}
