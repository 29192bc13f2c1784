"""The migrations: what they import, and what becomes of the rows that a database holds."""

import ast
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import (
    AuditEntry,
    Autosave,
    BranchRole,
    FormerAddress,
    Link,
    Page,
    Placement,
    SearchRow,
    ZeroResultQuery,
)
from bureaus.models.placements import parent_of
from bureaus.publishing import move, rename
from tests.helpers.cast import BUREAU, OPENING, Site, tokyo
from tests.helpers.paths import ROOT

# Named by the state of a field, from which makemigrations finds what has changed.
STATE_IMPORTS = {
    "bureaus.models.addresses",
    "bureaus.models.autosaves",
    "bureaus.models.draft_comments",
    "bureaus.models.notices",
    "bureaus.models.seals",
}
BEFORE_FIELD_TERMS = ("bureaus", "0011_account_events")
BEFORE_PLACEMENTS = ("bureaus", "0012_field_terms")


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
def apps_without_placements(committed_site: Site) -> Iterator[Apps]:
    """The models before pages had placements, in a database that is put back afterwards."""
    yield migrate(BEFORE_PLACEMENTS)
    migrate()


@pytest.fixture
def earlier_apps(committed_site: Site) -> Iterator[Apps]:
    """The models before the tables were renamed, in a database that is put back afterwards."""
    yield migrate(BEFORE_FIELD_TERMS)
    migrate()


def test_rows_under_the_earlier_names_of_the_tables_come_through(
    earlier_apps: Apps, committed_site: Site
) -> None:
    page = committed_site.bureau.pk
    edition = committed_site.bureau.editions.values_list("pk", flat=True).get()
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


def add_earlier_page(apps: Apps, path: str, address: str, **values: object) -> Any:
    """A page as the site stored it before placements, with the count of its parent's children."""
    model = apps.get_model("bureaus", "Page")
    parent = model.objects.get(path=path[:-4])
    model.objects.filter(pk=parent.pk).update(numchild=parent.numchild + 1)
    slug = address.rstrip("/").rpartition("/")[2]
    page = {"path": path, "depth": len(path) // 4, "slug": slug, "url_path": address, **values}
    return model.objects.create(**page)


def add_earlier_edition(apps: Apps, page: Any, live_from: datetime | None, **values: object) -> Any:
    model = apps.get_model("bureaus", "Edition")
    state = "approved" if live_from else "draft"
    content = {"title": "題", "category": "general", "state": state, "live_from": live_from}
    return model.objects.create(page=page, **{"number": 1, **content, **values})


def test_pages_are_placed_where_they_stood_since_their_first_edition_or_creation(
    apps_without_placements: Apps, committed_site: Site
) -> None:
    apps, now = apps_without_placements, timezone.now()
    draft = add_earlier_page(apps, "00010001000A", "/main_sosiki/draft/", created_at=tokyo(2012))
    add_earlier_edition(apps, draft, None)
    booked = add_earlier_page(apps, "00010001000B", "/main_sosiki/booked/", created_at=tokyo(2015))
    add_earlier_edition(apps, booked, now + timedelta(days=1))
    moved = add_earlier_page(apps, "00010001000C", "/main_sosiki/new/", created_at=tokyo(2016))
    first = add_earlier_edition(apps, moved, OPENING, live_until=tokyo(2014))
    add_earlier_edition(apps, moved, tokyo(2014), number=2)
    apps.get_model("bureaus", "FormerAddress").objects.create(url_path="/old/", page=moved)
    path, address, deep = "00010001000C", "/main_sosiki/new/", []
    for level in range(1, 9):
        path, address = f"{path}0001", f"{address}d{level}/"
        deep.append(add_earlier_page(apps, path, address, created_at=tokyo(2020 - level)))
    link = apps.get_model("bureaus", "Link").objects.create(edition=first, page=booked, text="x")
    group = apps.get_model("auth", "Group").objects.create(name="担当")
    apps.get_model("bureaus", "BranchRole").objects.create(group=group, page=moved, role="writer")
    addresses = dict(apps.get_model("bureaus", "Page").objects.values_list("pk", "url_path"))

    migrate()
    assert {page.pk: page.key for page in Page.objects.all()} == addresses
    nodes = {node.page_id: node for node in Placement.objects.all()}
    assert {pk: node.url_path for pk, node in nodes.items()} == addresses
    assert all(node.live_until is None and not node.release for node in nodes.values())
    assert [nodes[page.pk].live_from for page in (draft, booked)] == [tokyo(2012), tokyo(2015)]
    assert {nodes[page.pk].live_from for page in deep} == {tokyo(2012)}
    assert nodes[moved.pk].live_from == tokyo(2012)
    by_path = {node.path: node for node in nodes.values()}
    assert all(
        by_path[node.parent_path].live_from <= node.live_from
        for node in nodes.values()
        if node.depth > 1
    )
    assert FormerAddress.objects.get().page_id == moved.pk
    assert Link.objects.get(pk=link.pk).page_id == booked.pk
    assert BranchRole.objects.get().page_id == moved.pk
    assert committed_site.root.placement.position == 1
    assert [problem.sentence for problem in problems() if "索引" not in problem.sentence] == []


def test_the_search_index_forgets_deleted_editions_after_the_migration(
    apps_without_placements: Apps, committed_site: Site
) -> None:
    migrate()
    row = SearchRow.objects.get(edition__page=committed_site.bureau)
    table = "bureaus_search" if connection.vendor == "sqlite" else "bureaus_searchrow"
    column = "rowid" if connection.vendor == "sqlite" else "id"
    count = f"SELECT count(*) FROM {table} WHERE {column} = {row.pk}"  # noqa: S608 - of ours
    assert count_of(count) == 1
    row.delete()
    assert count_of(count) == 0


def count_of(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        (found,) = cursor.fetchone()
    return int(found)


def test_the_earlier_version_finds_moved_pages_where_they_stand_and_their_former_addresses(
    committed_site: Site,
) -> None:
    section, site = committed_site.sections[0], committed_site
    move(page=section, to=site.root, actor=None)
    later = timezone.now() + timedelta(days=1)
    rename(page=site.guide, slug="later", actor=None, at=later)
    try:
        apps = migrate(BEFORE_PLACEMENTS)
        pages = {page.pk: page for page in apps.get_model("bureaus", "Page").objects.all()}
        moved = pages[section.pk]
        assert (moved.url_path, moved.depth, moved.numchild) == ("/ict_seisaku/", 2, 0)
        assert pages[site.root.pk].numchild == 2
        assert pages[site.bureau.pk].numchild == 3
        assert pages[site.guide.pk].url_path == "/main_sosiki/"
        former = apps.get_model("bureaus", "FormerAddress").objects.get()
        assert (former.url_path, former.page_id) == (f"{BUREAU}ict_seisaku/", section.pk)
    finally:
        migrate()
    parent = parent_of(section)
    assert parent is not None
    assert parent.pk == site.root.pk
    assert problems() == []
