"""Moments at which a parent page, the home page or the end of a list is missing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from lxml.html import document_fromstring

from bureaus.models import Edition, Kind, Page
from tests.helpers.cast import Site, approve, tokyo
from tests.helpers.reader import BUREAU, read, texts, values

FORMS = ("", "history/", "news/", "news.json", "feed.xml", "news.csv")


def test_a_policy_section_older_than_its_ancestors_is_rendered(site: Site, citizen: Client) -> None:
    approve(site.sections[0], "昔からの政策", live_from=tokyo(2001))
    address = f"{BUREAU}ict_seisaku"
    assert texts(read(citizen, f"{address}/?at=2001-06-01"), "//h1") == ["昔からの政策"]
    data = citizen.get(f"{address}.json?at=2001-06-01").json()
    assert (data["title"], data["parents"]) == ("昔からの政策", [])


def test_pages_older_than_those_above_them_can_be_read_in_every_form(
    site: Site, citizen: Client
) -> None:
    below = [site.guide, site.bureau, *site.sections, *site.news]
    for year, page in enumerate(reversed(below), 2001):
        approve(page, "昔の文章", live_from=tokyo(year), is_minor=True)
    for year in (2001, 2003, 2006):
        for page in Page.objects.all():
            address = page.url_path
            forms = [f"{address}{form}" for form in FORMS] + [f"{address[:-1] or '/index'}.json"]
            for form in (*forms, "/organisations.csv", "/search/?q=文章", "/search/?q=無い"):
                past_url = f"{form}{'&' if '?' in form else '?'}at={year}-06-01"
                assert citizen.get(past_url).status_code in {200, 404}, past_url


@contextmanager
def ended_before(number: int) -> Iterator[None]:
    """Let every news item end just before statement `number` of the request."""
    count = 0

    def watch(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal count
        count += 1
        if count == number:
            news = Edition.objects.filter(page__kind=Kind.NEWS_ITEM)
            news.update(live_until=F("live_from") + timedelta(seconds=1))
        return execute(*statement)

    with connection.execute_wrapper(watch):
        yield


@pytest.mark.parametrize(
    "address",
    ["/news/", f"{BUREAU}news.json", "/news/?year=2013", "/", "/feed.xml", "/news.csv"],
)
def test_news_that_ends_between_two_statements_causes_no_error(
    site: Site, citizen: Client, address: str
) -> None:
    for statement in range(1, 8):
        with transaction.atomic(), ended_before(statement):
            assert citizen.get(address).status_code == 200, statement
            transaction.set_rollback(True)


@pytest.mark.parametrize("address", ["/", BUREAU, "/news/", "/search/", "/search/?q=研究"])
def test_the_site_has_its_name_before_the_first_record(
    site: Site, citizen: Client, address: str
) -> None:
    past_url = f"{address}{'&' if '?' in address else '?'}at=2001-01-01"
    page = document_fromstring(citizen.get(past_url).content.decode())
    assert texts(page, "//*[@class='header__japanese']") == ["総務省"]
    assert "トップページ" not in "".join(texts(page, "//title | //header | //nav"))


def test_json_names_the_site_before_its_first_record(site: Site, citizen: Client) -> None:
    approve(site.guide, "昔の案内", live_from=tokyo(2001))
    page = read(citizen, f"{site.guide.url_path}?at=2001-06-01")
    assert values(page, "//meta[@property='og:site_name']/@content") == ["総務省"]
    data = citizen.get("/main_sosiki.json?at=2001-06-01").json()
    assert data["organisation"]["title"] == "総務省"
