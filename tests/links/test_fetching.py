"""Single requests, to a server on this machine."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bureaus.links import fetching
from bureaus.links.fetching import Checker

pytestmark = pytest.mark.one_database
LINES = {
    "/robots.txt": "302 Found\r\nLocation: /rules",
    "/rules": "200 OK\r\n\r\nUser-agent: *\nDisallow: /closed",
    "/japanese": "302 Found\r\nLocation: /資料",
    "/%E8%B3%87%E6%96%99": "200 OK",
    "/hop": "302 Found\r\nLocation: /closed",
}


class Server(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        if self.path == "/trickle":
            self.trickle()
        else:
            status = LINES.get(self.path, "404 Not Found")
            self.wfile.write(f"HTTP/1.0 {status}\r\n\r\n".encode())

    do_GET = do_HEAD  # noqa: N815 - the name that http.server calls

    def trickle(self) -> None:
        for byte in b"HTTP/1.0 200 OK\r\n" * 2:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, *_arguments: Any) -> None:
        """Write nothing to the output of the tests."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(fetching, "DELAY", 0.0)
    monkeypatch.setattr(fetching, "OPEN_PORTS", range(65_536))
    monkeypatch.setattr(fetching, "is_public", lambda _: True)
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def test_a_server_that_sends_single_bytes_is_left(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker = Checker()
    checker.check(f"{server}/rules")  # so that robots.txt is known
    monkeypatch.setattr(fetching, "DEADLINE", 0.3)
    assert checker.check(f"{server}/trickle").is_silent


def test_each_hop_obeys_robots_which_may_be_behind_a_redirect(server: str) -> None:
    assert "robots.txt" in Checker().check(f"{server}/closed").problem
    assert "robots.txt" in Checker().check(f"{server}/hop").problem


def test_a_redirect_to_japanese_words_is_followed(server: str) -> None:
    assert not Checker().check(f"{server}/japanese").problem


def test_the_next_address_of_a_host_is_tried(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "public_addresses", lambda _: ["0.0.0.1", "127.0.0.1"])
    connect = socket.create_connection

    def connected(address: tuple[str, int], seconds: float) -> socket.socket:
        if address[0] == "0.0.0.1":
            raise ConnectionRefusedError
        return connect(address, seconds)

    monkeypatch.setattr(socket, "create_connection", connected)
    assert not Checker().check(f"{server}/rules").problem


def test_a_name_server_that_fails_for_a_moment_breaks_no_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unresolved(*_arguments: Any, **_options: Any) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unresolved)
    outcome = Checker().check("https://www.example.go.jp/")
    assert (outcome.is_broken, outcome.is_silent) == (False, True)
