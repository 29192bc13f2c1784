"""The content of one site moved to another by the commands of the manual."""

import io
import json
import os
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from bureaus.integrity import problems
from bureaus.models import Action, AuditEntry
from tests.helpers.cast import Site
from tests.helpers.fixtures import empty_the_site, refusal_of
from tests.helpers.manual import commands, follow_here
from tests.helpers.server import copy_of_prepared, run_program
from tests.helpers.worked_site import officers_have_worked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def export(folder: Path, *, accounts: bool) -> dict[str, bytes]:
    call_command("export_content", folder, accounts=accounts, stdout=io.StringIO())
    return files_in(folder)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("TEST_POSTGRESQL_PORT" not in os.environ, reason="on PostgreSQL only")
def test_content_goes_from_sqlite_to_postgresql_and_back_byte_for_byte(tmp_path: Path) -> None:
    """With accounts, of a site on which officers have worked."""
    on_sqlite = copy_of_prepared(tmp_path / "data")
    first, again = tmp_path / "first", tmp_path / "again"
    run_program("export_worked_site", str(first), environment=on_sqlite)
    call_command("import_content", first, stdout=io.StringIO())
    assert problems() == []
    assert set(AuditEntry.objects.values_list("action", flat=True)) == set(Action.values)
    between = export(tmp_path / "between", accounts=True)
    run_program("import_and_export", str(tmp_path / "between"), str(again), environment=on_sqlite)
    assert len(between) > 1  # the files too
    assert between == files_in(first)
    assert between == files_in(again)


@pytest.mark.one_database
def test_the_manual_moves_the_content_into_an_empty_site(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    officers_have_worked(site)
    take, bring = commands("内容をほかのサイトへ移す")
    assert "アカウントは入っていません" in follow_here(take)
    folder = Path(take.split()[-1])
    assert folder.stat().st_mode & 0o077 == 0
    empty_the_site()
    assert "件を読み込みました" in follow_here(bring)
    assert problems() == []
    assert export(tmp_path / "again", accounts=False) == files_in(folder)


@pytest.mark.one_database
def test_a_refused_import_leaves_no_row_and_no_file(
    site: Site, media: Path, tmp_path: Path
) -> None:
    officers_have_worked(site)
    folder = tmp_path / "site"
    export(folder, accounts=True)
    empty_the_site()
    media.rename(tmp_path / "elsewhere")
    content = folder / "content.json"
    records = json.loads(content.read_text())
    edition = next(each for each in records[::-1] if each["model"] == "bureaus.link")
    edition["fields"]["edition"] = ["/nothing/", 1]
    content.write_text(json.dumps(records))
    sentence = refusal_of(lambda: call_command("import_content", folder))
    assert "/nothing/" in sentence
    assert sentence.endswith("何も読み込んでいません。")
    assert [path for path in media.rglob("*") if path.is_file()] == []
    content.unlink()
    assert "content.json がありません" in refusal_of(lambda: call_command("import_content", folder))


@pytest.mark.one_database
def test_an_import_gives_no_account_another_password(site: Site, tmp_path: Path) -> None:
    """Of two sites with the same name: the operator's own account stays as it is."""
    account = User.objects.create_superuser("田中", password="ひみつ-tanaka-2013")
    folder = tmp_path / "site"
    export(folder, accounts=True)
    call_command("import_content", folder, stdout=io.StringIO())  # the same: nothing happens
    account.set_password("べつの-tanaka-2014")
    account.save()
    sentence = refusal_of(lambda: call_command("import_content", folder))
    assert "アカウント「田中」は、すでに別の内容で登録されています。" in sentence
    account.refresh_from_db()
    assert account.check_password("べつの-tanaka-2014")
