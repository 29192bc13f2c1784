"""The HTML of every kind of page, with the fixtures."""

import pytest
from django.test import Client

from bureaus.models import Contact, Figure, Image
from bureaus.templatetags.ministry import unbroken
from tests.helpers.cast import approve, tokyo
from tests.helpers.reader import (
    BUREAU,
    GUIDE,
    NEWS_ITEM,
    PLAIN_PAGES,
    SECTIONS,
    at,
    links,
    read,
    texts,
    values,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ministry")]


def test_the_home_page_shows_the_newest_five_of_the_whole_site(citizen: Client) -> None:
    page = read(citizen, "/")
    assert texts(page, "//h1") == ["総務省"]
    assert len(page.xpath("//ul[@class='news']/li")) == 5
    assert ("総務省の新着情報をすべて見る", "/news/") in links(page, "//main")
    assert not page.xpath("//nav[@aria-label='現在位置']")


def test_the_guide_lists_every_bureau(citizen: Client) -> None:
    page = read(citizen, GUIDE)
    ministry, *bureaus = links(page, "//nav[@class='chart']")
    assert ministry == ("総務省", "/")
    assert len(bureaus) == 10
    assert bureaus[0] == ("大臣官房", f"{GUIDE}kanbo/")
    assert bureaus[6] == ("情報通信国際戦略局", BUREAU)


def test_the_bureau_has_a_breadcrumb(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    crumbs = page.xpath("//nav[@aria-label='現在位置']")[0]
    assert links(crumbs, ".") == [("総務省トップ", "/"), ("組織案内", GUIDE)]
    assert texts(crumbs, ".//li[@aria-current='page']") == ["情報通信国際戦略局"]
    assert page.findtext(".//title") == "情報通信国際戦略局の紹介｜組織案内｜総務省"


def test_the_bureau_introduces_itself(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    assert texts(page, "//h1") == ["情報通信国際戦略局の紹介"]
    first = texts(page, "//article/div[@class='text']/div/p")[0]
    assert first.startswith("ICT(情報通信技術:Information & Communications Technology)は我が国経済")
    assert texts(page, "//div[@class='heading']/p[@lang='en']") == ["Global ICT Strategy Bureau"]


def test_a_link_to_a_file_names_its_type_size_and_pages(citizen: Client) -> None:
    listed = links(read(citizen, BUREAU), "//article/ul[@class='links']")
    assert listed == [
        ("総務省ICTツイートはこちら（外部サイト）", "https://twitter.com/MIC_ICT"),
        (
            "総務省ICTツイート運用ポリシーはこちら（PDF形式：36KB、1ページ）",
            "/documents/ict_tweet_unyou_policy.pdf",
        ),
        (
            "情報通信に関するポータルサイト（外部サイト）",
            "https://www.soumu.go.jp/menu_seisaku/ictseisaku/index.html",
        ),
    ]


def test_the_bureau_shows_its_newest_five_and_a_link_to_all(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    days = values(page, "//section[@aria-labelledby='news']//time/@datetime")
    assert days == ["2014-01-27", "2013-12-25", "2013-10-25", "2013-09-11", "2013-08-02"]
    assert links(page, "//section[@aria-labelledby='news']")[-1] == (
        "情報通信国際戦略局の新着情報をすべて見る",
        f"{BUREAU}news/",
    )


def test_the_contents_of_the_bureau_name_its_sections_in_order(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    contents = links(page, "//nav[@class='contents']")
    headings = texts(page, "//h2[starts-with(@id, 'section')]")
    assert [words for words, _ in contents] == headings
    assert len(headings) == 3


def test_each_section_of_the_bureau_links_its_own_page(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    assert [address for _, address in links(page, "//h2[starts-with(@id, 'section')]")] == SECTIONS


def test_figures_are_in_their_section_with_caption_and_size(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    for number, caption in (
        (2, "【テスト】信号を超高速で処理する光ネットワーク通信装置"),
        (3, "新藤総務大臣とモザンビーク ズクーラ運輸通信大臣との会談"),
    ):
        section = page.xpath(f"//section[@aria-labelledby='section{number}']")[0]
        assert texts(section, ".//figcaption") == [caption]
        picture = section.xpath(".//img")[0]
        assert (picture.get("width"), picture.get("height")) == ("800", "533")
        assert picture.get("alt").startswith("手元にない写真の代わり")


def test_the_bureau_shows_its_contact_and_dates(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    assert texts(page, "//section[@aria-labelledby='contact']//dd") == [
        "情報通信国際戦略局（代表）",
        "03-5253-5111",
    ]
    assert texts(page, "//dl[@class='dates']/div") == [
        "掲載日2013年4月1日",
        "更新履歴これまでの版",
    ]


def test_a_page_without_a_contact_shows_that_of_its_parent(citizen: Client) -> None:
    names = texts(read(citizen, SECTIONS[0]), "//section[@aria-labelledby='contact']//dd")
    assert names[0] == "情報通信国際戦略局（代表）"


def test_the_ministrys_own_contact_is_on_the_home_page_and_in_the_footer_only(
    citizen: Client,
) -> None:
    contact = "//section[@aria-labelledby='contact']"
    assert texts(read(citizen, "/"), f"{contact}//dd")[0] == "総務省（代表）"
    assert not read(citizen, GUIDE).xpath(contact)
    assert "03-5253-5111" in texts(read(citizen, GUIDE), "//footer//address")[0]


@pytest.mark.parametrize(
    ("number", "neighbours"), [(0, {"next": 1}), (1, {"prev": 0, "next": 2}), (2, {"prev": 1})]
)
def test_a_section_links_the_previous_the_next_and_its_parent(
    citizen: Client, number: int, neighbours: dict[str, int]
) -> None:
    ways = read(citizen, SECTIONS[number]).xpath("//nav[@class='neighbours']")[0]
    found = {a.get("rel"): a.get("href") for a in ways.xpath(".//a[@rel]")}
    assert found == {rel: SECTIONS[other] for rel, other in neighbours.items()}
    assert links(ways, ".")[-1] == ("情報通信国際戦略局へ戻る", BUREAU)


def test_a_section_alone_shows_its_figure(citizen: Client) -> None:
    page = read(citizen, SECTIONS[1])
    assert texts(page, "//h1") == ["情報通信技術の研究開発・標準化の推進"]
    assert texts(page, "//figcaption") == ["【テスト】信号を超高速で処理する光ネットワーク通信装置"]


def test_a_news_item_shows_its_day_its_source_and_a_link_to_the_list(citizen: Client) -> None:
    page = read(citizen, NEWS_ITEM)
    assert texts(page, "//h1") == ["ICT成長戦略会議（第3回）を開催"]
    assert texts(page, "//dl[@class='dates']/div")[0] == "発表日2013年5月23日"
    assert ("情報通信国際戦略局の新着情報の一覧へ", f"{BUREAU}news/") in links(page, "//main")
    assert values(page, "//ul[@class='links']//a/@rel") == ["external"]


@pytest.mark.parametrize(("address", "title"), PLAIN_PAGES.items())
def test_plain_pages_are_in_the_footer_of_every_page(
    citizen: Client, address: str, title: str
) -> None:
    page = read(citizen, address)
    assert texts(page, "//h1") == [title]
    assert (title, address) in links(read(citizen, BUREAU), "//footer")


def test_a_long_plain_page_begins_with_its_contents(citizen: Client) -> None:
    page = read(citizen, "/terms/")
    contents = links(page, "//nav[@class='contents']")
    assert [words for words, _ in contents] == texts(page, "//div[@class='text__body']/h2")
    assert len(contents) > 3


def test_a_wide_table_scrolls_in_a_box_that_a_keyboard_reaches(citizen: Client) -> None:
    box = read(citizen, "/accessibility/").xpath("//table/..")[0]
    assert box.get("tabindex") == "0"
    assert box.get("aria-label") == "WCAG 2.2から追加する達成基準"


def test_the_sitemap_shows_the_tree(citizen: Client) -> None:
    page = read(citizen, "/sitemap/")
    below_bureau = page.xpath(f"//main//a[@href='{BUREAU}']/following-sibling::ul")[0]
    assert [address for _, address in links(below_bureau, ".")] == SECTIONS
    assert set(PLAIN_PAGES) <= {address for _, address in links(page, "//main")}


def test_a_page_names_its_own_address_as_the_canonical_one(citizen: Client) -> None:
    for address in (BUREAU, "/news/?year=2013", "/"):
        assert values(read(citizen, address), "//link[@rel='canonical']/@href") == [
            f"http://localhost{address}"
        ]


def test_a_decorative_picture_has_an_empty_alt(citizen: Client) -> None:
    edition = approve(at(SECTIONS[0]), "飾りのある政策", live_from=tokyo(2013, 5))
    picture = Image(file="images/line.png", width=9, height=1, byte_size=1)
    picture.save()
    Figure.objects.bulk_create([Figure(edition=edition, image=picture, is_decorative=True)])
    assert values(read(citizen, SECTIONS[0]), "//img/@alt") == [""]


def test_a_contact_shows_phone_fax_and_mail(citizen: Client) -> None:
    edition = approve(at(GUIDE), "組織案内", live_from=tokyo(2013, 5))
    ways = {"phone": "03-0000-0001", "fax": "03-0000-0002", "email": "a@example.go.jp"}
    Contact.objects.bulk_create([Contact(edition=edition, name="管理室", **ways)])
    page = read(citizen, GUIDE)
    assert texts(page, "//section[@aria-labelledby='contact']//dd") == ["管理室", *ways.values()]
    assert ("a@example.go.jp", "mailto:a@example.go.jp") in links(page, "//main")


def test_text_of_an_officer_is_never_markup(citizen: Client) -> None:
    sharp = "<script>alert(1)</script>&\"'"
    approve(at(BUREAU), sharp, live_from=tokyo(2013, 5), lead=sharp, title_english=sharp)
    for address in ("/", GUIDE, BUREAU, SECTIONS[0], NEWS_ITEM, f"{BUREAU}news/", "/sitemap/"):
        page = read(citizen, address)
        assert not page.xpath("//script[not(@src or @type='application/ld+json')]")
    assert texts(read(citizen, BUREAU), "//h1") == [f"{sharp}の紹介"]


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("会議（第3回）", '会議（<span class="unit">第3回</span>）'),
        ("平成22年版白書", '<span class="unit">平成22年版</span>白書'),
        ("第1部<b>", '<span class="unit">第1部</span>&lt;b&gt;'),
        ("第2", '<span class="unit">第2</span>'),
        ("国際", "国際"),
    ],
)
def test_a_counter_stays_with_its_number(title: str, heading: str) -> None:
    assert unbroken(title) == heading
