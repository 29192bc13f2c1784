"""check_site: each way in which a site can be broken is found, named, and counted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import (
    Answer,
    Edition,
    Figure,
    FormerAddress,
    Image,
    Kind,
    NewsListing,
    Page,
    Placement,
    SiblingPosition,
)
from bureaus.publishing import move, rename
from bureaus.publishing.actions.tree import cancel_change, reorder
from tests.helpers.cast import Site, approve, place, publish, tokyo
from tests.helpers.generator import grow

pytestmark = pytest.mark.usefixtures("media")


def break_it(site: Site, how: str) -> None:
    bureau = Placement.objects.filter(page=site.bureau)
    item = Placement.objects.filter(page=site.news[0])
    editions = Edition.objects.filter(page=site.bureau)
    breakages: dict[str, Callable[[], object]] = {
        "numchild": lambda: bureau.update(numchild=0),
        "orphan": lambda: item.update(path="000100010ZZZ0001"),
        "characters": lambda: item.update(path="00010001000100ぁ1"),
        "address": lambda: item.update(url_path="/elsewhere/kaigi-3/"),
        "slug": lambda: bureau.update(slug="news", url_path="/main_sosiki/news/"),
        "kind": lambda: bureau.update(kind="news_item"),
        "kind of the page": lambda: Page.objects.filter(pk=site.bureau.pk).update(kind="page"),
        "no placement": lambda: Page.objects.create(key="/nowhere/"),
        "gap between placements": lambda: leave_a_gap(site),
        "two placements of a page": lambda: overlap_itself(site),
        "no last placement": lambda: item.update(live_until=tokyo(2014)),
        "beyond the parent's placement": lambda: item.update(live_from=tokyo(1950)),
        "after the parent's placement": lambda: bureau.update(live_until=tokyo(2099)),
        "two pages at an address": lambda: share_an_address(site),
        "public before it is placed": lambda: item.update(live_from=tokyo(2014)),
        "alone in the past": lambda: alone_in_the_past(site),
        "alone later": lambda: approve(
            site.guide, "なし", live_from=tokyo(2099), answer=Answer.GONE
        ),
        "positions overlap": lambda: add_positions(site, (2013, 2015), (2014, None)),
        "position after a move": lambda: keep_a_position(site),
        "interval": lambda: editions.update(live_until=tokyo(2030)),
        "body": lambda: editions.update(body="<script>1</script>"),
        "parent": lambda: approve(site.guide, "なし", live_from=tokyo(2014), answer=Answer.GONE),
        "listed": lambda: NewsListing.objects.filter(page=site.news[0]).update(
            organisation=site.guide
        ),
        "former form": lambda: FormerAddress.objects.create(url_path="x", page=site.bureau),
        "loop": lambda: move_in_a_circle(site, tokyo(2014)),
        "moved nowhere": lambda: approve(
            publish(site.root, "a", "A"),
            "A",
            live_from=tokyo(2014),
            answer=Answer.MOVED,
            moved_to=place(site.root, "b"),
        ),
        "booked loop": lambda: move_in_a_circle(site, tokyo(2099)),
        "category": lambda: editions.update(category="press", issued_on=tokyo(2013).date()),
        "before its parent": lambda: begin_before_the_parent(site),
        "silent figure": lambda: add_silent_figure(site),
    }
    breakages[how]()


def leave_a_gap(site: Site) -> None:
    rename(page=site.sections[0], slug="ict", actor=None)
    Placement.objects.filter(page=site.sections[0], release="").update(live_until=tokyo(2014))


def overlap_itself(site: Site) -> None:
    rename(page=site.sections[0], slug="ict", actor=None)
    later = Placement.objects.filter(page=site.sections[0]).exclude(release="")
    later.update(live_from=tokyo(2014))


def share_an_address(site: Site) -> None:
    """Until it ended, a page has the address that another still has."""
    rename(page=site.sections[0], slug="ict", actor=None)
    ended = Placement.objects.filter(page=site.sections[0], release="")
    ended.update(slug="kenkyu", url_path=f"{site.bureau.url_path}kenkyu/")


def alone_in_the_past(site: Site) -> None:
    """A page was moved below another that was gone for a while afterwards."""
    home = publish(site.root, "home", "家")
    page = publish(site.root, "guest", "客")
    move(page=page, to=home, actor=None)
    Placement.objects.filter(page=page, release="").update(live_until=tokyo(2014))
    Placement.objects.filter(page=page).exclude(release="").update(live_from=tokyo(2014))
    approve(home, "なし", live_from=tokyo(2015), answer=Answer.GONE)
    approve(home, "家", live_from=tokyo(2016))


def begin_before_the_parent(site: Site) -> None:
    """A page that was added where it stands was public before its parent."""
    home = publish(site.root, "home", "家", live_from=tokyo(2015))
    page = publish(home, "guest", "客")
    Page.objects.filter(pk=page.pk).update(created_at=tokyo(1999))


def add_positions(site: Site, *years: tuple[int, int | None]) -> None:
    SiblingPosition.objects.bulk_create(
        SiblingPosition(
            page=site.sections[0],
            position=1,
            live_from=tokyo(start),
            live_until=tokyo(end) if end else None,
            release="x",
        )
        for start, end in years
    )


def keep_a_position(site: Site) -> None:
    add_positions(site, (2013, None))
    move(page=site.sections[0], to=site.root, actor=None)
    SiblingPosition.objects.update(live_until=None)


def move_in_a_circle(site: Site, start: datetime) -> None:
    a, b = publish(site.root, "a", "A"), publish(site.root, "b", "B")
    approve(a, "A", live_from=start, answer=Answer.MOVED, moved_to=b)
    approve(b, "B", live_from=start, answer=Answer.MOVED, moved_to=a)


def add_silent_figure(site: Site) -> None:
    image = Image.objects.create(file="images/x.png", width=9, height=9, byte_size=9)
    edition = Edition.objects.get(page=site.bureau)
    Figure.objects.bulk_create([Figure(edition=edition, image=image)])


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("numchild", "numchild が0ですが、子は4ページ"),
        ("orphan", "孤立したページ"),
        ("characters", "形が壊れています"),
        ("address", "親のアドレス"),
        ("slug", "サイトの機能が使う名前"),
        ("kind", "の下に置けません"),
        ("kind of the page", "ページの種類「page」と違います"),
        ("no placement", "ページの配置がありません"),
        ("gap between placements", "まで、ページの配置がありません"),
        ("two placements of a page", "同じページの「/main_sosiki/joho_kokusai/ict_seisaku/」の"),
        ("no last placement", "より後の、ページの配置がありません"),
        ("beyond the parent's placement", "はみ出しています"),
        ("after the parent's placement", "はみ出しています"),
        ("two pages at an address", "このアドレスのページが2つあります"),
        ("public before it is placed", "ページの最初の配置（2014年1月1日"),
        ("alone in the past", "2015年1月1日0時00分に公開中ですが、親の「/home/」は"),
        ("alone later", "公開されていません"),
        ("positions overlap", "並び順の期間（2014年1月1日"),
        ("position after a move", "ページの親が変わっています"),
        ("interval", "期間の重なりか空き"),
        ("body", "使えないタグ"),
        ("parent", "公開されていません"),
        ("before its parent", "2013年4月1日0時00分に公開中ですが"),
        ("listed", "新着情報の一覧での場所が"),
        ("former form", "旧アドレスの形"),
        ("loop", "もとのページに戻ります"),
        ("moved nowhere", "移転先が、"),
        ("booked loop", "もとのページに戻ります"),
        ("category", "区分「press」"),
        ("silent figure", "代替テキストも"),
    ],
)
def test_a_broken_site_is_named_line_by_line(site: Site, how: str, words: str) -> None:
    break_it(site, how)
    output = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("check_site", stdout=output)

    assert ended.value.code == 1
    *lines, total = output.getvalue().splitlines()
    assert any(words in line for line in lines)
    assert total.endswith(f"問題は{len(lines)}件です。")


def test_a_sound_site_is_one_line(site: Site) -> None:
    output = StringIO()
    call_command("check_site", stdout=output)
    assert output.getvalue() == "7ページ・7版を調べました。問題は0件です。\n"


def test_the_check_costs_the_same_queries_at_any_size(db: None) -> None:
    grow(500)
    with CaptureQueriesContext(connection) as queries:
        assert problems() == []
    assert len(queries) == 14


def test_a_former_address_may_be_that_of_another_page_by_now(site: Site) -> None:
    FormerAddress.objects.create(url_path="/main_sosiki/", page=site.bureau)
    assert problems() == []


def test_a_site_with_moves_and_bookings_of_all_sorts_is_sound(site: Site) -> None:
    now, day = timezone.now(), timedelta(days=1)
    section, other = site.sections
    home = publish(site.root, "home", "家", kind=Kind.ORGANISATION, category="bureau")
    reorder(parent=site.bureau, children=[other, section], actor=None)
    rename(page=site.bureau, slug="kokusai", actor=None, at=now + day)
    move(page=section, to=home, actor=None, at=now + 2 * day)
    rename(page=section, slug="ict", actor=None, at=now + 2 * day)
    place(site.bureau, "new", start=now)
    assert problems() == []
    move(page=site.news[0], to=home, actor=None, at=now + 3 * day)
    assert problems() == []
    [release] = {
        node.release
        for node in Placement.objects.filter(page=section, live_from=now + 2 * day)
        if node.live_until is None
    }
    cancel_change(page=section, release=release, actor=None)
    assert problems() == []


def test_what_was_above_a_page_before_its_placement_was_recorded_is_not_known(site: Site) -> None:
    """A page from before the placements, moved below one that is younger or was gone once."""
    younger = publish(site.root, "younger", "新しい", live_from=tokyo(2015))
    publish(younger, "older", "古い")
    assert problems() == []
    away = publish(site.root, "away", "なかった")
    approve(away, "なし", live_from=tokyo(2014), answer=Answer.GONE)
    approve(away, "あり", live_from=tokyo(2015))
    moved = publish(away, "moved", "移ってきた")
    assert len(problems()) == 1
    FormerAddress.objects.create(url_path="/before/", page=moved)
    assert problems() == []
