"""What a site dumps, another takes, and dumps the same."""

import gzip
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from bureaus.integrity import problems
from bureaus.models import Event, Kind
from bureaus.publishing import add, move, rename
from tests.cast import approve, publish, tokyo
from tests.loads import (
    BUREAU,
    DUMPS,
    GUIDE,
    SECTION,
    SIBLING,
    dump,
    empty_the_site,
    load,
    load_items,
    page,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def with_a_history() -> None:
    """Moved, renamed, booked and withdrawn pages; holes in the tree; redirects and events."""
    load()
    archive = publish(page("/"), "archive", "保存庫")
    move(page=page(SECTION), to=page(SIBLING), actor=None)
    rename(page=page(BUREAU), slug="kokusai", actor=None)
    move(page=page(GUIDE), to=archive, actor=None)
    approve(page("/terms/"), "利用規約", live_from=tokyo(2014) + timedelta(microseconds=123_456))
    approve(page("/terms/"), "利用規約", live_from=tokyo(2015) + timedelta(microseconds=345))
    approve(page("/privacy/"), "移転", live_from=tokyo(2015), answer="moved", moved_to=archive)
    approve(page("/accessibility/"), "削除", live_from=tokyo(2100), answer="gone", note="廃止")
    add(parent=page("/"), kind=Kind.PAGE, slug="faq", title="よくある質問", actor=None)
    assert problems() == []


def from_file(folder: Path, dumped: str) -> None:
    (folder / "dump.json").write_text(dumped)
    load(str(folder / "dump.json"))


def from_gzip(folder: Path, dumped: str) -> None:
    (folder / "dump.json.gz").write_bytes(gzip.compress(dumped.encode()))
    load(str(folder / "dump.json.gz"))


@pytest.mark.parametrize("options", DUMPS.values(), ids=DUMPS)
@pytest.mark.parametrize(
    ("layout", "read"), [((), from_file), (("--indent", "2"), from_file), ((), from_gzip)]
)
def test_a_dump_loaded_into_an_empty_site_is_dumped_the_same(
    tmp_path: Path,
    options: tuple[str, ...],
    layout: tuple[str, ...],
    read: Callable[[Path, str], None],
) -> None:
    with_a_history()
    dumped = dump(*options, *layout)
    empty_the_site()
    read(tmp_path, dumped)
    assert problems() == []
    assert dump(*options, *layout) == dumped


def test_a_dump_can_be_loaded_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_history()
    dumped = dump()
    empty_the_site()
    monkeypatch.setattr("sys.stdin", io.StringIO(dumped))
    load("-", format="json")
    assert dump() == dumped


def test_a_dump_brings_its_officers_along(operator: User, tmp_path: Path) -> None:
    load()
    rename(page=page(SECTION), slug="ict", actor=operator)
    said = io.StringIO()
    call_command("dumpdata", "bureaus", "auth.user", stdout=said)
    empty_the_site()
    load_items(tmp_path, json.loads(said.getvalue()))
    assert Event.objects.get().actor == operator
    assert page(f"{BUREAU}ict/").events.get().verb == "rename"
