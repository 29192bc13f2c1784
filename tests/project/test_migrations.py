"""The migrations: what they import, and what becomes of the rows that a database holds."""

import ast
from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bureaus.models import AuditEntry, Autosave, BranchRole, ZeroResultQuery
from tests.helpers.cast import Site
from tests.helpers.paths import ROOT

# Named by the state of a field, from which makemigrations finds what has changed.
STATE_IMPORTS = {"bureaus.models.addresses", "bureaus.models.autosaves"}
BEFORE_FIELD_TERMS = ("bureaus", "0011_account_events")


def imported_modules(source: str) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    return modules


def test_no_migration_imports_code_that_changes_later() -> None:
    for file in (ROOT / "bureaus/migrations").glob("*.py"):
        ours = {name for name in imported_modules(file.read_text()) if name.startswith("bureaus")}
        assert ours <= STATE_IMPORTS, file.name


def migrate(*target: tuple[str, str]) -> Apps:
    """Migrate to `target`, or to the newest state, and return the models of that state."""
    executor = MigrationExecutor(connection)
    targets = [*target] or executor.loader.graph.leaf_nodes("bureaus")
    return executor.migrate(targets).apps


@pytest.fixture
def earlier_apps(committed_site: Site) -> Iterator[Apps]:
    """The models before the tables were renamed, in a database that is put back afterwards."""
    yield migrate(BEFORE_FIELD_TERMS)
    migrate()


def test_rows_under_the_earlier_names_of_the_tables_come_through(
    earlier_apps: Apps, committed_site: Site
) -> None:
    page = committed_site.bureau.pk
    edition = committed_site.bureau.editions.get().pk
    officer = earlier_apps.get_model("auth", "User").objects.create(username="鈴木")
    group = earlier_apps.get_model("auth", "Group").objects.create(name="鈴木の担当")
    rows: dict[str, dict[str, object]] = {
        "Event": {"verb": "add", "address": "/a/", "page_id": page, "actor_id": officer.pk},
        "Stewardship": {"group_id": group.pk, "page_id": page, "role": "writer"},
        "WorkingCopy": {"edition_id": edition, "officer_id": officer.pk, "revision": 3},
        "VainSearch": {"day": "2013-04-01", "word": "なし", "count": 7},
    }
    for model, values in rows.items():
        earlier_apps.get_model("bureaus", model).objects.create(**values)

    migrate()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.address, entry.page_id) == ("add", "/a/", page)
    assert entry.actor_id == officer.pk
    role = BranchRole.objects.get()
    assert (role.group_id, role.page_id, role.role) == (group.pk, page, "writer")
    autosave = Autosave.objects.get()
    assert (autosave.edition_id, autosave.officer_id, autosave.revision) == (edition, officer.pk, 3)
    query = ZeroResultQuery.objects.get()
    assert (query.word, query.count) == ("なし", 7)
