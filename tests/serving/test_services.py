"""Secrets from files, former keys, and the services that an operator may add."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer
from typing import Any
from zlib import decompress

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client, override_settings
from pytest_django import Settings

from bureaus.publishing import open_shared_link, share
from ministry_site.environment import key, keys, networks, read
from ministry_site.services import mail, mail_address, sentry_dsn
from tests.helpers.cast import Site
from tests.helpers.editing import drafted
from tests.helpers.paths import ROOT

KEY, FORMER = "k" * 40, "f" * 40
Parse = Callable[[str], Any]


def read_key() -> str:
    return read("SECRET_KEY", "", parse=key, expected="鍵")


def test_a_secret_comes_from_a_file_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(file))
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY_FILE の値「.*key」は使えません"):
        read_key()
    file.write_text(f"{KEY}\n")
    assert read_key() == KEY
    file.write_text("short")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY の値「（表示しません。5文字）」"):
        read_key()
    monkeypatch.setenv("SECRET_KEY", KEY)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY と SECRET_KEY_FILE の両方"):
        read_key()


@pytest.mark.parametrize(
    ("name", "value", "parse"),
    [
        ("SECRET_KEY_FALLBACKS", f"{KEY},short", keys),
        ("METRICS_FROM", "the office", networks),
        ("METRICS_FROM", "10.0.0.1/8", networks),
        ("EMAIL_URL", "http://mail.example.go.jp", mail),
        ("EMAIL_URL", "smtp://", mail),
        ("EMAIL_FROM", "総務省", mail_address),
        ("SENTRY_DSN", "https://sentry.example.go.jp/1", sentry_dsn),
    ],
)
def test_a_wrong_value_of_a_service_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, parse: Parse
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(
        ImproperlyConfigured, match=f"環境変数 {name} の値「.*」は使えません。正しい値を指定"
    ):
        read(name, None, parse=parse, expected="正しい値")


def test_mail_is_sent_as_its_address_says() -> None:
    config = mail("smtp+tls://site:p%40ss@mail.example.go.jp")
    assert config["EMAIL_HOST"] == "mail.example.go.jp"
    assert config["EMAIL_PORT"] == 587
    assert config["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert config["EMAIL_USE_TLS"] is True


class MailServer(StreamRequestHandler):
    """Accepts one message, and keeps it."""

    received: list[bytes] = []

    def handle(self) -> None:
        self.wfile.write(b"220 mail.example.go.jp\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            self.wfile.write(b"354 send it\r\n" if word == b"DATA" else b"250 ok\r\n")
            if word == b"QUIT":
                return
            if word == b"DATA":
                self.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.wfile.write(b"250 kept\r\n")


def test_a_mail_to_try_the_settings_arrives(settings: Settings) -> None:
    with TCPServer(("127.0.0.1", 0), MailServer) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        for name, value in mail(f"smtp://127.0.0.1:{server.server_address[1]}").items():
            setattr(settings, name, value)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.DEFAULT_FROM_EMAIL = "site@example.go.jp"
        call_command("sendtestemail", "officer@example.go.jp")
    [message] = MailServer.received
    assert b"From: site@example.go.jp" in message
    assert b"To: officer@example.go.jp" in message


@pytest.mark.one_database
def test_a_new_key_keeps_logins_and_shared_links_while_the_former_one_is_a_fallback(
    site: Site, writer: User, settings: Settings
) -> None:
    draft = drafted(site.bureau, writer)
    client = Client(HTTP_HOST="localhost")
    with override_settings(SECRET_KEY=FORMER):
        token = share(edition=draft, actor=writer).token
        client.force_login(writer)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = KEY, [FORMER]
    assert open_shared_link(token) is not None
    assert client.get("/admin/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert open_shared_link(token) is None


class Sentry(BaseHTTPRequestHandler):
    """Keeps what it is sent."""

    received: list[bytes] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_packed = self.headers.get("Content-Encoding") == "gzip"
        self.received.append(decompress(body, wbits=31) if is_packed else body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


FAIL = """
import sys
import django
django.setup()
from unittest.mock import patch
from django.test import Client
with patch("bureaus.views.public.answer_page", side_effect=ZeroDivisionError("defect")):
    Client(HTTP_HOST="localhost", raise_request_exception=False).get(
        "/main_sosiki/?q=words", headers={"cookie": "session=" + "s" * 32})
"""


def test_an_error_reaches_a_sentry_without_what_it_must_not_know(tmp_path: Path) -> None:
    sentry = HTTPServer(("127.0.0.1", 0), Sentry)
    threading.Thread(target=sentry.serve_forever, daemon=True).start()
    environment = {
        "DJANGO_SETTINGS_MODULE": "ministry_site.settings",
        "DATA_DIR": str(tmp_path),
        "SENTRY_DSN": f"http://key@127.0.0.1:{sentry.server_port}/1",
    }
    subprocess.run([sys.executable, "-c", FAIL], cwd=ROOT, env=environment, check=True)
    sentry.shutdown()
    sentry.server_close()
    (event,) = [
        json.loads(line)
        for envelope in Sentry.received
        for line in envelope.splitlines()
        if b'"ZeroDivisionError"' in line
    ]
    assert event["exception"]["values"][-1]["value"] == "defect"
    assert "words" not in json.dumps(event)
    assert "ssss" not in json.dumps(event)


WITHOUT_LIBRARY = """
import sys
from ministry_site.services import sentry_dsn
sys.path.clear()
sys.path_importer_cache.clear()
sentry_dsn("https://key@sentry.example.go.jp/1")
"""


def test_a_sentry_without_its_library_is_refused_with_the_command_that_installs_it() -> None:
    command = [sys.executable, "-c", WITHOUT_LIBRARY]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    refusal = ended.stderr.splitlines()[-1]
    assert "SENTRY_DSN" in refusal
    assert "pip install -r requirements-sentry.txt" in refusal
    assert "key@" not in refusal
