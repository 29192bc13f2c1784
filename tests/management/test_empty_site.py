"""A database without a page: when it is filled, and what the site answers until then."""

import io
import runpy
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from bureaus.admin.core.version_token import edition_version
from bureaus.integrity import problems
from bureaus.management.commands.prepare import Command
from bureaus.models import Edition, Kind, Page, Synonyms
from ministry_site.publisher import Publisher
from tests.helpers.admin_form import fields_of
from tests.helpers.authenticator import accept_invitation
from tests.helpers.cast import Site, place
from tests.helpers.manual import commands, follow_here
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.django_db
SETTINGS = str(ROOT / "ministry_site" / "settings.py")
PASSWORD = "ながい合言葉-2013-総務"
NEEDED = {  # of a setting, what the sample is by default
    "": True,
    "ALLOWED_HOSTS=www.example.go.jp": True,
    "HTTPS=on": False,
    "SITE_ORIGIN=https://www.example.go.jp": False,
    "DATABASE_URL=postgres://nobody@127.0.0.1/x": False,
    "PUBLISHER_NAME=環境省": False,
    "PUBLISHER_NAME=環境省 SAMPLE=on": True,
    "SAMPLE=off": False,
    "SAMPLE_SITE=off": False,  # its earlier name
    "SAMPLE_SITE=off SAMPLE=on": True,
}


@pytest.mark.one_database
@pytest.mark.parametrize(("given", "is_sample"), NEEDED.items(), ids=NEEDED)
def test_any_setting_of_a_real_site_turns_the_sample_off(
    monkeypatch: pytest.MonkeyPatch, given: str, *, is_sample: bool
) -> None:
    for name in ("SAMPLE", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for setting in given.split():
        monkeypatch.setenv(*setting.split("=", 1))
    settings = runpy.run_path(SETTINGS)
    assert settings["SAMPLE"] is is_sample
    name = "環境省" if "PUBLISHER" in given else "総務省" if is_sample else ""
    assert settings["PUBLISHER"].name == name
    assert bool(settings["PUBLISHER"].telephone) == (name == "総務省")


def test_the_empty_database_of_a_real_site_never_gets_the_sample_by_itself(
    settings: LazySettings,
) -> None:
    settings.SAMPLE = False
    written = io.StringIO()
    Command(stdout=written).prepare()
    assert not Page.objects.exists()
    assert "見本は読み込みません" in written.getvalue()
    assert "「控えを取る・控えから戻す」" in written.getvalue()
    assert "manage.py prepare --empty --title" in written.getvalue()


def test_a_real_site_is_begun_by_the_commands_of_the_manual_and_filled_in_the_admin(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, citizen: Client
) -> None:
    settings.SAMPLE, settings.PUBLISHER = False, Publisher(name="環境省")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    for line in commands("はじめてのサイト"):
        if line == "make account":  # which asks
            account = {"interactive": False, "username": "田中", "email": ""}
            call_command("createsuperuser", **account, verbosity=0)
        elif "manage.py" in line:
            accept_invitation(follow_here(line), PASSWORD)
    root = Page.objects.get()
    assert (root.kind, root.editions.get().title) == (Kind.ORGANISATION, "○○省")
    assert problems() == []
    assert Synonyms.objects.filter(words__startswith="パブリックコメント").exists()
    home = citizen.get("/").content.decode()
    assert "○○省" in home
    assert "環境省の公式ウェブサイトです" in home
    assert "見本です" not in home

    writer, approver = logged_in("鈴木"), logged_in("佐藤")
    section = {"kind": "policy_section", "title": "水をきれいにする", "slug": "mizu"}
    form = writer.post(f"/admin/bureaus/page/{root.pk}/add-below/", section)["Location"]
    draft = Edition.objects.get(title="水をきれいにする")
    typed = fields_of(draft, User.objects.get(username="鈴木"))
    typed |= {"lead": "川と海の水を調べます。", "do": "submit"}
    assert writer.post(form, typed).status_code == 302
    draft.refresh_from_db()
    seen = {"decision": "approve", "version": edition_version(draft), "seen": "1"}
    assert approver.post(f"/admin/bureaus/edition/{draft.pk}/review/", seen).status_code == 302
    assert "川と海の水を調べます。" in citizen.get("/mizu/").content.decode()


def logged_in(name: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    answer = client.post("/admin/login/", {"username": name, "password": PASSWORD})
    assert answer["Location"] == "/admin/"
    return client


def test_a_site_with_pages_is_not_begun_again(site: Site) -> None:
    before = Page.objects.count()
    with pytest.raises(CommandError, match=f"もう{before}ページあります.*新しいフォルダー"):
        call_command("prepare", empty=True, title="環境省")
    assert Page.objects.count() == before


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"empty": True}, "トップページの表題がありません。"),
        ({"title": "環境省"}, "両方を付けるか"),
        ({"empty": True, "title": "環" * 201}, "表題が201文字あります。"),
        ({"empty": True, "title": "環境\n省"}, "のような、1行の文字に"),
    ],
)
def test_a_site_is_not_begun_without_a_title_that_can_be_used(
    options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("prepare", **options, stdout=io.StringIO())
    assert not Page.objects.exists()


def test_without_a_home_page_the_site_says_that_it_is_being_prepared(citizen: Client) -> None:
    response = citizen.get("/")
    assert response.status_code == 503
    assert "準備中です" in response.content.decode()
    assert response.headers["Retry-After"]
    assert response.headers["Cache-Control"] == "no-cache"
    as_data = citizen.get("/", headers={"Accept": "application/json"})
    assert as_data.status_code == 503
    assert "準備中" in as_data.json()["error"]
    place(None)  # a home page that is not published yet
    assert citizen.get("/").status_code == 503


def test_every_other_address_of_an_empty_site_is_answered(citizen: Client) -> None:
    found = {"/search/", "/sitemap.xml", "/robots.txt", "/opensearch.xml"}
    lost = {"/?at=2013-08-01", "/news/", "/feed.xml", "/main_sosiki/", "/history/", "/news.csv"}
    statuses = {address: citizen.get(address).status_code for address in found | lost}
    assert statuses == dict.fromkeys(found, 200) | dict.fromkeys(lost, 404)


def test_the_operator_of_an_empty_site_reads_in_the_admin_what_to_do(
    operator_client: Client,
) -> None:
    assert operator_client.get("/admin/").status_code == 200
    response = operator_client.get("/admin/bureaus/page/")
    assert response.status_code == 200
    assert "「はじめてのサイト」か「控えを取る・控えから戻す」" in response.content.decode()
