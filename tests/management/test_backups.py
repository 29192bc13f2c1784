"""Backup and restore of a running site, with the commands of the manual."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from bureaus.integrity import problems
from bureaus.management.database_copies import database_copy
from bureaus.management.running_site import stopped_site
from bureaus.models import Kind, Page
from bureaus.publishing import add
from tests.helpers.cast import Site
from tests.helpers.fixtures import NAMES
from tests.helpers.manual import attempt, commands, follow, operators_folder
from tests.helpers.paths import ROOT
from tests.helpers.server import Environment, ask, copy_of_prepared, prepare, run_python, running

PICTURE = "/media/images/kaidan.png"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Environment]:
    """A prepared site with the sample, on the database of this run."""
    data = tmp_path / "data"
    if connection.vendor == "sqlite":
        yield copy_of_prepared(data)
        return
    server = os.environ["DATABASE_URL"]
    name = f"backups_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        address = urlsplit(server)._replace(path=f"/{name}").geturl()
        site = prepare(data, DATABASE_URL=address)
        run_python("manage.py", "loaddata", *NAMES, environment=site)
        yield site
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return operators_folder(tmp_path)


@contextmanager
def writing(environment: Environment) -> Iterator[str]:
    """The address of the first page of officers who do not stop; killed in the end."""
    settings = {"DJANGO_SETTINGS_MODULE": "ministry_site.settings"}
    command = [sys.executable, "-m", "tests.programs", "add_pages"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment | settings, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        try:
            yield writer.stdout.readline().strip()
        finally:
            writer.kill()


def addresses(environment: Environment) -> set[str]:
    command = [sys.executable, "manage.py", "dumpdata", "bureaus.page"]
    dumped = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return {item["fields"]["key"] for item in json.loads(dumped.stdout)}


@pytest.mark.both_databases
def test_a_copy_made_at_work_is_brought_back_after_a_kill_and_also_at_work(
    environment: Environment, home: Path
) -> None:
    lines = commands("控えを取る・控えから戻す")
    backup, restore, replace = (line for line in lines if "manage.py" in line)
    media = Path(environment["DATA_DIR"]) / "media"
    with running(environment, workers=2) as (server, port):
        picture = ask(port, PICTURE).body
        with writing(environment) as first:
            assert "の控えを作りました" in follow(backup, home, environment)
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    if connection.vendor == "sqlite":
        left_behind = (media.parent / "site.sqlite3-wal").read_bytes()
        assert left_behind
    lost = addresses(environment)
    if connection.vendor == "sqlite":  # what the manual warns of
        shutil.copy(next(home.rglob("database.sqlite3")), media.parent / "site.sqlite3")
        (media.parent / "site.sqlite3-wal").write_bytes(left_behind)
    (media / "images/kaidan.png").write_bytes(b"broken")
    assert "--replace を付けると" in attempt(restore, home, environment).stderr
    assert "問題は0件" in follow(replace, home, environment)
    stored = addresses(environment)
    assert first in stored
    assert stored < lost

    with running(environment, workers=2) as (_, port):
        assert ask(port, "/").status == 200
        assert ask(port, PICTURE).body == picture
        assert "サイトが動いています" in attempt(replace, home, environment).stderr
        with writing(environment) as late:
            at_work = attempt(f"{replace} --while-running", home, environment)
        assert ask(port, "/").status == 200
        follow(".venv/bin/python manage.py check_site", home, environment)
    now = addresses(environment)
    assert stored <= now
    if connection.vendor == "postgresql" and at_work.returncode:  # a deadlock: nothing is changed
        assert "サイトが動いていれば止めてください" in at_work.stderr
        assert late in now
    else:
        assert "個のファイルを戻しました" in at_work.stdout
        assert late not in now


def test_what_is_no_copy_of_this_site_is_refused(
    committed_site: Site, media: Path, tmp_path: Path
) -> None:
    """And a copy is never written over another."""
    copy, before = tmp_path / "copy", Page.objects.count()
    call_command("backup", str(copy), stdout=io.StringIO())
    with pytest.raises(CommandError, match="もうあります"):
        call_command("backup", str(copy))
    file = copy / database_copy().name
    for content in (file.read_bytes()[: file.stat().st_size // 2], b"", b"no database"):
        file.write_bytes(content)
        with pytest.raises(CommandError, match="データベースは変えていません"):
            call_command("restore", str(copy), replace=True)
    with pytest.raises(CommandError, match=f"{before}ページと0のアカウントがあります"):
        call_command("restore", str(copy))
    file.unlink()
    with pytest.raises(CommandError, match="何も変えていません"):
        call_command("restore", str(copy), replace=True)
    assert Page.objects.count() == before
    assert problems() == []
    assert copy.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="pg_restore drops what it names")
def test_tables_of_a_newer_version_are_gone_after_the_restore(
    committed_site: Site, media: Path, tmp_path: Path
) -> None:
    call_command("backup", str(tmp_path / "copy"), stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bureaus_newer (id serial, page bigint REFERENCES bureaus_page)"
        )
    call_command("restore", str(tmp_path / "copy"), replace=True, stdout=io.StringIO())
    assert "bureaus_newer" not in connection.introspection.table_names()
    assert Page.objects.filter(key="/").exists()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="one machine has the file of SQLite")
def test_a_server_on_another_machine_is_seen_by_its_connection() -> None:
    server = connection.copy()
    server.connect()
    try:
        with pytest.raises(CommandError, match="ほかから1つの接続"), stopped_site():
            pytest.fail("it runs")
    finally:
        server.close()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the file of SQLite")
def test_a_database_that_cannot_be_read_is_told_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unreadable = Mock(side_effect=DatabaseError("file is not a database"))
    monkeypatch.setattr(connection, "ensure_connection", unreadable)
    with pytest.raises(CommandError, match=r"not a database.*別の場所へ移してから"):
        database_copy().load(tmp_path / "database.sqlite3")


def test_a_site_is_checked_as_of_one_moment_while_officers_work(
    committed_site: Site, media: Path
) -> None:
    """A page that is added between two queries of the check is no problem."""
    writers: list[Thread] = []

    def add_page() -> None:
        add(parent=committed_site.root, kind=Kind.PAGE, slug="new", title="新しい", actor=None)
        connection.close()

    def add_meanwhile(execute: Any, sql: str, *arguments: Any) -> Any:
        done = execute(sql, *arguments)
        if not writers and 'FROM "bureaus_page"' in sql:
            writers.append(Thread(target=add_page))
            writers[0].start()
            writers[0].join()
        return done

    with connection.execute_wrapper(add_meanwhile):
        call_command("check_site", stdout=io.StringIO())
    assert Page.objects.filter(key="/new/").exists()
