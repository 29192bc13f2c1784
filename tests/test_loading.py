"""What loading a fixture does, on an empty site and on one that officers have changed since."""

import gzip
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from PIL import Image as Picture
from pytest_django import DjangoDbBlocker

from bureaus.integrity import problems
from bureaus.loading.shapes import IDENTITY
from bureaus.models import Edition, Event, Kind, Page
from bureaus.models.addresses import parent_address
from bureaus.publishing import add, move, rename
from bureaus.richtext import DEPTH_LIMIT, SIZE_LIMIT, sanitise
from tests.cast import approve, publish, tokyo

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
NAMES = ("ministry", "directory", "news")
GUIDE = "/main_sosiki/"
BUREAU = "/main_sosiki/joho_kokusai/"
SIBLING = "/main_sosiki/toukei/"
SECTION = "/main_sosiki/joho_kokusai/ict_seisaku/"
NEWS = "/main_sosiki/joho_kokusai/20130523-ict-seichou-kaigi/"
DUMPS = {"with keys": (), "by name": ("--natural-primary", "--natural-foreign")}

Item = dict[str, Any]
Damage = Callable[[list[Item]], Item]  # changes one thing and returns the record to be named
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "stored"
    return tmp_path / "stored"


def load(*labels: str, **options: Any) -> str:
    said = io.StringIO()
    call_command("loaddata", *(labels or NAMES), stdout=said, **options)
    return said.getvalue()


def load_items(folder: Path, items: object) -> str:
    file = folder / "changed.json"
    file.write_text(json.dumps(items))
    return load(str(file))


def items_of(*names: str) -> list[Item]:
    return [
        item
        for name in names or NAMES
        for item in json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    ]


def dump(*options: str) -> str:
    said = io.StringIO()
    call_command("dumpdata", "bureaus", *options, stdout=said)
    return said.getvalue()


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Every value in every table of ours."""
    models = [
        model for model in apps.get_app_config("bureaus").get_models() if not model._meta.proxy
    ]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }


def refusal_of(action: Callable[[], object]) -> str:
    """The sentence with which `action` is refused, having changed nothing."""
    before = contents()
    with pytest.raises(CommandError) as refused:
        action()
    assert contents() == before
    return str(refused.value)


def empty_the_site() -> None:
    connection.check_constraints()  # PostgreSQL truncates no table with checks to come
    call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)


def page(address: str) -> Page:
    found: Page = Page.objects.get(url_path=address)
    return found


def find(items: list[Item], model: str, address: str = BUREAU) -> Item:
    """The first record of that model that is, or belongs to, the page at `address`."""
    for item in items:
        fields = item["fields"]
        owner = fields.get("url_path") or (fields.get("page") or fields.get("edition") or [""])[0]
        if item["model"] == f"bureaus.{model}" and address in (owner, fields.get("file")):
            return item
    raise LookupError(model, address)


def change(item: Item, **fields: object) -> Item:
    item["fields"] |= fields
    return item


def picture(width: int, height: int) -> bytes:
    stream = io.BytesIO()
    Picture.new("RGB", (width, height)).save(stream, "PNG")
    return stream.getvalue()


def put_media(folder: Path, name: str, content: bytes) -> None:
    """Beside a fixture in `folder`, where it is looked for first."""
    file = folder / "media" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(content)


# Loading


def test_the_command_says_what_it_has_loaded() -> None:
    assert load() == "3個のファイルの84件を読み込みました（新しいもの84件、同じもの0件）。\n"
    assert load() == "3個のファイルの84件を読み込みました（新しいもの0件、同じもの84件）。\n"


def test_the_loaded_site_is_sound() -> None:
    load()
    assert problems() == []
    said = io.StringIO()
    call_command("check_site", stdout=said)
    assert "問題は0件" in said.getvalue()


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


def test_loading_is_no_verb_and_leaves_no_event() -> None:
    load()
    assert not Event.objects.exists()


def test_a_load_costs_about_one_statement_a_record() -> None:
    with CaptureQueriesContext(connection) as queries:
        load()
    assert len(queries) <= 84 + 25


def test_what_html_leaves_open_is_stored_closed(tmp_path: Path) -> None:
    items = items_of()
    body = "<TABLE><tr><TD>一<TD COLSPAN=2>二</table><p>三<br/>四<p>五 & 六"
    change(find(items, "edition", SECTION), body=body)
    load_items(tmp_path, items)
    stored = Edition.objects.get(page__url_path=SECTION).body
    assert stored == sanitise(body) == sanitise(stored)
    assert '<td colspan="2">二</td>' in stored
    assert load_items(tmp_path, items).endswith("（新しいもの0件、同じもの84件）。\n")


def test_a_page_may_be_added_after_a_load_that_gave_numbers(tmp_path: Path) -> None:
    load()
    dumped = json.loads(dump())
    empty_the_site()
    load_items(tmp_path, [item for item in dumped if item["model"] == "bureaus.page"])
    add(parent=page("/"), kind=Kind.PAGE, slug="faq", title="よくある質問", actor=None)
    assert problems() == []


def test_what_is_excluded_is_left_out() -> None:
    load(exclude=["bureaus.contact", "bureaus.Event"])
    assert contents()["Contact"] == []
    assert len(contents()["Link"]) == 15


def test_every_model_can_be_told_from_its_likes() -> None:
    models = apps.get_app_config("bureaus").get_models()
    assert set(IDENTITY) == {model._meta.label_lower for model in models if not model._meta.proxy}


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


def test_half_a_file_that_a_killed_load_left_is_replaced(media: Path) -> None:
    (media / "images").mkdir(parents=True)
    whole = (FIXTURES / "media/images/kaidan.png").read_bytes()
    (media / "images/kaidan.png").write_bytes(whole[:100])
    load()
    assert (media / "images/kaidan.png").read_bytes() == whole


def test_a_file_that_the_site_keeps_is_not_replaced_by_another(media: Path, tmp_path: Path) -> None:
    load()
    kept = (media / "images/kaidan.png").read_bytes()
    put_media(tmp_path, "images/kaidan.png", picture(3, 2))
    refusal = refusal_of(lambda: load_items(tmp_path, items_of("ministry")))
    assert "2 件目（bureaus.image images/kaidan.png）" in refusal
    assert "内容の違うものがすでに登録されています" in refusal
    assert (media / "images/kaidan.png").read_bytes() == kept


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
    assert f" {name}）：ファイル「{name}」を読めません" in refusal
    assert not media.exists()


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
    assert Edition.objects.in_force(timezone.now()).get(page__url_path=BUREAU) == newer


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
    assert "85 件目" in refusal
    assert "承認済みの版に書き足すことはできません" in refusal


def test_a_fixture_with_a_later_edition_ends_the_one_that_is_there(tmp_path: Path) -> None:
    load()
    items = items_of()
    later = add_edition(items, BUREAU, live_from="2017-09-01T00:00:00+09:00", title="国際戦略局")
    load_items(tmp_path, items)
    first, second = Edition.objects.filter(page__url_path=BUREAU).order_by("number")
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


def test_a_page_does_not_become_another_kind(tmp_path: Path) -> None:
    load()
    items = items_of()
    change(find(items, "page", SECTION), kind="page")
    refusal = refusal_of(lambda: load_items(tmp_path, items))
    assert f"（bureaus.page {SECTION}）：いまのページの種類は「policy_section」です" in refusal


def test_a_dump_of_another_site_with_the_same_numbers_is_refused(tmp_path: Path) -> None:
    load()
    dumped = json.loads(dump())
    rename(page=page(SECTION), slug="ict", actor=None)
    refusal = refusal_of(lambda: load_items(tmp_path, dumped))
    assert f"すでに「{BUREAU}ict/」の番号です" in refusal


# Dumping and loading again


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


# Damaged fixtures


def add_edition(items: list[Item], address: str, **fields: object) -> Item:
    """One more approved edition of the page, which the first one knows about."""
    first = find(items, "edition", address)
    later = {**first, "fields": {**first["fields"], "number": 2, "live_until": None, **fields}}
    change(first, live_until=later["fields"]["live_from"])
    items.append(later)
    return later


def add_item(items: list[Item], model: str, **fields: object) -> Item:
    items.append({"model": f"bureaus.{model}", "fields": fields})
    return items[-1]


def add_drafts(items: list[Item], *numbers: int) -> Item:
    first = find(items, "edition")
    for number in numbers:
        draft = {**first["fields"], "number": number, "state": "draft", "live_from": None}
        items.append({**first, "fields": draft})
    return items[-1]


def with_tree_columns(items: list[Item]) -> list[Item]:
    """As dumpdata writes them."""
    paths, children = {"": ""}, Counter[str]()
    places = [item["fields"] for item in items if item["model"] == "bureaus.page"]
    for place in places:
        address, above = place["url_path"], parent_address(place["url_path"])
        children[above] += 1
        paths[address] = f"{paths[above]}{children[above]:04}"
        place |= {"path": paths[address], "depth": len(paths[address]) // 4}
    for place in places:
        place["numchild"] = children[place["url_path"]]
    return items


def edition_with(**fields: object) -> Damage:
    return lambda items: change(find(items, "edition", SECTION), **fields)


def page_with(address: str = SECTION, **fields: object) -> Damage:
    return lambda items: change(find(with_tree_columns(items), "page", address), **fields)


def later_edition(address: str, **fields: object) -> Damage:
    start = {"live_from": "2017-09-01T00:00:00+09:00"}
    return lambda items: add_edition(items, address, **{**start, **fields})


def link_with(**fields: object) -> Damage:
    """In an edition that is new, too."""
    link = {"edition": [SECTION, 2], "position": 1, "text": "リンク", **fields}
    return lambda items: (later_edition(SECTION)(items), add_item(items, "link", **link))[1]


def about_the_page(address: str, damage: Damage) -> Damage:
    """What is found only with everything in place is told of the page."""
    return lambda items: (damage(items), find(items, "page", address))[1]


def lose_the_guide(items: list[Item]) -> Item:
    items.remove(find(items, "page", GUIDE))
    find(items, "page", BUREAU)["fields"] |= {"url_path": "/gone/joho_kokusai/"}
    return find(items, "page", "/gone/joho_kokusai/")


def at_another_address(**fields: object) -> Damage:
    """A page that is nowhere yet, so that it is refused on a site that has the others, too."""
    given = {"url_path": f"{BUREAU}x/", "slug": "x", "kind": "page", **fields}
    return lambda items: add_item(items, "page", **given)


CONTROL = "\u202e"
DAMAGES: dict[str, tuple[Damage, str]] = {
    # The tree
    "wrong depth": (page_with(depth=9), "depth「9」"),
    "no child": (page_with(BUREAU, numchild=0), "numchild「0」"),
    "too many children": (page_with(numchild=99), "numchild「99」"),
    "path of the wrong length": (page_with(path="0001"), "重複"),
    "path not below the parent's": (page_with(path="0001000200030004"), "親の path の下に"),
    "bad characters in path": (page_with(path="0001000100010-01"), "壊れて"),
    "half a step in path": (page_with(path="00010001000"), "壊れて"),
    "a path twice": (page_with(BUREAU, path="000100010002"), "重複"),
    "numchild in words": (page_with(numchild="x"), "numchild"),
    # Addresses and kinds
    "no address": (page_with(url_path=None), "url_path"),
    "a number for an address": (page_with(url_path=7), "url_path"),
    "a list for a slug": (page_with(slug=["ict_seisaku"]), "slug"),
    "missing parent": (lose_the_guide, "親のページ「/gone/」がありません"),
    "an address twice": (at_another_address(url_path=BUREAU), "重複しています"),
    "not parent and slug": (at_another_address(slug="y"), "slug「y」に合いません"),
    "bad characters": (at_another_address(url_path=f"{BUREAU}あ/"), "形が正しくありません"),
    "no slash": (at_another_address(url_path="x"), "形が正しくありません"),
    "reserved slug": (at_another_address(url_path=f"{BUREAU}news/", slug="news"), "機能が使う"),
    "kind not allowed there": (
        at_another_address(url_path=f"{SECTION}x/", kind="organisation"),
        "の下に置けません",
    ),
    "under news": (at_another_address(url_path=f"{NEWS}x/"), "の下に置けません"),
    "unknown kind": (at_another_address(kind="ministry"), "選択肢"),
    "too deep": (at_another_address(url_path=BUREAU + "x/" * 61), "63段"),
    "root with a slug": (page_with("/", slug="x"), "空にしてください"),
    "redirect from a page": (
        lambda items: add_item(items, "formeraddress", url_path=BUREAU, page=[GUIDE]),
        "旧アドレスにはできません",
    ),
    "redirect from nowhere": (
        lambda items: add_item(items, "formeraddress", url_path="//x/", page=[GUIDE]),
        "形が正しくありません",
    ),
    # Editions
    "overlap": (
        lambda items: (
            later_edition(BUREAU)(items),
            change(find(items, "edition"), live_until=None),
        )[1],
        "期間の重なりか空き",
    ),
    "gap": (edition_with(live_until="2014-01-01T00:00:00+09:00"), "期間の重なりか空き"),
    "ends before it begins": (edition_with(live_until="2012-01-01T00:00:00+09:00"), "と合いません"),
    "two at one moment": (
        lambda items: add_edition(items, BUREAU, live_from="2013-04-01T00:00:00+09:00"),
        "同じ日時に始まる版",
    ),
    "approved without a start": (later_edition(SECTION, live_from=None), "承認済みの版だけが"),
    "draft with a start": (
        lambda items: change(add_drafts(items, 2), live_from="2017-09-01T00:00:00+09:00"),
        "承認済みの版だけが",
    ),
    "start that is no moment": (edition_with(live_from="yesterday"), "live_from"),
    "start without a zone": (edition_with(live_from="2013-04-01T00:00:00"), "時差"),
    "start before all calendars": (edition_with(live_from="0001-01-01T00:00:00+09:00"), "年が遠"),
    "negative number": (edition_with(number=-1), "number"),
    "unknown state": (edition_with(state="published"), "選択肢"),
    "unknown answer": (edition_with(answer="teapot"), "選択肢"),
    "unknown category": (edition_with(category="ministry of silly walks"), "選択肢"),
    "child of a page that is gone": (
        about_the_page(BUREAU, later_edition(GUIDE, answer="gone")),
        "公開されていません",
    ),
    "child of a page that has moved": (
        about_the_page(BUREAU, later_edition(GUIDE, answer="moved", moved_to=["/"])),
        "公開されていません",
    ),
    "moved nowhere": (later_edition(SECTION, answer="moved"), "移転には移転先が"),
    "moved to nothing": (
        later_edition(SECTION, answer="moved", moved_to=["/nothing/"]),
        "参照先「['/nothing/']」がありません",
    ),
    "moved to itself": (
        about_the_page(SECTION, later_edition(SECTION, answer="moved", moved_to=[SECTION])),
        "もとのページに戻ります",
    ),
    "two open drafts": (lambda items: add_drafts(items, 2, 3), "書きかけの版がもうあります"),
    "of no page": (edition_with(page=["/nothing/"]), "参照先「['/nothing/']」がありません"),
    "of half a page": (edition_with(page=[SECTION, 1]), "がありません"),
    "of a page without number": (edition_with(page=999_999), "参照先「999999」がありません"),
    # Bodies
    "script": (edition_with(body="<p>一</p><script>alert(1)</script>"), "<script>"),
    "handler": (edition_with(body='<p onclick="alert(1)">一</p>'), "<p onclick>"),
    "javascript link": (edition_with(body='<p><a href="javascript:alert(1)">一</a>'), "<a href"),
    "another host's link": (edition_with(body='<p><a href="//example.com/">一</a>'), "<a href"),
    "div": (edition_with(body="<div>一</div>"), "<div>"),
    "comment": (edition_with(body="<p>一</p><!-- 二 -->"), "<!--"),
    "bidi control": (edition_with(body=f"<p>一{CONTROL}二</p>"), "見えない制御文字"),
    "too large": (edition_with(body="<p>" + "あ" * (SIZE_LIMIT // 3) + "</p>"), "バイト"),
    "too deep a body": (edition_with(body="<p>" * (DEPTH_LIMIT + 1)), "入れ子"),
    # Parts and files
    "link to javascript": (lambda items: change(find(items, "link"), url="javascript:x"), "url"),
    "link to nothing": (link_with(url=""), "のうち1つだけ"),
    "link to two things": (link_with(url="https://example.go.jp/", page=["/"]), "のうち1つだけ"),
    "part of no edition": (
        lambda items: change(find(items, "contact"), edition=[BUREAU, 9]),
        "参照先",
    ),
    "missing file": (
        lambda items: change(find(items, "image", "images/kaidan.png"), file="images/none.png"),
        "見つかりません",
    ),
    "file elsewhere": (
        lambda items: change(find(items, "image", "images/kaidan.png"), file="images/../../x.png"),
        "の名前は使えません",
    ),
    "event without a number": (
        lambda items: add_item(items, "event", verb="add", address="/"),
        "pk",
    ),
    # Records
    "unknown model": (lambda items: add_item(items, "ministry"), "というモデルはありません"),
    "a kind for a model": (lambda items: add_item(items, "organisation", url_path="/x/"), "kind"),
    "unknown field": (edition_with(colour="red"), "「colour」という欄はありません"),
    "a relation for a field": (edition_with(links=[]), "「links」という欄はありません"),
    "number in words": (lambda items: with_numbers("x", items[3]), "番号 pk「x」"),
    "no page": (lambda items: without_field(find(items, "edition"), "page"), "省けません"),
    "a number twice": (lambda items: with_numbers(7, items[3], items[6]), "pk=7 が重複"),
    "a position twice": (lambda items: change(items[11], position=1), "edition・position が重複"),
}


def with_numbers(number: object, *items: Item) -> Item:
    for item in items:
        item["pk"] = number
    return items[-1]


def without_field(item: Item, field: str) -> Item:
    del item["fields"][field]
    return item


damaged = pytest.mark.parametrize(("damage", "words"), DAMAGES.values(), ids=DAMAGES)


def check_refusal(folder: Path, damage: Damage, words: str) -> None:
    items = items_of()
    named = damage(items)
    number = next(number for number, item in enumerate(items, 1) if item is named)
    refusal = refusal_of(lambda: load_items(folder, items))
    assert f"{folder}/changed.json の {number} 件目（{named['model']} " in refusal
    assert words in refusal
    assert "ください。" in refusal
    assert refusal.endswith("何も読み込んでいません。")


@damaged
def test_a_damaged_fixture_leaves_an_empty_site_empty(
    tmp_path: Path, damage: Damage, words: str
) -> None:
    check_refusal(tmp_path, damage, words)


@pytest.fixture(scope="class")
def loaded_once(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The fixtures, loaded; each test rolls back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("stored")):
            load()
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("loaded_once")
class TestOnTheLoadedSite:
    @damaged
    def test_a_damaged_fixture_leaves_everything_as_it_was(
        self, tmp_path: Path, damage: Damage, words: str
    ) -> None:
        assert Page.objects.count() == 31
        check_refusal(tmp_path, damage, words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ((FIXTURES / "ministry.json").read_bytes()[:5000], "途中で切れていないか"),
        (
            json.dumps(items_of("news"), ensure_ascii=False).encode("shift_jis"),
            "UTF-8 ではありません",
        ),
        (json.dumps(items_of("news")[0]).encode(), "レコードの並び"),
        (b'[{"model": "bureaus.page", "fields": []}]', "1 件目に model と fields がありません"),
        (b'[{"model": "bureaus.page"}, 7]', "1 件目に model と fields がありません"),
        (b"[" * 100_000, "JSON として読めません"),
        (b"", "JSON として読めません"),
    ],
    ids=["truncated", "not UTF-8", "object", "fields a list", "no fields", "deep", "empty"],
)
def test_a_file_that_is_no_fixture_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "changed.json"
    file.write_bytes(content)
    refusal = refusal_of(lambda: load("ministry", str(file)))
    assert refusal.startswith(str(file))
    assert words in refusal
    assert "ください。" in refusal


def test_a_file_before_the_one_it_builds_on_is_refused() -> None:
    refusal = refusal_of(lambda: load("news"))
    assert refusal.count(f"親のページ「{BUREAU}」がありません。先に親を読み込んでください。") == 12


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    items = items_of()
    for damage, _ in (DAMAGES["missing parent"], DAMAGES["gap"], DAMAGES["script"], DAMAGES["div"]):
        damage(items)
    refusal = refusal_of(lambda: load_items(tmp_path, items))
    assert "親のページ" in refusal
    assert "期間の重なりか空き" in refusal
    assert "<div>" in refusal


@pytest.mark.parametrize("cut", [0, 5, 200])
def test_a_compressed_file_that_is_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "changed.json.gz"
    file.write_bytes(gzip.compress((FIXTURES / "news.json").read_bytes())[:cut])
    assert refusal_of(lambda: load("ministry", str(file))).startswith(str(file))


WRONG: tuple[object, ...] = (None, "x", "\0", -1, 2**70, True, [], [7], [[]], {"a": 1})


@pytest.mark.parametrize("model", [*IDENTITY, "auth.user"])
def test_no_value_of_any_field_ends_in_a_traceback(tmp_path: Path, model: str) -> None:
    items = items_of("ministry")[:22]
    add_item(items, "formeraddress", url_path="/old/", page=[BUREAU])
    add_item(items, "event", verb="add", address="/", page=["/"], edition=["/", 1]).update(pk=1)
    joined = {"date_joined": "2013-04-01T00:00Z", "groups": [], "is_staff": True}
    items.append({"model": "auth.user", "fields": {"username": "鈴木", **joined}})
    item = next(item for item in items[::-1] if item["model"] == model)
    refusals = []
    for field, value in product([*item["fields"], "pk"], WRONG):
        fields = {**item["fields"], field: value}
        changed = {**item, "fields": fields} if field != "pk" else {**item, "pk": value}
        try:
            with transaction.atomic():
                load_items(tmp_path, [changed if each is item else each for each in items])
                assert problems() == []
                transaction.set_rollback(True)
        except CommandError as error:
            refusals.append(str(error))
        assert not Page.objects.exists()
    assert len(refusals) > len(WRONG)
    assert [refusal for refusal in refusals if "changed.json" not in refusal] == []
