"""The news as an Atom feed: valid, stable, and never ahead of the public."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from bureaus.models import Answer, Edition, Kind, Page
from bureaus.publishing import move, rename
from tests.helpers.cast import Site, approve, news_item, publish, tokyo
from tests.helpers.paths import TEST_DATA

BUREAU = "/main_sosiki/joho_kokusai/"
FEEDS = ["/feed.xml", f"{BUREAU}feed.xml"]
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SCHEMA = TEST_DATA / "schemas" / "atom.rng"

pytestmark = pytest.mark.django_db


def fetch(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    return etree.fromstring(response.content)


def values_at(feed: Any, path: str) -> list[str]:
    return [str(found) for found in feed.xpath(path, namespaces=ATOM)]


def is_valid(feed: Any) -> bool:
    return bool(etree.RelaxNG(etree.parse(SCHEMA)).validate(feed))


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_is_valid(site: Site, citizen: Client, address: str) -> None:
    assert is_valid(fetch(citizen, address))


def test_a_feed_without_news_is_valid_and_dated_by_its_organisation(
    site: Site, citizen: Client
) -> None:
    publish(site.guide, "new", "新しい局", kind=Kind.ORGANISATION, live_from=tokyo(2014))
    feed = fetch(citizen, "/main_sosiki/new/feed.xml")
    assert is_valid(feed)
    assert values_at(feed, "a:updated/text()") == ["2013-12-31T15:00:00+00:00"]


@pytest.mark.one_database
@pytest.mark.parametrize("lost", ["id", "updated", "author", "title", "link"])
def test_the_schema_detects_a_missing_element_of_a_feed(
    site: Site, citizen: Client, lost: str
) -> None:
    feed = fetch(citizen, "/feed.xml")
    feed.remove(feed.find(f"a:{lost}", ATOM))
    assert not is_valid(feed)


@pytest.mark.one_database
@pytest.mark.parametrize("lost", ["id", "updated", "title", "link"])
def test_the_schema_detects_a_missing_element_of_an_entry(
    site: Site, citizen: Client, lost: str
) -> None:
    feed = fetch(citizen, "/feed.xml")
    entry = feed.find("a:entry", ATOM)
    entry.remove(entry.find(f"a:{lost}", ATOM))
    assert not is_valid(feed)


@pytest.mark.one_database
@pytest.mark.parametrize("wrong", ["2013-05-23", "2013-05-23T10:00:00", "23 May 2013", ""])
def test_the_schema_refuses_a_date_that_is_no_moment(
    site: Site, citizen: Client, wrong: str
) -> None:
    feed = fetch(citizen, "/feed.xml")
    feed.find("a:entry/a:updated", ATOM).text = wrong
    assert not is_valid(feed)


def test_a_feed_has_its_title_and_addresses(site: Site, citizen: Client) -> None:
    response = citizen.get(f"{BUREAU}feed.xml")
    feed = etree.fromstring(response.content)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert values_at(feed, "a:title/text()") == ["情報通信国際戦略局の新着情報"]
    assert values_at(feed, "@xml:lang") == ["ja"]
    assert values_at(feed, "a:link[@rel='self']/@href") == [f"http://localhost{BUREAU}feed.xml"]
    assert values_at(feed, "a:link[@rel='alternate']/@href") == [f"http://localhost{BUREAU}"]


def test_the_newest_twenty_come_first(site: Site, citizen: Client) -> None:
    for number in range(1, 26):
        news_item(site.bureau, f"n{number}", f"{number}日のお知らせ", date(2014, 1, number))
    titles = values_at(fetch(citizen, f"{BUREAU}feed.xml"), "a:entry/a:title/text()")
    assert titles == [f"{number}日のお知らせ" for number in range(25, 5, -1)]


def test_the_feed_of_the_site_has_the_news_of_every_organisation(
    site: Site, citizen: Client
) -> None:
    news_item(site.root, "n", "本省のお知らせ", date(2014, 1, 1))
    of_site = values_at(fetch(citizen, "/feed.xml"), "a:entry/a:title/text()")
    of_bureau = values_at(fetch(citizen, f"{BUREAU}feed.xml"), "a:entry/a:title/text()")
    assert of_site == ["本省のお知らせ", *of_bureau]


def ids(client: Client) -> list[str]:
    return values_at(fetch(client, "/feed.xml"), "//a:id/text()")


def test_ids_survive_a_rename_and_a_move(site: Site, citizen: Client) -> None:
    before = ids(citizen)
    rename(page=site.bureau, slug="kokusai_senryaku", actor=None)
    move(page=site.news[0], to=site.root, actor=None)
    assert sorted(ids(citizen)) == sorted(before)


def test_an_id_names_the_host_the_year_of_the_page_and_its_key(site: Site, citizen: Client) -> None:
    Page.objects.filter(pk=site.news[1].pk).update(created_at=tokyo(2011, 6))
    assert f"tag:localhost,2011:page-{site.news[1].pk}" in ids(citizen)


def test_an_id_does_not_change_with_the_port(site: Site) -> None:
    assert ids(Client(HTTP_HOST="localhost:8123")) == ids(Client(HTTP_HOST="localhost"))


def test_an_entry_is_dated_by_its_editions_without_minor_changes(
    site: Site, citizen: Client
) -> None:
    approve(site.news[1], "第2回公募を開始", live_from=tokyo(2014), issued_on=date(2013, 8, 2))
    approve(
        site.news[1],
        "第２回公募を開始",
        live_from=tokyo(2015),
        issued_on=date(2013, 8, 2),
        is_minor=True,
    )
    feed = fetch(citizen, f"{BUREAU}feed.xml")
    assert values_at(feed, "a:entry[1]/a:title/text()") == ["第２回公募を開始"]
    assert values_at(feed, "a:entry[1]/a:published/text()") == ["2013-08-01T15:00:00+00:00"]
    assert values_at(feed, "a:entry[1]/a:updated/text()") == ["2013-12-31T15:00:00+00:00"]
    assert values_at(feed, "a:updated/text()") == ["2013-12-31T15:00:00+00:00"]


def test_an_entry_has_its_lead_or_the_beginning_of_its_body(site: Site, citizen: Client) -> None:
    news_item(site.root, "a", "甲", date(2014, 1, 2), lead="要旨です。", body="<p>本文</p>")
    news_item(site.root, "b", "乙", date(2014, 1, 1), body="<p>A&amp;Bの<strong>本文</strong></p>")
    feed = fetch(citizen, "/feed.xml")
    # The summary is HTML, escaped once more as all of XML's text.
    assert values_at(feed, "a:entry/a:summary/text()")[:2] == ["要旨です。", "A&amp;Bの本文"]


def test_characters_outside_xml_are_left_out(site: Site, citizen: Client) -> None:
    page = news_item(site.root, "odd", "仮", date(2014, 1, 1))
    Edition.objects.filter(page=page).update(title="改\x0b頁\x1f", lead="\x01要旨\ufffe")
    feed = fetch(citizen, "/feed.xml")
    assert values_at(feed, "a:entry[1]/a:title/text()") == ["改頁"]
    assert values_at(feed, "a:entry[1]/a:summary/text()") == ["要旨"]


def test_a_feed_of_the_past_has_the_news_of_its_moment(site: Site, citizen: Client) -> None:
    response = citizen.get(f"{BUREAU}feed.xml?at=2013-07-31")
    feed = etree.fromstring(response.content)
    assert values_at(feed, "a:entry/a:link/@href") == [
        f"http://localhost{BUREAU}kaigi-3/?at=2013-07-31"
    ]
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert is_valid(feed)


def test_booked_archived_and_gone_items_are_in_no_feed(site: Site, citizen: Client) -> None:
    approve(
        site.news[0],
        "記録",
        live_from=tokyo(2014),
        answer=Answer.ARCHIVED,
        issued_on=date(2013, 5, 23),
    )
    approve(
        site.news[1], "削除", live_from=tokyo(2014), answer=Answer.GONE, issued_on=date(2013, 8, 2)
    )
    news_item(site.bureau, "later", "まだ先", date(2013, 9, 1), live_from=tokyo(2999))
    assert values_at(fetch(citizen, f"{BUREAU}feed.xml"), "a:entry") == []


def test_only_an_organisation_has_a_feed(site: Site, citizen: Client) -> None:
    for address in ("/main_sosiki/", f"{BUREAU}kenkyu/", f"{BUREAU}kobo-2/", "/nothing/", "/A/"):
        assert citizen.get(f"{address}feed.xml").status_code == 404, address


def test_the_feed_of_an_organisation_that_has_moved_is_found(site: Site, citizen: Client) -> None:
    rename(page=site.bureau, slug="kokusai_senryaku", actor=None)
    response = citizen.get(f"{BUREAU}feed.xml?x=1")
    assert response.status_code == 301
    assert response.headers["Location"] == "/main_sosiki/kokusai_senryaku/feed.xml?x=1"


def test_the_feed_of_an_organisation_that_is_gone_is_gone(site: Site, citizen: Client) -> None:
    page = publish(site.root, "old", "旧局", kind=Kind.ORGANISATION)
    approve(page, "旧局", live_from=tokyo(2014), answer=Answer.GONE, category="bureau")
    assert citizen.get("/old/feed.xml").status_code == 410


def test_a_feed_that_has_not_changed_is_not_sent_again(site: Site, citizen: Client) -> None:
    tag = citizen.get("/feed.xml").headers["ETag"]
    assert citizen.get("/feed.xml", headers={"if-none-match": tag}).status_code == 304
