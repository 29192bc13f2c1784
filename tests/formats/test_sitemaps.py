"""sitemap.xml and robots.txt."""

from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from bureaus.models import Answer
from bureaus.reading import listings
from tests.helpers.cast import Site, approve, news_item, place, publish, tokyo
from tests.helpers.paths import TEST_DATA

SCHEMA = TEST_DATA / "schemas" / "sitemap.xsd"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
BUREAU = "http://localhost/main_sosiki/joho_kokusai/"

pytestmark = pytest.mark.django_db


def fetch(client: Client, address: str = "/sitemap.xml") -> Any:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    return etree.fromstring(response.content)


LISTS = {f"http://localhost/{name}/" for name in ("news", "events", "data")}


def values_at(sitemap: Any, path: str) -> list[str]:
    return [str(found) for found in sitemap.xpath(path, namespaces=NAMES)]


def addresses(client: Client, address: str = "/sitemap.xml") -> list[str]:
    return values_at(fetch(client, address), "//s:loc/text()")


def pages(client: Client, address: str = "/sitemap.xml") -> list[str]:
    return [each for each in addresses(client, address) if each not in LISTS]


def is_valid(sitemap: Any) -> bool:
    return bool(etree.XMLSchema(etree.parse(SCHEMA)).validate(sitemap))


def test_the_sitemap_is_valid_and_has_every_public_page(site: Site, citizen: Client) -> None:
    assert is_valid(fetch(citizen))
    assert set(addresses(citizen)) == {
        "http://localhost/",
        "http://localhost/main_sosiki/",
        BUREAU,
        *LISTS,
        *(f"{BUREAU}{slug}/" for slug in ("ict_seisaku", "kenkyu", "kaigi-3", "kobo-2")),
    }


@pytest.mark.one_database
@pytest.mark.parametrize("wrong", ["2013-05-23T10:00:00", "23 May 2013", "2013-13-01", ""])
def test_the_schema_refuses_a_wrong_date(site: Site, citizen: Client, wrong: str) -> None:
    sitemap = fetch(citizen)
    sitemap.find("s:url/s:lastmod", NAMES).text = wrong
    assert not is_valid(sitemap)


@pytest.mark.one_database
def test_the_schema_detects_a_missing_address(site: Site, citizen: Client) -> None:
    sitemap = fetch(citizen)
    entry = sitemap.find("s:url", NAMES)
    entry.remove(entry.find("s:loc", NAMES))
    assert not is_valid(sitemap)


def test_a_page_was_changed_when_its_edition_came_into_force(site: Site, citizen: Client) -> None:
    approve(site.guide, "組織のご案内", live_from=tokyo(2014, 2, 3, 10), is_minor=True)
    path = "//s:url[s:loc='http://localhost/main_sosiki/']/s:lastmod/text()"
    assert values_at(fetch(citizen), path) == ["2014-02-03T01:00:00+00:00"]


@pytest.mark.parametrize("answer", [Answer.ARCHIVED, Answer.MOVED, Answer.GONE])
def test_pages_that_are_not_current_are_left_out(
    site: Site, citizen: Client, answer: Answer
) -> None:
    page = publish(site.root, "page", "ページ")
    assert "http://localhost/page/" in addresses(citizen)
    target = site.guide if answer == Answer.MOVED else None
    approve(page, "ページ", live_from=tokyo(2014), answer=answer, moved_to=target)
    assert "http://localhost/page/" not in addresses(citizen)


def test_unpublished_pages_are_left_out(site: Site, citizen: Client) -> None:
    place(site.root, "draft")
    publish(site.root, "booked", "予約", live_from=tokyo(2999))
    news_item(site.bureau, "dated", "発表前", date(2999, 1, 1), live_from=tokyo(2014))
    assert len(pages(citizen)) == 7


def test_more_than_the_limit_of_a_file_are_split(
    site: Site, citizen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = set(pages(citizen))
    monkeypatch.setattr(listings, "SITEMAP_LENGTH", 3)
    index = fetch(citizen)
    assert is_valid(index)
    parts = values_at(index, "//s:sitemap/s:loc/text()")
    assert parts == [f"http://localhost/sitemap-{part}.xml" for part in (1, 2, 3)]
    parted = [pages(citizen, part.removeprefix("http://localhost")) for part in parts]
    assert [len(part) for part in parted] == [3, 3, 1]
    assert {address for part in parted for address in part} == everything
    assert citizen.get("/sitemap-4.xml").status_code == 404


def test_exactly_the_limit_of_a_file_is_not_split(
    site: Site, citizen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "SITEMAP_LENGTH", 7)
    assert len(pages(citizen)) == 7


def test_the_lists_of_the_site_stand_in_the_first_file(
    site: Site, citizen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "SITEMAP_LENGTH", 3)
    first, second = (addresses(citizen, f"/sitemap-{part}.xml") for part in (1, 2))
    assert set(first) >= LISTS
    assert not LISTS & set(second)


@pytest.mark.one_database
@pytest.mark.parametrize("number", ["0", "01", "-1", "99999", "1%0a", "x", ""])
def test_a_part_that_does_not_exist_is_not_found(site: Site, citizen: Client, number: str) -> None:
    assert citizen.get(f"/sitemap-{number}.xml").status_code == 404


@pytest.mark.one_database
def test_robots_txt_names_the_sitemap_and_excludes_the_admin(site: Site, citizen: Client) -> None:
    response = citizen.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert {"User-agent: *", "Disallow: /admin/", "Disallow: /search/"} <= set(lines)
    assert "Sitemap: http://localhost/sitemap.xml" in lines


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("/", True),
        ("/news/?year=2013&page=2", True),
        ("/main_sosiki/history/", True),
        ("/?at=2013-08-01", False),
        ("/news.json?year=2013&at=2013-08-01", False),
        ("/main_sosiki/history/?older=1&newer=2", False),
        ("/main_sosiki/history/?newer=2&older=1", False),
        ("/main_sosiki/history/?at=2013-08-01&older=1&newer=2", False),
        ("/news/?chat=1", True),
    ],
)
def test_robots_txt_excludes_past_moments_and_comparisons(
    citizen: Client, address: str, *, is_allowed: bool
) -> None:
    lines = citizen.get("/robots.txt").content.decode().splitlines()
    rules = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    # As RFC 9309 reads them: from the beginning of the address, and * stands for anything.
    matching = [rule for rule in rules if fnmatchcase(address, f"{rule.replace('?', '[?]')}*")]
    assert (not matching) == is_allowed


def test_an_empty_site_answers_every_address(db: None, citizen: Client) -> None:
    for address, status in {
        "/sitemap.xml": 200,
        "/robots.txt": 200,
        "/healthz": 503,
        "/feed.xml": 404,
        "/index.json": 404,
        "/news.csv": 404,
        "/organisations.csv": 200,
        "/search/?q=a": 200,
    }.items():
        assert citizen.get(address).status_code == status, address


@pytest.mark.one_database
@pytest.mark.parametrize("address", ["/sitemap.xml", "/robots.txt", "/feed.xml", "/index.json"])
def test_only_reading_is_possible(site: Site, citizen: Client, address: str) -> None:
    response = citizen.post(address)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
