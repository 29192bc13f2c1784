"""A branch of 5,000 pages moves, now or booked, in as many queries as one of ten."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import AuditEntry, Edition, Kind, Page, Placement
from bureaus.publishing import move, rename
from bureaus.publishing.actions.tree import cancel_change
from bureaus.search import refresh
from tests.helpers.cast import OPENING, Site, approved, place_all, publish

PAGES = 5_000
QUERIES = 40
LATER = timedelta(days=30)


class Cost(NamedTuple):
    queries: int
    cpu: float  # seconds, of the database server too; printed and never asserted


def cost_of(action: Callable[[], object]) -> Cost:
    began = cpu_seconds()
    with CaptureQueriesContext(connection) as queries:
        action()
    return Cost(len(queries), cpu_seconds() - began)


def cpu_seconds() -> float:
    """Return what this process has used, and the process of PostgreSQL that serves it."""
    if connection.vendor != "postgresql":
        return time.process_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


@pytest.fixture
def branch(site: Site) -> Page:
    """The bureau with 5,000 public pages below it, on three levels."""
    home = site.bureau.url_path
    addresses = [f"{home}p{number}/" for number in range(10)]
    addresses += [f"{home}p{number % 10}/q{number}/" for number in range(100)]
    addresses += [f"{home}p{number % 10}/q{number % 100}/r{number}/" for number in range(4_890)]
    pages = place_all(dict.fromkeys(addresses, Kind.PAGE))
    Edition.objects.bulk_create(
        [approved(page, "資料", live_from=OPENING) for page in pages], batch_size=500
    )
    refresh(page.pk for page in pages)
    if connection.vendor == "postgresql":  # which does it by itself once rows are committed
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return site.bureau


def test_a_branch_of_five_thousand_pages_moves_in_forty_queries(site: Site, branch: Page) -> None:
    archive = publish(site.root, "archive", "保存庫")
    later = timezone.now() + LATER
    count = Placement.objects.count()
    costs = {}

    costs["book a move"] = cost_of(lambda: move(page=branch, to=archive, actor=None, at=later))
    assert Placement.objects.count() > count + PAGES
    release = AuditEntry.objects.latest("pk").details["release"]
    costs["cancel it"] = cost_of(lambda: cancel_change(page=branch, release=release, actor=None))
    assert Placement.objects.count() == count
    costs["move"] = cost_of(lambda: move(page=branch, to=archive, actor=None))
    costs["book a new address"] = cost_of(
        lambda: rename(page=branch, slug="renamed", actor=None, at=later)
    )

    for name, cost in costs.items():
        print(f"{connection.vendor}, {name}: {cost.queries} queries, {cost.cpu:.2f} s of CPU")
    assert {name: cost.queries for name, cost in costs.items() if cost.queries > QUERIES} == {}
    assert problems() == []
