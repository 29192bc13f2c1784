"""Searching the titles: every word, nothing that is not public, and no query that breaks it."""

from datetime import date
from urllib.parse import quote, unquote_to_bytes

import pytest
from django.test import Client

from bureaus.models import Answer
from tests.cast import Site, approve, news_item, place, publish, tokyo
from tests.reader import links, read, texts, values

FOUND = "//ol[@class='results']"
BUREAU = "/main_sosiki/joho_kokusai/"

pytestmark = pytest.mark.django_db


def found(client: Client, words: str) -> list[str]:
    page = read(client, f"/search/?q={quote(words)}")
    return [title for title, _ in links(page, FOUND)]


def test_a_title_that_holds_every_word_is_found(site: Site, citizen: Client) -> None:
    assert found(citizen, "推進 研究") == ["研究開発の推進"]
    assert found(citizen, "推進 公募") == []


@pytest.mark.parametrize("words", ["ICT", "ict", "ＩＣＴ", "ＩＣＴ　政策"])
def test_width_and_case_make_no_difference_in_what_is_asked(
    site: Site, citizen: Client, words: str
) -> None:
    assert found(citizen, words) == ["ICT政策の企画"]


def test_a_title_in_full_width_is_found_as_it_is_written(site: Site, citizen: Client) -> None:
    news_item(site.bureau, "n", "第３回会合", date(2014, 1, 1))
    assert found(citizen, "第３回会合") == ["第３回会合"]


def test_results_come_in_the_order_of_the_tree_with_their_addresses(
    site: Site, citizen: Client
) -> None:
    page = read(citizen, f"/search/?q={quote('推進')}")
    assert texts(page, f"{FOUND}/li") == [f"研究開発の推進 {BUREAU}kenkyu/"]
    assert texts(page, "//p[@role='status']") == ["「推進」を表題に含むページは1件です。"]


def test_many_results_are_cut_and_it_is_said(site: Site, citizen: Client) -> None:
    for number in range(51):
        publish(site.guide, f"p{number}", f"資料{number}")
    page = read(citizen, f"/search/?q={quote('資料')}")
    assert len(links(page, FOUND)) == 50
    assert "はじめの50件" in texts(page, "//p[@role='status']")[0]


def test_nothing_found_leads_on(site: Site, citizen: Client) -> None:
    publish(site.root, "sitemap", "サイトマップ", category="sitemap")
    page = read(citizen, f"/search/?q={quote('宇宙')}")
    assert "見つかりませんでした（0件）" in texts(page, "//p[@role='status']")[0]
    assert {"/sitemap/", "/news/"} <= {target for _, target in links(page, "//main")}


@pytest.mark.parametrize("query", ["", "?q=", "?q=%E3%80%80%20", "?q=%00", "?other=1"])
def test_an_empty_query_shows_the_form_and_how_to_use_it(
    site: Site, citizen: Client, query: str
) -> None:
    page = read(citizen, f"/search/{query}")
    assert texts(page, "//h1") == ["サイト内検索"]
    assert not page.xpath("//p[@role='status']")
    assert "検索語を入れて" in texts(page, "//main/p")[0]


def test_the_words_stay_in_the_field(site: Site, citizen: Client) -> None:
    page = read(citizen, "/search/?q=%22%3E%3Cb%3E")
    assert values(page, "//main//input[@name='q']/@value") == ['"><b>']
    assert not page.xpath("//main//b")


@pytest.mark.parametrize("words", ["%", "_", "\\", "%_%", "'", '"'])
def test_signs_of_the_database_are_only_signs(site: Site, citizen: Client, words: str) -> None:
    assert found(citizen, words) == []
    publish(site.root, "odd", f"前{words}後")
    assert found(citizen, words) == [f"前{words}後"]


@pytest.mark.parametrize(
    "raw",
    [
        "a" * 60_000,
        "%E3%81%82" * 20_000,
        "%00",
        "%ED%A0%80",
        "%FF%FE",
        "%EF%B7%BA" * 100,  # one sign, eighteen in NFKC
        "%E2%80%AE",
        "a%20" * 1_000,
        "%25%25%25s",
        "{{7*7}}",
        "%0D%0A",
    ],
)
def test_no_query_is_too_strange(site: Site, citizen: Client, raw: str) -> None:
    assert citizen.get("/search/", QUERY_STRING=f"q={raw}").status_code == 200
    unquoted = unquote_to_bytes(raw).decode("latin-1")
    assert citizen.get("/search/", QUERY_STRING=f"q={unquoted}").status_code == 200


def test_what_is_not_public_is_not_found(site: Site, citizen: Client) -> None:
    publish(site.root, "booked", "秘密の予約", live_from=tokyo(2999))
    place(site.root, "draft").editions.create(number=1, title="秘密の下書き", category="general")
    news_item(site.bureau, "dated", "秘密の発表前", date(2999, 1, 1), live_from=tokyo(2014))
    page = publish(site.root, "old", "秘密の記録")
    approve(page, "秘密の記録", live_from=tokyo(2014), answer=Answer.ARCHIVED)
    assert found(citizen, "秘密") == []


def test_the_past_can_be_searched(site: Site, citizen: Client) -> None:
    approve(site.bureau, "国際戦略局", live_from=tokyo(2014), category="bureau")
    page = read(citizen, f"/search/?q={quote('情報通信')}&at=2013-12-31")
    assert links(page, FOUND) == [("情報通信国際戦略局", f"{BUREAU}?at=2013-12-31")]
    assert values(page, "//main//input[@name='at']/@value") == ["2013-12-31"]
    assert found(citizen, "情報通信") == []


@pytest.mark.parametrize("query", ["", "?q=a", "?q=a&at=2013-12-31"])
def test_results_are_not_indexed(site: Site, citizen: Client, query: str) -> None:
    response = citizen.get(f"/search/{query}")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert values(read(citizen, f"/search/{query}"), "//meta[@name='robots']/@content") == [
        "noindex"
    ]


def test_another_way_to_write_the_address_leads_to_it(site: Site, citizen: Client) -> None:
    for address in ("/search", "/search/index.html"):
        response = citizen.get(f"{address}?q=a")
        assert (response.status_code, response.headers["Location"]) == (301, "/search/?q=a")
