"""The limit of a body: refused by its declared length, before it is read."""

import http.client
import io
import socket
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from bureaus.middleware import BodyLimitMiddleware, body_limit
from tests.helpers.cast import client_of
from tests.helpers.libraries import IMAGES, JSON
from tests.helpers.page_details import text_in
from tests.helpers.server import copy_of_prepared, running

GIGABYTE = 1024**3
UPLOAD = f"{IMAGES}upload/"


class Unread(io.BytesIO):
    def read(self, *_args: Any) -> bytes:
        raise AssertionError("it was read")


def posted(client: Client, address: str, length: int, **more: Any) -> Any:
    return client.generic(
        "POST",
        address,
        b"",
        "multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(length), "wsgi.input": Unread(), **more},
    )


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/search/", "/admin/login/", UPLOAD, "/nowhere/"])
@pytest.mark.parametrize("length", [settings.BODY_BYTES + 1, 10 * GIGABYTE, "9" * 3_000])
def test_a_body_that_nobody_honest_sends_is_not_read(
    citizen: Client, address: str, length: int
) -> None:
    response = posted(citizen, address, length)
    assert response.status_code == 413
    assert "大きすぎて受け付けられません" in text_in(response.content.decode())
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_a_script_is_told_so_in_json(db: None, writer: User) -> None:
    response = posted(client_of(writer), UPLOAD, settings.UPLOAD_BYTES + 1, headers=JSON)
    assert response.status_code == 413
    assert "200MB以内に分けて" in response.json()["error"]


def test_an_officer_may_send_a_batch_of_files_and_only_to_the_admin(db: None, writer: User) -> None:
    request = RequestFactory().post(UPLOAD)
    request.META["CONTENT_LENGTH"] = str(settings.UPLOAD_BYTES)
    request.user = writer
    answers: Any = BodyLimitMiddleware(lambda _request: "through")  # type: ignore[arg-type, return-value]
    assert answers(request) == "through"
    request.path_info = "/search/"
    assert answers(request).status_code == 413


@pytest.mark.django_db(transaction=True)
def test_an_officer_is_known_before_the_server_receives_a_large_body(writer: User) -> None:
    session = client_of(writer).cookies["session"].value
    known = RequestFactory(headers={"Cookie": f"session={session}"})
    assert body_limit(known.post(UPLOAD).environ) == settings.UPLOAD_BYTES
    assert body_limit(known.post("/search/").environ) == settings.BODY_BYTES
    assert body_limit(RequestFactory().post(UPLOAD).environ) == settings.BODY_BYTES


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["", "x", "-5", "1e9", "１０"])
def test_what_is_no_length_is_none(db: None, citizen: Client, text: str) -> None:
    request = RequestFactory().post("/")
    request.META["CONTENT_LENGTH"] = text
    answers: Any = BodyLimitMiddleware(lambda _request: "through")  # type: ignore[arg-type, return-value]
    assert answers(request) == "through"


def test_the_real_server_answers_before_it_has_read_anything(tmp_path: Path) -> None:
    with running(copy_of_prepared(tmp_path), workers=1) as (_, port):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {10 * GIGABYTE}\r\n\r\n"
            connection.sendall(head.encode() + b"x" * 100)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert answer.status == 413
        assert not list((tmp_path / "media").glob("*.upload"))
