"""Let all statements of a request read one state of the database (ADR 0023)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def snapshot() -> Iterator[None]:
    """
    Open a read-only transaction whose statements all read the state that the first one reads.

    PostgreSQL refuses to write inside. It waits for no lock and no writer waits for it. 2 round
    trips on PostgreSQL, BEGIN and COMMIT. Inside another transaction it does nothing: the
    isolation of that one applies.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        yield
        return
    connection.close_if_health_check_failed()  # before the mode, which a new connection lacks
    connection.ensure_connection()
    begin = deferred if connection.vendor == "sqlite" else repeatable_read
    with begin(connection), transaction.atomic():
        yield


@contextmanager
def deferred(connection: Any) -> Iterator[None]:
    """Begin without the write lock that the settings take (IMMEDIATE)."""
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = mode


@contextmanager
def repeatable_read(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the driver set the isolation with BEGIN, without a further statement."""
    from psycopg import IsolationLevel  # here: a site on SQLite needs no libpq

    session = connection.connection
    level, session.isolation_level = session.isolation_level, IsolationLevel.REPEATABLE_READ
    session.read_only = True
    try:
        yield
    finally:
        if not session.closed:
            session.isolation_level, session.read_only = level, None
