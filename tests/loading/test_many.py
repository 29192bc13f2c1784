"""More pages than a statement takes parameters."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import Placement, SearchRow
from bureaus.publishing import rename
from tests.helpers.fixtures import Item, dump, load_items, page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("media"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is sent no parameters"),
]
LIMIT = 1_000  # parameters; SQLite's own is 32,766, and Debian's 250,000
MANY = "/many/"


@pytest.fixture
def _few_parameters(db: None) -> Iterator[None]:
    connection.ensure_connection()
    before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, LIMIT)
    yield
    connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)


def records_of(address: str, kind: str, category: str, day: int) -> list[Item]:
    slug = address.rstrip("/").rpartition("/")[2]
    place = {"url_path": address, "slug": slug, "kind": kind}
    text = {"title": f"ページ {address}", "category": category, "state": "approved", "number": 1}
    start = f"2013-04-{day:02}T00:00:00+09:00"
    return [
        {"model": "bureaus.page", "fields": place},
        {"model": "bureaus.edition", "fields": {"page": [address], "live_from": start, **text}},
    ]


@pytest.mark.usefixtures("_few_parameters")
def test_a_site_of_more_pages_than_a_statement_takes_parameters(tmp_path: Path) -> None:
    """Loaded, loaded again, dumped with its numbers, and with a branch moved there and back."""
    items = [
        *records_of("/", "organisation", "ministry", 1),
        *records_of(MANY, "page", "general", 1),
    ]
    for number in range(LIMIT + 1):
        items += records_of(f"{MANY}p{number}/", "page", "general", 30 - number % 30)
    assert "（新しいもの2006件、同じもの0件）" in load_items(tmp_path, items)
    newest_first = SearchRow.objects.order_by("-pk").values_list("day", flat=True)
    assert list(newest_first) == sorted(newest_first, reverse=True)
    assert "（新しいもの0件、同じもの3009件）" in load_items(tmp_path, json.loads(dump()))

    rename(page=page(MANY), slug="others", actor=None)
    rename(page=page("/others/"), slug="many", actor=None)
    assert Placement.objects.filter(url_path__startswith="/others/").count() == LIMIT + 2
    in_force = Placement.objects.in_force(timezone.now())
    assert in_force.filter(url_path__startswith=MANY).count() == LIMIT + 2
    assert problems() == []
