"""Every public page as data, at its own address with .json or by Accept."""

import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bureaus.models import Answer, Contact, Document, Link
from bureaus.publishing import rename
from tests.helpers.cast import Site, approve, news_item, publish, tokyo

BUREAU = "/main_sosiki/joho_kokusai/"
SITE = "http://localhost"
DATA: dict[str, Any] = {"accept": "application/json"}

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]


def fetch(client: Client, address: str, status: int = 200, **headers: str) -> Any:
    response = client.get(address, headers=headers)
    assert response.status_code == status, address
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return json.loads(response.content)


def titles(places: list[dict[str, str]]) -> list[str]:
    return [place["title"] for place in places]


def test_a_page_has_its_title_dates_and_organisation(site: Site, citizen: Client) -> None:
    approve(site.news[1], "第２回公募", live_from=tokyo(2014), is_minor=True)
    data = fetch(citizen, f"{BUREAU}kobo-2.json")
    assert data["url"] == f"{SITE}{BUREAU}kobo-2/"
    assert data["json"] == f"{SITE}{BUREAU}kobo-2.json"
    assert (data["kind"], data["category"]) == ("news_item", "報道資料")
    assert data["title"] == "第２回公募"
    assert data["published"] == data["updated"] == "2013-08-02T00:00:00+09:00"
    assert data["in_force_from"] == "2014-01-01T00:00:00+09:00"
    assert data["organisation"] == {
        "title": "情報通信国際戦略局",
        "english": "",
        "url": f"{SITE}{BUREAU}",
        "json": f"{SITE}{BUREAU[:-1]}.json",
    }


def test_a_page_has_its_parents_children_and_siblings(site: Site, citizen: Client) -> None:
    bureau = fetch(citizen, f"{BUREAU[:-1]}.json")
    assert titles(bureau["parents"]) == ["総務省", "組織案内"]
    assert titles(bureau["children"]) == ["ICT政策の企画", "研究開発の推進"]
    assert titles(bureau["news"]) == ["第2回公募を開始", "会議（第3回）を開催"]
    assert bureau["organisation"]["title"] == "情報通信国際戦略局"
    first = fetch(citizen, f"{BUREAU}ict_seisaku.json")
    assert (first["previous"], first["next"]["title"]) == (None, "研究開発の推進")


def test_a_body_comes_as_html_with_absolute_links_and_as_text(site: Site, citizen: Client) -> None:
    publish(
        site.root, "page", "頁", body='<p>A&amp;B <a href="/main_sosiki/">案内</a></p>', lead="要旨"
    )
    data = fetch(citizen, "/page.json")
    assert data["html"] == f'<p>A&amp;B <a href="{SITE}/main_sosiki/">案内</a></p>'
    assert (data["lead"], data["text"]) == ("要旨", "A&B 案内")


def test_the_parts_of_a_page_come_with_it(site: Site, citizen: Client) -> None:
    edition = approve(site.guide, "組織案内", live_from=tokyo(2014))
    document = Document.objects.create(file="documents/a.pdf", title="文書", byte_size=1024)
    Link.objects.bulk_create(
        [
            Link(edition=edition, position=1, text="文書", document=document),
            Link(edition=edition, position=2, text="外", url="https://example.go.jp/"),
        ]
    )
    Contact.objects.bulk_create([Contact(edition=edition, name="総務課", phone="03-0000-0000")])
    data = fetch(citizen, "/main_sosiki.json")
    assert data["links"] == [
        {"text": "文書", "url": f"{SITE}/documents/a.pdf", "note": "（PDF形式：1KB）"},
        {"text": "外", "url": "https://example.go.jp/", "note": "（外部サイト）"},
    ]
    assert data["contacts"] == [{"name": "総務課", "phone": "03-0000-0000", "fax": "", "email": ""}]


# Addresses


@pytest.mark.parametrize(
    ("requested", "right"),
    [
        ("/.json", "/index.json"),
        (f"{BUREAU}index.json", f"{BUREAU[:-1]}.json"),
        (f"{BUREAU}.json", f"{BUREAU[:-1]}.json"),
        ("/main_sosiki/index.json?at=2013-08-01", "/main_sosiki.json?at=2013-08-01"),
    ],
)
def test_another_spelling_of_the_address_redirects_to_it(
    site: Site, citizen: Client, requested: str, right: str
) -> None:
    response = citizen.get(requested)
    assert response.status_code == (302 if "at=" in requested else 301)
    assert response.headers["Location"] == right


def test_a_page_that_has_moved_is_found_as_data_too(site: Site, citizen: Client) -> None:
    rename(page=site.bureau, slug="kokusai", actor=None)
    for requested, right in {
        f"{BUREAU[:-1]}.json?a=b": "/main_sosiki/kokusai.json?a=b",
        f"{BUREAU}kenkyu.json": "/main_sosiki/kokusai/kenkyu.json",
        f"{BUREAU}news.json?year=2013": "/main_sosiki/kokusai/news.json?year=2013",
    }.items():
        response = citizen.get(requested)
        assert (response.status_code, response.headers["Location"]) == (301, right)


def test_a_gone_or_missing_page_has_an_error_message(site: Site, citizen: Client) -> None:
    approve(site.news[0], "会議", live_from=tokyo(2014), answer=Answer.GONE, note="誤りのため")
    gone = fetch(citizen, f"{BUREAU}kaigi-3.json", 410)
    assert gone == {"error": "「会議」は掲載を終了しました。", "note": "誤りのため"}
    for address, status, words in (
        ("/nothing.json", 404, "見つかりません"),
        ("/index.json?at=2001-01-01", 404, "まだ公開されていません"),
        ("/index.json?at=zz", 400, "「zz」を読み取れません"),
        ("/news.json?year=zz", 404, "読み取れません"),
        ("/news.json?page=99", 404, "見つかりません"),
        ("/search.json", 404, "見つかりません"),
        ("/main_sosiki/news.json", 404, "見つかりません"),
    ):
        assert words in fetch(citizen, address, status)["error"], address


def test_a_past_moment_is_kept_in_every_address(site: Site, citizen: Client) -> None:
    response = citizen.get(f"{BUREAU[:-1]}.json?at=2013-07-31")
    data = json.loads(response.content)
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert data["at"].startswith("2013-07-31T23:59:59")
    assert titles(data["news"]) == ["会議（第3回）を開催"]
    inside = re.findall(rf'"({SITE}/[^"]*)"', response.content.decode())
    assert inside
    assert [address for address in inside if not address.endswith("?at=2013-07-31")] == []


# Lists


def test_a_news_list_links_its_next_page(site: Site, citizen: Client) -> None:
    for number in range(1, 26):
        news_item(site.bureau, f"n{number}", f"{number}日", tokyo(2014, 1, number).date())
    first = fetch(citizen, f"{BUREAU}news.json?year=2014")
    assert (first["total"], first["page"], first["page_count"]) == (25, 1, 2)
    second = fetch(citizen, first["next"]["json"].removeprefix(SITE))
    assert titles(first["news"] + second["news"]) == [f"{number}日" for number in range(25, 0, -1)]
    assert second["next"] is None


# By Accept


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/html, application/json;q=0.9", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("application/ld+json", "text/html"),
        ("application/json;q=0", "text/html"),
        ("application/json;" + "a" * 20_000, "text/html"),
        ("json,,;=;q=é", "text/html"),
        ("application/json;q=x", "application/json"),
    ],
)
def test_a_page_comes_in_the_form_that_is_preferred(
    site: Site, citizen: Client, accept: str, kind: str
) -> None:
    for address in (BUREAU, f"{BUREAU}news/"):
        response = citizen.get(address, headers={"accept": accept})
        assert response.status_code == 200
        assert response.headers["Content-Type"].partition(";")[0] == kind
        assert "Accept" in response.headers["Vary"].split(", ")


def test_a_page_is_the_same_by_accept_and_by_address(site: Site, citizen: Client) -> None:
    assert fetch(citizen, BUREAU, **DATA) == fetch(citizen, f"{BUREAU[:-1]}.json")


def test_a_client_that_prefers_json_gets_errors_as_json(site: Site, citizen: Client) -> None:
    for address, status in (("/nothing/", 404), ("/?at=zz", 400), ("/news/?page=99", 404)):
        assert fetch(citizen, address, status, **DATA)["error"]


def test_a_redirect_of_a_page_leads_to_the_page(site: Site, citizen: Client) -> None:
    response = citizen.get(BUREAU[:-1], headers=DATA)
    assert response.headers["Location"] == BUREAU


def test_only_what_the_accept_header_can_change_varies_with_it(site: Site, citizen: Client) -> None:
    assert "Accept," not in citizen.get("/index.json").headers.get("Vary", "") + ","


# Whatever comes in


@pytest.mark.parametrize(
    "path",
    [
        "/%00.json",
        "/%ff.json",
        "/%ed%a0%80.json",
        "/" + "a/" * 4_000 + ".json",
        "/index/.json",
        "//.json",
        "/../index.json",
        "/main_sosiki.json/",
        "/main_sosiki.json%0a",
        "/main_sosiki.JSON",
        "/あ/feed.xml",
        "/%00/news.csv",
        "/a//feed.xml",
        "/%ed%a0%80/news.json",
        "/" + "a/" * 4_000 + "feed.xml",
        "/" + "a/" * 4_000 + "news.csv",
    ],
)
def test_no_address_causes_an_error(site: Site, citizen: Client, path: str) -> None:
    raw = unquote_to_bytes(path).decode("latin-1")
    assert citizen.get("/", PATH_INFO=raw).status_code == 404


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    path=st.lists(
        st.sampled_from(["/", "main_sosiki", "joho_kokusai", "news", "index", "feed", ".", "%"])
        | st.binary(max_size=3).map(lambda raw: raw.decode("latin-1")),
        max_size=6,
    ).map("".join),
    form=st.sampled_from([".json", "/feed.xml", "/news.csv", "/news.json", "feed.xml"]),
    query=st.text(st.characters(max_codepoint=255), max_size=12).map("at=".__add__),
)
def test_no_input_breaks_a_machine_readable_form(
    site: Site, citizen: Client, path: str, form: str, query: str
) -> None:
    response = citizen.get("/", PATH_INFO=f"/{path}{form}", QUERY_STRING=query)
    assert response.status_code in {200, 301, 400, 404}


# What programs on other sites, caches and slips meet


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/index.json", 200),
        (f"{BUREAU[:-1]}.json?at=zz", 400),
        ("/nothing.json", 404),
        ("/nothing/feed.xml", 404),
        (BUREAU[:-1], 301),
        ("/.json", 301),
    ],
)
def test_programs_on_other_sites_may_read_refusals_and_redirects_too(
    site: Site, citizen: Client, address: str, status: int
) -> None:
    response = citizen.get(address)
    assert response.status_code == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Expose-Headers"] == "ETag, Link, Memento-Datetime"


@pytest.mark.parametrize(
    "address",
    ["/nothing/", "/documents/none.pdf", "/nothing/feed.xml", "/?at=zz", "/sitemap-7.xml"],
)
def test_no_error_is_cached_or_sent_in_another_form(
    site: Site, citizen: Client, address: str
) -> None:
    headers = citizen.get(address).headers
    assert headers["Cache-Control"] == "no-cache"
    assert "Accept" in headers["Vary"].split(", ")


def test_a_post_that_prefers_json_is_refused_as_json(site: Site, citizen: Client) -> None:
    response = citizen.post("/index.json")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert response.json() == {"error": "このアドレスは、読むことにだけ使えます。"}


@pytest.mark.parametrize("accept", ["Application/JSON", "application/json;charset=utf-8"])
def test_a_media_type_is_read_as_clients_write_it(site: Site, citizen: Client, accept: str) -> None:
    answer = citizen.get(BUREAU, headers={"accept": accept})
    assert answer.headers["Content-Type"] == "application/json"


def test_every_address_in_the_data_exists(site: Site, citizen: Client) -> None:
    publish(site.guide, "shiryo", "資料")
    waiting, seen = {"/index.json"}, set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        response = citizen.get(address)
        assert response.status_code == 200, address
        found = re.findall(f'"(?:json|url)": "{SITE}(/[^"]*)"', response.content.decode())
        waiting |= {link for link in found if link.endswith(".json")} - seen
        assert all(citizen.get(link).status_code == 200 for link in found)
    assert "/main_sosiki/shiryo.json" in seen


def test_text_that_looks_like_a_link_stays_text(site: Site, citizen: Client) -> None:
    approve(site.guide, "書き方", live_from=tokyo(2014), body='<p>例：href="/index"</p>')
    assert citizen.get("/main_sosiki.json").json()["html"] == '<p>例：href="/index"</p>'
    page = citizen.get(f"/main_sosiki/?at={tokyo(2014, 2):%Y-%m-%d}").content.decode()
    assert 'href="/index"</p>' in page
