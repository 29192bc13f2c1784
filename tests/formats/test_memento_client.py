"""The site read through memento-client, a client of RFC 7089 that others wrote."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from requests.adapters import BaseAdapter
from requests.models import PreparedRequest, Response

from tests.helpers.cast import Site, approve, tokyo
from tests.helpers.reader import BUREAU

pytestmark = pytest.mark.django_db
memento_client = pytest.importorskip("memento_client")
URL = f"http://localhost{BUREAU}"


class InProcess(BaseAdapter):
    """Answers the requests of a `requests.Session` with Django's test client, without a socket."""

    def send(  # type: ignore[override]
        self, request: PreparedRequest, **options: Any
    ) -> Response:
        del options
        parts = urlsplit(request.url or "")
        sent = {name: str(value) for name, value in request.headers.items()}
        headers = sent | {"Accept-Encoding": "identity"}
        address = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answer = Client(HTTP_HOST=parts.netloc).generic(
            request.method or "GET", address, headers=headers
        )
        response = Response()
        response.status_code = answer.status_code
        response.headers.update(answer.headers)
        response.url, response.request = request.url or "", request
        response.raw = BytesIO(answer.content)
        return response

    def close(self) -> None:
        pass


@pytest.fixture
def client(site: Site) -> Iterator[Any]:
    """A client that takes each page for its own TimeGate, on a bureau in three editions."""
    for year in (2014, 2016):
        approve(site.bureau, f"{year}年の局", live_from=tokyo(year, 2, 3, 10), category="bureau")
    with requests.Session() as session:
        session.mount("http://localhost/", InProcess())
        yield memento_client.MementoClient(timegate_uri="", session=session)


def utc(*parts: int) -> datetime:
    """A moment as the client has it: in UTC, and without saying so."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)  # type: ignore[misc,arg-type]


def memento(start: datetime, at: str) -> dict[str, Any]:
    return {"uri": [f"{URL}?at={at}"], "datetime": start}


FIRST = memento(utc(2013, 3, 31, 15), "2013-04-01T00:00")
SECOND = memento(utc(2014, 2, 3, 1), "2014-02-03T10:00")
THIRD = memento(utc(2016, 2, 3, 1), "2016-02-03T10:00")


def test_it_finds_the_memento_of_a_moment_and_those_around_it(client: Any) -> None:
    found = client.get_memento_info(URL, utc(2015, 6, 1, 3, 4, 5))
    assert found["original_uri"] == found["timegate_uri"] == URL
    assert found["mementos"] == {
        "closest": {
            "uri": [f"{URL}?at=2015-06-01T12:04:05"],
            "datetime": utc(2015, 6, 1, 3, 4, 5),
            "http_status_code": 200,
        },
        "first": FIRST,
        "prev": FIRST,
        "next": THIRD,
        "last": THIRD,
    }


def test_it_finds_the_first_memento_of_a_time_before_it(client: Any) -> None:
    found = client.get_memento_info(URL, utc(2001, 9, 11, 20, 35))
    assert found["mementos"]["closest"] == FIRST | {"http_status_code": 200}


def test_from_a_memento_it_finds_the_page_of_today(client: Any) -> None:
    found = client.get_memento_info(f"{URL}?at=2013-12-31", utc(2014, 12, 31))
    assert found["original_uri"] == URL
    assert found["mementos"]["prev"] == FIRST
    assert found["mementos"]["next"] == THIRD


def test_it_takes_pages_for_timegates_and_past_pages_for_mementos(client: Any) -> None:
    then = {"Accept-Datetime": "Sat, 31 May 2014 20:35:00 GMT"}
    answer = client.session.head(URL, headers=then, allow_redirects=False)
    assert client.is_timegate(URL, response=answer)
    assert not client.is_memento(URL, response=answer)
    memento = client.session.head(answer.url + f"?at={datetime(2014, 5, 31, tzinfo=UTC):%Y-%m-%d}")
    assert client.is_memento(memento.url, response=memento)


def test_it_parses_our_timemap(client: Any) -> None:
    links = client.parse_link_header(client.session.get(f"{URL}history/timemap.link").text)
    mementos = {url: link for url, link in links.items() if "memento" in link["rel"]}
    assert [*mementos] == [FIRST["uri"][0], SECOND["uri"][0], THIRD["uri"][0]]
    assert mementos[SECOND["uri"][0]]["datetime"] == ["Mon, 03 Feb 2014 01:00:00 GMT"]
    assert links[f"{URL}history/timemap.link"]["rel"] == ["self"]
