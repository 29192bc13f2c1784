"""/healthz: whether the site could answer a citizen now."""

import json
import logging
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from bureaus.integrity import problems, tree_adds_up
from bureaus.models import Placement
from tests.helpers.cast import Site
from tests.settings import free_port

WELL = {"database": "ok", "migrations": "ok", "tree": "ok"}


def ask(client: Client, status: int) -> dict[str, str]:
    response = client.get("/healthz")
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    report: dict[str, str] = json.loads(response.content)
    return report


def test_a_site_that_is_well_says_so(site: Site, citizen: Client) -> None:
    assert ask(citizen, 200) == WELL


def test_a_site_that_has_lost_every_page_is_not_well(db: None, citizen: Client) -> None:
    assert ask(citizen, 503) == {**WELL, "tree": "failed"}


def test_a_result_is_kept_so_that_asking_costs_nothing(
    site: Site, citizen: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask(citizen, 200)
    with django_assert_num_queries(0):
        ask(citizen, 200)


def test_a_migration_that_is_missing_is_told(
    site: Site, citizen: Client, caplog: pytest.LogCaptureFixture
) -> None:
    MigrationRecorder.Migration.objects.filter(app="bureaus").delete()
    with caplog.at_level(logging.ERROR):
        assert ask(citizen, 503) == WELL | {"migrations": "failed"}
    assert "migrations" in caplog.text


def test_a_damaged_tree_is_told(site: Site, citizen: Client) -> None:
    Placement.objects.filter(page=site.bureau).update(numchild=3)
    assert ask(citizen, 503) == WELL | {"tree": "failed"}


@pytest.mark.parametrize("damage", ["lost parent", "other level", "too few", "too many"])
def test_a_tree_that_does_not_add_up_is_found(site: Site, damage: str) -> None:
    assert tree_adds_up()
    assert problems() == []
    nodes = Placement.objects.filter(page=site.guide)
    match damage:
        case "lost parent":
            nodes.update(path="00010002")  # its branch has no parent now
            Placement.objects.filter(page=site.root).update(numchild=2)
        case "other level":
            Placement.objects.filter(page=site.news[1]).update(path="00010009", depth=2)
        case "too few":
            nodes.update(numchild=0)
        case "too many":
            Placement.objects.filter(page=site.bureau).update(numchild=5)
    assert not tree_adds_up()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_lost_is_told_at_once_and_in_no_detail(
    citizen: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    original = dict(connection.settings_dict)
    connection.close()
    if connection.vendor == "sqlite":
        connection.settings_dict["NAME"] = str(tmp_path / "nowhere" / "site.sqlite3")
    else:
        connection.settings_dict["PORT"] = free_port()
    try:
        report = ask(citizen, 503)
    finally:
        connection.close()
        connection.settings_dict.update(original)
    assert report == {"database": "failed", "migrations": "unknown", "tree": "unknown"}
    assert "OperationalError" in caplog.text


def test_whatever_watches_from_inside_is_not_sent_to_https(site: Site, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client(HTTP_HOST="localhost")
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 301


def test_it_only_reads(db: None, citizen: Client) -> None:
    assert citizen.post("/healthz").status_code == 405


def test_a_site_that_breaks_inside_a_check_still_answers(site: Site, citizen: Client) -> None:
    with transaction.atomic():
        connection.cursor().execute("ALTER TABLE bureaus_placement RENAME TO bureaus_lost")
        assert ask(citizen, 503) == WELL | {"tree": "failed"}
        transaction.set_rollback(True)
