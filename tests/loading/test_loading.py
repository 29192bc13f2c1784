"""What loading a fixture does, on an empty site and on one that officers have changed since."""

import io
import json
from datetime import timedelta
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.loading.type_validators import DERIVED_MODELS, IDENTITY
from bureaus.models import AuditEntry, Edition, Image, Kind, Page
from bureaus.publishing import add, move, rename
from bureaus.text.rich_text import sanitise
from bureaus.uploads.storage import store
from tests.helpers.cast import approve, publish, tokyo
from tests.helpers.fixtures import (
    BUREAU,
    DUMPS,
    FIXTURES,
    NAMES,
    SECTION,
    SIBLING,
    Item,
    add_edition,
    change,
    contents,
    dump,
    empty_the_site,
    find,
    items_of,
    load,
    load_items,
    page,
    picture,
    put_media,
    refusal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_the_command_reports_what_it_has_loaded() -> None:
    assert load() == "3個のファイルの127件を読み込みました（新しいもの127件、同じもの0件）。\n"
    assert load() == "3個のファイルの127件を読み込みました（新しいもの0件、同じもの127件）。\n"


def test_the_loaded_site_is_sound() -> None:
    load()
    assert problems() == []
    output = io.StringIO()
    call_command("check_site", stdout=output)
    assert "問題は0件" in output.getvalue()


def test_each_file_can_be_loaded_by_itself_after_those_it_builds_on() -> None:
    load()
    together = dump(*DUMPS["by name"])
    empty_the_site()
    for name in NAMES:
        load(name)
        assert problems() == []
    assert without_moments(dump(*DUMPS["by name"])) == without_moments(together)


def without_moments(dumped: str) -> list[Item]:
    """Without the moments at which the pictures and documents were registered: those differ."""
    items: list[Item] = json.loads(dumped)
    for item in items:
        if "file" in item["fields"]:
            del item["fields"]["created_at"]
    return items


def test_the_order_of_the_files_is_free() -> None:
    load("news", "directory", "ministry")
    assert problems() == []
    assert Page.objects.count() == 31


def test_records_may_refer_to_later_ones(tmp_path: Path) -> None:
    load_items(tmp_path, items_of()[::-1])
    assert problems() == []
    assert Edition.objects.get(links__document__isnull=False).page.url_path == BUREAU


def test_a_second_load_writes_nothing(media: Path) -> None:
    load()
    before, files = contents(), {path: path.stat() for path in media.rglob("*.*")}
    with CaptureQueriesContext(connection) as queries:
        load()
    written = [
        query["sql"]
        for query in queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE", "SELECT setval"))
    ]
    assert written == []
    assert contents() == before
    assert {path: path.stat().st_mtime_ns for path in media.rglob("*.*")} == {
        path: stat.st_mtime_ns for path, stat in files.items()
    }


def test_loading_is_no_action_and_leaves_no_audit_entry() -> None:
    load()
    assert not AuditEntry.objects.exists()


def test_a_load_costs_about_one_statement_a_record() -> None:
    with CaptureQueriesContext(connection) as queries:
        load()
    assert len(queries) <= 127 + 50  # each table costs some by itself


def test_what_html_leaves_open_is_stored_closed(tmp_path: Path) -> None:
    items = items_of()
    body = "<TABLE><tr><TD>一<TD COLSPAN=2>二</table><p>三<br/>四<p>五 & 六"
    change(find(items, "edition", SECTION), body=body)
    load_items(tmp_path, items)
    stored = Edition.objects.get(page__key=SECTION).body
    assert stored == sanitise(body) == sanitise(stored)
    assert '<td colspan="2">二</td>' in stored
    assert load_items(tmp_path, items).endswith("（新しいもの0件、同じもの127件）。\n")


def test_a_page_may_be_added_after_a_load_that_gave_numbers(tmp_path: Path) -> None:
    load()
    dumped = json.loads(dump())
    empty_the_site()
    placed = {"bureaus.page", "bureaus.placement"}
    load_items(tmp_path, [item for item in dumped if item["model"] in placed])
    add(parent=page("/"), kind=Kind.PAGE, slug="faq", title="よくある質問", actor=None)
    assert problems() == []


def test_what_is_excluded_is_left_out() -> None:
    load(exclude=["bureaus.contact", "bureaus.AuditEntry"])
    assert contents()["Contact"] == []
    assert len(contents()["Link"]) == 21


def test_every_model_has_an_identity() -> None:
    models = apps.get_app_config("bureaus").get_models()
    known = {model._meta.label_lower for model in models if not model._meta.proxy}
    assert {*IDENTITY, *DERIVED_MODELS} == known


# Pictures and documents


def test_the_files_are_copied(media: Path) -> None:
    load()
    names = [
        "documents/ict_tweet_unyou_policy.pdf",
        "images/hikari_network.png",
        "images/kaidan.png",
    ]
    assert sorted(str(path.relative_to(media)) for path in media.rglob("*.*")) == names
    for name in names:
        assert (media / name).read_bytes() == (FIXTURES / "media" / name).read_bytes()


def test_a_file_that_is_there_already_is_never_overwritten(media: Path) -> None:
    """An operator who restores the media first and the content then keeps the media."""
    (media / "images").mkdir(parents=True)
    original = picture(30, 20)
    (media / "images/kaidan.png").write_bytes(original)
    refusal = refusal_of(load)
    assert "内容の違うものがすでに保存されています" in refusal
    assert (media / "images/kaidan.png").read_bytes() == original


def test_a_fixture_without_media_beside_it_takes_what_is_stored(
    media: Path, tmp_path: Path
) -> None:
    (media / "images").mkdir(parents=True)
    (media / "images/kaidan.png").write_bytes(picture(30, 20))
    load_items(tmp_path, items_of("ministry"))
    assert Image.objects.get(file="images/kaidan.png").width == 30


def test_a_file_that_the_site_keeps_is_not_replaced_by_another(media: Path, tmp_path: Path) -> None:
    load()
    stored = (media / "images/kaidan.png").read_bytes()
    put_media(tmp_path, "images/kaidan.png", picture(3, 2))
    refusal = refusal_of(lambda: load_items(tmp_path, items_of("ministry")))
    assert "2 件目（bureaus.image images/kaidan.png）" in refusal
    assert "内容の違うものがすでに保存されています" in refusal
    assert (media / "images/kaidan.png").read_bytes() == stored


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("images/kaidan.png", b"<script>alert(1)</script>"),
        ("images/kaidan.png", b""),
        ("images/kaidan.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("documents/ict_tweet_unyou_policy.pdf", b"%PDF-1.7 and nothing else"),
        ("documents/ict_tweet_unyou_policy.pdf", picture(3, 2)),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_and_not_copied(
    media: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    put_media(tmp_path, name, content)
    refusal = refusal_of(lambda: load_items(tmp_path, items_of("ministry")))
    assert f" {name}）：ファイル「{name}」" in refusal
    assert "ください。" in refusal
    assert not media.exists()


def test_a_refused_load_leaves_no_file_behind(media: Path, tmp_path: Path) -> None:
    """What was stored before it stays."""
    stored = media / "images/kaidan.png"
    stored.parent.mkdir(parents=True)
    stored.write_bytes((FIXTURES / "media/images/kaidan.png").read_bytes())
    items = items_of()
    change(find(items, "contact"), edition=[BUREAU, 9])
    assert "参照先" in refusal_of(lambda: load_items(tmp_path, items))
    assert [path for path in media.rglob("*") if path.is_file()] == [stored]


def test_a_load_for_which_there_is_no_room_leaves_no_file_behind(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_images(name: str, content: Any) -> None:
        if name.startswith("documents/"):
            raise OSError(ENOSPC, "No space left on device")
        store(name, content)

    monkeypatch.setattr("bureaus.loading.media.store", put_images)
    assert "DATA_DIR の空きと権限" in refusal_of(load)
    assert [path for path in media.rglob("*") if path.is_file()] == []


# A site that officers have changed since


def test_a_page_that_was_added_below_stays() -> None:
    load()
    added = publish(page(BUREAU), "faq", "よくある質問")
    before = contents()
    load()
    assert contents() == before
    assert added.url_path == f"{BUREAU}faq/"


def test_a_newer_edition_stays_in_force() -> None:
    load()
    newer = approve(page(BUREAU), "国際戦略局", live_from=tokyo(2017, 9, 1))
    before = contents()
    load()
    assert contents() == before
    assert Edition.objects.in_force(timezone.now()).get(page__key=BUREAU) == newer


def test_an_open_draft_stays() -> None:
    load()
    Edition(page=page(BUREAU), number=2, title="下書き", category="bureau").save()
    before = contents()
    load()
    assert contents() == before


@pytest.mark.parametrize("names", [("ministry",), NAMES])
def test_a_page_that_has_moved_is_not_made_again_at_its_old_address(
    names: tuple[str, ...],
) -> None:
    load()
    move(page=page(SECTION), to=page(SIBLING), actor=None)
    refusal = refusal_of(lambda: load(*names))
    assert f"（bureaus.page {SECTION}）：「{SECTION}」は、「{SIBLING}ict_seisaku/」へ" in refusal
    assert "今のものに直すか" in refusal


def test_another_text_under_the_number_of_an_edition_is_refused(tmp_path: Path) -> None:
    load()
    items = items_of()
    change(find(items, "edition", SECTION), title="別の表題", lead="別の要旨")
    refusal = refusal_of(lambda: load_items(tmp_path, items))
    assert f'（bureaus.edition ["{SECTION}"]）' in refusal
    assert "違う欄：表題、要旨" in refusal
    assert "管理画面で新しい版を作ってください" in refusal


def test_nothing_is_added_to_an_edition_that_was_approved_before(tmp_path: Path) -> None:
    load()
    items = items_of()
    link = find(items, "link")
    items.append({**link, "fields": {**link["fields"], "position": 9}})
    refusal = refusal_of(lambda: load_items(tmp_path, items))
    assert "128 件目" in refusal
    assert "承認済みの版に書き足すことはできません" in refusal


def test_a_fixture_with_a_later_edition_ends_the_one_that_is_there(tmp_path: Path) -> None:
    load()
    items = items_of()
    later = add_edition(items, BUREAU, live_from="2017-09-01T00:00:00+09:00", title="国際戦略局")
    load_items(tmp_path, items)
    first, second = Edition.objects.filter(page__key=BUREAU).order_by("number")
    assert first.live_until == second.live_from == tokyo(2017, 9, 1)
    assert second.title == later["fields"]["title"]


def test_what_a_site_dumps_it_takes_for_the_same(tmp_path: Path) -> None:
    load()
    for year, microseconds in ((2014, 123_456), (2015, 345)):
        start = tokyo(year) + timedelta(microseconds=microseconds)
        approve(page(BUREAU), "新しい版", live_from=start)
    rename(page=page(SECTION), slug="ict", actor=None)
    before = contents()
    for options in DUMPS.values():
        load_items(tmp_path, json.loads(dump(*options)))
        assert contents() == before


def test_dead_links_go_from_drafts_and_stay_in_what_was_approved_and_both_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = items_of()
    dead = '<p>注<a href="#_ftn1">[1]</a></p>'
    approved = change(find(items, "edition", SECTION), body=dead)
    fields = {**approved["fields"], "number": 2, "state": "draft", "live_from": None}
    items.append({**approved, "fields": fields})
    load_items(tmp_path, items)
    bodies = Edition.objects.filter(page__key=SECTION).order_by("number")
    assert list(bodies.values_list("body", flat=True)) == [dead, "<p>注[1]</p>"]
    of_approved, of_draft = capsys.readouterr().err.splitlines()
    assert "リンク先がないリンクがあります。承認済みの本文なので、そのまま" in of_approved
    assert "「[1]」のリンクを外し、文字だけを残しました" in of_draft
    before = contents()
    dumped = json.loads(dump())
    capsys.readouterr()
    load_items(tmp_path, items)
    load_items(tmp_path, dumped)
    assert contents() == before
    assert capsys.readouterr().err == ""


def test_a_page_does_not_become_another_kind(tmp_path: Path) -> None:
    load()
    items = items_of()
    change(find(items, "page", SECTION), kind="page")
    refusal = refusal_of(lambda: load_items(tmp_path, items))
    assert f"（bureaus.page {SECTION}）：いまのページの種類は「policy_section」です" in refusal


def test_a_dump_of_another_site_with_the_same_numbers_is_refused(tmp_path: Path) -> None:
    load()
    dumped = json.loads(dump())
    change(find(dumped, "page", SECTION), key="/another/")
    refusal = refusal_of(lambda: load_items(tmp_path, dumped))
    assert f"すでに「{SECTION}」の番号です" in refusal


def test_an_older_dump_of_the_same_site_changes_nothing(tmp_path: Path) -> None:
    load()
    dumped = [json.loads(dump(*options)) for options in DUMPS.values()]
    rename(page=page(SECTION), slug="ict", actor=None)
    before = contents()
    for items in dumped:
        load_items(tmp_path, items)
        assert contents() == before
