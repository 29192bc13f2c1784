"""/livez and /readyz: whether the process lives, and whether this machine can serve."""

import json
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.files.storage import InMemoryStorage
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from bureaus.views import health
from tests.helpers.cast import Site

READY = {"database": "ok", "migrations": "ok", "storage": "ok", "disk": "ok"}


def ask(client: Client, status: int) -> dict[str, str]:
    response = client.get("/readyz")
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    report: dict[str, str] = json.loads(response.content)
    return report


@pytest.mark.one_database
def test_a_living_process_needs_nothing_else(citizen: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert json.loads(citizen.get("/livez").content) == {"process": "ok"}


def test_migrations_of_a_newer_version_are_served_and_missing_ones_are_not(
    site: Site, media: Path, citizen: Client
) -> None:
    MigrationRecorder.Migration.objects.create(app="bureaus", name="9999_of_a_newer_version")
    assert ask(citizen, 200) == READY
    health.readiness.until = 0.0
    MigrationRecorder.Migration.objects.filter(app="bureaus", name__startswith="0001").delete()
    assert ask(citizen, 503) == READY | {"migrations": "failed"}


@pytest.mark.one_database
def test_a_disk_that_fills_up_is_told_before_it_is_full(
    site: Site, media: Path, citizen: Client, settings: Settings
) -> None:
    settings.DISK_MEGABYTES = 10**9
    assert ask(citizen, 503) == READY | {"disk": "failed"}
    assert citizen.get("/").status_code == 200


@pytest.mark.one_database
def test_a_folder_that_takes_no_file_is_told(site: Site, media: Path, citizen: Client) -> None:
    media.write_text("a file where the folder should be")
    assert ask(citizen, 503) == READY | {"storage": "failed"}


@pytest.mark.one_database
def test_a_bucket_that_does_not_answer_takes_no_machine_away(
    site: Site, citizen: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = InMemoryStorage()
    monkeypatch.setattr(bucket, "save", Mock(side_effect=OSError("no answer")))
    monkeypatch.setattr(health, "default_storage", bucket)
    monkeypatch.setattr(health, "store", bucket.save)
    assert ask(citizen, 200) == READY | {"storage": "failed"}
