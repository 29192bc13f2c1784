"""The logs, on standard error or in a file: a line for each record, as text or as JSON."""

import copy
import logging
import os
from pathlib import Path
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from ministry_site.request_records import current_record, shown

TEXT, JSON = "text", "json"
TEXT_LINE = "{asctime} {levelname} {name}: {message}"
ACCESS = "ministry.access"
SECURITY = "security"
WATCHERS = {"/livez", "/readyz", "/healthz"}


def log_format(text: str) -> str:
    return {TEXT: TEXT, JSON: JSON}[text.lower()]


def log_file(text: str) -> str:
    """Return the absolute path of a file that can be appended to. Raises OSError."""
    path = Path(text).resolve()
    with path.open("a"):
        return str(path)


def in_one_line(record: logging.LogRecord) -> logging.LogRecord:
    """Return `record` with the traceback of an outage replaced by its cause: it is no defect."""
    if not record.exc_info:
        return record
    from bureaus.views.outages import is_outage

    error = record.exc_info[1]
    if not is_outage(error):
        return record
    record = copy.copy(record)
    cause = " ".join(str(error).split())
    record.msg, record.args = f"{record.getMessage()}（{type(error).__name__}: {cause}）", ()
    record.exc_info = record.exc_text = None
    return record


class TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return super().format(in_one_line(record))


class JsonLines(JsonFormatter):
    """Objects of JSON with the id of the request, and without the request itself."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "traceback"},
            reserved_attrs=[*RESERVED_ATTRS, "request", "status_code", "server_time"],
            timestamp="time",
            json_ensure_ascii=False,
        )

    def format(self, record: logging.LogRecord) -> str:
        return super().format(in_one_line(record))


def server_lines() -> logging.Formatter:
    """Return the formatter of granian's own lines (granian_log.json), which have no settings."""
    if os.environ.get("LOG_FORMAT", TEXT).lower() == JSON:
        return JsonLines()
    return TextLines(TEXT_LINE, style="{")


class RequestIdFilter(logging.Filter):
    """Adds the id of the request, where the thread works on one."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = current_record()
        if request is not None and not hasattr(record, "request_id"):
            record.request_id = request.id
        return True


class TokenFilter(logging.Filter):
    """Replaces the token of a shared link in what any logger writes of its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # a wrong format: the handler reports it
            return True
        if message != (masked := shown(message)):
            record.msg, record.args = masked, ()
        if isinstance(path := getattr(record, "path", None), str):  # a field of the security log
            record.path = shown(path)
        return True


class WatcherFilter(logging.Filter):
    """Drops the status of a refused check: the check has logged the cause."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return bool(record.exc_info) or getattr(request, "path_info", "") not in WATCHERS


def logging_config(form: str, *, access: bool, security: str = "") -> dict[str, Any]:
    """
    Return Django's LOGGING: warnings of everything and, with `access`, each request.

    The security log is a stream of its own: the file `security`, or standard error.
    """
    line = {"formatter": form, "filters": ["request id", "token"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request id": {"()": "ministry_site.logs.RequestIdFilter"},
            "token": {"()": "ministry_site.logs.TokenFilter"},
            "watcher": {"()": "ministry_site.logs.WatcherFilter"},
        },
        "formatters": {
            TEXT: {
                "()": "ministry_site.logs.TextLines",
                "format": TEXT_LINE,
                "style": "{",
            },
            JSON: {"()": "ministry_site.logs.JsonLines"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", **line},
            SECURITY: {"class": "logging.StreamHandler", **line}
            if not security
            else {"class": "logging.handlers.WatchedFileHandler", "filename": security, **line},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            SECURITY: {"handlers": [SECURITY], "level": "INFO", "propagate": False},
            ACCESS: {"level": "INFO" if access else "CRITICAL"},
            "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "axes": {"level": "ERROR"},  # bureaus.login logs each refused login in one line
            # A wrong address or a foreign Host is a visitor's mistake, not an operator's concern.
            "django.request": {"level": "ERROR", "filters": ["watcher"]},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.security.TooManyFieldsSent": {"level": "CRITICAL"},
            "django.security.TooManyFilesSent": {"level": "CRITICAL"},
        },
    }
