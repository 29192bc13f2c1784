"""A site under several host names: its canonical origin."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.helpers.cast import Site
from tests.helpers.reader import BUREAU, read, values

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]
ORIGIN = "https://www.example.go.jp"


@pytest.fixture(autouse=True)
def _several_names(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "example.go.jp"]
    settings.SITE_ORIGIN = ORIGIN


@pytest.mark.parametrize("host", ["localhost", "example.go.jp", "EXAMPLE.go.jp:8443"])
def test_a_page_has_one_canonical_address(site: Site, host: str) -> None:
    page = read(Client(HTTP_HOST=host), BUREAU)
    assert values(page, "//link[@rel='canonical']/@href") == [f"{ORIGIN}{BUREAU}"]
    assert values(page, "//meta[@property='og:url']/@content") == [f"{ORIGIN}{BUREAU}"]


@pytest.mark.parametrize(
    "address",
    ["/feed.xml", "/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/news.csv"],
)
def test_what_machines_read_is_the_same_under_every_name(site: Site, address: str) -> None:
    first, second = (Client(HTTP_HOST=host).get(address) for host in ("localhost", "example.go.jp"))
    assert first.content == second.content
    assert ORIGIN.encode() in first.content


MACHINES = ["/feed.xml", "/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/news.csv"]


@pytest.mark.parametrize("address", [BUREAU, *MACHINES])
def test_without_an_origin_no_port_but_the_servers_own_reaches_an_address(
    settings: Settings, site: Site, address: str
) -> None:
    settings.SITE_ORIGIN = ""

    def read_at(port: str) -> bytes:
        answer = Client().get(address, HTTP_HOST=f"localhost:{port}", SERVER_PORT="8000")
        return answer.content

    assert b"9999" not in read_at("9999")
    assert b"http://localhost/" in read_at("9999")
    assert b"http://localhost:8000/" in read_at("8000")
    settings.TRUSTED_PROXIES = 1
    assert b"http://localhost/" in read_at("8000")
