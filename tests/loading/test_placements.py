"""Placements in dumps and in older fixtures: what is loaded, and what is refused whole."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import Edition, FormerAddress, Kind, Link, Page, Placement, SiblingPosition
from bureaus.publishing import move, rename
from bureaus.publishing.actions.tree import reorder
from tests.helpers.cast import BUREAU, OPENING, Site, approve, publish, tokyo
from tests.helpers.fixtures import (
    DUMPS,
    Item,
    as_before,
    change,
    contents,
    dump,
    empty_the_site,
    find,
    items_of,
    load,
    load_items,
    page,
    refusal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
DAY = timedelta(days=1)
ICT = f"{BUREAU}ict_seisaku/"
KENKYU = f"{BUREAU}kenkyu/"
Damage = Callable[[list[Item]], Item]


# Dumps


@pytest.fixture
def moved_site(site: Site) -> Site:
    """A section was renamed in 2014, the bureau will be tomorrow, and sections were reordered."""
    rename(page=site.sections[0], slug="ict", actor=None)
    nodes = Placement.objects.filter(page=site.sections[0])
    nodes.filter(release="").update(live_until=tokyo(2014))
    nodes.exclude(release="").update(live_from=tokyo(2014))
    reorder(parent=site.bureau, children=site.sections[::-1], actor=None)
    rename(page=site.bureau, slug="kokusai", actor=None, at=timezone.now() + DAY)
    assert problems() == []
    return site


def placements(items: list[Item], name: str) -> list[Item]:
    """The records of the placements of the page with this key, in the order of their starts."""
    found = [
        item
        for item in items
        if item["model"] == "bureaus.placement" and item["fields"]["page"] == [name]
    ]
    return sorted(found, key=lambda item: str(item["fields"]["live_from"]))


def placement_with(number: int, name: str = ICT, **fields: object) -> Damage:
    return lambda items: change(placements(items, name)[number], **fields)


def lose(number: int, name: str, *, named: Callable[[list[Item]], Item]) -> Damage:
    def damage(items: list[Item]) -> Item:
        items.remove(placements(items, name)[number])
        return named(items)

    return damage


def copy_of(number: int, name: str = ICT, **fields: object) -> Damage:
    def damage(items: list[Item]) -> Item:
        original = placements(items, name)[number]
        items.append({**original, "fields": {**original["fields"], **fields}})
        return items[-1]

    return damage


def end_the_guide(start: str) -> Damage:
    """The page above the bureau is gone from `start` on."""

    def damage(items: list[Item]) -> Item:
        guide = find(items, "edition", "/main_sosiki/")
        later = {"number": 2, "live_from": start, "answer": "gone", "live_until": None}
        items.append({**guide, "fields": {**guide["fields"], **later}})
        change(guide, live_until=start)
        return placements(items, BUREAU)[1]

    return damage


def gone_for_a_year(items: list[Item]) -> Item:
    """In 2015 the bureau was gone, while the section that was placed in 2014 was public."""
    bureau = find(items, "edition", BUREAU)
    fields = bureau["fields"]
    years = ["2015-01-01T00:00:00+09:00", "2016-01-01T00:00:00+09:00", None]
    change(bureau, live_until=years[0])
    for number, answer in ((2, "gone"), (3, "current")):
        start, end = years[number - 2], years[number - 1]
        later = {"number": number, "answer": answer, "live_from": start, "live_until": end}
        items.append({**bureau, "fields": {**fields, **later}})
    return placements(items, ICT)[1]


DAMAGES: dict[str, tuple[Damage, str]] = {
    "overlap": (placement_with(1, live_from="2013-12-01T00:00:00Z"), "と重なっています"),
    "gap": (placement_with(1, live_from="2014-02-01T00:00:00Z"), "ページの配置がありません"),
    "no last one": (lose(2, ICT, named=lambda items: placements(items, ICT)[1]), "より後の"),
    "before the parent's": (
        placement_with(0, KENKYU, live_from="1999-01-01T00:00:00Z"),
        "はみ出しています",
    ),
    "after the parent's": (
        placement_with(1, KENKYU, live_from="2014-01-01T00:00:00Z"),
        "はみ出しています",
    ),
    "ends before it begins": (placement_with(0, live_until="1990-01-01T00:00:00Z"), "開始より前"),
    "two at one address": (
        lambda items: (
            change(placements(items, KENKYU)[0], slug="ict_seisaku", url_path=ICT),
            placements(items, ICT)[0],
        )[1],
        "このアドレスのページが2つあります",
    ),
    "two for good at one address": (
        placement_with(1, KENKYU, slug="ict", url_path="/main_sosiki/kokusai/ict/"),
        "このアドレスのページが2つあります",
    ),
    "unknown parent": (placement_with(0, path="00010001000900010001", depth=5), "親の配置（path"),
    "lost parent": (
        lose(0, BUREAU, named=lambda items: placements(items, ICT)[0]),
        "親の配置（path",
    ),
    "a path twice": (copy_of(0), "path が重複"),
    "no path": (placement_with(0, path=None), "path"),
    "half a step in path": (placement_with(0, path="00010001000", depth=2), "壊れています"),
    "wrong depth": (placement_with(0, depth=3), "depth「3」"),
    "wrong numchild": (placement_with(0, numchild=2), "numchild「2」"),
    "not parent and slug": (placement_with(0, slug="x"), "末尾「x」に合いません"),
    "no address": (placement_with(0, url_path="x"), "形が正しくありません"),
    "reserved slug": (
        placement_with(0, slug="news", url_path=f"{BUREAU}news/"),
        "機能が使う名前",
    ),
    "another kind": (placement_with(0, kind="page"), "ページの種類「policy_section」と違います"),
    "kind not allowed there": (
        lambda items: (
            [change(each, kind="news_item") for each in placements(items, BUREAU)],
            change(find(items, "page", BUREAU), kind="news_item"),
            placements(items, ICT)[0],
        )[2],
        "の下に置けません",
    ),
    "no placement": (
        lambda items: (
            lose(1, KENKYU, named=lambda items: items[0])(items),
            lose(0, KENKYU, named=lambda items: find(items, "page", KENKYU))(items),
        )[1],
        "ページの配置がありません",
    ),
    "of no page": (placement_with(0, page=["/nothing/"]), "参照先「['/nothing/']」がありません"),
    "without a start": (placement_with(0, live_from=None), "live_from"),
    "a position without a number": (
        lambda items: (
            find(items, "siblingposition", ICT).pop("pk"),
            find(items, "siblingposition", ICT),
        )[1],
        "番号 pk が要ります",
    ),
    "public below one that will be gone": (
        end_the_guide("2099-01-01T00:00:00+09:00"),
        "公開されていません",
    ),
    "public below one that was gone": (gone_for_a_year, "2015年1月1日0時00分に公開中ですが"),
}


@pytest.mark.parametrize(("damage", "words"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_dump_is_refused_whole(
    moved_site: Site, tmp_path: Path, damage: Damage, words: str
) -> None:
    items = json.loads(dump(*DUMPS["by name"]))
    empty_the_site()
    named = damage(items)
    number = next(number for number, item in enumerate(items, 1) if item is named)
    refusal = refusal_of(lambda: load_items(tmp_path, items))
    assert words in refusal
    assert f"changed.json の {number} 件目（{named['model']} " in refusal
    assert "ください。" in refusal


@pytest.mark.parametrize("name", ["overlap", "a path twice", "two at one address", "wrong depth"])
def test_a_dump_that_differs_from_its_own_site_is_refused(
    moved_site: Site, tmp_path: Path, name: str
) -> None:
    damage, _ = DAMAGES[name]
    items = json.loads(dump(*DUMPS["by name"]))
    damage(items)
    refusal_of(lambda: load_items(tmp_path, items))


@pytest.mark.parametrize("options", DUMPS.values(), ids=DUMPS)
def test_moves_and_bookings_come_through_byte_for_byte(
    moved_site: Site, tmp_path: Path, options: tuple[str, ...]
) -> None:
    dumped = dump(*options)
    assert Counter(item["model"] for item in json.loads(dumped))["bureaus.placement"] == 13
    empty_the_site()
    load_items(tmp_path, json.loads(dumped))
    assert problems() == []
    assert dump(*options) == dumped
    assert SiblingPosition.objects.count() == 2
    before = contents()
    assert "（新しいもの0件、" in load_items(tmp_path, json.loads(dumped))
    assert contents() == before


def test_a_page_may_be_added_to_a_site_that_was_loaded_from_a_dump(
    moved_site: Site, tmp_path: Path
) -> None:
    items = json.loads(dump())
    empty_the_site()
    load_items(tmp_path, items)
    publish(page(BUREAU), "faq", "よくある質問")
    move(page=page(f"{BUREAU}ict/"), to=page("/"), actor=None, at=timezone.now() + 2 * DAY)
    assert problems() == []


def test_a_name_that_was_reserved_later_is_loaded_and_sound(site: Site, tmp_path: Path) -> None:
    publish(site.bureau, "events", "催し物")
    for options in DUMPS.values():
        items = json.loads(dump(*options))
        empty_the_site()
        load_items(tmp_path, items)
        assert problems() == []


# The short form


def place_of(address: str, **fields: object) -> Item:
    slug = address.rstrip("/").rpartition("/")[2]
    return {"model": "bureaus.page", "fields": {"url_path": address, "slug": slug, **fields}}


def text_of(address: str, start: str | None, **fields: object) -> Item:
    text = {"title": "題", "category": "general", "number": 1, "live_from": start}
    state = "approved" if start else "draft"
    content = {"page": [address], "state": state, **text, **fields}
    return {"model": "bureaus.edition", "fields": content}


def starts() -> dict[str, datetime]:
    return dict(Placement.objects.values_list("url_path", "live_from"))


def test_a_page_stands_since_its_first_edition_or_creation_or_what_is_below_it(
    tmp_path: Path,
) -> None:
    root = {"kind": "organisation", "category": "ministry"}
    load_items(
        tmp_path,
        [
            place_of("/", kind="organisation"),
            text_of("/", "2013-04-01T00:00:00+09:00", category=root["category"]),
            place_of("/a/"),
            text_of("/a/", "2014-04-01T00:00:00+09:00"),
            place_of("/a/b/", created_at="2016-04-01T00:00:00+09:00"),
            text_of("/a/b/", "2012-04-01T00:00:00+09:00"),
            text_of("/a/b/", "2015-04-01T00:00:00+09:00", number=2),
            place_of("/c/", created_at="2017-04-01T00:00:00+09:00"),
            text_of("/c/", None),
        ],
    )
    assert starts() == {
        "/": tokyo(2012, 4),
        "/a/": tokyo(2012, 4),
        "/a/b/": tokyo(2012, 4),
        "/c/": tokyo(2017, 4),
    }
    assert [*Page.objects.values_list("key", flat=True).order_by("pk")] == [
        "/",
        "/a/",
        "/a/b/",
        "/c/",
    ]
    assert problems() == []


def test_pages_that_are_stored_begin_with_what_is_loaded_below_them(tmp_path: Path) -> None:
    load()
    load_items(
        tmp_path,
        [
            place_of(f"{BUREAU}old/", kind="organisation"),
            text_of(f"{BUREAU}old/", "1999-04-01T00:00:00+09:00", category="division"),
        ],
    )
    found = starts()
    assert {found[address] for address in ("/", BUREAU, f"{BUREAU}old/")} == {tokyo(1999, 4)}
    assert found["/terms/"] > tokyo(1999, 4)
    assert problems() == []


def test_a_page_below_one_that_has_moved_and_will_move_stands_below_all_its_places(
    site: Site, tmp_path: Path
) -> None:
    rename(page=site.bureau, slug="kokusai", actor=None)
    rename(page=site.bureau, slug="later", actor=None, at=timezone.now() + DAY)
    items = [
        place_of("/main_sosiki/kokusai/faq/", kind="organisation"),
        place_of("/main_sosiki/kokusai/faq/a/"),
        text_of("/main_sosiki/kokusai/faq/", "2013-04-01T00:00:00+09:00", category="division"),
    ]
    load_items(tmp_path, items)
    for slug in ("faq/", "faq/a/"):
        nodes = Placement.objects.filter(url_path__endswith=f"/{slug}")
        addresses = [*nodes.order_by("live_from").values_list("url_path", flat=True)]
        parents = ("joho_kokusai", "kokusai", "later") if slug == "faq/" else ("kokusai", "later")
        assert addresses == [f"/main_sosiki/{parent}/{slug}" for parent in parents]
    assert problems() == []
    before = contents()
    load_items(tmp_path, items)
    assert contents() == before


def test_a_page_is_named_by_its_key_and_by_its_address(site: Site, tmp_path: Path) -> None:
    rename(page=site.sections[0], slug="ict", actor=None)
    for number, name in enumerate((ICT, f"{BUREAU}ict/"), 2):
        start = f"20{number + 20}-04-01T00:00:00+09:00"
        item = text_of(name, start, number=number, category="measure")
        load_items(tmp_path, [item])
        assert Edition.objects.get(page=site.sections[0], number=number)
    assert problems() == []


def test_an_address_that_another_page_has_left_is_refused(site: Site, tmp_path: Path) -> None:
    rename(page=site.sections[0], slug="ict", actor=None)
    item = place_of(ICT, kind="policy_section")
    refusal = refusal_of(lambda: load_items(tmp_path, [item]))
    assert f"「{ICT}」は、「{BUREAU}ict/」へ移ったページの旧アドレスです" in refusal


def test_a_former_address_may_be_that_of_a_page(tmp_path: Path) -> None:
    items = items_of()
    fields: dict[str, Any] = {"url_path": BUREAU, "page": ["/main_sosiki/"]}
    items.append({"model": "bureaus.formeraddress", "fields": fields})
    load_items(tmp_path, items)
    assert FormerAddress.objects.get().url_path == BUREAU
    assert problems() == []


def test_what_is_older_than_the_place_above_it_is_refused(site: Site, tmp_path: Path) -> None:
    """The guide stands below a page that is newer, so nothing below it can be older."""
    home = publish(site.root, "home", "家", kind=Kind.ORGANISATION, category="bureau")
    rename(page=home, slug="house", actor=None)
    under = publish(home, "under", "下")
    Placement.objects.filter(page=under, live_until__isnull=False).delete()
    Placement.objects.filter(page=home, live_until__isnull=False).update(numchild=0)
    items = [
        place_of("/house/under/old/"),
        text_of("/house/under/old/", "1999-04-01T00:00:00+09:00"),
    ]
    refusal = refusal_of(lambda: load_items(tmp_path, items))
    assert "最初の配置" in refusal


# Dumps of versions before the placements


def test_a_dump_from_before_the_placements_is_loaded(site: Site, tmp_path: Path) -> None:
    approve(site.sections[0], "予約", live_from=timezone.now() + DAY)
    FormerAddress.objects.create(url_path="/old/", page=site.sections[0])
    Link.objects.bulk_create(
        [Link(edition=site.bureau.editions.get(), page=site.sections[1], text="x", position=1)]
    )
    dumped = json.loads(dump(*DUMPS["by name"]))
    nodes = [*Placement.objects.values_list("path", "url_path", "depth", "numchild")]
    empty_the_site()
    load_items(tmp_path, as_before(dumped))
    assert [*Placement.objects.values_list("path", "url_path", "depth", "numchild")] == nodes
    assert {page.key for page in Page.objects.all()} == {address for _, address, _, _ in nodes}
    assert page(ICT).editions.count() == 2
    assert FormerAddress.objects.get().page == page(ICT)
    assert Link.objects.get().page == page(KENKYU)
    assert starts()[BUREAU] == OPENING
    assert problems() == []
