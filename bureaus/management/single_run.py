"""A lock for commands that must not run twice at once: on the folder, and on the database."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import CommandError
from django.db import connection

BUSY = (
    "「{name}」は、もう動いています。2つ同時には動かないので、何もしていません。"
    "終わるのを待って、もう一度実行してください。"
)


@contextmanager
def single_run(name: str) -> Iterator[None]:
    """Hold the locks of the command `name`. Raises CommandError where another run holds one."""
    with (Path(settings.DATA_DIR) / f"{name}.lock").open("w") as file:
        if not (lock_file(file) and lock_database(name)):
            raise CommandError(BUSY.format(name=name))
        try:
            yield
        finally:
            unlock_database(name)


def lock_file(file: IO[str]) -> bool:
    """Lock the file until it is closed; whether it was free."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lock_database(name: str) -> bool:
    """Lock it for the other machines, which have other folders; whether it was free."""
    return connection.vendor != "postgresql" or ask("pg_try_advisory_lock", name)


def unlock_database(name: str) -> None:
    """PostgreSQL has done so itself where the connection was lost."""
    if connection.vendor == "postgresql" and connection.connection is not None:
        ask("pg_advisory_unlock", name)


def ask(function: str, name: str) -> bool:
    key = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        [answer] = cursor.fetchone()
    return bool(answer)
