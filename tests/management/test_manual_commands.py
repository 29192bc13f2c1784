"""Commands of the manual whose stories are told elsewhere, as they are written there."""

from pathlib import Path

import pytest
from django.db import connection

from bureaus.models import FormerAddress
from tests.helpers.cast import Site
from tests.helpers.manual import commands, follow_here
from tests.helpers.reader import at

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("media")]


def test_the_commands_of_an_upgrade_migrate() -> None:
    for line in commands("更新する・前の版に戻す"):
        follow_here(line)
    assert "bureaus_page" in connection.introspection.table_names()


def test_the_commands_of_an_import_bring_a_page_and_its_redirect(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "移す"
    folder.mkdir()
    (folder / "pages.csv").write_text(
        "アドレス,表題,日付,本文\n/menu/,所管の一覧,2013-08-01,<p>一覧です。</p>\n"
    )
    (folder / "redirects.csv").write_text(
        "旧アドレス,ページのアドレス\n/menu_news/01_0100.html,/menu/\n"
    )
    for line in commands("ほかのサイトから移す"):
        follow_here(line)
    assert at("/menu/").editions.get().title == "所管の一覧"
    assert FormerAddress.objects.filter(url_path__startswith="/menu_news/01_0100").exists()
