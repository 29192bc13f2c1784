"""
The checks for programs that monitor the site from inside.

/livez: the process answers. /readyz: this machine can serve. /healthz: the site is well.
"""

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse

from bureaus.integrity import tree_adds_up
from bureaus.uploads.storage import store
from bureaus.views.negotiation import read_only

OK, FAILED, UNKNOWN = "ok", "failed", "unknown"
PROBE = ".readyz"  # a file of a few bytes in the storage, written again by each check
MEGABYTE = 1024**2
log = logging.getLogger(__name__)

Check = Callable[[], bool]


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def is_migrated() -> bool:
    """Return whether no migration of this code is missing; those of a newer one may be there."""
    loader = MigrationLoader(connection)
    return not loader.graph.nodes.keys() - loader.applied_migrations.keys()


def storage_accepts_a_file() -> bool:
    store(PROBE, BytesIO(b"ok"))
    return True


def cache_answers() -> bool:
    shared: Any = cache
    return bool(shared.ping())


def disk_has_room() -> bool:
    """Return whether the folders of data and of uploads can take an upload, and thus a login."""
    folders = (settings.DATA_DIR, tempfile.gettempdir())
    free = min(shutil.disk_usage(folder).free for folder in folders)
    return free >= settings.DISK_MEGABYTES * MEGABYTE


@dataclass
class HealthReport:
    """
    The last outcome of `checks` in this process, cached for `lifetime` seconds against floods.

    One thread runs the checks, the others wait for its report.
    """

    checks: Mapping[str, Check]
    lifetime: float
    outcomes: dict[str, str] = field(default_factory=dict)
    until: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def now(self) -> dict[str, str]:
        with self.lock:
            if time.monotonic() >= self.until:
                self.outcomes = run(self.checks)
                self.until = time.monotonic() + self.lifetime
            return self.outcomes


health = HealthReport(
    {"database": database_answers, "migrations": is_migrated, "tree": tree_adds_up}, lifetime=10.0
)
readiness = HealthReport(
    {
        "database": database_answers,
        "migrations": is_migrated,
        "storage": storage_accepts_a_file,
        "disk": disk_has_room,
        **({"cache": cache_answers} if hasattr(cache, "ping") else {}),
    },
    lifetime=2.0,
)
OF_THE_DATABASE = {"migrations", "tree"}


def run(checks: Mapping[str, Check]) -> dict[str, str]:
    """Run the checks in order; what a failed database would tell is unknown, without a try."""
    report: dict[str, str] = {}
    for name, check in checks.items():
        is_unknown = name in OF_THE_DATABASE and report["database"] != OK
        report[name] = UNKNOWN if is_unknown else outcome(name, check)
    return report


def outcome(name: str, check: Check) -> str:
    """Log the cause, which the response does not contain."""
    try:
        is_healthy = check()
    except Exception:
        log.exception("検査「%s」が例外で終わりました。", name)
        return FAILED
    if not is_healthy:
        log.error(
            "検査「%s」に問題があります。docs/operations.md の「見張る」をご覧ください。", name
        )
    return OK if is_healthy else FAILED


@read_only
def livez(request: HttpRequest) -> HttpResponse:
    del request
    return report_response({"process": OK}, HTTPStatus.OK)


@read_only
def readyz(request: HttpRequest) -> HttpResponse:
    """Refuse what this machine cannot serve: without bucket and cache it serves the pages."""
    del request
    report = readiness.now()
    optional = {"cache"} if isinstance(default_storage, FileSystemStorage) else {"cache", "storage"}
    needed = {name: value for name, value in report.items() if name not in optional}
    return report_response(report, status_of(needed))


@read_only
def healthz(request: HttpRequest) -> HttpResponse:
    del request
    report = health.now()
    return report_response(report, status_of(report))


def status_of(report: Mapping[str, str]) -> HTTPStatus:
    is_healthy = set(report.values()) == {OK}
    return HTTPStatus.OK if is_healthy else HTTPStatus.SERVICE_UNAVAILABLE


def report_response(report: Mapping[str, str], status: HTTPStatus) -> HttpResponse:
    return JsonResponse(report, status=status, headers={"Cache-Control": "no-store"})
