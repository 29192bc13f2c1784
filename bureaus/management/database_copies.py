"""Copies of the whole database in one file, saved and loaded while the site runs."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.backends.postgresql.client import DatabaseClient

RESTORING = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")


class DatabaseCopy(NamedTuple):
    """The functions that save a database to a file called `name`, and load it."""

    name: str
    save: Callable[[Path], None]
    load: Callable[[Path], None]


def save_sqlite(file: Path) -> None:
    """Copy one moment of it, including the write-ahead log; writers are not blocked."""
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one self-contained file


def load_sqlite(file: Path) -> None:
    """
    Copy the pages of `file` into the database, in one transaction. Raises CommandError.

    Replacing the file itself would leave the write-ahead log of the former one beside it, which
    SQLite would apply to the new file.
    """
    try:
        connection.ensure_connection()
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?immutable=1", uri=True)) as copy:
            refuse_broken(copy, file)
            copy.backup(connection.connection)
    except (sqlite3.Error, DatabaseError) as error:
        raise CommandError(
            f"{connection.settings_dict['NAME']} を読み書きできません（{error}）。サーバーを止め、"
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
    """Restore in one transaction; while the site runs it may end with a deadlock."""
    connection.close()
    run("pg_restore", *RESTORING, str(file))


def run(program: str, *options: str) -> None:
    """Run a client program of PostgreSQL on the database in use. Raises CommandError."""
    command, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    *address, name = command[1:]
    try:
        subprocess.run(  # noqa: S603 - the operator's own settings
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


DATABASE_COPIES = {
    "sqlite": DatabaseCopy("database.sqlite3", save_sqlite, load_sqlite),
    "postgresql": DatabaseCopy("database.dump", save_postgresql, load_postgresql),
}


def database_copy() -> DatabaseCopy:
    return DATABASE_COPIES[connection.vendor]
