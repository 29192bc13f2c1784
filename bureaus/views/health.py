"""The health check: whether the site can serve a page now."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from bureaus.integrity import tree_adds_up
from bureaus.views.negotiation import read_only

REPORT_LIFETIME = 10.0  # seconds
OK, FAILED, UNKNOWN = "ok", "failed", "unknown"
log = logging.getLogger(__name__)

Check = Callable[[], bool]


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


CHECKS: dict[str, Check] = {
    "database": database_answers,
    "migrations": is_migrated,
    "tree": tree_adds_up,
}


@dataclass
class Health:
    """
    The last report of this process, cached for ten seconds against floods of requests.

    One thread runs the checks, the others wait for its report.
    """

    report: dict[str, str] = field(default_factory=dict)
    until: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def now(self) -> dict[str, str]:
        with self.lock:
            if time.monotonic() >= self.until:
                self.report = run_checks()
                self.until = time.monotonic() + REPORT_LIFETIME
            return self.report


def run_checks() -> dict[str, str]:
    """Run the checks in order; after a failed database the rest is unknown, without a try."""
    report: dict[str, str] = {}
    for name, check in CHECKS.items():
        is_unknown = report.get("database", OK) != OK
        report[name] = UNKNOWN if is_unknown else outcome(name, check)
    return report


def outcome(name: str, check: Check) -> str:
    """Log the cause, which the response does not contain."""
    try:
        is_healthy = check()
    except Exception:
        log.exception("healthz の検査「%s」が例外で終わりました。", name)
        return FAILED
    if not is_healthy:
        log.error("healthz の検査「%s」に問題があります。check_site で調べてください。", name)
    return OK if is_healthy else FAILED


health = Health()


@read_only
def healthz(request: HttpRequest) -> HttpResponse:
    del request
    report = health.now()
    is_healthy = set(report.values()) == {OK}
    status = HTTPStatus.OK if is_healthy else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(report, status=status, headers={"Cache-Control": "no-store"})
