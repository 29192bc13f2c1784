"""One moment of the database for several queries of a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Run the queries of the block in one snapshot, which blocks no writer."""
    if connection.in_atomic_block:
        yield
        return
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ" if is_postgresql else "BEGIN")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
