"""What proxies say of a request: believed from the trusted ones, and from nobody else."""

import http.client
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from bureaus.middleware import TrustedProxiesMiddleware
from tests.server import PATIENCE, copy_of_prepared, running

HERE, THERE = "192.0.2.1", "192.0.2.2"


# The real server: what a client adds beside the header of the proxy


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    environment = copy_of_prepared(tmp_path_factory.mktemp("data"))
    behind_one = {"HTTPS": "on", "TRUSTED_PROXIES": "1"}
    with running(environment | behind_one, workers=1) as (_, port):
        yield port


def send(
    port: int, method: str, headers: list[tuple[str, str]], body: str = ""
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.putrequest(method, "/admin/login/", skip_host=True)
    for name, value in [("Host", "localhost"), ("Content-Length", str(len(body))), *headers]:
        connection.putheader(name, value)
    connection.endheaders(body.encode())
    response = connection.getresponse()
    response.page = response.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return response


def by_proxy(client: str, *added: tuple[str, str]) -> list[tuple[str, str]]:
    """The header of a proxy, then those that its client added: of two that merge, the last wins."""
    return [("Forwarded", f"for={client};proto=https"), *added]


def guess(port: int, client: str, *added: tuple[str, str]) -> int:
    form = send(port, "GET", by_proxy(client))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.page)  # type: ignore[attr-defined]
    assert token is not None
    cookie = (form.headers["Set-Cookie"] or "").partition(";")[0]
    typed = {"username": "田中", "password": "まちがい", "csrfmiddlewaretoken": token[1]}
    headers = [
        *by_proxy(client, *added),
        ("Cookie", cookie),
        ("Origin", "https://localhost"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ]
    return send(port, "POST", headers, urlencode(typed)).status


NAMES = ["X_Forwarded_For", "X-Forwarded-For", "X-Forwarded_For", "Forwarded_"]


def test_headers_beside_those_of_the_proxy_do_not_pass_the_limit(port: int) -> None:
    added = [[(name, f"198.51.100.{number}") for name in NAMES] for number in range(5)]
    assert [guess(port, HERE, *each) for each in added] == [200, 200, 200, 200, 429]
    assert guess(port, THERE) == 200


def test_headers_beside_those_of_the_proxy_do_not_change_scheme_or_host(port: int) -> None:
    for scheme in ("http", "https"):
        for name in ("X_Forwarded_Proto", "X-Forwarded-Proto", "X_Forwarded_Ssl"):
            added = [(name, scheme), ("X_Forwarded_Host", "evil.example"), ("Host_", "evil")]
            seen = send(port, "GET", by_proxy(HERE, *added))
            assert seen.status == 200
            assert "evil" not in seen.page  # type: ignore[attr-defined]
            assert send(port, "GET", added).status == 301


# What is read


def seen(header: str, value: str, **more: str) -> HttpRequest:
    """The request as it is once the middleware has let it through."""
    extra: dict[str, Any] = {"REMOTE_ADDR": "10.9.9.9", header: value, **more}
    request = RequestFactory().get("/", **extra)
    TrustedProxiesMiddleware(lambda _: HttpResponse())(request)
    return request


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, f"for={HERE}", "10.9.9.9"),
        (1, f"for={HERE}", HERE),
        (1, f'For="{HERE}:4711";proto=https;by=10.0.0.1', HERE),
        (1, f"for={THERE}, for={HERE}", HERE),
        (1, f'for="{THERE}, for={HERE}', HERE),
        (2, f"for=198.51.100.7, for={HERE};host=x, for=10.0.0.1", HERE),
        (2, f"for={HERE}", "10.9.9.9"),
        (1, 'for="[2001:db8::7]:4711"', "2001:db8::7"),
        (1, "for=2001:db8::7", "2001:db8::7"),
        (1, "for=unknown", "10.9.9.9"),
        (1, "for=_hidden, proto=https", "10.9.9.9"),
        (1, "for='; DROP TABLE", "10.9.9.9"),
        (1, "", "10.9.9.9"),
    ],
)
def test_the_address_is_the_peer_of_the_outermost_trusted_proxy(
    settings: LazySettings, proxies: int, header: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = seen("HTTP_FORWARDED", header)
    assert request.META["REMOTE_ADDR"] == expected
    assert not [name for name in request.META if "FORWARDED" in name]


@pytest.mark.parametrize(("https", "expected"), [(True, "https"), (False, "http")])
def test_the_scheme_is_read_where_https_is_on(
    settings: LazySettings, *, https: bool, expected: str
) -> None:
    settings.HTTPS = https
    assert seen("HTTP_FORWARDED", f"for={HERE};proto=HTTPS").scheme == expected
    assert seen("HTTP_FORWARDED", f"proto=https, for={HERE};proto=http").scheme == "http"
    assert seen("HTTP_X_FORWARDED_PROTO", "https").scheme == "http"


def test_an_operator_may_vouch_that_the_proxy_drops_underscores(settings: LazySettings) -> None:
    settings.PROXY_HEADERS, settings.TRUSTED_PROXIES, settings.HTTPS = "x-forwarded", 1, True
    request = seen("HTTP_X_FORWARDED_FOR", f"{THERE}, {HERE}:80", HTTP_X_FORWARDED_PROTO="https")
    assert (request.META["REMOTE_ADDR"], request.scheme) == (HERE, "https")
    assert seen("HTTP_FORWARDED", f"for={HERE}").META["REMOTE_ADDR"] == "10.9.9.9"
    settings.TRUSTED_PROXIES = 2
    assert seen("HTTP_X_FORWARDED_FOR", HERE).META["REMOTE_ADDR"] == "10.9.9.9"


def test_a_proxy_that_writes_the_other_headers_is_named_once(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TRUSTED_PROXIES = 1
    middleware = TrustedProxiesMiddleware(lambda _: HttpResponse())
    for _ in range(3):
        middleware(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=HERE))
    (line,) = caplog.messages
    assert "PROXY_HEADERS=x-forwarded" in line
