"""What is known of the request that a thread works on: for the log, and for the counters."""

import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# An id is repeated in the answer and in the log, so it is short and has no sign of its own.
SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
# The token of a shared link or of an invitation lets its reader in. `shown` replaces it.
TOKEN = re.compile(r"(?<=/preview/)[^/?\s]+|(?<=/invitation/)[^?\s]+")
_current: ContextVar["RequestRecord | None"] = ContextVar("request record", default=None)


@dataclass(slots=True)
class RequestRecord:
    """A request: `user` is the key of the account, if the account was read."""

    id: str
    method: str
    path: str
    begin: float = field(default_factory=time.monotonic)
    status: int = 0
    queries: int = 0
    user: int | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begin

    @contextmanager
    def active(self) -> Iterator[None]:
        """Make this the record of what the thread does in the block."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)


def record_of(environ: dict[str, Any]) -> RequestRecord:
    """Return a new record, with the id in X-Request-ID where that has a safe form."""
    claimed = environ.get("HTTP_X_REQUEST_ID", "")
    request_id = claimed if SAFE_ID.fullmatch(claimed) else uuid.uuid4().hex
    path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
    return RequestRecord(request_id, environ["REQUEST_METHOD"], shown(in_one_line(path)))


def in_one_line(path: str) -> str:
    """Return `path` with control and direction characters escaped: a "%0A" begins no new line."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in path
    )


def shown(text: str) -> str:
    """Return `text`, a path or a message, without the tokens of shared links."""
    return TOKEN.sub("…", text)


def current_record() -> RequestRecord | None:
    return _current.get()


def count_query(execute: Any, *arguments: Any) -> Any:
    if record := _current.get():
        record.queries += 1
    return execute(*arguments)


def count_queries_of(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Count the statements of this connection (receiver of Django's connection_created)."""
    if count_query not in connection.execute_wrappers:
        connection.execute_wrappers.append(count_query)
