"""How passwords are stored, and which are refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import process_time

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from ministry_site import settings as site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]
PASSWORD = "ひみつ-tanaka-2013"


def test_a_password_from_before_argon2_still_opens_and_is_stored_anew(
    operator: User, citizen: Client, settings: LazySettings
) -> None:
    settings.PASSWORD_HASHERS = site.PASSWORD_HASHERS
    operator.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    operator.save()
    login = {"username": operator.username, "password": PASSWORD}
    assert citizen.post("/admin/login/", login).status_code == 302
    operator.refresh_from_db()
    assert identify_hasher(operator.password).algorithm == "argon2"
    assert operator.check_password(PASSWORD)


def refused(password: str) -> bool:
    try:
        validate_password(password, User(username="鈴木"))
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize(
    "password",
    [
        *("password1", "Password2013!", "１２３４５６７８ａ", "さくらさくら", "doraemon2013"),
        *("総務省2013!", "Soumu-Kanri-2013", "鈴木2013承認者", "localhost-admin-1"),
    ],
)
def test_a_common_password_and_one_of_the_words_of_the_place_are_refused(password: str) -> None:
    assert refused(password)


@pytest.mark.parametrize("password", ["ひみつ-tanaka-2013", "四月の雨 傘は青い", "x" * 64 + "y"])
def test_any_other_is_accepted_in_any_composition_and_length(password: str) -> None:
    assert not refused(password)


def test_a_password_that_nobody_types_is_refused_at_once() -> None:
    began = process_time()
    assert refused("-" * 50_000 + "x")
    assert process_time() - began < 1


@contextmanager
def range_service(answer: str, status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """A service of the protocol, at an address of this machine, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/range/", asked
        finally:
            server.shutdown()


def test_a_breached_password_is_found_by_five_digits_of_its_hash(settings: LazySettings) -> None:
    digest = sha1(PASSWORD.encode(), usedforsecurity=False).hexdigest().upper()
    other = sha1(b"other", usedforsecurity=False).hexdigest().upper()
    with range_service(f"{other[5:]}:3\r\n{digest[5:]}:7\r\n") as (address, asked):
        settings.BREACHED_PASSWORDS = address
        assert refused(PASSWORD)
        assert asked == [f"/range/{digest[:5]}"]
    with range_service(f"{digest[5:]}:0\r\n") as (address, _):  # padding
        settings.BREACHED_PASSWORDS = address
        assert not refused(PASSWORD)


def test_a_service_that_fails_refuses_nobody_and_is_in_the_log(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    with range_service("", status=503) as (address, _):
        settings.BREACHED_PASSWORDS = address
        assert not refused(PASSWORD)
    assert not refused(PASSWORD)  # nobody listens any more
    assert caplog.text.count("BREACHED_PASSWORDS") == 2
