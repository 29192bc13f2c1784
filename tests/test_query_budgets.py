"""What every kind of page may ask of the database: how much, and that an index answers it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from bureaus.models import Answer, Page
from bureaus.publishing import rename
from bureaus.search.vain import pruned
from bureaus.text import TOKYO
from bureaus.views.health import health
from tests.cast import approve, publish, tokyo
from tests.generator import BUREAU, grow

BUDGET = 7
FEW = 100  # rows that may be sorted without an index
SIZES = (20, 5_000)
COUNT_OF_ALL = "news of the site"
# Whoever asks for all there is reads all there is; /healthz counts the tree, once in ten seconds.
READ_ALL = {
    "addresses for robots",
    "news of the bureau as CSV",
    "all news as CSV",
    "all organisations as CSV",
    "health",
}
# The few words that mean the same, and what SQLite calls the look-up of words.
NO_SCAN = re.compile(
    r"SCAN (CONSTANT ROW|bureaus_synonyms$|bureaus_search(_titles)? VIRTUAL TABLE INDEX \d+:M)"
)
ON_SQLITE = connection.vendor == "sqlite"


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
    "plain page": Cost(200, 6),
    "sitemap": Cost(200, 7),
    "bureau in the past": Cost(200, 7),
    "news in the past": Cost(200, 6),
    "archived": Cost(200, 6),
    "wrong address": Cost(404, 3),
    "strange address": Cost(404, 2),
    "too early": Cost(404, 4),
    "behind the last page": Cost(404, 3),
    "no such filter": Cost(404, 1),
    "no such file": Cost(404, 2),
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
    "missing as JSON": Cost(404, 3),
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
    "search in vain": Cost(200, 5),
    "search in the past": Cost(200, 7),
    "empty search": Cost(200, 1),
    "suggestions": Cost(200, 2),
    "description of the search": Cost(200, 0),
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    health.until = 0.0
    pruned["on"] = timezone.localdate(timezone=TOKYO)  # what is done once a day has been done


ADDRESSES = {
    "news of a category": f"{BUREAU}news/?year=2013&category=press",
    "news in the past": f"{BUREAU}news/?at=2013-12-31",
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
        bureau = Page.objects.get(url_path=BUREAU)
        items = Page.objects.children_of(bureau).filter(kind="news_item").count()
        yield (
            grown
            | ADDRESSES
            | {
                "last page of the news": f"{BUREAU}news/?page={max(1, -(-items // 20))}",
            }
        )
        transaction.set_rollback(True)


def add_the_rest() -> None:
    root = Page.objects.get(url_path="/")
    for slug, answer, target in (
        ("archived", Answer.ARCHIVED, None),
        ("gone", Answer.GONE, None),
        ("moved", Answer.MOVED, Page.objects.get(url_path=BUREAU)),
    ):
        page = publish(root, slug, "ページ")
        approve(page, "ページ", live_from=tokyo(2014), answer=answer, moved_to=target)
    former = publish(root, "former", "名前の変わるページ")
    rename(page=former, slug="renamed", actor=None)


@pytest.mark.parametrize("name", COSTS)
def test_a_page_costs_the_same_at_any_size(
    addresses: dict[str, str],
    citizen: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    name: str,
) -> None:
    with django_assert_num_queries(COSTS[name].queries):
        response = citizen.get(addresses[name])
    assert response.status_code == COSTS[name].status


def test_every_kind_is_counted_and_none_costs_more_than_the_budget(
    addresses: dict[str, str],
) -> None:
    assert set(addresses) == set(COSTS)
    assert max(cost.queries for cost in COSTS.values()) <= BUDGET


# The plans


def statements(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return [query["sql"] for query in captured.captured_queries]


def plan_of(sql: str) -> list[str]:
    """Explain `sql`, a step a line."""
    with connection.cursor() as cursor:
        if not ON_SQLITE:
            cursor.execute(f"EXPLAIN {sql}")
            return [row[0].strip() for row in cursor.fetchall()]
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        rows = cursor.fetchall()
    inner = {key for key, _, _, step in rows if step.startswith("LIST SUBQUERY")}
    return [f"{'INNER ' if parent in inner else ''}{step}" for _, parent, _, step in rows]


def faults_of(sql: str) -> list[str]:
    """The steps that read a whole table, or sort more than a few rows."""
    if not ON_SQLITE:
        return [
            step for step in plan_of(sql) if re.search(r"Seq Scan on bureaus_(page|edition)", step)
        ]
    plan = plan_of(sql)
    scans = [
        step
        for step in plan
        if step.removeprefix("INNER ").startswith("SCAN") and not NO_SCAN.match(step)
    ]
    sorts = [step for step in plan if "TEMP B-TREE" in step]
    return scans + [step for step in sorts if step.startswith("INNER") or sorted_rows(sql) > FEW]


def sorted_rows(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(re.sub(r" LIMIT \d+( OFFSET \d+)?$", "", sql))
        return len(cursor.fetchall())


@pytest.mark.parametrize("addresses", [5_000], indirect=True)
@pytest.mark.parametrize("name", sorted(COSTS.keys() - READ_ALL))
def test_an_index_answers_every_question(
    addresses: dict[str, str], citizen: Client, name: str
) -> None:
    asked = statements(citizen, addresses[name])
    if name == COUNT_OF_ALL:  # whoever counts all the news there are reads most of the table
        asked = [sql for sql in asked if not sql.startswith("SELECT COUNT")]
    if not ON_SQLITE:  # it reads a few thousand pages in a row where nearly all hold the word
        asked = [sql for sql in asked if "bureaus_searchrow" not in sql]
    assert [(step, sql) for sql in asked for step in faults_of(sql)] == []


@pytest.mark.skipif(not ON_SQLITE, reason="PostgreSQL reads most of a table in its own order")
@pytest.mark.parametrize("addresses", [5_000], indirect=True)
@pytest.mark.parametrize("name", ["news of the bureau", "news of the site", "news of a year"])
def test_the_news_are_counted_in_an_index_alone(
    addresses: dict[str, str], citizen: Client, name: str
) -> None:
    counts = [sql for sql in statements(citizen, addresses[name]) if sql.startswith("SELECT COUNT")]
    assert [
        step for sql in counts for step in plan_of(sql) if "COVERING INDEX edition_news" in step
    ]


@pytest.mark.parametrize("addresses", [5_000], indirect=True)
@pytest.mark.parametrize(
    ("name", "index"), [("bureau", "edition_news_of"), ("home", "edition_news")]
)
def test_the_newest_five_of_many_are_the_first_five_of_an_index(
    addresses: dict[str, str], citizen: Client, name: str, index: str
) -> None:
    newest = [sql for sql in statements(citizen, addresses[name]) if "LIMIT 5)" in sql]
    assert len(newest) == 1
    plan = plan_of(newest[0])
    assert [step for step in plan if re.search(rf"\b{index}\b", step)]
    assert not [step for step in plan if step.startswith("INNER USE TEMP B-TREE")]


@pytest.mark.skipif(not ON_SQLITE, reason="the faults are SQLite's words")
@pytest.mark.parametrize("addresses", [5_000], indirect=True)
def test_a_question_without_an_index_is_found(addresses: dict[str, str]) -> None:
    scan = 'SELECT * FROM "bureaus_edition" WHERE "title" = \'x\''
    long_sort = 'SELECT "url_path" FROM "bureaus_page" WHERE "kind" = \'news_item\' ORDER BY "slug"'
    assert faults_of(scan) == ["SCAN bureaus_edition"]
    assert len(faults_of(f"{long_sort} LIMIT 5")) == 1
