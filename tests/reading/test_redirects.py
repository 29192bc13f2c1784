"""Redirects: permanent, in one hop, to this site only."""

from datetime import datetime
from urllib.parse import unquote_to_bytes

import pytest
from django.test import Client

from bureaus.integrity import problems
from bureaus.models import Answer, FormerAddress, Kind, Page
from bureaus.models.branches import move_branch
from bureaus.models.locks import tree_lock
from bureaus.models.placements import pages_at, reread
from bureaus.publishing import move, rename
from tests.helpers.cast import Site, approve, place, publish, tokyo
from tests.helpers.reader import links, read, texts

GUIDE = "/main_sosiki/"
BUREAU = f"{GUIDE}joho_kokusai/"
RENAMED = f"{GUIDE}kokusai/"


def hop(client: Client, address: str) -> str:
    """Return the target of `address`, which must itself answer with a page."""
    response = client.get(address)
    assert response.status_code == 301, f"{address} → {response.status_code}"
    target = response.headers["Location"]
    assert client.get(target).status_code == 200, f"{address} → {target}"
    return target


@pytest.fixture
def renamed(site: Site) -> Site:
    rename(page=site.bureau, slug="kokusai", actor=None)
    return site


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/index.html", "/"),
        ("/index.htm", "/"),
        ("/main_sosiki", GUIDE),
        (f"{BUREAU}index.html", BUREAU),
        (f"{BUREAU}index.htm", BUREAU),
        (f"{BUREAU}kenkyu", f"{BUREAU}kenkyu/"),
        ("/news", "/news/"),
        ("/news/index.html", "/news/"),
        (f"{BUREAU}news", f"{BUREAU}news/"),
        (f"{BUREAU}news/index.htm", f"{BUREAU}news/"),
    ],
)
def test_another_spelling_redirects_to_the_address(
    site: Site, citizen: Client, address: str, target: str
) -> None:
    assert hop(citizen, address) == target


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (BUREAU, RENAMED),
        (BUREAU.rstrip("/"), RENAMED),
        (f"{BUREAU}index.html", RENAMED),
        (f"{BUREAU}kenkyu/", f"{RENAMED}kenkyu/"),
        (f"{BUREAU}kenkyu/index.html", f"{RENAMED}kenkyu/"),
        (f"{BUREAU}kaigi-3", f"{RENAMED}kaigi-3/"),
        (f"{BUREAU}news/", f"{RENAMED}news/"),
        (f"{BUREAU}news", f"{RENAMED}news/"),
        (f"{BUREAU}news/index.html", f"{RENAMED}news/"),
    ],
)
def test_a_former_address_leads_to_the_page_in_one_hop(
    renamed: Site, citizen: Client, address: str, target: str
) -> None:
    assert hop(citizen, address) == target


def test_after_many_moves_every_former_address_leads_straight_to_the_page(
    renamed: Site, citizen: Client
) -> None:
    move(page=renamed.bureau, to=renamed.root, actor=None)
    rename(page=renamed.bureau, slug="gisb", actor=None)
    for former in (BUREAU, RENAMED, "/kokusai/"):
        assert hop(citizen, former) == "/gisb/"
        assert hop(citizen, f"{former}kenkyu/") == "/gisb/kenkyu/"


def test_an_address_that_a_new_page_took_over_is_that_pages(renamed: Site, citizen: Client) -> None:
    publish(renamed.guide, "joho_kokusai", "同じ名前の新しいページ")
    assert texts(read(citizen, BUREAU), "//h1") == ["同じ名前の新しいページ"]
    assert hop(citizen, f"{BUREAU}kenkyu/") == f"{RENAMED}kenkyu/"


@pytest.mark.parametrize("query", ["year=2013", "a=%E3%81%82&b", "next=//evil.example"])
def test_a_redirect_keeps_the_query(renamed: Site, citizen: Client, query: str) -> None:
    assert hop(citizen, f"{BUREAU}?{query}") == f"{RENAMED}?{query}"
    assert hop(citizen, f"{RENAMED}index.html?{query}") == f"{RENAMED}?{query}"
    assert hop(citizen, f"{BUREAU}news?{query}") == f"{RENAMED}news/?{query}"


def rename_since(page: Page, slug: str, start: datetime) -> None:
    """Give the page of the guide another slug from a past moment on."""
    with tree_lock():
        [guide] = pages_at([GUIDE]).values()
        node = reread(page).placement
        move_branch(node, under=guide, slug=slug, start=start, release="past")


def test_every_address_reads_the_past_where_the_page_stood_then(
    site: Site, citizen: Client
) -> None:
    rename_since(site.bureau, "kokusai", tokyo(2014))
    for address, at, there in (
        (BUREAU, "2013-12-30", BUREAU),
        (RENAMED, "2013-12-30", BUREAU),
        (BUREAU, "2014-06-01", RENAMED),
        (RENAMED, "2014-06-01", RENAMED),
    ):
        response = citizen.get(f"{address}kenkyu/?at={at}")
        if there == address:
            assert response.status_code == 200, (address, at)
        else:
            assert response.status_code == 302, (address, at)
            assert response.headers["Location"] == f"{there}kenkyu/?at={at}"
    assert hop(citizen, f"{BUREAU}kenkyu/") == f"{RENAMED}kenkyu/"


def test_a_page_that_moved_leads_to_its_successor(site: Site, citizen: Client) -> None:
    old = publish(site.root, "old", "旧ページ")
    approve(old, "旧ページ", live_from=tokyo(2014), answer=Answer.MOVED, moved_to=site.bureau)
    assert hop(citizen, "/old/") == BUREAU
    assert hop(citizen, "/old/index.html") == BUREAU
    assert texts(read(citizen, "/old/?at=2013-12-31"), "//h1") == ["旧ページ"]


def test_a_chain_of_successors_is_one_hop(site: Site, citizen: Client) -> None:
    pages = [publish(site.root, f"step{number}", f"{number}番") for number in range(3)]
    targets = [*pages[1:], site.bureau]
    for page, target in zip(pages, targets, strict=True):
        approve(page, "移転", live_from=tokyo(2014), answer=Answer.MOVED, moved_to=target)
    rename(page=pages[0], slug="renamed", actor=None)
    for address in ("/step0/", "/renamed/", "/step1/", "/step2/"):
        assert hop(citizen, address) == BUREAU


def test_the_news_of_an_organisation_that_moved_are_those_of_its_successor(
    site: Site, citizen: Client
) -> None:
    old = publish(site.guide, "old", "旧局", kind=Kind.ORGANISATION)
    approve(old, "旧局", live_from=tokyo(2014), answer=Answer.MOVED, moved_to=site.bureau)
    assert hop(citizen, f"{GUIDE}old/news/") == f"{BUREAU}news/"


def test_an_edition_that_has_not_begun_moves_nothing(site: Site, citizen: Client) -> None:
    old = place(site.root, "old")
    approve(old, "移転", live_from=tokyo(2999), answer=Answer.MOVED, moved_to=site.bureau)
    assert citizen.get("/old/").status_code == 404


# Never to another host


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address",
    [
        "//evil.example/index.html",
        "//evil.example/news",
        "//evil.example",
        "/\\evil.example/index.html",
        "/\\evil.example/news",
        "/%5Cevil.example/news",
        "/%2Fevil.example/index.html",
        "/%2F%2Fevil.example/news",
        "/https:/evil.example/index.html",
        "/https://evil.example/news",
        "/@evil.example/index.html",
        "/.evil.example/index.html",
        "/%09/evil.example/news",
        "/%0D%0ALocation:%20https:/evil.example/news",
    ],
)
def test_no_address_leads_away_from_the_site(site: Site, citizen: Client, address: str) -> None:
    path = unquote_to_bytes(address).decode("latin-1")  # as a server passes it on
    response = citizen.get("/", PATH_INFO=path)
    assert response.status_code == 404
    assert "Location" not in response.headers


def test_a_query_cannot_break_out_of_the_location(renamed: Site, citizen: Client) -> None:
    response = citizen.get(BUREAU, QUERY_STRING="a=\r\nSet-Cookie: b=c")
    assert response.headers["Location"] == f"{RENAMED}?a=%0D%0ASet-Cookie:%20b=c"


# Missing and gone


@pytest.mark.parametrize(
    "address",
    [
        f"{BUREAU}nothing/here/",
        f"{BUREAU}Nothing.HTML",
        f"{BUREAU}無い/",
        f"{BUREAU}a.pdf",
        f"{BUREAU}//x/",
    ],
)
def test_a_wrong_address_links_the_nearest_pages_above(
    site: Site, citizen: Client, address: str
) -> None:
    page = read(citizen, address, 404)
    near = links(page, "//h2[.='お探しのページに近いページ']/following-sibling::ul[1]")
    assert [target for _, target in near] == ["/", GUIDE, BUREAU]


def test_a_wrong_address_at_the_top_links_the_home_page(site: Site, citizen: Client) -> None:
    assert ("総務省トップ", "/") in links(read(citizen, "/nothing/", 404), "//main")


@pytest.mark.parametrize("address", [f"{GUIDE}news/", f"{BUREAU}kenkyu/news/", "/nothing/news/"])
def test_only_organisations_have_news(site: Site, citizen: Client, address: str) -> None:
    assert ("総務省トップ", "/") in links(read(citizen, address, 404), "//main")


@pytest.mark.parametrize("address", ["/old/", "/old", "/old/index.html", "/old/news/"])
def test_a_page_that_was_taken_down_names_the_reason(
    site: Site, citizen: Client, address: str
) -> None:
    old = publish(site.root, "old", "古い組織", kind=Kind.ORGANISATION)
    note = "役目を終えました。\n<b>国立公文書館</b>でご覧ください。"
    approve(old, "古い組織", live_from=tokyo(2014), answer=Answer.GONE, note=note)
    page = read(citizen, address, 410)
    assert "「古い組織」は削除されました。" in texts(page, "//main/p")
    assert "役目を終えました。<b>国立公文書館</b>でご覧ください。" in texts(page, "//main/p")
    assert ("総務省トップ", "/") in links(page, "//main")


def test_a_redirect_has_a_text_with_the_new_address(site: Site, citizen: Client) -> None:
    page = read(citizen, "/main_sosiki?a=1&b=<2>", 301)
    assert links(page, "//main")[0] == ("/main_sosiki/?a=1&b=%3C2%3E",) * 2


@pytest.mark.parametrize("ending", ["news/", "news.json", "feed.xml", "news.csv"])
def test_a_news_list_of_a_page_that_became_no_organisation_redirects_to_the_page(
    site: Site, citizen: Client, ending: str
) -> None:
    approve(site.bureau, "局", live_from=tokyo(2014), answer=Answer.MOVED, moved_to=site.guide)
    response = citizen.get(f"{site.bureau.url_path}{ending}", follow=True)
    assert response.status_code == (404 if ending in {"feed.xml", "news.csv"} else 200)


def test_no_address_leads_to_a_page_that_is_not_public_at_the_moment(
    site: Site, citizen: Client
) -> None:
    draft = place(site.root, "draft")
    FormerAddress.objects.create(url_path="/old/", page=draft)
    assert citizen.get("/old/").status_code == 404

    approve(draft, "公開したページ", live_from=tokyo(2014))
    rename(page=draft, slug="renamed", actor=None)
    assert hop(citizen, "/old/") == "/renamed/"
    assert citizen.get("/old/?at=2013-12-31").status_code == 404
    assert citizen.get("/renamed/?at=2013-12-31").status_code == 404


@pytest.mark.parametrize(
    ("stored", "address", "target"),
    [
        ("/menu_news/s-news/01_0100.html", "/menu_news/s-news/01_0100.html", BUREAU),
        ("/Menu/", "/Menu/index.html", BUREAU),
        ("/annai.php", "/annai.php?id=5", f"{BUREAU}?id=5"),
        ("/案内/局.html", "/%E6%A1%88%E5%86%85/%E5%B1%80.html", BUREAU),
    ],
)
def test_an_old_path_of_any_form_leads_to_its_page(
    site: Site, citizen: Client, stored: str, address: str, target: str
) -> None:
    FormerAddress.objects.create(url_path=stored, page=site.bureau)
    assert hop(citizen, address) == target
    assert problems() == []


@pytest.mark.parametrize("address", ["/x%00.html", "/%ED%A0%80.html", "//x/y.html", "/X.html"])
def test_no_other_path_leads_anywhere(site: Site, citizen: Client, address: str) -> None:
    assert citizen.get(address).status_code == 404
