"""
Limits of the database connections of the server's threads: time, processes, and planning.

The limits belong to threads: commands (migrate, loaddata, rebuild_search) have none. PostgreSQL
cancels a statement by itself; where it is frozen, the client gives up a little later. It starts no
further processes for a statement: requests share the processors already, and for the few rows of
a page starting them takes longer than reading (the site map: 114 ms with, 18 ms without). And it
plans a prepared statement once (docs/adr/0025): by itself it plans some anew at each execution,
because the plan for the values looks cheaper (the children of a section: 1.3 ms instead of 0.1).
"""

import threading
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg import OperationalError
from psycopg.pq import TransactionStatus

from ministry_site.request_records import count_queries_of

CLIENT_MARGIN = 1.0  # seconds that the client waits longer than the server's own limit
_thread = threading.local()


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """The limits of a statement, and within it of a lock, in seconds."""

    statement: float
    lock: float


def limit_this_thread(limits: TimeLimits) -> None:
    """Apply `limits` to every connection that this thread opens from now on."""
    _thread.limits = limits
    connection_created.connect(limit_connection, dispatch_uid="time limits")
    connection_created.connect(count_queries_of, dispatch_uid="number of queries")


def limit_connection(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    limits = getattr(_thread, "limits", None)
    if limits is None:
        return
    if connection.vendor == "postgresql":
        limit_answers(connection.connection, limits.statement + CLIENT_MARGIN)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, false),"
                " set_config('lock_timeout', %s, false),"
                " set_config('max_parallel_workers_per_gather', '0', false),"
                " set_config('plan_cache_mode', 'force_generic_plan', false)",
                [f"{limits.statement}s", f"{limits.lock}s"],
            )
    else:
        connection.connection.execute(f"PRAGMA busy_timeout = {int(limits.lock * 1000)}")


def limit_answers(connection: Any, seconds: float) -> None:
    """Limit each call on this psycopg connection; one that takes longer closes it."""
    wait = connection.wait

    def wait_within(generator: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return wait(generator, *args, **{"timeout": seconds, **kwargs})
        except OperationalError:
            if connection.info.transaction_status == TransactionStatus.ACTIVE:
                connection.close()  # a late answer would be read as that of the next call
            raise

    connection.wait = wait_within
