"""Robots find an end: those that obey robots.txt see today once, and the others see days."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from bureaus.models import Edition, Page
from bureaus.reading.moments import start_text
from bureaus.text.formatting import TOKYO
from tests.helpers.cast import Site, approve, tokyo
from tests.helpers.crawler import crawl, permission
from tests.helpers.reader import BUREAU

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def revised(site: Site) -> Site:
    """The bureau in four editions that began in the middle of seconds."""
    for year in (2014, 2015, 2016):
        start = tokyo(year, 2, 3, 10) + timedelta(seconds=year - 2000, microseconds=year)
        approve(site.bureau, f"{year}年の局", live_from=start, category="bureau")
    return site


def test_a_crawl_that_obeys_robots_txt_requests_each_page_once_and_ends(
    revised: Site, citizen: Client
) -> None:
    may_fetch = permission(citizen.get("/robots.txt").content.decode())
    requested = crawl(citizen, "/", may_fetch=may_fetch)
    public = {page.url_path for page in Page.objects.placed(timezone.now())}
    assert public <= {*requested}
    assert {f"{address}history/" for address in public} <= {*requested}
    assert {*requested.values()} == {1}
    queries = {name for address in requested for name in parse_qs(urlsplit(address).query)}
    assert queries <= {"year", "category", "status", "page"}


def test_a_crawl_that_obeys_nothing_is_bounded_by_days(revised: Site, citizen: Client) -> None:
    requested = crawl(citizen, "/", f"{BUREAU}?at=2014-12-31T10:05:07")
    starts = [*Edition.objects.values_list("live_from", flat=True)]
    days = {f"{start.astimezone(TOKYO):%Y-%m-%d}" for start in starts if start}
    exact = {start_text(start) for start in starts if start}
    found = {at for address in requested for at in parse_qs(urlsplit(address).query).get("at", [])}
    assert exact <= found
    assert found <= days | exact | {"2014-12-31", "2014-12-31T10:05:07"}


def test_of_a_moment_with_seconds_only_the_day_is_in_links(revised: Site, citizen: Client) -> None:
    for address in (BUREAU, "/", "/news/", f"{BUREAU}history/", f"{BUREAU}kenkyu/"):
        text = citizen.get(f"{address}?at=2014-12-31T10:05:07").content.decode()
        assert "at=2014-12-31" in text
        assert "at=2014-12-31T" not in text


def test_past_pages_and_comparisons_are_kept_out_of_indexes(revised: Site, citizen: Client) -> None:
    for address in (
        f"{BUREAU}?at=2014-12-31",
        "/news/?at=2014-12-31",
        f"{BUREAU}history/",
        f"{BUREAU}history/?older=1&newer=2",
        f"{BUREAU}history/timemap.link",
        f"{BUREAU}history/timemap.json",
        f"{BUREAU[:-1]}.json?at=2014-12-31",
    ):
        assert citizen.get(address).headers["X-Robots-Tag"] == "noindex", address


def test_links_to_comparisons_are_not_for_robots(revised: Site, citizen: Client) -> None:
    text = citizen.get(f"{BUREAU}?at=2014-12-31").content.decode()
    assert f'href="{BUREAU}history/?older=2&amp;newer=4" rel="nofollow"' in text
