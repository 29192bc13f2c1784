"""The log of refused logins, one line each: an operator sees which accounts are attacked."""

import logging
from typing import Any

from django.http import HttpRequest

from bureaus.login.limits import client_address

logger = logging.getLogger("bureaus.login")
NAME_LENGTH = 100  # characters of the name as typed
QUOTED = str.maketrans({'"': '\\"', "\\": "\\\\"})


def log_refusal(request: HttpRequest, name: str, reason: str) -> None:
    """Log a refusal without secrets; `reason`: password, locked, second-factor, not-staff."""
    address = client_address(request) or "unknown"
    logger.warning(
        'refused login: reason=%s account="%s" address=%s', reason, on_one_line(name), address
    )


def on_one_line(name: str) -> str:
    """Return `name` cut, with quotes and all control and direction characters escaped."""
    cut = name if len(name) <= NAME_LENGTH else f"{name[:NAME_LENGTH]}…"
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in cut.translate(QUOTED)
    )


def log_failed_login(
    request: HttpRequest | None = None,
    credentials: dict[str, Any] | None = None,
    **_signal: Any,
) -> None:
    """Receive Django's user_login_failed; django-axes marks the request of a locked-out name."""
    if request is None:
        return
    reason = "locked" if getattr(request, "axes_locked_out", False) else "password"
    log_refusal(request, str((credentials or {}).get("username", "")), reason)
