"""Copies of the whole database in one file, saved and loaded while the site runs."""

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, CalledProcessError
from typing import IO, NamedTuple, cast

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.backends.postgresql.client import DatabaseClient

RESTORING = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--file=-")
READING_A_SCRIPT = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
# A newer version may have tables that the copy does not name, and --clean would leave them.
DROP_TABLES = """
BEGIN;
SET client_min_messages = warning;
DO $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname = current_schema()
    LOOP
        EXECUTE 'DROP TABLE IF EXISTS ' || name || ' CASCADE';
    END LOOP;
END $$;
"""


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
    """
    Replace all tables in one transaction; while the site runs it may end with a deadlock.

    psql commits only after pg_restore has read the whole file.
    """
    connection.close()
    with client("psql"), tempfile.TemporaryFile("w+") as errors:
        command, environment = on_the_database("psql", *READING_A_SCRIPT)
        with subprocess.Popen(  # noqa: S603 - the operator's own settings
            command, env=environment, stdin=PIPE, stdout=DEVNULL, stderr=errors, text=True
        ) as psql:
            unread = write_script(file, psql)
        errors.seek(0)
        if psql.returncode or unread:
            raise CalledProcessError(psql.returncode or 1, "", stderr=errors.read() + unread)


def write_script(file: Path, psql: subprocess.Popen[str]) -> str:
    """Write the restore of `file` to psql; return the error of pg_restore instead of a COMMIT."""
    with suppress(BrokenPipeError), cast("IO[str]", psql.stdin) as script:  # psql says why
        script.write(DROP_TABLES)
        script.flush()
        with client("pg_restore"):
            restored = subprocess.run(  # noqa: S603 - the operator's own settings
                ["pg_restore", *RESTORING, str(file)],  # noqa: S607
                stdout=script,
                stderr=PIPE,
                text=True,
                check=False,
            )
        if restored.returncode:
            return restored.stderr or "pg_restore"
        script.write("COMMIT;\n")
    return ""


def run(program: str, *options: str) -> None:
    """Run a client program of PostgreSQL on the database in use. Raises CommandError."""
    command, environment = on_the_database(program, *options)
    with client(program):
        subprocess.run(  # noqa: S603 - the operator's own settings
            command, env=environment, check=True, capture_output=True, text=True
        )


def on_the_database(program: str, *options: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of a client program on the database in use."""
    command, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    *address, name = command[1:]
    return [program, *options, *address, f"--dbname={name}"], {
        **os.environ,
        **(environment or {}),
    }


@contextmanager
def client(program: str) -> Iterator[None]:
    """Raise CommandError where `program` is missing or fails in the block."""
    try:
        yield
    except FileNotFoundError as error:
        raise CommandError(
            f"{program} がありません。PostgreSQL のクライアント（Debian なら postgresql-client）を"
            "入れてください。データベースは変えていません。"
        ) from error
    except CalledProcessError as error:
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
