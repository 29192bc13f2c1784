"""
The security log: who did what from where, with which result; one record for each event.

It is the logger `security`, a stream of its own (ministry_site/logs.py). No password, code, token
or search word is part of a record.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest

from bureaus.security.addresses import client_address

logger = logging.getLogger("security")
NAME_LENGTH = 100  # characters of the name as typed
QUOTED = str.maketrans({'"': '\\"', "\\": "\\\\"})
COMMAND = "command"  # the address of what an operator types at the machine
_request: ContextVar[HttpRequest | None] = ContextVar("request of the security log", default=None)


class SecurityEvent(StrEnum):
    """What is recorded. docs/operations.md lists the events with their fields."""

    LOGIN = "login"
    LOGOUT = "logout"
    SECOND_FACTOR = "second-factor"
    FACTOR_ADDED = "factor-added"
    FACTOR_REMOVED = "factor-removed"
    CODES_RENEWED = "backup-codes-renewed"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - the name of an event
    INVITED = "invited"
    SESSION_ENDED = "session-ended"
    ACCESS = "access"
    ACCOUNT = "account"
    ROLE = "role"
    UPLOAD = "upload"
    RATE = "rate"


@contextmanager
def logged_request(request: HttpRequest) -> Iterator[None]:
    """Make `request` the one whose sender and account the records of the block name."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def record_event(
    event: SecurityEvent,
    *,
    refused: bool = False,
    account: str = "",
    request: HttpRequest | None = None,
    details: Mapping[str, object] = MappingProxyType({}),
    **more: object,
) -> None:
    """Write one record. `account` is who acts; without it the officer of the request."""
    request = request or _request.get()
    fields = {
        "event": event.value,
        "result": "refused" if refused else "ok",
        "account": account or account_of(request),
        "address": (client_address(request) or "unknown") if request else COMMAND,
        **{name: str(value) for name, value in {**details, **more}.items() if value},
    }
    line = " ".join(f'{name}="{on_one_line(value)}"' for name, value in fields.items())
    logger.log(logging.WARNING if refused else logging.INFO, "%s", line, extra=fields)


def account_of(request: HttpRequest | None) -> str:
    officer: Any = getattr(request, "user", None)
    return officer.get_username() if officer and officer.is_authenticated else ""


def on_one_line(name: str) -> str:
    """Return `name` cut, with quotes and all control and direction characters escaped."""
    cut = name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH]}…"
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in cut.translate(QUOTED)
    )
