"""Upgrades: version N-1 reads and writes while the migrations of N are in (docs/adr/0038)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, migrations, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED
from pytest_django import Settings

from bureaus.management import migrating
from bureaus.models import Document, FileFinding, ReadabilityReport
from bureaus.publishing import rename
from tests.helpers.cast import Site

LAST_BEFORE_THE_CONTRACT = "0018"
# Migrations whose removal or new name the version before no longer needs: name and reason.
# Due with the next release: delete the codes in clear of otp_static (docs/adr/0042).
SECOND_STEPS: dict[str, str] = {}
BREAKING = (
    migrations.DeleteModel,
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def breaks_the_version_before(operation: Operation) -> bool:
    """Whether it takes away what that version reads, or asks for what it does not write."""
    if isinstance(operation, BREAKING):
        return True
    if not isinstance(operation, migrations.AddField) or operation.field.many_to_many:
        return False
    return not operation.field.null and operation.field.db_default is NOT_PROVIDED


def flattened(operations: Sequence[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from flattened(operation.database_operations)
        else:
            yield operation


def test_no_migration_breaks_the_version_before_it() -> None:
    loader = MigrationLoader(None)
    broken = {
        f"{name}: {operation.describe()}"
        for (app, name), migration in loader.disk_migrations.items()
        if app == "bureaus" and name[:4] > LAST_BEFORE_THE_CONTRACT and name not in SECOND_STEPS
        for operation in flattened(migration.operations)
        if breaks_the_version_before(operation)
    }
    assert broken == set(), "divide it into two releases, or give it a db_default (docs/adr/0038)"


def test_the_check_finds_what_the_releases_before_it_did() -> None:
    loader = MigrationLoader(None)
    earlier = [
        operation
        for (app, _), migration in loader.disk_migrations.items()
        if app == "bureaus"
        for operation in flattened(migration.operations)
    ]
    found = {type(each).__name__ for each in earlier if breaks_the_version_before(each)}
    assert found >= {"RemoveField", "RenameModel"}


@pytest.mark.django_db(transaction=True)
def test_this_version_writes_while_a_column_of_the_next_one_is_there(
    committed_site: Site,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bureaus_placement ADD COLUMN of_next text NOT NULL DEFAULT ''")
    try:
        rename(page=committed_site.sections[0], slug="renamed", actor=None)
        assert committed_site.sections[0].placements.count() == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE bureaus_placement DROP COLUMN of_next")


@pytest.mark.django_db
def test_the_version_before_deletes_a_document_with_findings_that_it_does_not_know() -> None:
    document = Document.objects.create(title="表", file="documents/a.pdf", byte_size=1)
    FileFinding.objects.create(document=document, rule="person", place="文書の全体")
    ReadabilityReport.objects.create(document=document, file="documents/a.pdf")
    Document.objects.filter(pk=document.pk)._raw_delete(connection.alias)
    connection.check_constraints()
    assert not FileFinding.objects.exists()
    assert not ReadabilityReport.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_step_before_a_start_leaves_the_running_site_alone(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    static = tmp_path / "static"
    settings.STATIC_ROOT, settings.MEDIA_ROOT = static, tmp_path / "media"
    (static / "css").mkdir(parents=True)
    former = static / "css" / "site.0123456789ab.css"
    former.write_text("of the version before")
    call_command("prepare", "--migrate-only")
    assert "このプログラムの形です" in capsys.readouterr().out
    assert former.exists()
    assert (static / "css" / "site.css").stat().st_mode & 0o777 == 0o644
    assert static.stat().st_mode & 0o055 == 0o055


@pytest.fixture
def reader() -> Iterator[Any]:
    """A long transaction that reads the editions, as a backup does."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SET application_name = 'pg_dump'")
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE bureaus_edition IN ACCESS SHARE MODE")
        yield cursor
    other.close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no queue of locks")
@pytest.mark.django_db(transaction=True)
def test_a_migration_waits_a_moment_for_a_reader_and_then_names_it(
    reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock_the_editions() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE bureaus_edition IN ACCESS EXCLUSIVE MODE")

    monkeypatch.setattr(migrating, "apply_migrations", lock_the_editions)
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrating, "PAUSES", (1,))
    with pytest.raises(CommandError, match="pg_dump"):
        migrating.migrate(str)
    migrating.migrate(lambda _: reader.execute("ROLLBACK"))
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
