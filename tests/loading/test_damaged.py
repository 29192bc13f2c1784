"""What a damaged fixture is refused with, whole, on an empty site and on a full one."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from bureaus.models import Page
from bureaus.models.addresses import parent_address
from bureaus.text.html_limits import DEPTH_LIMIT
from bureaus.text.rich_text import SIZE_LIMIT
from tests.helpers.fixtures import (
    BUREAU,
    FIXTURES,
    GUIDE,
    NEWS,
    SECTION,
    Damage,
    Item,
    add_edition,
    add_item,
    change,
    find,
    items_of,
    load,
    load_items,
    refusal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


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
    """A problem that only the stored site shows is reported for its page."""
    return lambda items: (damage(items), find(items, "page", address))[1]


def lose_the_guide(items: list[Item]) -> Item:
    items.remove(find(items, "page", GUIDE))
    find(items, "page", BUREAU)["fields"] |= {"url_path": "/gone/joho_kokusai/"}
    return find(items, "page", "/gone/joho_kokusai/")


def at_another_address(**fields: object) -> Damage:
    """A page that is nowhere yet, so that it is refused on a site that has the others, too."""
    given = {"url_path": f"{BUREAU}x/", "slug": "x", "kind": "page", **fields}
    return lambda items: add_item(items, "page", **given)


ABROAD = f"{BUREAU}kaigai_tenkai/"
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
        later_edition(SECTION, answer="moved", moved_to=[SECTION]),
        "別のページにしてください",
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
    "deletion": (
        edition_with(body="<p>予算は<del>十</del>九億円</p>"),
        "公開する文章ではないもの（消された文字「十」）も含んでいます。取り除くか、管理画面の",
    ),
    "bidi control": (edition_with(body=f"<p>一{CONTROL}二</p>"), "見えない制御文字 U+202E"),
    "bidi control in a title": (
        edition_with(title=f"公告{CONTROL}fdp.exe"),
        "title（表題）の値が使えません。見えない制御文字 U+202E があります。取り除いてください。",
    ),
    "direction marks in a lead": (edition_with(lead="一\u200f\n二\u2067"), "U+200F・U+2067"),
    "control in an alt text": (
        lambda items: change(find(items, "figure", ABROAD), alt="建物\x07"),
        "U+0007",
    ),
    "C1 control in a link": (lambda items: change(find(items, "link"), text="資料\x85"), "U+0085"),
    "two lines in a title": (edition_with(title="公告\n追記"), "改行かタブ"),
    "too large": (edition_with(body="<p>" + "あ" * (SIZE_LIMIT // 3) + "</p>"), "バイト"),
    "too deep a body": (edition_with(body="<blockquote>" * (DEPTH_LIMIT + 1)), "入れ子"),
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
    "audit entry without a key": (
        lambda items: add_item(items, "auditentry", action="add", address="/"),
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
    "a position twice": (lambda items: change(items[20], position=1), "edition・position が重複"),
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
@pytest.mark.one_database_unless_long  # on PostgreSQL the empty site shows it
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


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
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
