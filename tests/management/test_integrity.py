"""check_site: each way in which a site can be broken is found, named, and counted."""

from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureaus.integrity import problems
from bureaus.models import Answer, Edition, Figure, FormerAddress, Image, Page
from tests.helpers.cast import Site, approve, place, publish, tokyo
from tests.helpers.generator import grow

pytestmark = pytest.mark.usefixtures("media")


def break_it(site: Site, how: str) -> None:
    bureau = Page.objects.filter(pk=site.bureau.pk)
    editions = Edition.objects.filter(page=site.bureau)
    breakages: dict[str, Callable[[], object]] = {
        "numchild": lambda: bureau.update(numchild=0),
        "orphan": lambda: Page.objects.filter(pk=site.news[0].pk).update(path="000100010ZZZ0001"),
        "characters": lambda: Page.objects.filter(pk=site.news[0].pk).update(
            path="00010001000100ぁ1"
        ),
        "address": lambda: Page.objects.filter(pk=site.news[0].pk).update(
            url_path="/elsewhere/kaigi-3/"
        ),
        "slug": lambda: bureau.update(slug="news", url_path="/main_sosiki/news/"),
        "kind": lambda: bureau.update(kind="news_item"),
        "interval": lambda: editions.update(live_until=tokyo(2030)),
        "body": lambda: editions.update(body="<script>1</script>"),
        "parent": lambda: approve(site.guide, "なし", live_from=tokyo(2014), answer=Answer.GONE),
        "listed": lambda: Edition.objects.filter(page=site.news[0]).update(listed_under=None),
        "former": lambda: FormerAddress.objects.create(url_path="/main_sosiki/", page=site.bureau),
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
        "category": lambda: editions.update(category="press"),
        "silent figure": lambda: add_silent_figure(site),
    }
    breakages[how]()


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
        ("interval", "期間の重なりか空き"),
        ("body", "使えないタグ"),
        ("parent", "公開されていません"),
        ("listed", "listed_under"),
        ("former", "旧アドレスにもなっています"),
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
    assert len(queries) == 9
