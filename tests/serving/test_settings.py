"""The environment: every wrong value stops the start with its name and the remedy."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from bureaus.checks import check_databases
from ministry_site.environment import hosts, read, text_of
from ministry_site.services import cache, mail
from tests.helpers.paths import ROOT
from tests.helpers.server import copy_of_prepared
from tests.settings import free_port

SETTINGS = "ministry_site.settings"


def start(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    stored = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *(arguments or ("check",))],
        cwd=ROOT,
        env={**stored, "PYTHONUTF8": "1", "DATA_DIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("HTTPS", "yes please"),
        ("DATABASE_URL", "mongodb"),
        ("DATABASE_URL", "mysql://a:b@localhost/x"),
        ("CACHE_URL", "nowhere://x"),
        ("CACHE_URL", "redis://localhost:6379/first"),
        ("ALLOWED_HOSTS", "https://www.example.go.jp"),
        ("ALLOWED_HOSTS", "localhost, www.example.go.jp:8443"),
        ("ALLOWED_HOSTS", "www.example.go.jp/"),
        ("ALLOWED_HOSTS", ","),
        ("PREPARED_STATEMENTS", "maybe"),
        ("SECURITY_CONTACT", "security@example.go.jp"),
        ("SECURITY_CONTACT", "http://example.go.jp/"),
        ("SECURITY_TXT_EXPIRES", "20270930"),
        ("SECURITY_TXT_EXPIRES", "2027-13-01"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "10.0.0.1"),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "25"),
        ("IDLE_MINUTES", "ひと休み"),
        ("IDLE_MINUTES", "0"),
        ("SECOND_FACTOR", "required"),
        ("SEARCH_RATE", "-1"),
        ("CLAMD", "/run/clamav/clamd.ctl"),
        ("MEDIA_ORIGIN", "files.example.go.jp"),
        ("MEDIA_ORIGIN", "https://LOCALHOST.:8443"),  # the site's own host
        ("BREACHED_PASSWORDS", "http://example.go.jp/range/"),
        ("SECURITY_LOG", "/nowhere/security.log"),
        ("THREADS", "0"),
        ("RENDERED_MEGABYTES", "-1"),
        ("QUEUE_SECONDS", "61"),
        ("DATABASE_SECONDS", "0"),
        ("LOCK_SECONDS", "5s"),
        ("STORAGE_SECONDS", "-1"),
        ("BODY_SECONDS", "0"),
        ("SAMPLE", "見本"),
        ("SAMPLE_SITE", "maybe"),
        ("PUBLISHER_NAME", "省" * 51),
        ("PUBLISHER_NAME", "環境\t省"),
        ("PUBLISHER_POSTAL_CODE", "1008926"),
        ("PUBLISHER_ADDRESS", "区" * 201),
        ("PUBLISHER_TELEPHONE", "代表電話"),
        ("PUBLISHER_CORPORATE_NUMBER", "200001202000"),
        ("PUBLISHER_CORPORATE_NUMBER", "3000012020001"),  # a wrong check digit
        ("DATA_DIR", "/dev/null"),
        ("DATA_DIR", "/dev/null/below"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(tmp_path: Path, name: str, value: str) -> None:
    ended = start(tmp_path, **{name: value})
    assert ended.returncode != 0
    (sentence,) = ended.stderr.strip().splitlines()
    displayed = value.replace("a:b@", "a:…@")
    assert f"環境変数 {name} の値「{displayed}」は使えません。" in sentence
    assert "指定するか" in sentence


@pytest.mark.parametrize(("sample", "expected"), [("on", "False"), ("off", "True")])
def test_the_second_factor_is_required_unless_it_is_the_demonstration(
    tmp_path: Path, sample: str, expected: str
) -> None:
    show = "from django.conf import settings; print(settings.SECOND_FACTOR)"
    shown = start(tmp_path, "shell", "--no-imports", "-c", show, SAMPLE=sample)
    assert shown.stdout.strip() == expected, shown.stderr


def test_a_short_key_stops_the_start_and_is_not_shown(tmp_path: Path) -> None:
    ended = start(tmp_path, SECRET_KEY="ひみつの鍵")
    (sentence,) = ended.stderr.strip().splitlines()
    assert (
        "環境変数 SECRET_KEY の値「（表示しません。5文字）」は使えません。32文字以上の" in sentence
    )
    assert start(tmp_path, SECRET_KEY="k" * 32).returncode == 0
    (tmp_path / "secret_key").write_text("")
    stored = start(tmp_path)
    assert f"{tmp_path / 'secret_key'} にある秘密鍵は、0文字しかありません。" in stored.stderr
    assert "Traceback" not in stored.stderr


@pytest.mark.parametrize(
    ("name", "value", "displayed"),
    [
        ("EMAIL_URL", "smtps://info@example.go.jp:s3cret@mail", "smtps://…@mail"),
        ("CACHE_URL", "redi://:p@s3cret@host", "redi://:…@host"),
    ],
)
def test_a_refused_address_shows_its_password_neither_in_the_sentence_nor_in_a_cause(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, displayed: str
) -> None:
    monkeypatch.setenv(name, value)
    parse = {"EMAIL_URL": mail, "CACHE_URL": cache}[name]
    with pytest.raises(ImproperlyConfigured, match=f"の値「{displayed}」は") as refused:
        read(name, dict[str, Any](), parse=parse, expected="アドレス")
    assert "s3cret" not in "".join(traceback.format_exception(refused.value))


def test_an_empty_file_of_a_secret_is_no_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text("\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(
        ImproperlyConfigured, match=r"DATABASE_URL_FILE のファイル「.*url」は空です"
    ):
        text_of("DATABASE_URL")


@pytest.mark.parametrize("host", ["*", ".example.go.jp", "[::1]", "www.example.go.jp,127.0.0.1"])
def test_every_form_of_a_host_is_taken(host: str) -> None:
    assert hosts(host) == host.split(",")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("port", "0"),
        ("port", ""),
        ("port", "65536"),
        ("port", "http"),
        ("workers", "0"),
        ("workers", "-1"),
        ("workers", "65"),
        ("workers", "2台"),
    ],
)
def test_a_wrong_number_on_the_command_line_is_named_with_its_remedy(
    option: str, value: str
) -> None:
    with pytest.raises(CommandError, match=f"{option.upper()} の値「{value}」は使えません。1 から"):
        call_command("prepare", f"--{option}", value)


def test_a_database_that_is_not_utf8_stops_the_start(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "site.sqlite3")
    connection.executescript("PRAGMA encoding = 'UTF-16le'; CREATE TABLE old (x)")
    connection.close()
    ended = start(tmp_path, "prepare", "--port", str(free_port()))
    assert ended.returncode == 1
    assert "データベースの文字コードが UTF-16le です。UTF-8 の" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.both_databases
@pytest.mark.skipif("TEST_POSTGRESQL_PORT" not in os.environ, reason="on PostgreSQL only")
def test_a_postgresql_database_that_is_not_utf8_stops_the_start(tmp_path: Path) -> None:
    server = f"postgres://postgres@127.0.0.1:{os.environ['TEST_POSTGRESQL_PORT']}"
    name = f"ascii_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
        )
        ended = start(
            tmp_path, "prepare", "--port", str(free_port()), DATABASE_URL=f"{server}/{name}"
        )
        connection.execute(f"DROP DATABASE {name}")
    assert ended.returncode == 1
    assert "データベースの文字コードが SQL_ASCII です。UTF-8 の" in ended.stderr


def test_the_defaults_start(tmp_path: Path) -> None:
    assert start(tmp_path).returncode == 0


def test_the_secret_key_is_made_once_for_this_folder_and_is_the_owners_alone(
    tmp_path: Path,
) -> None:
    start(tmp_path)
    stored = tmp_path / "secret_key"
    first = stored.read_text()
    start(tmp_path)
    assert len(first) >= 50
    assert stored.read_text() == first
    assert stored.stat().st_mode & 0o077 == 0
    assert list(tmp_path.glob("secret_key.*")) == []


def test_a_database_that_does_not_answer_is_explained(tmp_path: Path) -> None:
    address = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    ended = start(tmp_path, "prepare", "--port", str(free_port()), DATABASE_URL=address)
    assert ended.returncode == 1
    assert "データベースにつながりません" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("value", "threshold"), [("on", "2"), ("off", "None")])
def test_an_operator_decides_whether_statements_are_prepared(
    tmp_path: Path, value: str, threshold: str
) -> None:
    database = {"DATABASE_URL": "postgres://nobody@127.0.0.1/x", "PREPARED_STATEMENTS": value}
    ended = start(tmp_path, "diffsettings", "--output", "unified", **database)
    assert f"'prepare_threshold': {threshold}" in ended.stdout


@dataclass(frozen=True)
class Prepared:
    folder: Path
    first: subprocess.CompletedProcess[str]  # of the two, the one that filled it
    second: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """An empty folder on which two start at once."""
    folder = tmp_path_factory.mktemp("site")

    def prepare(port: int) -> subprocess.CompletedProcess[str]:
        return start(folder, "prepare", "--port", str(port))

    with ThreadPoolExecutor(2) as operators:
        both = list(operators.map(prepare, (free_port(), free_port())))
    both.sort(key=lambda ended: "読み込みます" not in ended.stdout)
    return Prepared(folder, *both)


def test_two_that_start_at_once_on_an_empty_folder_both_find_it_prepared(
    prepared: Prepared,
) -> None:
    assert prepared.first.returncode == 0, prepared.first.stderr
    assert prepared.second.returncode == 0, prepared.second.stderr
    assert "読み込みます" not in prepared.second.stdout


def test_the_printed_command_for_an_account_works_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "わが データ"
    copy_of_prepared(folder)
    output = start(folder, "prepare", "--port", str(free_port()), "--host", "0.0.0.0").stdout  # noqa: S104
    assert f"make account 'DATA_DIR={folder}'" in output
    assert "http://127.0.0.1:" in output


def wide(folder: Path) -> list[Path]:
    """What somebody else on this machine could read or list."""
    found = (path for path in folder.rglob("*") if path.stat().st_mode & 0o077)
    return [path for path in found if path.relative_to(folder).parts[0] != "static"]


def test_prepare_fills_an_empty_site_for_its_owner_and_leaves_a_full_one_alone(
    prepared: Prepared,
) -> None:
    folder, output = prepared.folder, prepared.first.stdout
    assert "見本の内容を読み込みます" in output
    assert "/admin/" in output
    assert f"make account DATA_DIR={folder}" in output
    assert (folder / "media/images").is_dir()
    assert wide(folder) == []

    for path in [folder / "site.sqlite3", *(folder / "media").rglob("*"), folder / "media"]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    again = start(folder, "prepare", "--port", str(free_port()))
    assert again.returncode == 0
    assert "読み込みます" not in again.stdout
    assert wide(folder) == []


def test_a_port_in_use_is_explained(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = start(tmp_path, "prepare", "--port", str(port))
    assert ended.returncode == 1
    assert f"ポート {port} を使えません" in ended.stderr
    assert "PORT=8123" in ended.stderr


def test_e001_sqlite_without_immediate_transactions_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
    monkeypatch.setitem(settings.DATABASES, "default", wrong)
    assert [error.id for error in check_databases()] == ["bureaus.E001"]


def test_e002_atomic_requests_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"ENGINE": "django.db.backends.postgresql", "ATOMIC_REQUESTS": True}
    monkeypatch.setitem(settings.DATABASES, "default", wrong)
    assert [error.id for error in check_databases()] == ["bureaus.E002"]


def test_a_bucket_without_its_libraries_is_refused_with_the_command_that_installs_them() -> None:
    command = [sys.executable, "-m", "tests.programs.bucket_without_libraries"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    refusal = ended.stderr.splitlines()[-1]
    assert "s3://ministry/media" in refusal
    assert "pip install -r requirements-s3.txt" in refusal


REQUEST = ("example.go.jp:8443", "/news/?page=2")


def test_the_redirect_to_https_names_the_host_of_the_site_and_no_port_of_the_request(
    tmp_path: Path,
) -> None:
    environment = {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATA_DIR": str(tmp_path),
        "HTTPS": "on",
        "ALLOWED_HOSTS": "example.go.jp,www.example.go.jp",
        "SITE_ORIGIN": "https://www.example.go.jp",
    }
    command = [sys.executable, "-m", "tests.programs", "redirect_of", *REQUEST]
    answer = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert answer.stdout.strip() == "https://www.example.go.jp/news/?page=2", answer.stderr


PIN = r"^([\w-]+)(?:\[\w+\])?==([\w.]+)"


def test_the_locked_requirements_hold_what_is_asked_for() -> None:
    locked = (ROOT / "requirements-dev.txt").read_text().lower()
    for listed in ("requirements.in", "requirements-s3.in", "requirements-dev.in"):
        for name, version in re.findall(PIN, (ROOT / listed).read_text(), re.MULTILINE):
            assert f"\n{name}=={version} ".lower() in locked
