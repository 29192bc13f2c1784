"""Other processes on the same database: officers who work at once, and a server that is killed."""

import os
import pickle
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import connection, connections

Work = Callable[[int], None]


def at_once(count: int, work: Work) -> list[str]:
    """Run `work(0)` … `work(count - 1)` in a process each; return the tracebacks of the failed."""
    connections.close_all()
    children = [fork(work, number) for number in range(count)]
    failures = []
    for pid, reader in children:
        with os.fdopen(reader, "rb") as stream:
            content = stream.read()
        os.waitpid(pid, 0)
        failures.append(pickle.loads(content) if content else "ended without a word")  # noqa: S301
    return [failure for failure in failures if failure]


def fork(work: Work, number: int) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    failure = ""
    try:
        work(number)
        connections.close_all()
    except BaseException:  # noqa: BLE001 - whatever it is, the parent tells it
        failure = traceback.format_exc()
    with os.fdopen(writer, "wb") as stream:
        stream.write(pickle.dumps(failure))
    os._exit(0)


@contextmanager
def frozen(*pids: int) -> Iterator[None]:
    """Stop these processes for the time of the block, with everything that they hold."""
    try:
        send_all(pids, signal.SIGSTOP)
        yield
    finally:
        send_all(pids, signal.SIGCONT)


def send_all(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # a child of theirs may have ended meanwhile
            os.kill(pid, number)


def statements_of(work: Callable[[], object]) -> int:
    """How many SQL statements `work` executes; it is really done."""
    seen = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal seen
        seen += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        work()
    return seen


def killed_at(statement: int, work: Callable[[], object]) -> bool:
    """
    Do `work` in a process that is killed just before its SQL statement number `statement`.

    Return whether it came that far.
    """
    connections.close_all()
    pid = os.fork()
    if not pid:
        seen = 0

        def strike(execute: Any, *arguments: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*arguments)

        try:
            with connection.execute_wrapper(strike):
                work()
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)
