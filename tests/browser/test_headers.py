"""Headers of every kind of address, from the real server as it stands behind a proxy with TLS."""

import re
from collections.abc import Iterator
from http.client import HTTPMessage
from pathlib import Path

import pytest

from tests.browser.observatory import explained, score
from tests.browser.page_kinds import KINDS, REFUSALS
from tests.helpers.reader import BUREAU
from tests.helpers.server import Answer, Environment, ask, running

AS_PROXIED = {"X-Forwarded-Proto": "https"}
ADDRESSES = {
    "page": BUREAU,
    "news-list": "/news/",
    "search": KINDS["search"],
    "past": KINDS["bureau-in-the-past"],
    "moved": "/main_sosiki",
    "404": REFUSALS["404"],
    "410": REFUSALS["410"],
    "400": REFUSALS["400"],
    "image": "/media/images/kaidan.png",
    "document": "/documents/ict_tweet_unyou_policy.pdf",
    "no-such-document": "/documents/nothing.pdf",
    "no-such-style": "/static/css/nothing.css",
    "json": f"{BUREAU[:-1]}.json",
    "news-csv": "/news.csv",
    "organisations-csv": "/organisations.csv",
    "feed": "/feed.xml",
    "sitemap": "/sitemap.xml",
    "robots": "/robots.txt",
    "security": "/.well-known/security.txt",
    "favicon": "/favicon.ico",
    "health": "/healthz",
    "login": "/admin/login/",
}


@pytest.fixture(scope="module")
def secure(environment: Environment) -> Iterator[int]:
    with running(environment | {"HTTPS": "on"}, workers=1) as (_, port):
        yield port


@pytest.fixture(scope="module")
def broken(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The same site, whose database has lost its tables."""
    empty = tmp_path_factory.mktemp("broken") / "empty.sqlite3"
    with running(
        environment | {"HTTPS": "on", "DATABASE_URL": f"sqlite:///{empty}"}, workers=1
    ) as (_, port):
        yield port


def over_tls(port: int, address: str, method: str = "GET") -> Answer:
    return ask(port, address, method=method, headers=AS_PROXIED)


def assert_scores(answer: Answer) -> None:
    assert score(answer.headers) >= 140, explained(answer.headers)


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_every_kind_of_address_has_the_full_score(secure: int, address: str) -> None:
    assert_scores(over_tls(secure, address))


def test_static_files_have_the_full_score(secure: int) -> None:
    page = over_tls(secure, "/").body.decode()
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert {Path(name).suffix for name in files} >= {".css", ".svg"}
    for name in files:
        answer = over_tls(secure, name)
        assert answer.status == 200
        assert_scores(answer)


def test_another_method_has_the_full_score(secure: int) -> None:
    answer = over_tls(secure, BUREAU, "POST")
    assert answer.status == 405
    assert_scores(answer)


def test_another_host_has_the_full_score(secure: int) -> None:
    answer = ask(secure, "/", headers=AS_PROXIED | {"Host": "evil.example"})
    assert answer.status == 400
    assert_scores(answer)


def test_a_failure_has_the_full_score(broken: int) -> None:
    answer = over_tls(broken, BUREAU)
    assert answer.status == 500
    assert "ただいまページを表示できません" in answer.body.decode()
    assert_scores(answer)


@pytest.mark.parametrize("address", [BUREAU, "/documents/nothing.pdf", "/static/css/nothing.css"])
def test_what_is_asked_without_tls_is_sent_to_the_same_host_with_tls(
    secure: int, address: str
) -> None:
    answer = ask(secure, address)
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://localhost{address}"


def headers(**values: str) -> HTTPMessage:
    made = HTTPMessage()
    for name, value in values.items():
        made[name.replace("_", "-")] = value
    return made


GOOD = {
    "Content_Security_Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    "Strict_Transport_Security": "max-age=63072000; includeSubDomains; preload",
    "X_Content_Type_Options": "nosniff",
    "Referrer_Policy": "same-origin",
    "Cross_Origin_Resource_Policy": "same-origin",
    "Cross_Origin_Embedder_Policy": "require-corp",
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 140),
        ({"Set_Cookie": "sessionid=x; Secure; HttpOnly; SameSite=Lax"}, 145),
        ({"Content_Security_Policy": "default-src 'self'; frame-ancestors 'none'"}, 130),
        ({"Content_Security_Policy": "default-src 'none'; form-action 'self'"}, 80),
        ({"Content_Security_Policy": "script-src 'unsafe-inline'"}, 60),
        ({"Content_Security_Policy": ""}, 55),
        ({"Strict_Transport_Security": ""}, 80),
        ({"Strict_Transport_Security": "max-age=3600"}, 130),
        ({"X_Content_Type_Options": ""}, 135),
        ({"Referrer_Policy": "unsafe-url"}, 130),
        ({"Cross_Origin_Resource_Policy": "cross-origin"}, 130),
        ({"Cross_Origin_Embedder_Policy": "unsafe-none"}, 130),
        ({"Set_Cookie": "sessionid=x; Secure"}, 70),
    ],
)
def test_the_score_is_that_of_the_observatory(changed: dict[str, str], expected: int) -> None:
    assert score(headers(**GOOD | changed)) == expected
