"""Whatever comes in is answered below 500, with a page that says what to do instead."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from bureaus.models import Document
from tests.helpers.cast import Site, found_site
from tests.helpers.reader import links, read, texts

BUREAU = "/main_sosiki/joho_kokusai/"
LIST = f"{BUREAU}news/"
NO_NUMBERS = [
    *"0 -1 +1 1.0 1e3 1000000000000000000 １ 二 abc 0x1 %201 1%00 %00 %ff 1;2 []".split(),
    "9" * 5_000,
]
EVERY_KIND = [
    "/",
    "/main_sosiki/",
    BUREAU,
    f"{BUREAU}kenkyu/",
    f"{BUREAU}kaigi-3/",
    LIST,
    "/news/",
]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Found the site once for this file, which only reads."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield found_site()
        transaction.set_rollback(True)


def ask(client: Client, path: str, query: str = "", **environ: Any) -> HttpResponse:
    """Ask for a path and query of any bytes (percent-encoded here), as a server hands them over."""
    raw = unquote_to_bytes(path).decode("latin-1")
    response: HttpResponse = client.get("/", PATH_INFO=raw, QUERY_STRING=query, **environ)  # type: ignore[assignment]
    return response


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/main_sosiki/nothing",
        "/" + "a" * 8_000,
        "/" + "a/" * 4_000,
        BUREAU + "x/" * 500,
        "/" + "あ" * 2_000,
        "/%00",
        "/media/images/kaidan.png%00",
        "/documents/annai.pdf%00",
        f"{BUREAU}%00/",
        "/%ff/",
        "/%ed%a0%80/",
        "/%c0%ae%c0%ae/",
        "/%0a",
        f"{BUREAU[:-1]}%0a",
        "/%0d%0aSet-Cookie:%20a=b",
        "/.",
        "/..",
        "/../../etc/passwd",
        "/./main_sosiki/",
        "/.../",
        "//",
        "///main_sosiki///",
        "/main_sosiki//joho_kokusai/",
        "/MAIN_SOSIKI/",
        "/main_sosiki/joho_kokusai;a=b/",
        "/main_sosiki/%2e%2e/",
        "/*",
        "/<script>alert(1)</script>",
        "/{{7*7}}/",
        "/%25s%25d/",
        "/' OR 1=1 --/",
        "/wp-login.php",
        "/news/news/",
        "/index.html/index.html",
        "/static/nothing.css",
        "/media/",
        "/documents/",
    ],
)
def test_no_address_is_too_strange_for_a_page_that_helps(citizen: Client, path: str) -> None:
    response = ask(citizen, path)
    page = document_fromstring(response.content.decode())
    assert response.status_code == 404
    assert texts(page, "//h1") == ["お探しのページが見つかりません"]
    assert {"/", "/main_sosiki/"} <= {target for _, target in links(page, "//main")}


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    path=st.lists(
        st.sampled_from(["/", "main_sosiki", "joho_kokusai", "news", "index.html", ".", "%"])
        | st.binary(max_size=4).map(lambda raw: raw.decode("latin-1")),
        max_size=8,
    ).map("".join),
    query=st.lists(
        st.sampled_from(["at=", "year=", "page=", "category=", "&", "2013", "-08-01", "press"])
        | st.text(st.characters(max_codepoint=255), max_size=4),
        max_size=8,
    ).map("".join),
)
def test_no_path_and_no_query_breaks_the_site(citizen: Client, path: str, query: str) -> None:
    response = citizen.get("/", PATH_INFO=f"/{path}", QUERY_STRING=query)
    # 302: to the one address of a moment, as from ?at=2013 to ?at=2013-12-31.
    assert response.status_code in {200, 301, 302, 400, 404}
    assert not response.headers.get("Location", "").startswith("//")


@pytest.mark.parametrize("name", ["page", "year"])
def test_a_number_that_is_none_names_no_list(citizen: Client, name: str) -> None:
    for value in NO_NUMBERS:
        page = read(citizen, f"{LIST}?{name}={value}", 404)
        assert "年またはページの番号として読み取れません" in str(page.text_content()), value


@pytest.mark.parametrize(
    "value", ["bureau", "PRESS", "報道資料", "%00", "a" * 5_000, "press,meeting"]
)
def test_a_category_that_is_none_names_no_list(citizen: Client, value: str) -> None:
    page = read(citizen, f"{LIST}?category={value}", 404)
    assert "の新着情報はありません" in str(page.text_content())


@pytest.mark.parametrize("value", ["2", "999999", "1000000"])
def test_a_page_behind_the_last_leads_to_the_organisation(citizen: Client, value: str) -> None:
    assert BUREAU in {
        target for _, target in links(read(citizen, f"{LIST}?page={value}", 404), "//main")
    }


def test_a_year_without_news_is_an_empty_list(citizen: Client) -> None:
    for year in ("1", "1868", "9999"):
        assert "0件" in texts(read(citizen, f"{LIST}?year={year}"), "//main/p")


def test_of_parameters_given_twice_the_last_counts(citizen: Client) -> None:
    assert "0件" in texts(read(citizen, f"{LIST}?year=2013&year=1999"), "//main/p")


@pytest.mark.parametrize("query", ["", "&" * 900, "a=b&" * 900, "utm_source=x", "%", "=", "?"])
def test_a_query_that_means_nothing_changes_nothing(citizen: Client, query: str) -> None:
    assert ask(citizen, BUREAU, query).content == citizen.get(BUREAU).content


def test_more_parameters_than_anybody_needs_are_refused(citizen: Client) -> None:
    assert ask(citizen, BUREAU, "a=b&" * 2_000).status_code == 400


# Methods


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
def test_only_reading_is_possible_and_the_answer_says_so(citizen: Client, method: str) -> None:
    files = ["/media/images/a.png", "/documents/a.pdf"]
    for address in [*EVERY_KIND, *files, "/nothing/", "/news", "/%0a"]:
        response = citizen.generic(method, address, "x=1")
        page = document_fromstring(response.content.decode())
        assert response.status_code == 405, address
        assert response.headers["Allow"] == "GET, HEAD"
        assert response.headers["Content-Length"] == str(len(response.content))
        assert texts(page, "//h1") == ["この方法では受け付けられません"]
        assert not response.cookies


@pytest.mark.parametrize("address", [*EVERY_KIND, "/nothing/", "/?at=zz", "/main_sosiki"])
def test_head_is_get_without_the_body(citizen: Client, address: str) -> None:
    head, get = citizen.head(address), citizen.get(address)
    assert head.content == b""
    assert head.status_code == get.status_code
    assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize("address", EVERY_KIND)
def test_a_page_that_has_not_changed_is_not_sent_again(citizen: Client, address: str) -> None:
    tag = citizen.get(address).headers["ETag"]
    again = citizen.get(address, headers={"if-none-match": tag})
    other = citizen.get(address, headers={"if-none-match": '"another"'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert other.status_code == 200


def test_caches_ask_before_they_show_a_page(citizen: Client) -> None:
    assert {citizen.get(address).headers["Cache-Control"] for address in EVERY_KIND} == {"no-cache"}


# Hosts


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "a b", "", "[::", "%00"]
)
def test_another_host_is_refused_and_not_repeated(citizen: Client, host: str) -> None:
    for address in (BUREAU, "/nothing/", "/main_sosiki"):
        response = citizen.get(address, headers={"host": host})
        page = document_fromstring(response.content.decode())
        assert response.status_code == 400, address
        assert texts(page, "//h1") == ["アドレスを読み取れません"]
        assert "evil" not in response.content.decode()


# What breaks inside


def test_a_broken_site_says_sorry_and_asks_the_database_no_more(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    with transaction.atomic():
        connection.cursor().execute("ALTER TABLE bureaus_edition RENAME TO bureaus_lost")
        with django_assert_num_queries(1):  # the one that failed
            response = client.get(BUREAU)
        transaction.set_rollback(True)
    assert response.status_code == 500
    page = document_fromstring(response.content.decode())
    assert texts(page, "//h1") == ["ただいまページを表示できません"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_a_document_lost_on_the_disk_is_not_found(citizen: Client) -> None:
    Document(file="documents/lost.pdf", title="紛失", byte_size=1).save()
    assert citizen.get("/documents/lost.pdf").status_code == 404
