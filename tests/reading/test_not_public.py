"""Unpublished pages appear nowhere, and withdrawn pages in no list."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml.html import HtmlElement

from bureaus.models import CATEGORIES_OF, Answer, Edition, Kind, Page, State
from bureaus.text.formatting import japanese_date
from tests.helpers.cast import approve, news_item, place, publish, tokyo
from tests.helpers.reader import (
    BUREAU,
    EVENT_LISTS,
    GUIDE,
    NEWS_ITEM,
    NEWS_LISTS,
    SECRET,
    SECTIONS,
    at,
    links,
    read,
    texts,
    walk,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ministry")]


@pytest.mark.parametrize("state", ["draft", "review", "booked"])
def test_an_unpublished_page_appears_nowhere(citizen: Client, state: str) -> None:
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
def test_the_next_edition_of_a_public_page_appears_nowhere(citizen: Client, state: str) -> None:
    addresses = [
        "/",
        GUIDE,
        BUREAU,
        SECTIONS[0],
        NEWS_ITEM,
        "/terms/",
        "/sitemap/",
        *NEWS_LISTS,
        *EVENT_LISTS,
        "/data/",
        "/llms.txt",
        "/index.md",
        f"{BUREAU[:-1]}.md",
    ]
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
    ).save()


def whole(page: HtmlElement) -> str:
    return str(page.text_content())


def test_an_archived_page_has_a_dated_notice_and_is_in_no_list(
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
def test_a_page_that_was_taken_down_is_in_no_list(citizen: Client, answer: Answer) -> None:
    target = at(GUIDE) if answer == Answer.MOVED else None
    approve(at("/terms/"), SECRET, live_from=tokyo(2025), answer=answer, moved_to=target)
    pages = walk(citizen)
    assert "/terms/" not in pages
    assert not any(SECRET in whole(page) for page in pages.values())


def test_a_minor_edition_changes_the_page_and_not_its_date(citizen: Client) -> None:
    approve(at(GUIDE), "組織のご案内", live_from=tokyo(2014, 2, 3), is_minor=True)
    page = read(citizen, GUIDE)
    assert texts(page, "//h1") == ["組織のご案内"]
    assert texts(page, "//dl[@class='dates']/div[.//time]") == ["掲載日2013年4月1日"]


def test_a_full_edition_dates_the_page(citizen: Client) -> None:
    approve(at(GUIDE), "組織のご案内", live_from=tokyo(2014, 2, 3))
    dates = texts(read(citizen, GUIDE), "//dl[@class='dates']/div[.//time]")
    assert dates == ["掲載日2013年4月1日", "更新日2014年2月3日"]


def test_a_page_published_a_moment_ago_is_in_every_list(citizen: Client) -> None:
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


def test_a_child_of_an_archived_page_is_below_no_other_page_in_the_sitemap(
    citizen: Client,
) -> None:
    root = at("/")
    first, second = publish(root, "aa", "甲"), publish(root, "bb", "乙")
    publish(first, "x", "甲の下")
    publish(second, "y", "乙の下")
    approve(second, "乙", live_from=tokyo(2014), answer=Answer.ARCHIVED)

    sitemap = read(citizen, "/sitemap/")
    assert texts(sitemap, "//a[.='甲']/following-sibling::ul//a") == ["甲の下"]
    assert "乙の下" in texts(sitemap, "//main//a")


def test_a_parent_that_was_gone_then_is_named_nowhere(citizen: Client) -> None:
    above = publish(at("/"), "above", "消えていた題名")
    approve(above, "消えていた題名", live_from=tokyo(2014), answer=Answer.GONE)
    approve(above, "戻った題名", live_from=tokyo(2016))
    publish(above, "page", "ページ")
    assert "消えていた題名" not in whole(read(citizen, "/above/page/?at=2015-01-01"))
