"""Whether the site runs: each process that serves it holds a lock on its folder of data."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

LOCK = "serving.lock"
OTHER_SESSIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
STOP_IT = (
    "サイトが動いています（{found}）。すべてのサーバーを止めて、もう一度実行してください。"
    "動いたまま戻すには --while-running を付けます（職員がその間にしたことは失われます）。"
    "何も変えていません。"
)
held: list[IO[str]] = []  # open until the process ends, also where it is killed


def hold_while_serving() -> None:
    """Mark this process as one that serves the site; wait while the site is restored."""
    lock = open_lock()
    fcntl.flock(lock, fcntl.LOCK_SH)
    held.append(lock)


def open_lock() -> IO[str]:
    return (Path(settings.DATA_DIR) / LOCK).open("w")


@contextmanager
def stopped_site() -> Iterator[None]:
    """
    Keep servers of this folder from starting during the block. Raises CommandError.

    A server on another machine is seen by its connections to PostgreSQL.
    """
    with open_lock() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(STOP_IT.format(found=settings.DATA_DIR)) from error
        if sessions := other_sessions():
            found = f"データベースに、ほかから{sessions}つの接続があります"
            raise CommandError(STOP_IT.format(found=found))
        yield


def other_sessions() -> int:
    if connection.vendor != "postgresql":
        return 0
    try:
        with connection.cursor() as cursor:
            cursor.execute(OTHER_SESSIONS)
            return int(cursor.fetchone()[0])
    except DatabaseError as error:
        raise CommandError(
            f"データベースにつながりません（{error}）。DATABASE_URL と、データベースの状態を"
            "確かめてください。何も変えていません。"
        ) from error
