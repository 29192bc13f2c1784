"""Slow peers and waiting writers beside visitors, who are answered all the same."""

import http.client
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, connections

from bureaus.models.locks import tree_lock
from tests.helpers.admin_form import address, draft_of, fields_of
from tests.helpers.cast import Site, client_of
from tests.helpers.server import (
    PATIENCE,
    Answer,
    Environment,
    ask,
    copy_of_prepared,
    running,
    sender_of_a_byte,
)

VISITORS = 14
SLOW = 16
PAPER = "/documents/ict_tweet_unyou_policy.pdf"
HEAVY = 16 * 1024**2  # more than the sockets of both sides hold


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A site whose one document has become a heavy white paper."""
    environment = copy_of_prepared(tmp_path_factory.mktemp("data")) | {"BODY_SECONDS": "4"}
    (paper,) = Path(environment["DATA_DIR"]).glob("media/documents/**/*.pdf")
    with paper.open("r+b") as stream:
        stream.truncate(HEAVY)
    return environment


@pytest.fixture(scope="module")
def port(environment: Environment) -> Iterator[int]:
    with running(environment, workers=1) as (_, port):
        yield port


def test_bodies_that_come_slowly_hold_up_nobody_and_are_refused(port: int) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(sender_of_a_byte(port)) for _ in range(SLOW)]
        assert {ask(port, "/").status for _ in range(VISITORS)} == {200}
        for sender in slow:
            answer = http.client.HTTPResponse(sender)
            answer.begin()
            assert answer.status == 408
            assert "時間内に届かなかった" in answer.read().decode()


def reader_of_a_piece(port: int) -> socket.socket:
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    slow.settimeout(PATIENCE)
    slow.connect(("127.0.0.1", port))
    slow.sendall(f"GET {PAPER} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert slow.recv(100).startswith(b"HTTP/1.1 200")
    return slow


def test_papers_that_are_read_slowly_hold_up_nobody(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(SLOW):
            stack.enter_context(reader_of_a_piece(port))
        assert {ask(port, "/").status for _ in range(VISITORS)} == {200}
        assert len(ask(port, PAPER).body) == HEAVY


@contextmanager
def held_lock() -> Iterator[None]:
    """Hold what every change of the tree waits for; on SQLite, what every writer waits for."""
    with tree_lock():
        yield


def database_of_this_test() -> str:
    name, port = connection.settings_dict["NAME"], connection.settings_dict["PORT"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgres://postgres@127.0.0.1:{port}/{name}"


@pytest.mark.django_db(transaction=True)
def test_writers_who_wait_for_the_lock_hold_up_nobody_and_are_told(
    site: Site, writer: User, tmp_path: Path
) -> None:
    draft = draft_of(site.bureau, writer)
    environment = copy_of_prepared(tmp_path) | {
        "DATABASE_URL": database_of_this_test(),
        "SECRET_KEY": settings.SECRET_KEY,
        "LOCK_SECONDS": "4",
    }
    session = client_of(writer).cookies["session"].value
    typed = {"title": "書き直した表題", "csrfmiddlewaretoken": "c" * 32}
    fields = urlencode(fields_of(draft, writer) | typed)

    def save(port: int) -> Answer:
        headers = {
            "Cookie": f"session={session}; csrf={'c' * 32}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return ask(port, address(draft), method="POST", headers=headers, body=fields)

    with running(environment, workers=1) as (_, port), ThreadPoolExecutor(6) as officers:
        assert ask(port, "/").status == 200
        with held_lock():
            saving = [officers.submit(save, port) for _ in range(6)]
            assert {ask(port, "/").status for _ in range(VISITORS)} == {200}
            answers = [each.result() for each in saving]
        assert {answer.status for answer in answers} == {503}
        assert all(answer.headers["Retry-After"] == "10" for answer in answers)
        assert all("保存されていません" in answer.body.decode() for answer in answers)
        assert save(port).status == 302
        draft.refresh_from_db()
        assert draft.title == "書き直した表題"
    connections.close_all()
