"""Pages at a past day or minute (`?at=`)."""

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from lxml.html import HtmlElement, document_fromstring

from bureaus.models import Answer, Kind, Link
from bureaus.text.formatting import TOKYO
from tests.helpers.cast import (
    Site,
    approve,
    news_item,
    publish_below,
    tokyo,
)
from tests.helpers.reader import links, read, texts, values

BUREAU = "/main_sosiki/joho_kokusai/"
NOTICE = "//aside[@aria-label='過去のページの表示']"


@pytest.fixture
def changed(site: Site) -> Site:
    """Give the bureau a new name from 10:00 on 1 August 2013 on."""
    approve(site.bureau, "国際戦略局", live_from=tokyo(2013, 8, 1, 10), category="bureau")
    return site


@pytest.mark.parametrize(
    ("requested", "name"),
    [
        ("2013-07-31", "情報通信国際戦略局"),
        ("2013-08-01", "国際戦略局"),  # a day means its end
        ("2013-08-01T09:59%2B09:00", "情報通信国際戦略局"),
        ("2013-08-01T10:00%2B09:00", "国際戦略局"),
        ("2013-08-01T10:00+09:00", "国際戦略局"),  # the + arrives as a space
        ("2013-08-01T09:59+09:00", "情報通信国際戦略局"),
        ("2013-08-01T00:59:59Z", "情報通信国際戦略局"),
        ("2013-08-01T01:00:00Z", "国際戦略局"),
        ("2013-08-01T09:59", "情報通信国際戦略局"),  # without an offset: Tokyo time
        ("2013-08-01T10:00", "国際戦略局"),
        ("", "国際戦略局"),  # empty: now
    ],
)
def test_a_past_page_has_the_title_of_its_moment(
    changed: Site, citizen: Client, requested: str, name: str
) -> None:
    address = citizen.get(f"{BUREAU}?at={requested}").headers.get(
        "Location", f"{BUREAU}?at={requested}"
    )
    assert texts(read(citizen, address), "//h1") == [f"{name}の紹介"]


def test_a_day_ends_in_tokyo(site: Site, citizen: Client) -> None:
    last_minute = tokyo(2013, 7, 31, 23, 59)
    approve(site.bureau, "前日の局", live_from=last_minute, category="bureau")
    approve(site.bureau, "翌日の局", live_from=tokyo(2013, 8, 1), category="bureau")
    assert texts(read(citizen, f"{BUREAU}?at=2013-07-31"), "//h1") == ["前日の局の紹介"]


def test_today_ends_at_the_present_moment(site: Site, citizen: Client) -> None:
    today = timezone.localtime(timezone=TOKYO).date().isoformat()
    assert texts(read(citizen, f"{BUREAU}?at={today}"), "//h1") == ["情報通信国際戦略局の紹介"]


def test_a_past_page_names_its_moment_and_links_the_present_page(
    changed: Site, citizen: Client
) -> None:
    page = read(citizen, f"{BUREAU}?at=2013-07-31")
    assert texts(page, f"{NOTICE}//strong") == ["2013年7月31日の時点の内容を表示しています。"]
    assert values(page, f"{NOTICE}//time/@datetime") == ["2013-07-31"]
    assert links(page, NOTICE) == [
        ("次の版（2013年8月1日から）", f"{BUREAU}?at=2013-08-01T10:00"),
        ("今日との違い", f"{BUREAU}history/?older=1&newer=2"),
        ("今日のページ", BUREAU),
    ]


def test_a_past_page_of_a_minute_names_the_minute(changed: Site, citizen: Client) -> None:
    page = read(citizen, f"{BUREAU}?at=2013-07-31T23:59:58")
    assert texts(page, f"{NOTICE}//strong") == [
        "2013年7月31日23時59分の時点の内容を表示しています。"
    ]
    assert values(page, f"{NOTICE}//time/@datetime") == ["2013-07-31T23:59:58+09:00"]


def test_a_past_page_is_not_indexed_and_names_the_current_one(
    changed: Site, citizen: Client
) -> None:
    for address in (BUREAU, f"{BUREAU}news/", "/"):
        response = citizen.get(f"{address}?at=2013-07-31")
        page = read(citizen, f"{address}?at=2013-07-31")
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert values(page, "//meta[@name='robots']/@content") == ["noindex"]
        assert values(page, "//link[@rel='canonical']/@href") == [f"http://localhost{address}"]


def test_todays_page_is_indexed_and_has_no_notice(changed: Site, citizen: Client) -> None:
    page = read(citizen, BUREAU)
    assert "X-Robots-Tag" not in citizen.get(BUREAU).headers
    assert not page.xpath(f"//meta[@name='robots'] | {NOTICE}")


@pytest.mark.parametrize("requested", ["2013-09-30", "2013-09-30T10:00"])
def test_every_link_of_a_past_page_stays_in_the_past(
    site: Site, citizen: Client, requested: str
) -> None:
    edition = approve(
        site.bureau,
        "情報通信国際戦略局",
        live_from=tokyo(2013, 5),
        body='<p><a href="/main_sosiki/">案内</a> <a href="/main_sosiki#a">節</a></p>',
    )
    Link.objects.bulk_create([Link(edition=edition, text="内部のページ", page=site.guide)])
    for address in (
        "/",
        "/main_sosiki/",
        BUREAU,
        f"{BUREAU}kenkyu/",
        f"{BUREAU}kobo-2/",
        f"{BUREAU}news/",
        "/news/?year=2013",
        f"{BUREAU}nothing/",
    ):
        joined = f"{address}{'&' if '?' in address else '?'}at={quote(requested)}"
        response = citizen.get(joined)
        found = read(citizen, joined, response.status_code)
        inner = values(found, "//a/@href[starts-with(., '/')]")
        today = [href for _, href in links(found, NOTICE)]
        assert [href for href in inner if "at=2013-09-30" not in href] == today, address
        assert len(inner) > 3
        assert followed(found) == []


def followed(page: HtmlElement) -> list[str]:
    """The links to past moments that a robot may follow."""
    past = page.xpath("//a[contains(@href, '?at=') or contains(@href, '&at=')]")
    return [str(a.get("href")) for a in past if "nofollow" not in str(a.get("rel")).split()]


def test_robots_follow_no_link_to_the_past_from_any_page(site: Site, citizen: Client) -> None:
    titles = {f"n{number}": "お知らせ" for number in range(50)}
    publish_below(site.bureau, titles, kind=Kind.NEWS_ITEM, live_from=tokyo(2013, 6))
    approve(site.bureau, "局", live_from=tokyo(2013, 7), body='<p><a href="/?x=1">案内</a></p>')
    for address, rels in (
        (f"{BUREAU}news/?page=2&at=2013-09-30", {"prev nofollow", "next nofollow", "nofollow"}),
        (f"{BUREAU}kenkyu/?at=2013-09-30", {"prev nofollow", "nofollow"}),
        (f"{BUREAU}?at=2013-09-30", {"nofollow"}),
        ("/search/?q=お知らせ&at=2013-09-30", {"next nofollow", "nofollow"}),
        (f"{BUREAU}history/", {"nofollow"}),
        (f"{BUREAU}history/?older=1&newer=2&at=2013-09-30", {"nofollow"}),
        (f"{BUREAU}?at=2013-03-01", {"nofollow"}),
    ):
        page = document_fromstring(citizen.get(address).content.decode())
        assert followed(page) == [], address
        assert {*values(page, "//a/@rel")} - {"external"} == rels, address


def test_links_in_a_past_body_keep_their_fragment(site: Site, citizen: Client) -> None:
    body = (
        '<p><a href="/main_sosiki/index.html#b">節</a> <a href="/documents/a.pdf">文書</a>'
        ' <a href="https://example.go.jp/x/">外</a> <a href="#c">ここ</a></p>'
    )
    approve(site.bureau, "局", live_from=tokyo(2013, 5), body=body)
    page = read(citizen, f"{BUREAU}?at=2013-05-31")
    assert [address for _, address in links(page, "//div[@class='text__body']/p")] == [
        "/main_sosiki/?at=2013-05-31#b",
        "/documents/a.pdf?at=2013-05-31",
        "https://example.go.jp/x/",
        "#c",
    ]


def test_past_lists_have_the_entries_of_their_moment(site: Site, citizen: Client) -> None:
    page = read(citizen, f"{BUREAU}?at=2013-07-31")
    assert texts(page, "//ul[@class='news']//a") == ["会議（第3回）を開催"]
    assert "1件" in texts(read(citizen, f"{BUREAU}news/?at=2013-07-31"), "//main/p")


def test_a_page_that_is_gone_can_still_be_read_as_it_was(site: Site, citizen: Client) -> None:
    approve(site.news[0], "会議", live_from=tokyo(2014), answer=Answer.GONE)
    address = f"{BUREAU}kaigi-3/"
    assert citizen.get(address).status_code == 410
    assert texts(read(citizen, f"{address}?at=2013-12-31"), "//h1") == ["会議（第3回）を開催"]


def test_before_the_page_existed_the_answer_links_todays_page(site: Site, citizen: Client) -> None:
    page = read(citizen, f"{BUREAU}?at=2013-03-31", 404)
    assert texts(page, "//h1") == ["この時点では、まだページがありませんでした"]
    assert ("現在のページを見る", BUREAU) in links(page, "//main")


def test_an_address_that_never_was_is_not_found_in_the_past_either(
    site: Site, citizen: Client
) -> None:
    page = read(citizen, "/nothing/?at=2013-06-01", 404)
    assert texts(page, "//h1") == ["お探しのページが見つかりません"]
    assert ("総務省トップ", "/?at=2013-06-01") in links(page, "//main")


def test_the_future_is_refused(site: Site, citizen: Client) -> None:
    approve(site.bureau, "まだ秘密の局", live_from=timezone.now() + timedelta(days=2))
    tomorrow = (timezone.localtime(timezone=TOKYO) + timedelta(days=1)).date().isoformat()
    for requested in (tomorrow, f"{tomorrow}T00:00%2B09:00", "9998-01-01", "9999-12-31"):
        page = read(citizen, f"{BUREAU}news/?year=2013&at={requested}", 400)
        assert texts(page, "//h1") == ["未来の内容は表示していません"]
        assert texts(page, "//title") == ["未来の内容は表示していません（400）"]
        assert "は未来です。今日までの日時を指定してください。" in str(page.text_content())
        assert links(page, "//main/p") == [
            ("今日の内容を見る", f"{BUREAU}news/?year=2013"),
            ("ページトップへ戻る", "#top"),
        ]


def test_the_link_from_the_future_to_today_stays_on_this_site(site: Site, citizen: Client) -> None:
    page = read(citizen, "/%2Fexample.com/a b/?at=9998-01-01", 400)
    assert links(page, "//main/p")[0] == ("今日の内容を見る", "/%2Fexample.com/a%20b/")


@pytest.mark.parametrize(
    "requested",
    [
        "zz",
        "2013-W31-4",
        "2013-13-45",
        "2013-02-30",
        "0000-00-00",
        "0001-01-01T00:00",
        "0001-01-01T08:00:00",
        "9999-12-31T23:59-23:59",
        "0001-01-01T00:00%2B09:00",
        "2013-08-01T25:00",
        "2013-08-01T10:00%2B99:99",
        "2013-08-01T10:00+99:99",
        "2013-08-01%2010:00",
        "-2013-08-01",
        "2013-08-01%00",
        "%00",
        "%ff%fe",
        "2013-08-01" * 700,
        "1" * 7000,
        "<script>",
    ],
)
def test_an_unreadable_moment_is_refused_with_a_message(
    site: Site, citizen: Client, requested: str
) -> None:
    for address in (BUREAU, "/news/", "/nothing/"):
        page = read(citizen, f"{address}?at={requested}", 400)
        assert "を読み取れません。「2013-08-01」のように" in str(page.text_content())


@pytest.mark.parametrize("requested", ["0001-01-01", "0001-01-02T09:00", "1868-09-08"])
def test_long_before_the_site_there_was_nothing(
    site: Site, citizen: Client, requested: str
) -> None:
    assert ("現在のページを見る", BUREAU) in links(
        read(citizen, f"{BUREAU}?at={requested}", 404), "//main"
    )


def test_the_past_list_of_the_site_links_the_list_of_today(site: Site, citizen: Client) -> None:
    news_item(site.root, "n", "本省のお知らせ", date(2013, 6, 1))
    page = read(citizen, "/news/?year=2013&at=2013-07-31")
    assert links(page, NOTICE) == [("今日のページ", "/news/?year=2013")]
