"""Queries without results: counted by day and word, without personal data, for some time."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from bureaus.models import ZeroResultQuery
from bureaus.search import count_zero_result, frequent_zero_results, prune_zero_results
from bureaus.search.zero_results import RETENTION, pruned
from bureaus.text.formatting import TOKYO
from tests.helpers.cast import Site

DAY = date(2013, 5, 23)
pytestmark = pytest.mark.django_db


def counted() -> dict[str, int]:
    return dict(ZeroResultQuery.objects.values_list("word", "count"))


def look_for(client: Client, words: str, more: str = "") -> None:
    assert client.get(f"/search/?q={quote(words)}{more}").status_code == 200


def test_queries_are_counted_folded(site: Site, citizen: Client) -> None:
    for words in ("ムーミン", "ﾑｰﾐﾝ", "むーみん　谷"):
        look_for(citizen, words)
    assert counted() == {"ムーミン": 2, "ムーミン 谷": 1}
    assert ZeroResultQuery.objects.first().day == timezone.localdate(timezone=TOKYO)  # type: ignore[union-attr]


def test_queries_are_shown_as_typed(site: Site, citizen: Client) -> None:
    for words in ("むーみん　谷", "ﾑｰﾐﾝ 谷", "ムーミン 谷"):
        look_for(citizen, words)
    [found] = frequent_zero_results(timezone.localdate(timezone=TOKYO), 10)
    assert (found.word, found.typed, found.times) == ("ムーミン 谷", "むーみん 谷", 3)


def test_queries_with_results_are_not_counted(site: Site, citizen: Client) -> None:
    look_for(citizen, "研究")
    look_for(citizen, "")
    assert counted() == {}


@pytest.mark.parametrize("more", ["&year=1990", "&kind=page", "&at=2013-05-01", "&page=1&year=1"])
def test_queries_with_filters_or_in_the_past_are_not_counted(
    site: Site, citizen: Client, more: str
) -> None:
    look_for(citizen, "会議の研究者", more)
    assert counted() == {}


@pytest.mark.parametrize(
    "words",
    [
        "suzuki@example.jp",
        "03-5253-5111",
        "０９０１２３４５６７８",
        "鈴木 1234 5678 9012",
        "（03）5253-5111",
        "03.5253.5111",
        "あ" * 60,
    ],
)
def test_personal_data_is_not_stored(site: Site, citizen: Client, words: str) -> None:
    look_for(citizen, words)
    assert counted() == {}


def test_a_year_is_no_personal_data(site: Site, citizen: Client) -> None:
    look_for(citizen, "1999年予言")
    assert counted() == {"1999年予言": 1}


def test_the_words_of_a_day_are_limited(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ZeroResultQuery(day=DAY, word=f"語{number}") for number in range(1_000)]
    ZeroResultQuery.objects.bulk_create(rows)
    count_zero_result(["新語"], DAY)
    count_zero_result(["語7"], DAY)
    count_zero_result(["新語"], DAY + timedelta(days=1))
    assert ZeroResultQuery.objects.filter(day=DAY).count() == 1_000
    assert ZeroResultQuery.objects.get(day=DAY, word="語7").count == 2
    assert ZeroResultQuery.objects.filter(word="新語").count() == 1


def test_old_counts_are_deleted(db: None) -> None:
    pruned.clear()
    for age in (0, RETENTION.days, RETENTION.days + 1):
        ZeroResultQuery.objects.create(day=DAY - timedelta(days=age), word="語")
    count_zero_result(["別"], DAY)
    assert ZeroResultQuery.objects.filter(word="語").count() == 2
    assert prune_zero_results(DAY + timedelta(days=1)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="one writer at a time is SQLite's rule")
def test_a_busy_database_does_not_keep_a_reader_waiting(
    committed_site: Site, citizen: Client
) -> None:
    other = sqlite3.connect(Path(str(connection.settings_dict["NAME"])), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        look_for(citizen, "ムーミン")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert counted() == {}
    look_for(citizen, "ムーミン")
    assert counted() == {"ムーミン": 1}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (30_000,)
