"""Whether the site could answer a citizen now: for whatever watches over it."""

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
from bureaus.views.negotiation import only_read

KEPT = 10.0  # seconds
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
    The last report of this process, kept for ten seconds: asking costs an attacker more than us.

    One thread examines, the others wait for its result.
    """

    report: dict[str, str] = field(default_factory=dict)
    until: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def now(self) -> dict[str, str]:
        with self.lock:
            if time.monotonic() >= self.until:
                self.report = examine()
                self.until = time.monotonic() + KEPT
            return self.report


def examine() -> dict[str, str]:
    """What follows a database that does not answer is unknown, and known at once."""
    report: dict[str, str] = {}
    for name, check in CHECKS.items():
        is_lost = report.get("database", OK) != OK
        report[name] = UNKNOWN if is_lost else outcome(name, check)
    return report


def outcome(name: str, check: Check) -> str:
    """The cause goes to the log and to nobody else."""
    try:
        is_well = check()
    except Exception:
        log.exception("healthz の検査「%s」が例外で終わりました。", name)
        return FAILED
    if not is_well:
        log.error("healthz の検査「%s」に問題があります。check_site で調べてください。", name)
    return OK if is_well else FAILED


health = Health()


@only_read
def healthz(request: HttpRequest) -> HttpResponse:
    del request
    report = health.now()
    is_well = set(report.values()) == {OK}
    status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(report, status=status, headers={"Cache-Control": "no-store"})
