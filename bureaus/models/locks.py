"""The one lock of the editorial actions, under which the tree and what is public change."""

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

TREE_LOCK_KEY = 0x7472_6565  # "tree": any number, the same in every process
ATTEMPTS = 5
# PostgreSQL: serialization failure, deadlock. SQLite says "database is locked" after its timeout.
TRANSIENT_STATES = frozenset({"40001", "40P01"})


@contextmanager
def tree_lock(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """
    Open a transaction in which no other process changes the structure of the tree.

    Rows read before it may be out of date: read them again inside. On SQLite the transaction is
    IMMEDIATE (settings), which is a lock by itself. 1 query on PostgreSQL.
    """
    connection = connections[using]
    with transaction.atomic(using=using):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK_KEY])
        yield


def under_tree_lock(action: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """
    Run `action` inside `tree_lock`, again from the start after a deadlock or serialization failure.

    Inside a larger transaction it runs once: only the outermost block can be run again.
    """

    @functools.wraps(action)
    def locked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        outermost = not connections[DEFAULT_DB_ALIAS].in_atomic_block
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with tree_lock():
                    return action(*args, **kwargs)
            except OperationalError as error:
                if attempt == ATTEMPTS or not outermost or not is_transient(error):
                    raise
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - spreads retries
        raise AssertionError("unreachable: the last attempt returns or raises")

    return locked


def is_transient(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in TRANSIENT_STATES
