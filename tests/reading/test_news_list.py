"""The news of an organisation and of the whole site: by year and category, twenty a page."""

from datetime import date, timedelta
from itertools import cycle

import pytest
from django.test import Client

from bureaus.models import CATEGORIES_OF, Answer, Category, Kind
from bureaus.publishing import move
from bureaus.reading.list_choices import page_choices
from tests.helpers.cast import (
    OPENING,
    Site,
    approve,
    news_item,
    publish,
    publish_all,
    publish_below,
    tokyo,
)
from tests.helpers.reader import links, read, texts, values

BUREAU = "/main_sosiki/joho_kokusai/"
LIST = f"{BUREAU}news/"
YEARS = "//ul[@aria-label='年']"
CATEGORIES = "//ul[@aria-label='区分']"
PAGES = "//nav[@aria-label='ページの切替え']"
TITLES = "//ul[@class='news']//a"


@pytest.fixture
def busy(site: Site) -> Site:
    """43 more items: one a week from 2012 on, the categories in turn; and one of the ministry."""
    categories = cycle(CATEGORIES_OF[Kind.NEWS_ITEM])
    items = {}
    for number, category in zip(range(43), categories, strict=False):
        day = date(2012, 6, 1) + timedelta(weeks=number)
        start = max(OPENING, tokyo(day.year, day.month, day.day))
        fields = {"title": f"{number}番のお知らせ", "issued_on": day, "live_from": start}
        items[f"{BUREAU}n{number}/"] = (Kind.NEWS_ITEM, {**fields, "category": category})
    publish_all(items)
    news_item(site.root, "honsho", "本省のお知らせ", date(2014, 4, 1))
    return site


def count(client: Client, address: str) -> int:
    """Return the total that the list shows."""
    words = next(text for text in texts(read(client, address), "//main/p") if "件" in text)
    return int(words.partition("件")[0])


def test_the_newest_come_first(site: Site, citizen: Client) -> None:
    assert links(read(citizen, LIST), "//ul[@class='news']") == [
        ("第2回公募を開始", f"{BUREAU}kobo-2/"),
        ("会議（第3回）を開催", f"{BUREAU}kaigi-3/"),
    ]


def test_an_entry_shows_its_day_and_its_category(site: Site, citizen: Client) -> None:
    first = read(citizen, LIST).xpath("//ul[@class='news']/li")[0]
    assert values(first, ".//time/@datetime") == ["2013-08-02"]
    assert texts(first, "./div")[:2] == ["2013年8月2日", "報道資料"]


def test_an_organisation_lists_its_own_and_the_site_lists_all(busy: Site, citizen: Client) -> None:
    assert count(citizen, LIST) == 45
    assert count(citizen, "/news/") == 46
    assert texts(read(citizen, "/news/"), TITLES)[0] == "本省のお知らせ"


def test_an_item_that_moves_is_listed_where_it_is(busy: Site, citizen: Client) -> None:
    other = publish(busy.guide, "other", "ほかの局", kind=Kind.ORGANISATION)
    move(page=busy.news[1], to=other, actor=None)
    assert count(citizen, LIST) == 44
    assert texts(read(citizen, "/main_sosiki/other/news/"), TITLES) == ["第2回公募を開始"]


def test_no_item_is_on_two_pages_of_a_list(busy: Site, citizen: Client) -> None:
    address, seen = LIST, list[str]()
    sizes = []
    while address:
        page = read(citizen, address)
        titles = texts(page, TITLES)
        sizes.append(len(titles))
        seen += titles
        address = next(iter(values(page, f"{PAGES}//a[@rel='next']/@href")), "")
    assert sizes == [20, 20, 5]
    assert len(set(seen)) == 45


def test_the_previous_links_lead_back_to_the_first_page(busy: Site, citizen: Client) -> None:
    page = read(citizen, f"{LIST}?page=3")
    assert values(page, f"{PAGES}//a[@rel='prev']/@href") == [f"{LIST}?page=2"]
    assert values(page, f"{PAGES}//a[not(@rel)]/@href") == [LIST, f"{LIST}?page=2"]
    assert texts(page, f"{PAGES}//*[@aria-current='page']") == ["3"]


def test_of_many_pages_the_first_the_last_and_the_nearest_are_offered() -> None:
    def offered(here: int, count: int) -> list[str]:
        return [choice.label for choice in page_choices(here, count, str)]

    assert offered(7, 13) == "1 … 5 6 7 8 9 … 13".split()
    assert offered(1, 13) == "1 2 3 … 13".split()
    assert offered(3, 5) == "1 2 3 4 5".split()
    assert offered(1, 1) == []


def test_a_short_list_has_no_pagination(site: Site, citizen: Client) -> None:
    assert not read(citizen, LIST).xpath(PAGES)


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 45),
        ("year=2012", 31),
        ("year=2013", 14),
        ("year=2011", 0),
        ("category=meeting", 9),
        ("category=press", 11),
        ("year=2013&category=meeting", 3),
        ("year=2013&category=whitepaper", 2),
    ],
)
def test_year_and_category_narrow_the_list(
    busy: Site, citizen: Client, query: str, total: int
) -> None:
    assert count(citizen, f"{LIST}?{query}") == total


def test_the_first_and_last_day_of_a_year_belong_to_it(site: Site, citizen: Client) -> None:
    for day in (date(2011, 12, 31), date(2012, 1, 1), date(2012, 12, 31), date(2013, 1, 1)):
        news_item(site.bureau, f"d{day:%Y%m%d}", f"{day}", day)
    assert texts(read(citizen, f"{LIST}?year=2012"), TITLES) == ["2012-12-31", "2012-01-01"]


def test_the_years_go_from_the_newest_to_the_oldest(busy: Site, citizen: Client) -> None:
    page = read(citizen, "/news/?category=meeting&page=1")
    assert links(page, YEARS) == [
        ("すべての年", "/news/?category=meeting"),
        ("2014年", "/news/?year=2014&category=meeting"),
        ("2013年", "/news/?year=2013&category=meeting"),
        ("2012年", "/news/?year=2012&category=meeting"),
    ]


def test_choosing_one_filter_keeps_the_other_and_begins_at_the_first_page(
    busy: Site, citizen: Client
) -> None:
    page = read(citizen, f"{LIST}?year=2012&page=2")
    assert links(page, CATEGORIES)[:2] == [
        ("すべての区分", f"{LIST}?year=2012"),
        ("報道資料", f"{LIST}?year=2012&category=press"),
    ]
    assert values(page, f"{PAGES}//a[@rel='prev']/@href") == [f"{LIST}?year=2012"]


def test_the_active_filter_is_marked(busy: Site, citizen: Client) -> None:
    page = read(citizen, f"{LIST}?year=2012&category=press")
    assert texts(page, f"{YEARS}//*[@aria-current]") == ["2012年"]
    assert texts(page, f"{CATEGORIES}//*[@aria-current]") == ["報道資料"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "新着情報｜総務省"),
        ("?year=2012", "新着情報（2012年）｜総務省"),
        ("?page=2", "新着情報（2ページ目）｜総務省"),
        ("?year=2012&category=press", "新着情報（2012年、報道資料）｜総務省"),
    ],
)
def test_every_list_has_a_title_and_an_address_of_its_own(
    busy: Site, citizen: Client, query: str, title: str
) -> None:
    page = read(citizen, f"/news/{query}")
    assert page.findtext(".//title") == title
    assert values(page, "//link[@rel='canonical']/@href") == [f"http://localhost/news/{query}"]


def test_a_list_has_a_breadcrumb(site: Site, citizen: Client) -> None:
    page = read(citizen, LIST)
    assert links(page, "//nav[@aria-label='現在位置']")[-1] == ("情報通信国際戦略局", BUREAU)
    assert texts(page, "//h1") == ["情報通信国際戦略局の新着情報"]


def test_an_empty_list_has_a_message(site: Site, citizen: Client) -> None:
    assert "この条件の新着情報はありません。" in str(
        read(citizen, f"{LIST}?year=1999").text_content()
    )


@pytest.mark.parametrize(("name", "word"), [("news", "新着情報"), ("events", "公募・会議")])
def test_a_list_without_any_item_says_so_and_offers_no_filters(
    site: Site, citizen: Client, name: str, word: str
) -> None:
    publish(site.guide, "quiet", "静かな局", kind=Kind.ORGANISATION)
    page = read(citizen, f"/main_sosiki/quiet/{name}/")
    assert f"{word}は、まだありません。" in str(page.text_content())
    assert "絞り込み" not in str(page.text_content())
    assert "0件" not in str(page.text_content())


@pytest.mark.parametrize("answer", [Answer.ARCHIVED, Answer.GONE])
def test_an_item_that_is_not_current_is_not_listed(
    site: Site, citizen: Client, answer: Answer
) -> None:
    approve(site.news[0], "会議", live_from=tokyo(2014), answer=answer, issued_on=date(2013, 5, 23))
    assert texts(read(citizen, LIST), TITLES) == ["第2回公募を開始"]


def test_a_corrected_item_is_listed_once_as_it_is_now(site: Site, citizen: Client) -> None:
    approve(
        site.news[0],
        "会議（第3回）を延期",
        live_from=tokyo(2013, 6),
        issued_on=date(2013, 9, 1),
        category=Category.MEETING,
    )
    assert texts(read(citizen, LIST), TITLES) == ["会議（第3回）を延期", "第2回公募を開始"]


def test_items_of_one_day_keep_one_order(site: Site, citizen: Client) -> None:
    titles = {f"same{number}": f"同日の{number}" for number in range(25)}
    day = {"issued_on": date(2014, 1, 1), "live_from": tokyo(2014)}
    publish_below(site.bureau, titles, kind=Kind.NEWS_ITEM, **day)
    first = texts(read(citizen, LIST), TITLES)
    assert first == [f"同日の{number}" for number in range(24, 4, -1)]


def test_no_list_has_news_before_its_own_date(site: Site, citizen: Client) -> None:
    news_item(
        site.bureau, "early", "明日付けのお知らせ", date(2014, 7, 2), live_from=tokyo(2014, 7)
    )
    day_before, own_day = "at=2014-07-01", "at=2014-07-02"
    for query in ("", "year=2014&"):
        assert "明日付けのお知らせ" not in texts(
            read(citizen, f"{LIST}?{query}{day_before}"), TITLES
        )
        assert "明日付けのお知らせ" in texts(read(citizen, f"{LIST}?{query}{own_day}"), TITLES)
