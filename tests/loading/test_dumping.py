"""A dump loaded into another site is dumped again byte for byte."""

import gzip
import io
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import call_command

from bureaus.integrity import problems
from bureaus.loading.fixture_records import RENAMED_FIELDS, RENAMED_MODELS
from bureaus.models import Action, AuditEntry, Autosave, BranchRole, Kind
from bureaus.publishing import add, move, rename
from bureaus.uploads.storage import named_files
from tests.helpers.cast import OPENING, Site, approve, publish, tokyo
from tests.helpers.editing import drafted, undone
from tests.helpers.fixtures import (
    BUREAU,
    DUMPS,
    GUIDE,
    SECTION,
    SIBLING,
    Item,
    as_before,
    contents,
    dump,
    empty_the_site,
    load,
    load_items,
    page,
)
from tests.helpers.worked_site import officers_have_worked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def with_a_history() -> None:
    """Moved, renamed, booked and withdrawn pages; gaps in the tree; redirects; audit entries."""
    load()
    archive = publish(page("/"), "archive", "保存庫")
    move(page=page(SECTION), to=page(SIBLING), actor=None)
    rename(page=page(BUREAU), slug="kokusai", actor=None)
    move(page=page(GUIDE), to=archive, actor=None)
    approve(page("/terms/"), "利用規約", live_from=tokyo(2025) + timedelta(microseconds=123_456))
    approve(page("/terms/"), "利用規約", live_from=tokyo(2026) + timedelta(microseconds=345))
    approve(page("/privacy/"), "移転", live_from=tokyo(2025), answer="moved", moved_to=archive)
    approve(page("/accessibility/"), "削除", live_from=tokyo(2100), answer="gone", note="廃止")
    add(parent=page("/"), kind=Kind.PAGE, slug="faq", title="よくある質問", actor=None)
    assert problems() == []


def from_file(folder: Path, dumped: str) -> None:
    (folder / "dump.json").write_text(dumped)
    load(str(folder / "dump.json"))


def from_gzip(folder: Path, dumped: str) -> None:
    (folder / "packed.json.gz").write_bytes(gzip.compress(dumped.encode()))
    load(str(folder / "packed.json.gz"))


def from_standard_input(_folder: Path, dumped: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(dumped))
        load("-", format="json")


WAYS: dict[str, tuple[tuple[str, ...], Callable[[Path, str], None]]] = {
    "a file": ((), from_file),
    "an indented file": (("--indent", "2"), from_file),
    "a compressed file": ((), from_gzip),
    "standard input": ((), from_standard_input),
}


def test_a_dump_loaded_into_an_empty_site_is_dumped_the_same(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    with_a_history()
    for (keys, options), (way, (layout, read)) in product(DUMPS.items(), WAYS.items()):
        with subtests.test(keys=keys, way=way), undone():
            dumped = dump(*options, *layout)
            empty_the_site()
            read(tmp_path, dumped)
            assert problems() == []
            assert dump(*options, *layout) == dumped


def test_a_dump_brings_its_officers_along(operator: User, tmp_path: Path) -> None:
    load()
    rename(page=page(SECTION), slug="ict", actor=operator)
    output = io.StringIO()
    call_command("dumpdata", "bureaus", "auth.user", stdout=output)
    empty_the_site()
    load_items(tmp_path, json.loads(output.getvalue()))
    assert AuditEntry.objects.get().actor == operator
    assert page(f"{BUREAU}ict/").audit_entries.get().action == "rename"


NATURAL = ("--natural-primary", "--natural-foreign", "--indent", "2")


def dumped(folder: Path, *labels: str) -> str:
    """What docs/operations.md says to do, with the files beside it."""
    written = folder / "site.json"
    options = ("-o", str(written), "--media", str(folder / "media"))
    call_command("dumpdata", "bureaus", *labels, *NATURAL, *options, stderr=io.StringIO())
    return written.read_text()


@pytest.mark.parametrize("accounts", [(), ("auth.user",)], ids=["without", "with"])
def test_a_site_on_which_officers_have_worked_can_be_loaded_elsewhere(
    site: Site, settings: LazySettings, tmp_path: Path, accounts: tuple[str, ...]
) -> None:
    """With its files; the actors are included where accounts are."""
    officers_have_worked(site)
    first = dumped(tmp_path, *accounts)
    files = sorted(named_files())
    empty_the_site()
    settings.MEDIA_ROOT = tmp_path / "fresh"
    load(str(tmp_path / "site.json"))
    assert sorted(str(path.relative_to(settings.MEDIA_ROOT)) for path in every(settings)) == files
    assert problems() == []
    meeting = page("/kaigi/").editions.get()
    assert (meeting.event_start, meeting.event_place) == (OPENING, "省議室")
    (tmp_path / "again").mkdir()
    assert dumped(tmp_path / "again", *accounts) == first

    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions == set(Action.values)
    officers = set(AuditEntry.objects.values_list("actor__username", flat=True))
    assert officers == ({"鈴木", "佐藤", "高橋", "田中"} if accounts else {None})
    assert Autosave.objects.exists() == BranchRole.objects.exists() == bool(accounts)
    assert User.objects.filter(username="鈴木", groups__name="鈴木の担当").exists() == bool(
        accounts
    )


def every(settings: LazySettings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_dump_without_accounts_changes_nothing_on_its_own_site(
    site: Site, writer: User, tmp_path: Path
) -> None:
    drafted(site.bureau, writer)
    dumped(tmp_path)
    assert "（新しいもの0件、" in load(str(tmp_path / "site.json"))
    assert set(AuditEntry.objects.values_list("actor__username", flat=True)) == {"鈴木"}


def under_earlier_names(item: Item) -> Item:
    """Return a record as the versions wrote it that called the audit entry an event."""
    earlier_models = {now: earlier for earlier, now in RENAMED_MODELS.items()}
    names = {now: earlier for earlier, now in RENAMED_FIELDS.get(item["model"], {}).items()}
    fields = {names.get(name, name): value for name, value in item["fields"].items()}
    return {**item, "model": earlier_models.get(item["model"], item["model"]), "fields": fields}


def test_a_dump_under_the_earlier_names_of_models_and_fields_is_loaded(
    site: Site, tmp_path: Path
) -> None:
    officers_have_worked(site)
    items = as_before(json.loads(dumped(tmp_path, "auth.user")))
    items = [*map(under_earlier_names, items)]
    before = contents()
    assert {item["model"] for item in items} >= RENAMED_MODELS.keys()
    assert all("verb" in item["fields"] for item in items if item["model"] == "bureaus.event")
    empty_the_site()
    load_items(tmp_path, items)
    assert problems() == []
    for model in ("AuditEntry", "BranchRole", "Autosave", "ZeroResultQuery"):
        assert before[model]
        assert len(contents()[model]) == len(before[model])
    assert set(AuditEntry.objects.values_list("action", flat=True)) == set(Action.values)
