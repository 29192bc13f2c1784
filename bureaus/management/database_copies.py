"""A copy of the whole database in one file, made and put back while the site runs."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from django.core.management.base import CommandError
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

RESTORING = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")


class Copying(NamedTuple):
    """How the database in use is saved to a file called `name`, and loaded from it."""

    name: str
    save: Callable[[Path], None]
    load: Callable[[Path], None]


def save_sqlite(file: Path) -> None:
    """Copy one moment of it, what is in the write-ahead log included; writers go on."""
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # a file that needs no other beside it


def load_sqlite(file: Path) -> None:
    """
    Put the pages of `file` into the database, in one transaction.

    To put the file itself in its place would leave the write-ahead log of the former one beside
    it, which SQLite would then take for its own. Raises CommandError.
    """
    try:
        connection.ensure_connection()
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?immutable=1", uri=True)) as copy:
            refuse_broken(copy, file)
            copy.backup(connection.connection)
    except sqlite3.Error as error:
        raise CommandError(
            f"{connection.settings_dict['NAME']} に書き込めません（{error}）。サーバーを止め、"
            "その名前のファイルと、それに -wal、-shm の付くファイルを別の場所へ移してから、"
            "もう一度実行してください。"
        ) from error
    finally:
        connection.close()


def refuse_broken(copy: sqlite3.Connection, file: Path) -> None:
    """Raises CommandError."""
    try:
        (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        copy.execute("SELECT 1 FROM bureaus_page LIMIT 1")
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise CommandError(
            f"{file} は、このサイトの控えではないか、壊れています（{found}）。"
            "別の控えを使ってください。データベースは変えていません。"
        )


def save_postgresql(file: Path) -> None:
    run("pg_dump", "--format=custom", f"--file={file}")


def load_postgresql(file: Path) -> None:
    """In one transaction, which a site at work may make the database refuse: a deadlock."""
    connection.close()
    run("pg_restore", *RESTORING, str(file))


def run(program: str, *options: str) -> None:
    """Run a program of PostgreSQL's on the database in use. Raises CommandError."""
    words, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    *address, name = words[1:]
    try:
        subprocess.run(  # noqa: S603 - the operator's own words and settings
            [program, *options, *address, f"--dbname={name}"],
            env={**os.environ, **(environment or {})},
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise CommandError(
            f"{program} がありません。PostgreSQL のクライアント（Debian なら postgresql-client）を"
            "入れてください。データベースは変えていません。"
        ) from error
    except subprocess.CalledProcessError as error:
        raise CommandError(
            f"{program} が失敗しました（{error.stderr.strip()}）。データベースは変えていません。"
            "サイトが動いていれば止めてください。止まっていれば、DATABASE_URL と、"
            "クライアントの版がサーバーより古くないことを確かめてください。"
        ) from error


COPYING = {
    "sqlite": Copying("database.sqlite3", save_sqlite, load_sqlite),
    "postgresql": Copying("database.dump", save_postgresql, load_postgresql),
}


def copying() -> Copying:
    return COPYING[connection.vendor]
