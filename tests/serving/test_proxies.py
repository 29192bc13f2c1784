"""What a client adds beside the headers of a proxy is dropped before anything reads it."""

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.helpers.server import PATIENCE, copy_of_prepared, running

HERE, THERE = "192.0.2.1", "192.0.2.2"


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
    """The headers of a proxy, then those that its client added: of two that merge, one wins."""
    return [("X-Forwarded-For", client), ("X-Forwarded-Proto", "https"), *added]


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


NAMES = ["X_Forwarded_For", "x_forwarded_for", "X-Forwarded_For"]


def test_headers_beside_those_of_the_proxy_do_not_pass_the_limit(port: int) -> None:
    added = [[(name, f"198.51.100.{number}") for name in NAMES] for number in range(5)]
    assert [guess(port, HERE, *each) for each in added] == [200, 200, 200, 200, 429]
    assert guess(port, THERE) == 200


def test_headers_beside_those_of_the_proxy_do_not_change_scheme_or_host(port: int) -> None:
    for name in ("X_Forwarded_Proto", "x-forwarded_proto"):
        added = [("X_Forwarded_Host", "evil.example"), ("Host_", "evil")]
        through = send(port, "GET", by_proxy(HERE, (name, "http"), *added))
        assert through.status == 200
        assert "evil" not in through.page  # type: ignore[attr-defined]
        assert send(port, "GET", [(name, "https"), *added]).status == 301
