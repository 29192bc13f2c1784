"""The links from a page: organisation chart, local navigation, previous and next."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bureaus.models import Kind, Link, Page
from bureaus.reading import statements
from tests.helpers.cast import Site, approve, publish, publish_below, tokyo
from tests.helpers.reader import BUREAU, GUIDE, links, read, texts, values

pytestmark = pytest.mark.django_db
CHART = "//nav[@class='chart']"
LOCAL = "//nav[@class='local-navigation']"
MENU = "//nav[@aria-label='メインメニュー']"


@pytest.fixture
def division(site: Site) -> Page:
    return publish(site.bureau, "seisaku", "情報通信政策課", kind=Kind.ORGANISATION)


@pytest.fixture
def office(division: Page) -> Page:
    return publish(division, "kanri", "管理室", kind=Kind.ORGANISATION)


def test_the_chart_nests_divisions_below_bureaus_below_the_ministry(
    office: Page, citizen: Client
) -> None:
    page = read(citizen, GUIDE)
    assert [words for words, _ in links(page, CHART)] == [
        "総務省",
        "情報通信国際戦略局",
        "情報通信政策課",
    ]
    assert texts(page, f"{CHART}/ul/li/ul/li/ul/li/a") == ["情報通信政策課"]


def test_the_chart_says_what_a_bureau_does_and_no_list_repeats_it(
    site: Site, citizen: Client
) -> None:
    publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION, lead="統計を作ります。")
    page = read(citizen, GUIDE)
    assert texts(page, f"{CHART}//li[a='統計局']/p") == ["統計を作ります。"]
    assert not page.xpath("//section[@aria-labelledby='organisations']")


def test_the_chart_of_an_organisation_has_its_ancestors_and_children(
    office: Page, citizen: Client
) -> None:
    page = read(citizen, f"{BUREAU}seisaku/")
    assert texts(page, f"{CHART}//a") == [
        "総務省",
        "情報通信国際戦略局",
        "情報通信政策課（このページ）",
        "管理室",
    ]
    assert texts(page, f"{CHART}//a[@aria-current='page']") == ["情報通信政策課（このページ）"]


def test_the_chart_shows_the_organisation_of_its_moment(division: Page, citizen: Client) -> None:
    approve(division, "情報通信経済課", live_from=tokyo(2014))
    page = read(citizen, f"{GUIDE}?at=2013-12-31")
    assert (links(page, CHART)[-1]) == (
        "情報通信政策課",
        f"{BUREAU}seisaku/?at=2013-12-31",
    )


def test_a_chart_of_too_many_boxes_shows_one_level(site: Site, citizen: Client) -> None:
    for number in range(statements.CHART_LIMIT):
        publish(site.bureau, f"ka{number}", f"第{number}課", kind=Kind.ORGANISATION)
    assert texts(read(citizen, GUIDE), f"{CHART}//a") == ["総務省", "情報通信国際戦略局"]


def test_a_chart_with_too_many_boxes_is_replaced_by_the_list(site: Site, citizen: Client) -> None:
    for number in range(statements.CHART_LIMIT):
        publish(site.guide, f"kyoku{number}", f"第{number}局", kind=Kind.ORGANISATION)
    page = read(citizen, GUIDE)
    assert not page.xpath(CHART)
    assert len(links(page, "//section[@aria-labelledby='organisations']")) > statements.CHART_LIMIT


def test_the_local_navigation_of_a_policy_section_lists_its_siblings(
    site: Site, citizen: Client
) -> None:
    page = read(citizen, f"{BUREAU}kenkyu/")
    assert links(page, LOCAL) == [
        ("情報通信国際戦略局", BUREAU),
        ("ICT政策の企画", f"{BUREAU}ict_seisaku/"),
        ("研究開発の推進", f"{BUREAU}kenkyu/"),
    ]
    assert texts(page, f"{LOCAL}//a[@aria-current='page']") == ["研究開発の推進"]


def test_the_local_navigation_of_an_organisation_lists_its_children(
    division: Page, citizen: Client
) -> None:
    assert [words for words, _ in links(read(citizen, BUREAU), LOCAL)] == [
        "情報通信国際戦略局",
        "ICT政策の企画",
        "研究開発の推進",
        "情報通信政策課",
        "情報通信国際戦略局の新着情報",
    ]


def test_a_single_page_has_no_local_navigation(office: Page, citizen: Client) -> None:
    assert not read(citizen, f"{BUREAU}seisaku/kanri/").xpath(LOCAL)


def test_the_main_navigation_marks_the_current_section(site: Site, citizen: Client) -> None:
    assert values(read(citizen, GUIDE), f"{MENU}//@aria-current") == ["page"]
    assert texts(read(citizen, BUREAU), f"{MENU}//a[@aria-current='true']") == ["組織案内"]
    assert texts(read(citizen, "/news/"), f"{MENU}//a[@aria-current='page']") == ["新着情報"]
    assert not values(read(citizen, "/"), f"{MENU}//@aria-current")


def test_the_home_page_lists_pages_without_those_of_the_footer(site: Site, citizen: Client) -> None:
    publish(site.root, "terms", "利用規約", category="policy")
    page = read(citizen, "/")
    assert links(page, "//section[@aria-labelledby='below']") == [("組織案内", GUIDE)]


def test_links_of_the_home_page_are_its_entrances(site: Site, citizen: Client) -> None:
    edition = approve(site.root, "総務省", live_from=tokyo(2014))
    Link.objects.bulk_create([Link(edition=edition, text="国際戦略", page=site.bureau)])
    page = read(citizen, "/")
    assert links(page, "//nav[@class='entrances']") == [("国際戦略", BUREAU)]
    assert not page.xpath("//section[@aria-labelledby='below']")


def test_the_links_need_no_more_queries_with_more_organisations(
    site: Site, citizen: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_below(site.bureau, {f"ka{n}": f"第{n}課" for n in range(30)}, kind=Kind.ORGANISATION)
    for address in (GUIDE, BUREAU):
        with django_assert_num_queries(7):
            citizen.get(address)
