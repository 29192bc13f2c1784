"""
What to say where the database, the storage or a free thread is missing: 503, and when to retry.

Without a query, as none would be answered.
"""

import sqlite3
import sys
from http import HTTPStatus

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bureaus.views.negotiation import json_answer, wants_json

UNAVAILABLE = (
    "サイトが混み合っているか、データベースなどが応答していないため、ただいま表示できません。"
    "少し待ってから、もう一度お試しください。"
)
NOT_SAVED = (
    "送られた内容は保存されていません。前の画面に戻り、少し待ってから、もう一度送ってください。"
)
TOO_SLOW = (
    "送られた内容が時間内に届かなかったため、受け付けられませんでした。"
    "通信の状態を確かめてから、もう一度送ってください。"
)
# Of SQLite's errors, those that pass: another has the lock, the disk does not answer.
PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
PRIMARY = 0xFF  # of an extended error code of SQLite


def is_outage(error: BaseException | None) -> bool:
    """Whether the same request may succeed as soon as the database or the storage answers."""
    if isinstance(error, OperationalError | InterfaceError):
        code = getattr(error.__cause__, "sqlite_errorcode", None)
        return code is None or code & PRIMARY in PASSING
    return isinstance(error, storage_errors())


def storage_errors() -> tuple[type[Exception], ...]:
    """What botocore raises without an answer. It is loaded only where the media are on S3."""
    botocore = sys.modules.get("botocore.exceptions")
    return (botocore.ConnectionError, botocore.HTTPClientError) if botocore else ()


def refused(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return too_slow(request) if status == HTTPStatus.REQUEST_TIMEOUT else unavailable(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    sentence = UNAVAILABLE if request.method in {"GET", "HEAD"} else NOT_SAVED
    response = answer(request, HTTPStatus.SERVICE_UNAVAILABLE, sentence)
    response.headers["Retry-After"] = str(settings.RETRY_SECONDS)
    return response


def too_slow(request: HttpRequest) -> HttpResponse:
    response = answer(request, HTTPStatus.REQUEST_TIMEOUT, TOO_SLOW)
    response.headers["Connection"] = "close"
    return response


def answer(request: HttpRequest, status: HTTPStatus, sentence: str) -> HttpResponse:
    if wants_json(request):
        response = json_answer({"error": sentence}, status)
    else:
        context = {"sentence": sentence, "status": status.value}
        response = HttpResponse(render_to_string("503.html", context), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
