"""What a citizen sees: every kind of page of the fixtures, as HTML."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from lxml.html import HtmlElement, document_fromstring
from pytest_django import DjangoDbBlocker

from bureaus.models import CATEGORIES_OF, Answer, Contact, Edition, Figure, Image, Kind, Page, State
from bureaus.text import japanese_date
from tests.cast import approve, news_item, place, publish, tokyo

GUIDE = "/main_sosiki/"
BUREAU = f"{GUIDE}joho_kokusai/"
SECTIONS = [f"{BUREAU}{slug}/" for slug in ("ict_seisaku", "kenkyu_hyojun", "kaigai_tenkai")]
NEWS_ITEM = f"{BUREAU}20130523-ict-seichou-kaigi/"
NEWS_LISTS = {"/news/", f"{BUREAU}news/"}
PLAIN_PAGES = {
    "/sitemap/": "サイトマップ",
    "/accessibility/": "ウェブアクセシビリティ",
    "/terms/": "利用規約",
    "/privacy/": "プライバシーポリシー",
}
REFUSED = {
    "/nothing/": 404,
    "/?at=never": 400,
    "/?at=2001-01-01": 404,
    "/news/?page=99": 404,
    "/news/?year=zz": 404,
}
SECRET = "まだ見えてはいけない題名"
HREFS = "//a/@href[not(starts-with(., '/documents/'))]"
HEADINGS = "//h1 | //h2 | //h3 | //h4 | //h5 | //h6"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def ministry(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Load the three fixtures once for this file."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        call_command("loaddata", "ministry", "directory", "news", verbosity=0)
        yield
        transaction.set_rollback(True)


def read(client: Client, address: str, status: int = 200) -> HtmlElement:
    """Return the page at `address`, which must answer with `status`."""
    response = client.get(address)
    assert response.status_code == status, f"{address} → {response.status_code}"
    page: HtmlElement = document_fromstring(response.content.decode())
    return page


def texts(page: HtmlElement, path: str) -> list[str]:
    """Return what the elements at this XPath say, without the layout's white space."""
    return [" ".join(str(found.text_content()).split()) for found in page.xpath(path)]


def values(page: HtmlElement, path: str) -> list[str]:
    """Return the attributes at this XPath."""
    return [str(found) for found in page.xpath(path)]


def links(page: HtmlElement, path: str) -> list[tuple[str, str]]:
    """Words and address of the links below this XPath."""
    found = page.xpath(f"{path}//a")
    return [(" ".join(str(a.text_content()).split()), str(a.get("href"))) for a in found]


def walk(client: Client) -> dict[str, HtmlElement]:
    """Every page that following the links from the home page leads to, lists with one filter."""
    pages: dict[str, HtmlElement] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        pages[address] = read(client, address)
        targets = [urldefrag(urljoin(address, href))[0] for href in values(pages[address], HREFS)]
        waiting += [target for target in targets if target.startswith("/") and "&" not in target]
    return pages


@pytest.fixture(scope="module")
def everything(ministry: None, django_db_blocker: DjangoDbBlocker) -> dict[str, HtmlElement]:
    """Every public page, and one of each kind of refusal."""
    client = Client(HTTP_HOST="localhost")
    with django_db_blocker.unblock():
        refused = {address: read(client, address, status) for address, status in REFUSED.items()}
        refused["POST /"] = document_fromstring(client.post("/").content.decode())
        return walk(client) | refused


def at(address: str) -> Page:
    return Page.objects.get(url_path=address)  # type: ignore[no-any-return]


# What is true of every page


def test_following_the_links_reaches_every_page_and_none_is_broken(citizen: Client) -> None:
    reached = {urlsplit(address).path for address in walk(citizen)}
    public = set(Page.objects.values_list("url_path", flat=True))
    assert reached == public | NEWS_LISTS


def test_every_page_is_in_japanese_and_says_so(everything: dict[str, HtmlElement]) -> None:
    assert {page.get("lang") for page in everything.values()} == {"ja"}


def test_every_page_has_a_title_of_its_own(everything: dict[str, HtmlElement]) -> None:
    titles = Counter(
        page.findtext(".//title") for address, page in everything.items() if address not in REFUSED
    )
    assert [title for title, uses in titles.items() if uses > 1] == []
    assert all(titles)


def test_every_page_has_one_h1_and_skips_no_level(everything: dict[str, HtmlElement]) -> None:
    for address, page in everything.items():
        levels = [int(heading.tag[1]) for heading in page.xpath(HEADINGS)]
        assert levels[0] == 1, address
        assert levels.count(1) == 1, address
        assert all(after <= before + 1 for before, after in pairwise(levels)), address


def test_ids_are_unique_and_what_names_them_finds_them(everything: dict[str, HtmlElement]) -> None:
    for address, page in everything.items():
        ids = values(page, "//@id")
        assert len(ids) == len(set(ids)), address
        named = [href[1:] for href in values(page, "//a/@href[starts-with(., '#')]")]
        named += values(page, "//@aria-labelledby")
        assert set(named) <= set(ids), address


def test_the_skip_link_comes_first_and_the_way_to_the_top_last(
    everything: dict[str, HtmlElement],
) -> None:
    for address, page in everything.items():
        assert links(page, "/")[0] == ("本文へ移動", "#main"), address
        assert links(page, "//main")[-1] == ("ページトップへ戻る", "#top"), address


def test_every_table_heading_says_what_it_is_the_heading_of(
    everything: dict[str, HtmlElement],
) -> None:
    headings = [th for page in everything.values() for th in page.xpath("//th")]
    assert headings
    assert {th.get("scope") for th in headings} == {"col", "row"}


def test_no_page_carries_a_script_or_a_style_of_its_own(everything: dict[str, HtmlElement]) -> None:
    for address, page in everything.items():
        assert not page.xpath("//script | //style | //@style"), address
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


# The kinds of page


def test_the_home_page_shows_the_newest_five_of_the_whole_site(citizen: Client) -> None:
    page = read(citizen, "/")
    assert texts(page, "//h1") == ["総務省"]
    assert len(page.xpath("//ul[@class='news']/li")) == 5
    assert ("総務省の新着情報をすべて見る", "/news/") in links(page, "//main")
    assert not page.xpath("//nav[@aria-label='現在位置']")


def test_the_guide_lists_every_bureau(citizen: Client) -> None:
    page = read(citizen, GUIDE)
    bureaus = links(page, "//section[@aria-labelledby='organisations']")
    assert len(bureaus) == 10
    assert bureaus[0] == ("情報通信国際戦略局", BUREAU)
    assert "大臣官房" in dict(bureaus)


def test_the_bureau_says_where_it_stands(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    crumbs = page.xpath("//nav[@aria-label='現在位置']")[0]
    assert links(crumbs, ".") == [("総務省トップ", "/"), ("組織案内", GUIDE)]
    assert texts(crumbs, ".//li[@aria-current='page']") == ["情報通信国際戦略局"]
    assert page.findtext(".//title") == "総務省｜組織案内｜情報通信国際戦略局の紹介"


def test_the_bureau_introduces_itself(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    assert texts(page, "//h1") == ["情報通信国際戦略局の紹介"]
    first = texts(page, "//article/div[@class='body']/p")[0]
    assert first.startswith("ICT(情報通信技術:Information & Communications Technology)は我が国経済")
    assert texts(page, "//header//p[@lang='en']") == ["Global ICT Strategy Bureau"]


def test_a_link_to_a_file_says_its_type_size_and_length(citizen: Client) -> None:
    listed = links(read(citizen, BUREAU), "//article/ul[@class='links']")
    assert listed == [
        ("総務省ICTツイートはこちら", "https://twitter.com/MIC_ICT"),
        (
            "総務省ICTツイート運用ポリシーはこちら（PDF形式：36KB、1ページ）",
            "/documents/ict_tweet_unyou_policy.pdf",
        ),
        (
            "情報通信に関するポータルサイト",
            "https://www.soumu.go.jp/menu_seisaku/ictseisaku/index.html",
        ),
    ]


def test_the_bureau_shows_its_newest_five_and_the_way_to_all(citizen: Client) -> None:
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
    assert contents[0] == ("新着情報", "#news")
    assert [words for words, _ in contents[1:]] == headings
    assert len(headings) == 3


def test_each_section_of_the_bureau_leads_to_its_own_page(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    assert [address for _, address in links(page, "//h2[starts-with(@id, 'section')]")] == SECTIONS


def test_figures_stand_in_their_section_with_caption_and_size(citizen: Client) -> None:
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


def test_the_bureau_says_whom_to_ask_and_since_when_it_stands(citizen: Client) -> None:
    page = read(citizen, BUREAU)
    assert texts(page, "//section[@aria-labelledby='contact']//dd") == [
        "情報通信国際戦略局（代表）",
        "03-5253-5111",
    ]
    assert texts(page, "//dl[@class='dates']/div") == ["掲載日2013年4月1日", "更新日2013年4月1日"]


def test_a_page_without_a_contact_names_that_of_the_page_above(citizen: Client) -> None:
    names = texts(read(citizen, SECTIONS[0]), "//section[@aria-labelledby='contact']//dd")
    assert names[0] == "情報通信国際戦略局（代表）"


def test_the_ministrys_own_contact_stands_at_home_and_in_the_footer_only(citizen: Client) -> None:
    contact = "//section[@aria-labelledby='contact']"
    assert texts(read(citizen, "/"), f"{contact}//dd")[0] == "総務省（代表）"
    assert not read(citizen, GUIDE).xpath(contact)
    assert "03-5253-5111" in texts(read(citizen, GUIDE), "//footer//address")[0]


@pytest.mark.parametrize(
    ("number", "neighbours"), [(0, {"next": 1}), (1, {"prev": 0, "next": 2}), (2, {"prev": 1})]
)
def test_a_section_leads_to_its_neighbours_and_back(
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


def test_a_news_item_shows_its_day_its_source_and_the_way_to_the_list(citizen: Client) -> None:
    page = read(citizen, NEWS_ITEM)
    assert texts(page, "//h1") == ["ICT成長戦略会議（第3回）を開催"]
    assert texts(page, "//dl[@class='dates']/div")[0] == "発表日2013年5月23日"
    assert ("情報通信国際戦略局の新着情報の一覧へ", f"{BUREAU}news/") in links(page, "//main")
    assert values(page, "//ul[@class='links']//a/@rel") == ["external"]


@pytest.mark.parametrize(("address", "title"), PLAIN_PAGES.items())
def test_plain_pages_stand_in_the_footer_of_every_page(
    citizen: Client, address: str, title: str
) -> None:
    page = read(citizen, address)
    assert texts(page, "//h1") == [title]
    assert (title, address) in links(read(citizen, BUREAU), "//footer")


def test_a_long_plain_page_begins_with_its_contents(citizen: Client) -> None:
    page = read(citizen, "/terms/")
    contents = links(page, "//nav[@class='contents']")
    assert [words for words, _ in contents] == texts(page, "//div[@class='body']/h2")
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


def test_a_picture_that_only_decorates_has_empty_words(citizen: Client) -> None:
    edition = approve(at(SECTIONS[0]), "飾りのある政策", live_from=tokyo(2013, 5))
    picture = Image(file="images/line.png", width=9, height=1, byte_size=1)
    picture.save()
    Figure.objects.bulk_create([Figure(edition=edition, image=picture, is_decorative=True)])
    assert values(read(citizen, SECTIONS[0]), "//img/@alt") == [""]


def test_a_contact_shows_every_way_there_is(citizen: Client) -> None:
    edition = approve(at(GUIDE), "組織案内", live_from=tokyo(2013, 5))
    ways = {"phone": "03-0000-0001", "fax": "03-0000-0002", "email": "a@example.go.jp"}
    Contact.objects.bulk_create([Contact(edition=edition, name="管理室", **ways)])
    page = read(citizen, GUIDE)
    assert texts(page, "//section[@aria-labelledby='contact']//dd") == ["管理室", *ways.values()]
    assert ("a@example.go.jp", "mailto:a@example.go.jp") in links(page, "//main")


def test_words_of_an_officer_are_never_markup(citizen: Client) -> None:
    sharp = "<script>alert(1)</script>&\"'"
    approve(at(BUREAU), sharp, live_from=tokyo(2013, 5), lead=sharp, title_english=sharp)
    for address in ("/", GUIDE, BUREAU, SECTIONS[0], NEWS_ITEM, f"{BUREAU}news/", "/sitemap/"):
        page = read(citizen, address)
        assert not page.xpath("//script")
    assert texts(read(citizen, BUREAU), "//h1") == [f"{sharp}の紹介"]


# What is not public is nowhere


@pytest.mark.parametrize("state", ["draft", "review", "booked"])
def test_what_is_not_public_yet_is_nowhere(citizen: Client, state: str) -> None:
    for parent, slug, kind in (
        ("/", "secret-page", Kind.PAGE),
        (GUIDE, "secret-bureau", Kind.ORGANISATION),
        (BUREAU, "secret-section", Kind.POLICY_SECTION),
        (BUREAU, "secret-news", Kind.NEWS_ITEM),
    ):
        add_secret(place(at(parent), slug, kind), state)
        assert SECRET not in citizen.get(f"{parent}{slug}/").content.decode()
        assert citizen.get(f"{parent}{slug}/").status_code == 404
    assert [address for address, page in walk(citizen).items() if SECRET in whole(page)] == []


@pytest.mark.parametrize("state", ["draft", "review", "booked"])
def test_the_next_edition_of_a_public_page_shows_nowhere(citizen: Client, state: str) -> None:
    addresses = ["/", GUIDE, BUREAU, SECTIONS[0], NEWS_ITEM, "/terms/", "/sitemap/", *NEWS_LISTS]
    before = [citizen.get(address).content for address in addresses]
    for address in addresses[:6]:
        add_secret(at(address), state)
    assert [citizen.get(address).content for address in addresses] == before


def add_secret(page: Page, state: str) -> None:
    if state == "booked":
        approve(page, SECRET, live_from=timezone.now() + timedelta(days=1))
        return
    is_news = page.kind == Kind.NEWS_ITEM
    Edition(
        page=page,
        number=page.editions.count() + 1,
        state=State(state),
        title=SECRET,
        lead=SECRET,
        category=CATEGORIES_OF[Kind(page.kind)][0],
        issued_on=date(2014, 12, 1) if is_news else None,
        listed_under=at(BUREAU) if is_news else None,
    ).save()


def whole(page: HtmlElement) -> str:
    return str(page.text_content())


def test_an_archived_page_is_read_with_a_dated_notice_and_stands_in_no_list(
    citizen: Client,
) -> None:
    for address in (SECTIONS[0], NEWS_ITEM):
        approve(
            at(address),
            "保存した記録",
            live_from=tokyo(2014, 3, 31),
            answer=Answer.ARCHIVED,
            note="後継の計画をご覧ください。",
            is_minor=True,
            issued_on=date(2013, 5, 23) if address == NEWS_ITEM else None,
        )
        notice = texts(read(citizen, address), "//aside[@aria-label='掲載終了のお知らせ']")
        assert notice[0].startswith("このページは、2014年3月31日に掲載を終了し、")
        assert notice[0].endswith("後継の計画をご覧ください。")
    assert not {SECTIONS[0], NEWS_ITEM} & walk(citizen).keys()


def test_pages_below_an_archived_page_still_name_it_in_their_breadcrumb(citizen: Client) -> None:
    approve(at(BUREAU), "旧・戦略局", live_from=tokyo(2014), answer=Answer.ARCHIVED)
    crumbs = links(read(citizen, SECTIONS[0]), "//nav[@aria-label='現在位置']")
    assert crumbs[-1] == ("旧・戦略局", BUREAU)


@pytest.mark.parametrize("answer", [Answer.MOVED, Answer.GONE])
def test_what_was_taken_down_stands_in_no_list(citizen: Client, answer: Answer) -> None:
    target = at(GUIDE) if answer == Answer.MOVED else None
    approve(at("/terms/"), SECRET, live_from=tokyo(2014), answer=answer, moved_to=target)
    pages = walk(citizen)
    assert "/terms/" not in pages
    assert not any(SECRET in whole(page) for page in pages.values())


def test_a_minor_edition_changes_the_page_and_not_its_date(citizen: Client) -> None:
    approve(at(GUIDE), "組織のご案内", live_from=tokyo(2014, 2, 3), is_minor=True)
    page = read(citizen, GUIDE)
    assert texts(page, "//h1") == ["組織のご案内"]
    assert texts(page, "//dl[@class='dates']/div") == ["掲載日2013年4月1日", "更新日2013年4月1日"]


def test_a_full_edition_dates_the_page(citizen: Client) -> None:
    approve(at(GUIDE), "組織のご案内", live_from=tokyo(2014, 2, 3))
    dates = texts(read(citizen, GUIDE), "//dl[@class='dates']/div")
    assert dates == ["掲載日2013年4月1日", "更新日2014年2月3日"]


def test_a_page_published_a_moment_ago_is_everywhere_it_belongs(citizen: Client) -> None:
    now = timezone.now()
    publish(at("/"), "new-page", "新しいページ", live_from=now)
    publish(at(GUIDE), "new-bureau", "新しい局", kind=Kind.ORGANISATION, live_from=now)
    publish(at(BUREAU), "new-section", "新しい政策", kind=Kind.POLICY_SECTION, live_from=now)
    news_item(at(BUREAU), "new-news", "新しいお知らせ", now.date(), live_from=now)
    assert "新しいページ" in texts(
        read(citizen, "/terms/"), "//nav[@aria-label='メインメニュー']//a"
    )
    assert "新しい局" in texts(read(citizen, GUIDE), "//main//a")
    assert texts(read(citizen, BUREAU), "//h2[@id='section4']") == ["新しい政策"]
    assert texts(read(citizen, "/"), "//ul[@class='news']//a")[0] == "新しいお知らせ"
    assert japanese_date(now) in whole(read(citizen, f"{BUREAU}new-news/"))
