"""The real server, started as `make run` starts it, and what the internet sends."""

import re
import signal
import socket
from collections.abc import Iterator

import pytest

from tests.helpers.server import PATIENCE, Environment, copy_of_prepared, running

BUREAU = b"/main_sosiki/joho_kokusai/"
DIFFERENT = {"date", "expires", "set-cookie", "x-request-id"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return copy_of_prepared(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def port(environment: Environment) -> Iterator[int]:
    with running(environment, workers=2) as (_, port):
        yield port


def send(port: int, request: bytes) -> tuple[int, bytes]:
    """Send these bytes; return the status and everything that came back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    assert answer.startswith(b"HTTP/1."), answer[:100]
    return int(answer.split()[1]), answer


def get(
    port: int, target: bytes, *, method: bytes = b"GET", host: bytes = b"localhost"
) -> tuple[int, bytes]:
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: " + host, b"Connection: close"]
    return send(port, b"\r\n".join([*lines, b"", b""]))


def test_a_page_is_read(port: int) -> None:
    status, answer = get(port, BUREAU)
    assert status == 200
    assert "情報通信国際戦略局の紹介" in answer.decode()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (b"/%ff/", {404}),
        (b"/%ed%a0%80/", {404}),
        (b"/%00/", {404}),
        (b"/%0d%0aX-Evil:%20yes/", {404}),
        (BUREAU + b"%2e%2e/%2e%2e/etc/passwd", {404}),
        (b"/../../etc/passwd", {404}),
        (b"/" + b"a" * 8_000, {404}),
        (b"/" + b"a/" * 500, {404}),
        (b"/%5Cevil.example/index.html", {404}),
        (b"//evil.example/index.html", {404}),
        (b"/news/?page=" + b"9" * 4_000, {404}),
        (b"/?at=%ff%00", {400}),
        (b"/?" + b"a=b&" * 2_500, {400}),
        # What HTTP does not allow in a request line, the server may refuse before Django sees it.
        (b"/\xff\xfe/", {400, 404}),
        (b"/\xe6\x97\xa5/", {400, 404}),
        (b"/\x00/", {400, 404}),
        (b"/a b/", {400, 404}),
        (b"/" + b"a" * 200_000, {404, 414, 431}),
        (b"*", {400, 404}),
        (b"http://evil.example/", {200, 400, 404}),
    ],
)
def test_every_target_is_answered(port: int, target: bytes, expected: set[int]) -> None:
    status, answer = get(port, target)
    assert status in expected
    assert b"X-Evil" not in answer.partition(b"\r\n\r\n")[0]
    assert get(port, BUREAU)[0] == 200


@pytest.mark.parametrize("host", [b"evil.example", b"", b"a b", b"\xff", b"["])
def test_another_host_is_refused(port: int, host: bytes) -> None:
    status, answer = get(port, BUREAU, host=host)
    assert status == 400
    assert b"evil" not in answer


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"FOO"])
def test_another_method_is_refused_with_a_page(port: int, method: bytes) -> None:
    status, answer = get(port, BUREAU, method=method)
    assert status == 405
    assert "この方法では受け付けられません" in answer.decode()


def headers_in(answer: bytes) -> dict[str, str]:
    """Those of an answer, without the ones that differ from one request to the next."""
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    pairs = (line.partition(": ") for line in lines)
    found = {name.lower(): value for name, _, value in pairs}
    return {name: found[name] for name in found.keys() - DIFFERENT}


@pytest.mark.parametrize(
    "target",
    [
        BUREAU,
        BUREAU[:-1],
        b"/nothing/",
        b"/?at=zz",
        b"/news.csv",
        b"/feed.xml",
        b"/sitemap.xml",
        b"/robots.txt",
        b"/news.json",
        b"/healthz",
        b"/favicon.ico",
        b"/media/images/kaidan.png",
        b"/documents/ict_tweet_unyou_policy.pdf",
        b"/documents/nothing.pdf",
        b"/admin/login/",
    ],
)
def test_head_says_what_get_says_and_sends_no_body(port: int, target: bytes) -> None:
    status, answer = get(port, target)
    head_status, head = get(port, target, method=b"HEAD")
    assert head.partition(b"\r\n\r\n")[2] == b""
    assert head_status == status
    assert headers_in(head) == headers_in(answer)
    assert "content-length" in headers_in(head)


def test_what_is_posted_is_refused_unread(port: int) -> None:
    body = b"x" * 100_000
    head = b"POST /nothing/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    length = f"Content-Length: {len(body)}\r\n\r\n".encode()
    chunked = b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    assert send(port, head + length + body)[0] == 405
    assert send(port, head + chunked)[0] == 405


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"HELLO\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(port: int, request_bytes: bytes) -> None:
    assert send(port, request_bytes)[0] in {400, 505}
    assert get(port, BUREAU)[0] == 200


def test_half_a_request_holds_up_nobody(port: int) -> None:
    halves = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    for half in halves:
        half.sendall(b"GET /main_sosiki/ HTTP/1.1\r\nHost: loc")
    assert get(port, BUREAU)[0] == 200
    for half in halves:
        half.close()
    assert get(port, BUREAU)[0] == 200


def test_a_reader_who_leaves_early_harms_nobody(port: int) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert get(port, BUREAU)[0] == 200


def test_files_and_styles_are_served(port: int) -> None:
    _, page = get(port, BUREAU)
    style = re.search(rb'href="(/static/css/site\.[0-9a-f]+\.css)"', page)
    assert style is not None
    for target, kind in (
        (style[1], b"text/css"),
        (b"/media/images/kaidan.png", b"image/png"),
        (b"/documents/ict_tweet_unyou_policy.pdf", b"application/pdf"),
    ):
        status, answer = get(port, target)
        assert status == 200
        assert kind in answer.partition(b"\r\n\r\n")[0]


def test_an_interrupt_stops_it_though_somebody_is_still_connected(environment: Environment) -> None:
    # One worker: of two, one may still be starting, and then granian waits to kill it.
    with running(environment, workers=1) as (process, port):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as reader:
            reader.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert reader.recv(65_536).startswith(b"HTTP/1.1 200")
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=PATIENCE) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
