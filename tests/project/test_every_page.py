"""What is true of every public page, and of every page that refuses."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.test import Client
from lxml.html import HtmlElement, document_fromstring
from pytest_django import DjangoDbBlocker

from bureaus.models import Page
from tests.helpers.reader import (
    BUREAU,
    EVENT_LISTS,
    NEWS_LISTS,
    REFUSED,
    links,
    read,
    walk,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ministry")]


@pytest.fixture(scope="module")
def everything(ministry: None, django_db_blocker: DjangoDbBlocker) -> dict[str, HtmlElement]:
    """Every public page, and one of each kind of refusal."""
    client = Client(HTTP_HOST="localhost")
    with django_db_blocker.unblock():
        refused = {address: read(client, address, status) for address, status in REFUSED.items()}
        refused["POST /"] = document_fromstring(client.post("/").content.decode())
        return walk(client) | refused


def test_following_the_links_reaches_every_page_and_none_is_broken(citizen: Client) -> None:
    reached = {urlsplit(address).path for address in walk(citizen)}
    public = set(Page.objects.values_list("key", flat=True))
    histories = {f"{address}history/" for address in public}
    assert reached == public | NEWS_LISTS | EVENT_LISTS | histories | {"/data/"}


def test_every_page_is_in_japanese_and_says_so(everything: dict[str, HtmlElement]) -> None:
    assert {page.get("lang") for page in everything.values()} == {"ja"}


def test_every_page_has_a_title_of_its_own(everything: dict[str, HtmlElement]) -> None:
    titles = Counter(
        page.findtext(".//title") for address, page in everything.items() if address not in REFUSED
    )
    assert [title for title, uses in titles.items() if uses > 1] == []
    assert all(titles)


def test_the_skip_link_comes_first_and_the_way_to_the_top_last(
    everything: dict[str, HtmlElement],
) -> None:
    for address, page in everything.items():
        assert links(page, "/")[0] == ("本文へ移動", "#main"), address
        assert links(page, "//main")[-1] == ("ページトップへ戻る", "#top"), address


def test_every_page_has_one_search_field(everything: dict[str, HtmlElement]) -> None:
    for address, page in everything.items():
        fields = page.xpath("//form[@role='search']//input[@id='search']")
        assert len(fields) == len(page.xpath("//input[@name='q']")) == 1, address


def test_no_page_carries_a_script_or_a_style_of_its_own(everything: dict[str, HtmlElement]) -> None:
    for address, page in everything.items():
        # Data for machines stands in a script element too, and is not run.
        scripts = page.xpath("//script[not(@type='application/ld+json')]")
        assert {script.get("src") for script in scripts} <= {"/static/js/suggestions.js"}, address
        assert not page.xpath("//style | //@style"), address
        assert not page.xpath("//@*[starts-with(name(), 'on')]"), address


def test_every_navigation_on_a_page_has_a_name_of_its_own(
    everything: dict[str, HtmlElement],
) -> None:
    for address, page in everything.items():
        named = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in page.xpath("//nav")]
        assert all(named), address
        assert len(named) == len(set(named)), address


def test_every_picture_has_words_and_a_size(everything: dict[str, HtmlElement]) -> None:
    pictures = [img for page in everything.values() for img in page.xpath("//img")]
    assert pictures
    for picture in pictures:
        assert picture.get("alt")
        assert picture.get("width").isdigit()
        assert picture.get("height").isdigit()


def test_the_policy_of_every_page_allows_nothing_unsafe(citizen: Client) -> None:
    for address in ["/", BUREAU, "/news/", *REFUSED]:
        policy = citizen.get(address).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_public_pages_set_no_cookie_and_depend_on_none(citizen: Client) -> None:
    for address in ["/", BUREAU, "/news/", *REFUSED]:
        response = citizen.get(address)
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
