"""The search page: empty queries, queries without results, and strange input."""

from urllib.parse import quote, unquote_to_bytes

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bureaus.models import Synonyms
from tests.helpers.cast import Site, approve, publish, tokyo
from tests.helpers.reader import links, read, texts, values
from tests.search.test_search import BUREAU, TITLES, found, result_text

pytestmark = pytest.mark.django_db


# Empty queries and results


@pytest.mark.parametrize("query", ["", "?q=", "?q=%E3%80%80%20", "?q=%00", "?other=1"])
def test_an_empty_query_shows_the_form_and_how_to_use_it(
    site: Site, citizen: Client, query: str
) -> None:
    page = read(citizen, f"/search/{query}")
    assert texts(page, "//h1") == ["サイト内検索"]
    assert not page.xpath("//p[@role='status']")
    assert links(page, "//main/p")[0] == ("検索欄", "#search")


@pytest.mark.parametrize("words", ["-結果", "「」", "・"])
def test_a_query_without_required_words_is_explained(
    site: Site, citizen: Client, words: str
) -> None:
    assert result_text(citizen, words).startswith(f"「{words}」には、探す語がありません。")


def test_an_empty_result_offers_other_pages(site: Site, citizen: Client) -> None:
    publish(site.root, "sitemap", "サイトマップ", category="sitemap")
    page = read(citizen, f"/search/?q={quote('「研究開発の推進ﾁｰﾑ」')}")
    assert "見つかりませんでした（0件）" in texts(page, "//p[@role='status']")[0]
    anchors = links(page, "//main")
    assert {"/sitemap/", "/news/"} <= {target for _, target in anchors}
    assert ("研究開発の推進", f"{BUREAU}kenkyu/") in anchors
    assert "「研究開発」で探す" in dict(anchors)


def offered(client: Client, words: str, more: str = "") -> list[str]:
    """Return the words offered in place of `words`, each of which has results."""
    page = read(client, f"/search/?q={quote(words)}{more}")
    anchors = [anchor for anchor in links(page, "//main//ul") if anchor[0].startswith("「")]
    assert all(texts(read(client, address), TITLES) for _, address in anchors)
    return [label.removeprefix("「").removesuffix("」で探す") for label, _ in anchors]


@pytest.fixture
def passports(site: Site) -> Site:
    """A page about passports, and two more that renew something."""
    for slug, title in (
        ("passport", "パスポートの更新"),
        ("licence", "免許の更新"),
        ("card", "ｶｰﾄﾞの更新"),
    ):
        publish(site.guide, slug, title)
    return site


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("「パスポートを更新するにはどうすればいいですか」", ["パスポート", "更新"]),
        ("「ﾊﾟｽﾎﾟｰﾄがほしい」", ["ﾊﾟｽﾎﾟｰﾄ"]),
        ("「更新が必要なカードはどれですか」", ["カード", "更新"]),
        ("はどうすればいいですか", []),
        ("「研究」 宇宙船", ["研究"]),
        ("「ICT政策はいつ」", ["ICT政策", "ICT", "政策"]),
        ("「宇宙船の更新」", ["更新"]),
        ("「-結果」「・」宇宙船", []),
    ],
)
def test_a_phrase_without_results_offers_its_words_the_rarest_first(
    passports: Site, citizen: Client, query: str, words: list[str]
) -> None:
    assert offered(citizen, query) == words


def test_words_are_offered_that_find_something_at_the_moment(
    passports: Site, citizen: Client
) -> None:
    approve(passports.guide, "旅券の案内", live_from=tokyo(2014))
    assert offered(citizen, "「旅券を更新するには」", "&at=2013-12-31") == ["更新"]
    assert offered(citizen, "「旅券を更新するには」") == ["旅券", "更新"]


def test_folded_text_is_never_shown(passports: Site, citizen: Client) -> None:
    page = read(citizen, f"/search/?q={quote('パスポートを更新するにはどうすればいいですか')}")
    assert "ハドウスレバ" not in str(page.text_content())
    assert "ヲ更新" not in str(page.text_content())


def test_filters_without_results_can_be_removed(site: Site, citizen: Client) -> None:
    page = read(citizen, f"/search/?q={quote('研究')}&year=1990")
    anchor = dict(links(page, "//main"))["絞り込みを外して探す"]
    assert texts(read(citizen, anchor), TITLES) == ["研究開発の推進"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "サイト内検索｜総務省"),
        ("?q=公募", "サイト内検索（「公募」、1件）｜総務省"),
        ("?q=外国語", "サイト内検索（「外国語」、0件）｜総務省"),
        ("?q=-公募", "サイト内検索（「-公募」）｜総務省"),
    ],
)
def test_the_title_holds_the_number_of_results(
    site: Site, citizen: Client, query: str, title: str
) -> None:
    assert read(citizen, f"/search/{query}").findtext(".//title") == title


def test_the_words_stay_in_the_field(site: Site, citizen: Client) -> None:
    page = read(citizen, "/search/?q=%22%3E%3Cb%3E")
    assert values(page, "//main//input[@name='q']/@value") == ['"><b>']
    assert not page.xpath("//b")


# Strange queries


@pytest.mark.parametrize("words", ["%", "_", "\\", "%_%", "'", '"', "*", "[a-z]+", "(?i)", "^a"])
def test_wildcards_of_the_database_are_literal(site: Site, citizen: Client, words: str) -> None:
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
        "title:a",
        "NEAR(a+b)",
        "a+AND+(b+OR",
        "%22a",
        "-",
        "-+-+-",
        "%E3%80%8C",
        "%F0%9F%98%80",
        "%CC%81" * 100,  # accents on nothing
        "%E1%84%80%E1%85%A1",  # a syllable in its parts
    ],
)
def test_no_query_is_too_strange(
    site: Site, citizen: Client, raw: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    unquoted = unquote_to_bytes(raw).decode("latin-1")
    for query in (f"q={raw}", f"q={unquoted}"):
        with django_assert_max_num_queries(8):
            assert citizen.get("/search/", QUERY_STRING=query).status_code == 200
        answer = citizen.get("/search/suggestions.json", QUERY_STRING=query)
        assert answer.status_code == 200


def test_a_search_costs_no_more_for_many_synonyms_and_words(
    site: Site, citizen: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    group = "\n".join(f"語{number}" for number in range(200))
    Synonyms.objects.bulk_create(Synonyms(words=group) for _ in range(30))
    with django_assert_num_queries(8):
        found(citizen, "研究 推進 開発 発 の")


# The page itself


@pytest.mark.parametrize("query", ["", "?q=a", "?q=a&at=2013-12-31"])
def test_results_are_not_indexed(site: Site, citizen: Client, query: str) -> None:
    response = citizen.get(f"/search/{query}")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert values(read(citizen, f"/search/{query}"), "//meta[@name='robots']/@content") == [
        "noindex"
    ]


def test_other_forms_of_the_address_redirect(site: Site, citizen: Client) -> None:
    for address in ("/search", "/search/index.html"):
        response = citizen.get(f"{address}?q=a")
        assert (response.status_code, response.headers["Location"]) == (301, "/search/?q=a")


def test_titles_are_suggested_while_typing(site: Site, citizen: Client) -> None:
    response = citizen.get(f"/search/suggestions.json?q={quote('すいしん')}")
    assert response.json() == ["すいしん", [], [], []]
    response = citizen.get(f"/search/suggestions.json?q={quote('推進')}")
    address = f"{BUREAU}kenkyu/"
    assert response.json() == [
        "推進",
        ["研究開発の推進"],
        [address],
        [f"http://localhost{address}"],
    ]
    assert response.headers["Content-Type"] == "application/x-suggestions+json"


def test_opensearch_describes_the_search(site: Site, citizen: Client) -> None:
    page = read(citizen, "/")
    assert values(page, "//link[@rel='search']/@href") == ["/opensearch.xml"]
    response = citizen.get("/opensearch.xml")
    assert response.headers["Content-Type"] == "application/opensearchdescription+xml"
    assert "http://localhost/search/?q={searchTerms}" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/ict_seisaku-2013/", "ict seisaku"),
        ("/main_sosiki/nothing/index.html", "nothing"),
        (f"/{quote('政策・予算')}/", "政策・予算"),
        ("/123/456/", ""),
        ("/%00%ff/", "%FF"),
        ("/" + "a/" * 4_000, "a"),
        ("/" + "x" * 9_000, "x" * 100),
    ],
)
def test_a_missing_page_offers_a_search_for_its_address(
    site: Site, citizen: Client, path: str, words: str
) -> None:
    page = read(citizen, path, 404)
    assert values(page, "//main//input[@name='q']/@value") == [words]
