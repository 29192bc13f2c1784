"""Memento (RFC 7089): negotiation by Accept-Datetime, and what each answer says of the others."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date
from pytest_django import DjangoAssertNumQueries
from requests.utils import parse_header_links

from bureaus.models import Answer
from bureaus.reading.request_paths import json_address
from tests.helpers.cast import Site, approve, publish, tokyo
from tests.helpers.reader import BUREAU, GUIDE

pytestmark = pytest.mark.django_db
ORIGIN = "http://localhost"
FIRST = f"{ORIGIN}{BUREAU}?at=2013-04-01T00:00"
SECOND = f"{ORIGIN}{BUREAU}?at=2014-02-03T10:00"
THIRD = f"{ORIGIN}{BUREAU}?at=2015-02-03T10:00:31"
BAD = [
    "",
    "2013-08-01",
    "Thursday, 01-Aug-13 00:00:00 GMT",
    "Thu Aug  1 00:00:00 2013",
    "Thu, 01 Aug 2013 00:00:00 +0900",
    "Thu, 32 Aug 2013 00:00:00 GMT",
    "Thu, 01 Aug 2013 00:00:00 GMT, Fri, 02 Aug 2013 00:00:00 GMT",
    "x" * 5000,
]


@pytest.fixture
def revised(site: Site) -> Site:
    """The bureau in three editions; the last began in the middle of a second."""
    approve(site.bureau, "二番目の局", live_from=tokyo(2014, 2, 3, 10), category="bureau")
    start = tokyo(2015, 2, 3, 10) + timedelta(seconds=30, milliseconds=500)
    approve(site.bureau, "三番目の局", live_from=start, category="bureau")
    return site


def negotiate(client: Client, address: str, at: datetime | str) -> Any:
    text = at if isinstance(at, str) else http_date(at.timestamp())
    return client.get(address, headers={"Accept-Datetime": text})


def links_by_relation(response: Any) -> dict[str, dict[str, str]]:
    """The links of the header by each of their relations, as another library reads them."""
    return {
        relation: link
        for link in parse_header_links(response.headers["Link"])
        for relation in link["rel"].split()
        if link.get("type") != "application/json"
    }


def test_the_page_of_today_is_the_original_and_its_own_timegate(
    revised: Site, citizen: Client
) -> None:
    response = citizen.get(BUREAU)
    found = links_by_relation(response)
    assert {relation: link["url"] for relation, link in found.items()} == {
        "original": f"{ORIGIN}{BUREAU}",
        "timegate": f"{ORIGIN}{BUREAU}",
        "timemap": f"{ORIGIN}{BUREAU}history/timemap.link",
    }
    assert found["timemap"]["type"] == "application/link-format"
    assert "Accept-Datetime" in response.headers["Vary"].split(", ")
    assert "Memento-Datetime" not in response.headers


def test_accept_datetime_leads_to_the_page_of_that_moment(revised: Site, citizen: Client) -> None:
    response = negotiate(citizen, BUREAU, tokyo(2014, 12, 31, 9, 30))
    assert response.status_code == 302
    assert response.headers["Location"] == f"{BUREAU}?at=2014-12-31T09:30"
    assert {"Accept", "Accept-Datetime"} <= {*response.headers["Vary"].split(", ")}
    assert response.headers["Cache-Control"] == "no-cache"
    assert "Memento-Datetime" not in response.headers
    found = links_by_relation(response)
    assert {relation: found[relation]["url"] for relation in ("first", "prev", "next", "last")} == {
        "first": FIRST,
        "prev": FIRST,
        "next": THIRD,
        "last": THIRD,
    }
    assert found["original"]["url"] == f"{ORIGIN}{BUREAU}"
    memento = citizen.get(response.headers["Location"])
    assert memento.headers["Memento-Datetime"] == "Wed, 31 Dec 2014 00:30:00 GMT"


def test_a_memento_names_its_moment_and_the_others(revised: Site, citizen: Client) -> None:
    response = citizen.get(f"{BUREAU}?at=2014-02-03T10:00")
    assert response.headers["Memento-Datetime"] == "Mon, 03 Feb 2014 01:00:00 GMT"
    assert "Accept-Datetime" not in response.headers["Vary"]
    found = links_by_relation(response)
    assert found["first"] == found["prev"]
    assert found["first"]["url"] == FIRST
    assert found["first"]["rel"] == "first prev memento"
    assert found["first"]["datetime"] == "Sun, 31 Mar 2013 15:00:00 GMT"
    assert found["next"]["rel"] == "last next memento"
    assert found["next"]["datetime"] == "Tue, 03 Feb 2015 01:00:31 GMT"
    assert found["original"]["rel"] == "original timegate"
    for relation in ("first", "next"):
        memento = citizen.get(found[relation]["url"])
        assert memento.headers["Memento-Datetime"] == found[relation]["datetime"]


def test_a_day_is_a_memento_of_its_last_second(revised: Site, citizen: Client) -> None:
    response = citizen.get(f"{BUREAU}?at=2014-12-31")
    assert response.headers["Memento-Datetime"] == "Wed, 31 Dec 2014 14:59:59 GMT"


def test_today_so_far_is_no_memento(revised: Site, citizen: Client) -> None:
    today = timezone.localdate()
    response = citizen.get(f"{BUREAU}?at={today}")
    assert response.status_code == 200
    assert "Memento-Datetime" not in response.headers
    assert links_by_relation(response)["original"]["url"] == f"{ORIGIN}{BUREAU}"


def test_before_the_first_memento_the_first_is_given(revised: Site, citizen: Client) -> None:
    response = negotiate(citizen, BUREAU, "Tue, 11 Sep 2001 20:35:00 GMT")  # of the RFC's examples
    assert response.status_code == 302
    assert f"{ORIGIN}{response.headers['Location']}" == FIRST


def test_in_the_future_the_present_is_given(revised: Site, citizen: Client) -> None:
    approve(revised.bureau, "秘密の局", live_from=timezone.now() + timedelta(days=1))
    response = negotiate(citizen, BUREAU, timezone.now() + timedelta(days=400))
    memento = citizen.get(response.headers["Location"])
    assert memento.status_code == 200
    assert "三番目の局" in memento.content.decode()
    assert "秘密" not in memento.content.decode()


def test_of_a_page_that_is_gone_the_last_memento_is_given(revised: Site, citizen: Client) -> None:
    approve(revised.bureau, "局", live_from=tokyo(2016), answer=Answer.GONE)
    response = negotiate(citizen, BUREAU, tokyo(2017))
    assert f"{ORIGIN}{response.headers['Location']}" == THIRD


def test_a_past_address_does_not_negotiate(revised: Site, citizen: Client) -> None:
    response = negotiate(citizen, f"{BUREAU}?at=2014-12-31", tokyo(2013, 6))
    assert response.status_code == 200
    assert response.headers["Memento-Datetime"] == "Wed, 31 Dec 2014 14:59:59 GMT"


def test_negotiation_keeps_the_format(revised: Site, citizen: Client) -> None:
    headers = {
        "Accept": "application/json",
        "Accept-Datetime": http_date(tokyo(2013, 12, 31).timestamp()),
    }
    response = citizen.get(BUREAU, headers=headers, follow=True)
    assert response.json()["title"] == "情報通信国際戦略局"
    assert response.json()["url"] == f"{ORIGIN}{BUREAU}?at=2013-12-31T00:00"


def test_news_lists_negotiate_too(revised: Site, citizen: Client) -> None:
    response = negotiate(citizen, f"{BUREAU}news/?year=2013", tokyo(2013, 7, 31, 9))
    assert response.headers["Location"] == f"{BUREAU}news/?year=2013&at=2013-07-31T09:00"
    memento = citizen.get(response.headers["Location"])
    assert memento.headers["Memento-Datetime"] == "Wed, 31 Jul 2013 00:00:00 GMT"
    assert links_by_relation(memento)["original"]["url"] == f"{ORIGIN}{BUREAU}news/?year=2013"
    assert "timemap" not in links_by_relation(memento)


@pytest.mark.parametrize("address", [BUREAU, f"{BUREAU}news/"])
def test_json_at_its_own_address_negotiates_like_the_page(
    revised: Site, citizen: Client, address: str
) -> None:
    data = json_address(address)
    response = negotiate(citizen, data, tokyo(2014, 7, 1, 9))
    assert response.status_code == 302
    assert response.headers["Location"] == f"{data}?at=2014-07-01T09:00"
    assert "Accept-Datetime" in response.headers["Vary"].split(", ")
    memento = citizen.get(response.headers["Location"])
    assert memento.headers["Memento-Datetime"] == "Tue, 01 Jul 2014 00:00:00 GMT"
    links = links_by_relation(memento)
    assert links["original"]["url"] == links["timegate"]["url"] == f"{ORIGIN}{data}"
    assert "timemap" not in links  # which lists the mementos of the page itself
    for each in links.values():
        found = citizen.get(each["url"])
        assert (found.status_code, found.headers["Content-Type"]) == (200, "application/json")
        assert found.headers.get("Memento-Datetime") == each.get("datetime")


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_date_of_http_is_refused(revised: Site, citizen: Client, text: str) -> None:
    response = negotiate(citizen, BUREAU, text)
    assert response.status_code == 400
    assert "Accept-Datetime" in response.headers["Vary"].split(", ")
    assert "を読み取れません" in response.content.decode()


def test_other_answers_vary_too(revised: Site, citizen: Client) -> None:
    publish(revised.root, "renamed", "名前")
    for address in ("/nothing/", "/main_sosiki", "/renamed/index.html", "/news"):
        response = negotiate(citizen, address, tokyo(2014))
        assert response.status_code in (301, 404)
        assert "Accept-Datetime" in response.headers["Vary"].split(", "), address
        assert "Memento-Datetime" not in response.headers


def test_a_conditional_request_works_for_mementos(revised: Site, citizen: Client) -> None:
    first = citizen.get(f"{BUREAU}?at=2014-12-31")
    again = citizen.get(f"{BUREAU}?at=2014-12-31", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_negotiation_stays_within_the_queries_of_a_page(
    revised: Site, citizen: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for address in (BUREAU, GUIDE, "/", "/news/"):
        with django_assert_max_num_queries(7):
            assert negotiate(citizen, address, tokyo(2013, 12, 31)).status_code == 302
