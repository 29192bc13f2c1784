"""The tree of pages: what is open, and what is hidden from officers of other branches."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureaus.admin.tree.query_params import TreeParams, tree_params
from bureaus.models import Kind, Page, Role
from bureaus.publishing import approve
from tests.helpers.cast import Site, news_item, officer, place_all, publish, tokyo
from tests.helpers.editing import drafted, submitted
from tests.helpers.generator import BUREAU, grow
from tests.helpers.storms import MANY

pytestmark = pytest.mark.django_db
TREE = "/admin/bureaus/page/"
SECRET = "まだ言えない計画"
Opened = Callable[[User, str], str]


@pytest.fixture
def open_tree() -> Opened:
    """Return the screen of an officer at an address."""

    def open_tree(who: User, address: str) -> str:
        client = Client(HTTP_HOST="localhost")
        client.force_login(who)
        response = client.get(address)
        assert response.status_code == 200, address
        return response.content.decode()

    return open_tree


def titles(html: str) -> list[str]:
    return re.findall(r'<a class="title" href="[^"]*">([^<]+)<', html)


def row(html: str, page: Page) -> str:
    """Return the row of `page` without its children."""
    return html.split(f'id="p{page.pk}"')[1].split('class="node"', maxsplit=1)[0]


def rows_at(page: Page, query: str = "") -> str:
    return f"{TREE}{page.pk}/rows/?{query}"


# Browsing


def test_the_tree_opens_at_the_officers_own_branch(
    site: Site, writer: User, open_tree: Opened
) -> None:
    html = open_tree(writer, TREE)
    # What stands there first, then the news, the newest first.
    assert titles(html) == [
        "情報通信国際戦略局",
        "ICT政策の企画",
        "研究開発の推進",
        "第2回公募を開始",
        "会議（第3回）を開催",
    ]
    crumbs = html.split('class="breadcrumbs"')[1].split("</ol>")[0]
    assert re.findall(r">([^<>\s]+)</", crumbs) == [
        "ホーム",
        "総務省",
        "組織案内",
        "情報通信国際戦略局",
    ]


def test_a_superuser_begins_at_the_root(site: Site, operator: User, open_tree: Opened) -> None:
    assert titles(open_tree(operator, TREE)) == ["総務省", "組織案内"]


def test_an_officer_of_several_branches_has_a_link_to_each_and_to_the_whole_site(
    site: Site, open_tree: Opened
) -> None:
    other = publish(site.guide, "toukei", "統計局", kind=Kind.ORGANISATION, category="bureau")
    both = officer("中村", {site.bureau: [Role.WRITER], other: [Role.APPROVER]})
    links = open_tree(both, TREE).split('class="branches"')[1].split("</nav>")[0]
    assert re.findall(r'under=(\d+)"[^>]*>([^<]+)<', links) == [
        (str(site.bureau.pk), "情報通信国際戦略局"),
        (str(other.pk), "統計局"),
        (str(site.root.pk), "サイト全体"),
    ]


def test_an_officer_without_a_role_sees_what_is_public(site: Site, open_tree: Opened) -> None:
    nobody = officer("無任所", {})
    assert titles(open_tree(nobody, TREE)) == ["総務省", "組織案内"]
    assert 'name="page"' not in open_tree(nobody, TREE)


def test_a_toggle_is_a_link_with_a_name_that_says_whether_it_is_open(
    site: Site, operator: User, open_tree: Opened
) -> None:
    closed = row(open_tree(operator, TREE), site.guide)
    assert 'aria-expanded="false"' in closed
    assert 'aria-label="「組織案内」の下を開く"' in closed
    leads = re.search(r'class="toggle" href="([^"#]+)', closed)
    assert leads is not None
    opened = open_tree(operator, leads[1].replace("&amp;", "&"))
    assert 'aria-expanded="true"' in row(opened, site.guide)
    assert 'aria-label="「組織案内」の下を閉じる"' in row(opened, site.guide)
    assert "情報通信国際戦略局" in titles(opened)


def test_several_branches_are_open_at_once(site: Site, operator: User, open_tree: Opened) -> None:
    html = open_tree(operator, f"{TREE}?open={site.guide.pk},{site.bureau.pk}")
    assert titles(html)[2:4] == ["情報通信国際戦略局", "ICT政策の企画"]


def test_a_branch_that_opens_is_the_same_part_of_the_tree(
    site: Site, operator: User, open_tree: Opened
) -> None:
    part = open_tree(operator, rows_at(site.guide, f"under={site.root.pk}"))
    assert titles(part) == ["情報通信国際戦略局"]
    assert part.startswith("<ul")
    assert f"open={site.guide.pk},{site.bureau.pk}" in part  # its toggles keep what is open


def test_a_hundred_children_are_shown_and_then_the_next(
    site: Site, operator: User, open_tree: Opened
) -> None:
    plant_many(site.sections[0], [f"n{number}" for number in range(105)])
    address = f"{TREE}?under={site.sections[0].pk}"
    first = open_tree(operator, address)
    assert len(titles(first)) == 101
    more = re.search(r'class="more"><a href="([^"#]+)', first)
    assert more is not None
    assert len(titles(open_tree(operator, more[1].replace("&amp;", "&")))) == 106
    assert len(titles(open_tree(operator, rows_at(site.sections[0], "batch=2")))) == 5


def test_a_page_is_opened_up_to_and_marked(site: Site, writer: User, open_tree: Opened) -> None:
    html = open_tree(writer, f"{TREE}?under={site.bureau.pk}&show={site.guide.pk}")
    assert "data-marked" in row(html, site.guide)
    assert "ICT政策の企画" in titles(html)  # what was open stays so
    deep = open_tree(writer, f"{TREE}?under={site.root.pk}&show={site.news[0].pk}")
    assert "data-marked" in row(deep, site.news[0])


def test_a_row_says_state_when_and_who(
    site: Site, writer: User, approver: User, open_tree: Opened
) -> None:
    drafted(site.sections[0], writer)
    booking = submitted(site.bureau, writer)
    approve(editions=[booking], actor=approver, at=tokyo(2099, 5, 6, 14))
    html = open_tree(writer, TREE)
    draft = row(html, site.sections[0])
    assert "公開中（改訂あり）" in draft
    assert "下書き" in draft
    assert "2013年4月1日</time>から" in draft
    assert "鈴木（編集）" in draft
    booked = row(html, site.bureau)
    assert "2099年5月6日14時00分</time>に公開予定" in booked
    assert "佐藤（承認）" in booked


@pytest.mark.parametrize(
    "query",
    [
        "under=0",
        "under=x&open=,,-,1-,99999999999999999999,1-99",
        "show=999999999999999999&after=-1",
        "state=nothing&kind=none&mine=2",
        "q=%ED%A0%80&list=1",
        "q=http://[&list=1",
        "open=" + ",".join(map(str, range(1, 400))),
    ],
)
def test_nothing_in_the_address_breaks_the_tree(
    site: Site, writer: User, open_tree: Opened, query: str
) -> None:
    assert "情報通信国際戦略局" in open_tree(writer, f"{TREE}?{query}") or "list=1" in query


def test_what_a_tree_came_from_leads_nowhere_else() -> None:
    params = tree_params("under=3&open=4,7-2&next=//example.jp/&q=%22%3E")
    assert params == TreeParams(under=3, opened=((4, 1), (7, 2)), words='">')
    assert params.address == f"{TREE}?under=3&open=4,7-2&q=%22%3E"


def plant_many(parent: Page, slugs: list[str]) -> list[Page]:
    return place_all({f"{parent.url_path}{slug}/": Kind.PAGE for slug in slugs})


def test_a_tree_that_is_too_much_for_a_screen_closes_some_of_it_and_says_so(
    site: Site, operator: User, open_tree: Opened
) -> None:
    parents = plant_many(site.guide, [f"p{number}" for number in range(16)])
    for parent in parents:
        plant_many(parent, [f"c{number}" for number in range(100)])
    opened = ",".join(str(page.pk) for page in parents)
    html = open_tree(operator, f"{TREE}?under={site.guide.pk}&open={opened}")
    assert "一部を閉じました" in html
    assert 1_000 < len(titles(html)) <= 1_500
    last = row(html, parents[-1])
    assert 'aria-expanded="false"' in last
    reopened = re.search(r'class="toggle" href="([^"#]+)', last)
    assert reopened is not None
    assert f"{parents[0].pk},{parents[1].pk}" in reopened[1]


def test_after_a_thousand_children_the_rest_is_a_list(
    site: Site, operator: User, open_tree: Opened
) -> None:
    plant_many(site.guide, [f"c{number}" for number in range(1_001)])
    html = open_tree(operator, f"{TREE}?under={site.guide.pk}&open={site.guide.pk}-10")
    assert len(titles(html)) == 1_001
    assert f'href="{TREE}?under={site.guide.pk}&amp;list=1"' in html


# Cost

LIMIT = 15
# What is asked for: of an officer of the branch, and of one of another one.
# Where there are rows, one of them reads the booked reorderings.
# Words are also looked for in the open editions of the officer's branches.
COSTS = {
    "": (8, 9),
    "under": (8, 9),
    "q=お知らせ": (12, 11),
    "q=存在しない": (9, 8),
    "list=1": (9, 8),
    "mine=1": (9, 6),
    "waiting=1": (6, 6),
    "state=current": (8, 8),
    "state=archived": (6, 6),
    "kind=news_item": (8, 8),
    "everything": (13, 11),
    "show": (9, 9),
    "rows": (10, 9),
}


def queries_of(who: User, address: str) -> int:
    client = Client(HTTP_HOST="localhost")
    client.force_login(who)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("size", [20, MANY])
def test_a_view_of_the_tree_costs_the_same_at_any_size(size: int) -> None:
    grow(size)
    bureau, root = Page.objects.get(key=BUREAU), Page.objects.get(key="/")
    insider = officer("鈴木", {bureau: [Role.WRITER, Role.APPROVER], root: [Role.MANAGER]})
    stranger = officer("伊藤", {Page.objects.get(key="/terms/"): list(Role)})
    submitted(bureau, insider)
    opened = ",".join(str(page.pk) for page in Page.objects.filter(kind=Kind.ORGANISATION)[:20])
    addresses = {name: f"{TREE}?{name}" for name in COSTS} | {
        "under": f"{TREE}?under={root.pk}&open={opened}",
        "everything": f"{TREE}?q=公表&under={bureau.pk}&state=current&kind=news_item",
        "show": f"{TREE}?show={bureau.pk}",
        "rows": rows_at(bureau, f"under={root.pk}&open={opened}"),
    }
    costs = {
        name: (queries_of(insider, address), queries_of(stranger, address))
        for name, address in addresses.items()
    }
    assert costs == COSTS
    assert max(max(cost) for cost in costs.values()) <= LIMIT


def test_the_tree_costs_the_same_whatever_is_open_and_however_much_there_is() -> None:
    grow(MANY)
    boss = officer("渡辺", {Page.objects.get(key="/"): [Role.MANAGER]})
    news = news_item(Page.objects.get(key=BUREAU), "x", "お知らせ", tokyo(2015).date())
    organisations = Page.objects.filter(kind=Kind.ORGANISATION)
    opened = ",".join(str(page.pk) for page in organisations)
    few = queries_of(boss, f"{TREE}?show={organisations[1].pk}")
    assert queries_of(boss, f"{TREE}?open={opened}&show={news.pk}") == few
