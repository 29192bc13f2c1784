"""
The response where the database, the storage or a free thread is missing: 503 with Retry-After.

Without a query, as none would succeed.
"""

import sqlite3
import sys
from http import HTTPStatus

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bureaus.views.negotiation import json_response, wants_json

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
# SQLite's temporary errors: another process has the lock, the disk does not respond.
TEMPORARY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
PRIMARY_CODE = 0xFF  # mask of an extended error code of SQLite


def is_outage(error: BaseException | None) -> bool:
    """Return whether the request may succeed once the database or the storage responds."""
    if isinstance(error, OperationalError | InterfaceError):
        code = getattr(error.__cause__, "sqlite_errorcode", None)
        return code is None or code & PRIMARY_CODE in TEMPORARY
    return isinstance(error, storage_errors())


def storage_errors() -> tuple[type[Exception], ...]:
    """Return the errors of botocore, which is loaded only where the media are on S3."""
    botocore = sys.modules.get("botocore.exceptions")
    return (botocore.ConnectionError, botocore.HTTPClientError) if botocore else ()


def refusal(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return too_slow(request) if status == HTTPStatus.REQUEST_TIMEOUT else unavailable(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    message = UNAVAILABLE if request.method in {"GET", "HEAD"} else NOT_SAVED
    response = outage_response(request, HTTPStatus.SERVICE_UNAVAILABLE, message)
    response.headers["Retry-After"] = str(settings.RETRY_SECONDS)
    return response


def too_slow(request: HttpRequest) -> HttpResponse:
    response = outage_response(request, HTTPStatus.REQUEST_TIMEOUT, TOO_SLOW)
    response.headers["Connection"] = "close"
    return response


def outage_response(request: HttpRequest, status: HTTPStatus, message: str) -> HttpResponse:
    if wants_json(request):
        response = json_response({"error": message}, status)
    else:
        context = {"message": message, "status": status.value}
        response = HttpResponse(render_to_string("503.html", context), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
