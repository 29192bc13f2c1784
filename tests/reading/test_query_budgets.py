"""The number of queries of every kind of page, and the index that each statement uses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from bureaus.models import Answer, Kind, NewsListing, Page, Placement
from bureaus.publishing import rename
from bureaus.search.zero_results import pruned
from bureaus.text.formatting import TOKYO
from bureaus.views.health import health
from tests.helpers.cast import approve, publish, tokyo
from tests.helpers.generator import BUREAU, grow
from tests.helpers.query_plans import (
    ON_SQLITE,
    Statement,
    faults_of,
    generic_plan,
    nodes_of,
    plan_of,
    rows_of,
    statements,
    work_of,
)

BUDGET = 7
SIZES = (20, 5_000)
# Of a statement that counts or searches 5,000 pages: rows visited on PostgreSQL, each table and
# join counted, or steps of the virtual machine of SQLite. Twice the largest that was measured.
MOST_WORK = 106_000 if ON_SQLITE else 30_000
# A request for a whole list reads all of it, and a calendar a hundred events; /healthz counts the
# tree, once in ten seconds.
READ_ALL = {
    "calendar of the site",
    "calendar of the bureau",
    "addresses for robots",
    "news of the bureau as CSV",
    "all news as CSV",
    "all organisations as CSV",
    "health",
}


@dataclass(frozen=True)
class Cost:
    status: int
    queries: int


COSTS = {
    "home": Cost(200, 7),
    "guide": Cost(200, 7),
    "bureau": Cost(200, 7),
    "section": Cost(200, 7),
    "news item": Cost(200, 5),
    "news of the bureau": Cost(200, 6),
    "news of a year": Cost(200, 6),
    "news of a category": Cost(200, 6),
    "news of the site": Cost(200, 6),
    "last page of the news": Cost(200, 6),
    "events of the bureau": Cost(200, 5),
    "events of the site": Cost(200, 5),
    "last page of the events": Cost(200, 5),
    "events of a category": Cost(200, 5),
    "events in the past": Cost(200, 5),
    "events as JSON": Cost(200, 5),
    "calendar of the site": Cost(200, 3),
    "calendar of the bureau": Cost(200, 3),
    "calendar of a page": Cost(200, 3),
    "plain page": Cost(200, 6),
    "sitemap": Cost(200, 7),
    "bureau in the past": Cost(200, 7),
    "home in the past": Cost(200, 7),
    "guide in the past": Cost(200, 7),
    "section in the past": Cost(200, 7),
    "news in the past": Cost(200, 6),
    "history in the past": Cost(200, 3),
    "before the records": Cost(404, 6),
    "timemap": Cost(200, 2),
    "timemap as JSON": Cost(200, 2),
    "another spelling of a day": Cost(302, 0),
    "archived": Cost(200, 6),
    "wrong address": Cost(404, 4),
    "strange address": Cost(404, 3),
    "too early": Cost(404, 6),
    "behind the last page": Cost(404, 3),
    "no such filter": Cost(404, 1),
    "no such file": Cost(404, 3),
    "gone": Cost(410, 2),
    "missing slash": Cost(301, 1),
    "index of a list": Cost(301, 1),
    "moved": Cost(301, 2),
    "former": Cost(301, 3),
    "history": Cost(200, 3),
    "bad moment": Cost(400, 1),
    "home as JSON": Cost(200, 7),
    "bureau as JSON": Cost(200, 7),
    "section as JSON": Cost(200, 7),
    "news as JSON": Cost(200, 6),
    "missing as JSON": Cost(404, 4),
    "feed of the site": Cost(200, 3),
    "feed of the bureau": Cost(200, 3),
    "no feed": Cost(404, 2),
    "news of the bureau as CSV": Cost(200, 3),
    "all news as CSV": Cost(200, 3),
    "all organisations as CSV": Cost(200, 1),
    "addresses for robots": Cost(200, 2),
    "robots": Cost(200, 0),
    "security": Cost(200, 0),
    "health": Cost(200, 4),
    "search": Cost(200, 7),
    "narrow search": Cost(200, 7),
    "search in vain": Cost(200, 7),
    "search in the past": Cost(200, 7),
    "empty search": Cost(200, 1),
    "suggestions": Cost(200, 2),
    "description of the search": Cost(200, 0),
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    health.until = 0.0
    pruned["on"] = timezone.localdate(timezone=TOKYO)  # the daily task has run


ADDRESSES = {
    "news of a category": f"{BUREAU}news/?year=2013&category=press",
    "home in the past": "/?at=2013-12-31",
    "guide in the past": "/main_sosiki/?at=2013-12-31",
    "section in the past": f"{BUREAU}section2/?at=2013-12-31",
    "news in the past": f"{BUREAU}news/?at=2013-12-31",
    "events of the bureau": f"{BUREAU}events/",
    "events of the site": "/events/",
    "events of a category": "/events/?category=meeting&status=ended",
    "events in the past": f"{BUREAU}events/?at=2013-12-31",
    "events as JSON": "/events.json",
    "calendar of the site": "/events.ics",
    "calendar of the bureau": f"{BUREAU}events.ics",
    "history in the past": f"{BUREAU}history/?at=2013-12-31",
    "before the records": "/?at=2001-01-01",
    "timemap": f"{BUREAU}history/timemap.link",
    "timemap as JSON": f"{BUREAU}history/timemap.json",
    "another spelling of a day": f"{BUREAU}?at=H25.12.31",
    "archived": "/archived/",
    "strange address": f"{BUREAU}Nothing.HTML",
    "too early": f"{BUREAU}?at=2001-01-01",
    "behind the last page": f"{BUREAU}news/?page=999",
    "no such filter": "/news/?category=nothing",
    "no such file": "/media/images/nothing.png",
    "gone": "/gone/",
    "missing slash": BUREAU.rstrip("/"),
    "index of a list": f"{BUREAU}news/index.html",
    "moved": "/moved/",
    "former": "/former/",
    "history": f"{BUREAU}history/",
    "bad moment": "/?at=never",
    "home as JSON": "/index.json",
    "bureau as JSON": f"{BUREAU[:-1]}.json",
    "section as JSON": f"{BUREAU}section2.json",
    "news as JSON": f"{BUREAU}news.json?year=2013",
    "missing as JSON": "/nothing.json",
    "feed of the site": "/feed.xml",
    "feed of the bureau": f"{BUREAU}feed.xml",
    "no feed": "/terms/feed.xml",
    "news of the bureau as CSV": f"{BUREAU}news.csv?year=2013",
    "all news as CSV": "/news.csv",
    "all organisations as CSV": "/organisations.csv",
    "addresses for robots": "/sitemap.xml",
    "robots": "/robots.txt",
    "security": "/.well-known/security.txt",
    "health": "/healthz",
    "search": "/search/?q=総務省 ICT",
    "narrow search": f"/search/?q=総務省&kind=organisation&organisation={BUREAU}&year=2013",
    "search in vain": "/search/?q=ムーミン谷",
    "search in the past": "/search/?q=総務省&at=2013-12-31",
    "empty search": "/search/",
    "suggestions": "/search/suggestions.json?q=政策",
    "description of the search": "/opensearch.xml",
}


@pytest.fixture(scope="module", params=SIZES)
def addresses(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, str]]:
    """Grow the site once a size; return the address of one of each kind, and its last page."""
    with django_db_blocker.unblock(), transaction.atomic():
        grown = grow(request.param)
        add_the_rest()
        if not ON_SQLITE:
            connection.cursor().execute("ANALYZE")
        bureau = Page.objects.get(key=BUREAU)
        items = Placement.objects.children_of(bureau.placement).filter(kind="news_item").count()
        yield (
            grown
            | ADDRESSES
            | {
                "calendar of a page": "/event.ics",
                "last page of the events": f"{BUREAU}events/?page={last_page_of_events(bureau)}",
                "last page of the news": f"{BUREAU}news/?page={max(1, -(-items // 20))}",
            }
        )
        transaction.set_rollback(True)


def last_page_of_events(organisation: Page) -> int:
    events = NewsListing.objects.filter(organisation=organisation, event_end__isnull=False)
    return max(1, -(-events.count() // 20))


def add_the_rest() -> None:
    root = Page.objects.get(key="/")
    for slug, answer, target in (
        ("archived", Answer.ARCHIVED, None),
        ("gone", Answer.GONE, None),
        ("moved", Answer.MOVED, Page.objects.get(key=BUREAU)),
    ):
        page = publish(root, slug, "ページ")
        approve(page, "ページ", live_from=tokyo(2014), answer=answer, moved_to=target)
    former = publish(root, "former", "名前の変わるページ")
    rename(page=former, slug="renamed", actor=None)
    event: dict[str, Any] = {"event_start": tokyo(2014), "event_end": tokyo(2015)}
    event |= {"category": "meeting", "issued_on": tokyo(2014).date()}
    publish(root, "event", "会議", kind=Kind.NEWS_ITEM, **event)


@pytest.mark.parametrize("name", COSTS)
def test_the_number_of_queries_is_the_same_at_any_size(
    addresses: dict[str, str],
    citizen: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
) -> None:
    with django_assert_num_queries(COSTS[name].queries):
        response = citizen.get(addresses[name])
    assert response.status_code == COSTS[name].status


def test_every_kind_of_page_stays_within_the_budget(
    addresses: dict[str, str],
) -> None:
    assert set(addresses) == set(COSTS)
    assert max(cost.queries for cost in COSTS.values()) <= BUDGET


# The plans


@pytest.mark.parametrize("addresses", [5_000], indirect=True)
@pytest.mark.parametrize("name", sorted(COSTS.keys() - READ_ALL))
def test_every_statement_uses_an_index(
    addresses: dict[str, str], citizen: Client, name: str
) -> None:
    """Statements that count or search read all that they count: the next test bounds them."""
    executed = [each for each in statements(citizen, addresses[name]) if not reads_all(each)]
    faults = [(fault, each.sql) for each in executed for fault in faults_of(each)]
    assert [fault for fault in faults if not sorts_what_is_to_come(*fault)] == []


def sorts_what_is_to_come(fault: str, sql: str) -> bool:
    """Events to come are few, and the only ones in the order of their start."""
    return "TEMP B-TREE FOR ORDER BY" in fault and 'ORDER BY U0."event_start"' in sql


def reads_all(statement: Statement) -> bool:
    """Whether it counts, or on PostgreSQL reads most pages in a row as most hold the word."""
    is_search = "bureaus_searchrow" in statement.sql and not ON_SQLITE
    counts_pairs = "GROUP BY id ORDER BY COUNT(*)" in statement.sql  # of similar titles
    return is_search or counts_pairs or statement.sql.startswith("SELECT COUNT")


@pytest.mark.parametrize("addresses", [5_000], indirect=True)
@pytest.mark.parametrize(
    "name",
    [name for name in COSTS if re.search(r"^(news|events)|search|suggestions|last page", name)],
)
def test_counted_or_searched_rows_are_read_a_few_times_at_most(
    addresses: dict[str, str], citizen: Client, name: str
) -> None:
    executed = [each for each in statements(citizen, addresses[name]) if reads_all(each)]
    assert [(each.sql, read) for each in executed if (read := work_of(each)) > MOST_WORK] == []


@pytest.mark.parametrize("addresses", [5_000], indirect=True)
@pytest.mark.parametrize("name", ["guide", "bureau", "section", "plain page"])
def test_the_children_of_a_page_are_read_without_its_news(
    addresses: dict[str, str], citizen: Client, name: str
) -> None:
    executed = statements(citizen, addresses[name])
    [children] = [each for each in executed if '."body" ELSE' in each.sql]
    if ON_SQLITE:
        used = plan_of(children)
    else:
        used = [str(node.get("Index Name")) for node in nodes_of(generic_plan(children))]
    assert [step for step in used if "placement_children" in step]


@pytest.mark.skipif(not ON_SQLITE, reason="PostgreSQL reads most of a table in its own order")
@pytest.mark.parametrize("addresses", [5_000], indirect=True)
@pytest.mark.parametrize("name", ["news of the bureau", "news of the site", "news of a year"])
def test_the_news_are_counted_in_an_index_alone(
    addresses: dict[str, str], citizen: Client, name: str
) -> None:
    executed = statements(citizen, addresses[name])
    counts = [each for each in executed if each.sql.startswith("SELECT COUNT")]
    assert [
        step for each in counts for step in plan_of(each) if "COVERING INDEX news_listing" in step
    ]


@pytest.mark.parametrize("addresses", [5_000], indirect=True)
@pytest.mark.parametrize(
    ("name", "index"), [("bureau", "news_listing_of"), ("home", "news_listing")]
)
def test_the_newest_five_of_many_are_the_first_five_of_an_index(
    addresses: dict[str, str], citizen: Client, name: str, index: str
) -> None:
    [newest] = [each for each in statements(citizen, addresses[name]) if "LIMIT 5)" in each.sql]
    if ON_SQLITE:
        plan = plan_of(newest)
        assert [step for step in plan if re.search(rf"\b{index}\b", step)]
        assert not [step for step in plan if step.startswith("INNER USE TEMP B-TREE")]
    else:
        assert index in {node.get("Index Name") for node in nodes_of(generic_plan(newest))}


@pytest.mark.parametrize("addresses", [5_000], indirect=True)
def test_a_statement_without_an_index_is_detected(addresses: dict[str, str]) -> None:
    scan = Statement("SELECT * FROM bureaus_edition WHERE title = %s", ["x"], is_prepared=False)
    assert any("on bureaus_edition" in fault or "SCAN" in fault for fault in faults_of(scan))
    branch = Statement(
        "SELECT id FROM bureaus_placement WHERE path > '0001' AND path < '0002' AND depth + 0 = 2",
        [],
        is_prepared=not ON_SQLITE,
    )
    assert [fault for fault in faults_of(branch) if re.search("steps|discarded", fault)]


@pytest.mark.skipif(ON_SQLITE, reason="SQLite keeps its statements by itself")
@pytest.mark.parametrize("addresses", [5_000], indirect=True)
def test_public_statements_are_prepared_on_the_server(
    addresses: dict[str, str], citizen: Client
) -> None:
    for _ in range(3):
        citizen.get(addresses["bureau"])
        citizen.get(addresses["search"])
    prepared = [sql for (sql,) in rows_of("SELECT statement FROM pg_prepared_statements")]
    assert [sql for sql in prepared if "CASE WHEN" in sql]
    assert not [sql for sql in prepared if "bureaus_searchrow" in sql]
