"""The log of refused logins, one line each: an operator sees which accounts are attacked."""

import logging
from typing import Any

from django.http import HttpRequest

from bureaus.security.addresses import client_address
from bureaus.security.log import SecurityEvent, on_one_line, record_event

logger = logging.getLogger("bureaus.login")
SECOND_FACTOR = "second-factor"


def log_refusal(request: HttpRequest, name: str, reason: str) -> None:
    """Log a refusal without secrets; `reason`: password, locked, second-factor, not-staff."""
    address = client_address(request) or "unknown"
    logger.warning(
        'refused login: reason=%s account="%s" address=%s', reason, on_one_line(name), address
    )
    event = SecurityEvent.SECOND_FACTOR if reason == SECOND_FACTOR else SecurityEvent.LOGIN
    record_event(event, refused=True, account=name, request=request, reason=reason)


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


def log_login(request: HttpRequest, user: Any, **_signal: Any) -> None:
    """Receive Django's user_logged_in: the password was right."""
    record_event(SecurityEvent.LOGIN, account=user.get_username(), request=request)


def log_logout(request: HttpRequest, user: Any, **_signal: Any) -> None:
    """Receive Django's user_logged_out, which a visitor without a login can cause too."""
    if user is not None:
        record_event(SecurityEvent.LOGOUT, account=user.get_username(), request=request)
