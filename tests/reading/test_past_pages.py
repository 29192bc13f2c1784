"""A past page: it says that it is one, and leads to the other editions and to today."""

import pytest
from django.test import Client

from bureaus.models import Answer, Category
from tests.helpers.cast import Site, approve, publish, tokyo
from tests.helpers.reader import BUREAU, links, read, texts, values

pytestmark = pytest.mark.django_db
STRIP = "//aside[@aria-label='過去のページの表示']"
FOOTER = "//footer"
COMPARISON = "//section[@class='comparison']"


@pytest.fixture
def revised(site: Site) -> Site:
    """The bureau in four editions, and terms of use that are younger than the site."""
    for year, name in ((2014, "二番目の局"), (2015, "三番目の局"), (2016, "四番目の局")):
        approve(site.bureau, name, live_from=tokyo(year, 2, 3, 10), category="bureau")
    terms = publish(site.root, "terms", "利用規約", category=Category.POLICY_OF_SITE)
    terms.editions.update(live_from=tokyo(2018))
    return site


def strip(citizen: Client, address: str) -> dict[str, str]:
    return dict(links(read(citizen, address), STRIP))


def test_a_past_page_links_the_editions_before_and_after_it(revised: Site, citizen: Client) -> None:
    assert strip(citizen, f"{BUREAU}?at=2014-12-31") == {
        "前の版（2013年4月1日から）": f"{BUREAU}?at=2013-04-01T00:00",
        "次の版（2015年2月3日から）": f"{BUREAU}?at=2015-02-03T10:00",
        "今日との違い": f"{BUREAU}history/?older=2&newer=4",
        "今日のページ": BUREAU,
    }


def test_the_editions_lead_to_each_other_from_the_first_to_the_last(
    revised: Site, citizen: Client
) -> None:
    address, names = f"{BUREAU}?at=2013-12-31", []
    while address:
        names += texts(read(citizen, address), "//h1")
        found = strip(citizen, address)
        address = next((url for words, url in found.items() if words.startswith("次")), "")
    assert [name.removesuffix("の紹介") for name in names] == [
        "情報通信国際戦略局",
        "二番目の局",
        "三番目の局",
        "四番目の局",
    ]
    assert [words[:3] for words in found] == ["前の版", "前の版", "今日の"]


def test_what_changed_since_is_one_link_away(revised: Site, citizen: Client) -> None:
    page = read(citizen, strip(citizen, f"{BUREAU}?at=2014-12-31")["今日との違い"])
    assert texts(page, f"{COMPARISON}//h2") == ["第2版と第4版の違い"]


def test_an_edition_in_force_today_is_compared_with_the_previous_one(
    revised: Site, citizen: Client
) -> None:
    found = strip(citizen, f"{BUREAU}?at=2017-01-01")
    assert "今日との違い" not in found
    page = read(citizen, found["前の版との違い"])
    assert texts(page, f"{COMPARISON}//h2") == ["第3版と第4版の違い"]


def test_a_page_with_one_edition_has_nothing_to_compare(revised: Site, citizen: Client) -> None:
    assert [*strip(citizen, "/main_sosiki/?at=2017-01-01")] == ["今日のページ"]


def test_no_booked_edition_is_mentioned(revised: Site, citizen: Client) -> None:
    approve(revised.bureau, "まだ秘密の局", live_from=tokyo(2099), category="bureau")
    assert [words[:3] for words in strip(citizen, f"{BUREAU}?at=2017-01-01")] == [
        "前の版",
        "前の版",
        "今日の",
    ]


def test_editions_that_cannot_be_read_are_left_out(revised: Site, citizen: Client) -> None:
    approve(revised.bureau, "局", live_from=tokyo(2017), answer=Answer.GONE)
    assert citizen.get(BUREAU).status_code == 410
    assert [words[:3] for words in strip(citizen, f"{BUREAU}?at=2016-12-31")] == [
        "前の版",
        "今日の",
    ]


@pytest.mark.parametrize(
    "address", [BUREAU, "/", "/news/", f"{BUREAU}history/", "/search/", f"{BUREAU}kenkyu/"]
)
def test_the_title_of_a_past_page_begins_with_its_day(
    revised: Site, citizen: Client, address: str
) -> None:
    [title] = texts(read(citizen, f"{address}?at=2014-12-31"), "//title")
    assert title.startswith("2014年12月31日の内容｜")
    [title] = texts(read(citizen, f"{address}?at=2014-12-31T10:05"), "//title")
    assert title.startswith("2014年12月31日10時05分の内容｜")
    assert title.endswith("総務省")
    assert "の内容" not in texts(read(citizen, address), "//title")[0]


def test_before_the_first_record_the_site_says_since_when_there_are_records(
    revised: Site, citizen: Client
) -> None:
    page = read(citizen, "/?at=2001-01-01", 404)
    assert texts(page, "//h1") == ["この日の記録はありません"]
    assert texts(page, "//title") == ["この日の記録はありません（404）"]
    assert texts(page, "//main/p")[0] == (
        "2001年1月1日の記録はありません。このサイトの記録は、2013年4月1日からあります。"
    )
    assert links(page, "//main/ul") == [
        ("2013年4月1日の内容を見る", "/?at=2013-04-01T00:00"),
        ("現在のページを見る", "/"),
    ]
    assert citizen.get("/?at=2013-04-01").status_code == 200


def test_before_the_first_record_the_frame_is_that_of_today(revised: Site, citizen: Client) -> None:
    past, today = read(citizen, "/?at=2001-01-01", 404), read(citizen, "/")
    assert links(past, "//header") == links(today, "//header")
    assert links(past, FOOTER) == links(today, FOOTER)
    assert not values(past, "//header//input[@name='at']/@value")


def test_before_a_page_existed_its_first_day_is_named(revised: Site, citizen: Client) -> None:
    page = read(citizen, "/terms/?at=2014-12-31", 404)
    assert ("2018年1月1日の内容を見る", "/terms/?at=2018-01-01T00:00") in links(page, "//main")
    assert citizen.get("/terms/?at=2018-01-01T00:00").status_code == 200
