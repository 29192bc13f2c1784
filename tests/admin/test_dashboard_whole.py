"""The dashboard: bookings, stale pages and the whole screen."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml.html import HtmlElement

from bureaus.admin.dashboard.booking_calendar import next_month, parse_month, previous_month
from bureaus.models import Answer, Edition, Kind, Page, Role
from bureaus.publishing import (
    approve,
    approve_urgently,
    cancel_booking,
)
from tests.admin.test_dashboard import QUERIES, dashboard_of, entries, quiet
from tests.helpers import cast
from tests.helpers.cast import TOKYO, Site, officer, publish_below, tokyo
from tests.helpers.editing import drafted, submitted
from tests.helpers.generator import BUREAU, grow
from tests.helpers.reader import texts, values
from tests.helpers.storms import MANY

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]


# 公開の予約


def booked(page: Page, site: Site, at: datetime, **changes: Any) -> Edition:
    author = officer(f"筆者{page.pk}", {page: [Role.WRITER]})
    edition = submitted(page, author, **changes)
    return approve(editions=[edition], actor=None, at=at)[0]


def next_december() -> datetime:
    return tokyo(timezone.now().year + 1, 12, 24, 14)


def test_the_month_shows_what_is_booked_with_time_title_and_answer(
    site: Site, approver: User
) -> None:
    at = next_december()
    booked(site.bureau, site, at, title="冬の紹介")
    booked(site.sections[0], site, at + timedelta(hours=1), title="終わる政策", answer="archived")
    page = dashboard_of(approver, f"?month={at.year}-12")
    caption = f"{at.year}年12月の公開予約：2件"
    assert texts(page, "//table[@class='month']/caption") == [caption]
    day = texts(page, "//td[@data-booked]")
    assert len(day) == 1
    assert day[0].startswith("24日（")
    assert "14時00分 冬の紹介" in day[0]
    assert "15時00分 終わる政策（掲載終了（保存版））" in day[0]


def test_a_week_begins_on_sunday_and_says_so_in_japanese(site: Site, approver: User) -> None:
    heads = texts(dashboard_of(approver, "?month="), "//table[@class='month']//th")
    assert heads == [f"{day}曜日" for day in "日月火水木金土"]


def test_today_is_marked(site: Site, approver: User) -> None:
    day = timezone.localtime(timezone.now(), TOKYO).day
    cells = texts(dashboard_of(approver, "?month="), "//td[@aria-current='date']")
    assert len(cells) == 1
    assert cells[0].startswith(f"{day}日")
    assert cells[0].endswith("今日")


def test_one_goes_from_month_to_month_and_never_into_the_past(site: Site, approver: User) -> None:
    here = values(dashboard_of(approver), "//nav[@class='months']/a/@href")
    assert len(here) == 1
    there = dashboard_of(approver, "?month=2098-01")
    assert values(there, "//nav[@class='months']/a/@href") == [
        "?month=2097-12#calendar",
        "?month=2098-02#calendar",
    ]
    assert (
        len(values(dashboard_of(approver, "?month=2099-12"), "//nav[@class='months']/a/@href")) == 1
    )


@pytest.mark.parametrize(
    "text", ["", "x", "2013-05", "2026-13", "9999-12", "２０９８-01", "2026-1"]
)
def test_no_month_and_a_past_one_are_this_month(text: str) -> None:
    assert parse_month(text, date(2026, 11, 22)) == date(2026, 11, 1)


def test_months_follow_each_other_over_the_turn_of_the_year() -> None:
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert next_month(date(2026, 1, 1)) == date(2026, 2, 1)
    assert previous_month(date(2027, 1, 1)) == date(2026, 12, 1)
    assert previous_month(date(2026, 12, 1)) == date(2026, 11, 1)


def test_a_release_is_one_entry_of_the_calendar(site: Site, writer: User, approver: User) -> None:
    at = next_december()
    editions = [
        submitted(page, writer, title=title)
        for page, title in ((site.bureau, "一つ目"), (site.sections[0], "二つ目"))
    ]
    approve(editions=editions, actor=approver, at=at)
    page = dashboard_of(writer, f"?month={at.year}-12")
    assert texts(page, "//td[@data-booked]/ul/li") == ["14時00分 一括公開 一つ目二つ目"]


def test_a_booking_at_midnight_of_the_first_is_of_that_month(site: Site, approver: User) -> None:
    year = timezone.now().year + 1
    booked(site.bureau, site, tokyo(year, 12, 1), title="月のはじめ")
    assert texts(dashboard_of(approver, f"?month={year}-12"), "//td[@data-booked]")[0].startswith(
        "1日"
    )
    assert texts(dashboard_of(approver, f"?month={year}-11"), "//td[@data-booked]") == []


def test_a_cancelled_booking_leaves_the_month_and_lies_with_its_writer(
    site: Site, writer: User, approver: User
) -> None:
    at = next_december()
    edition = approve(editions=[submitted(site.bureau, writer)], actor=approver, at=at)[0]
    cancel_booking(edition=edition, actor=approver)
    page = dashboard_of(writer, f"?month={at.year}-12")
    assert texts(page, "//td[@data-booked]") == []
    assert len(entries(page, "drafts")) == 1


def test_bookings_of_other_branches_are_not_shown(site: Site, outsider: User) -> None:
    at = next_december()
    booked(site.bureau, site, at, title="よその予約")
    assert "よその予約" not in dashboard_of(outsider, f"?month={at.year}-12").text_content()


# 1年以上見直していないページ


def old(page: HtmlElement) -> list[str]:
    return texts(page, "//table[contains(@class, 'old')]//th[@scope='row']")


def test_what_has_long_said_the_same_is_listed_the_oldest_first(site: Site, writer: User) -> None:
    cast.approve(site.sections[0], "直した政策", live_from=tokyo(2020))
    assert old(dashboard_of(writer)) == ["情報通信国際戦略局", "研究開発の推進", "直した政策"]


def test_what_has_just_changed_has_ended_or_is_news_is_not(site: Site, writer: User) -> None:
    recent = timezone.now() - timedelta(days=300)
    cast.approve(site.bureau, "直した局", live_from=recent)
    cast.approve(site.sections[0], "終わった政策", live_from=tokyo(2014), answer=Answer.ARCHIVED)
    booked(site.sections[1], site, timezone.now() + timedelta(days=9))
    assert old(dashboard_of(writer)) == []
    assert quiet(dashboard_of(writer), "unrevised") == ["見直しの時期が来たページはありません。"]


def test_a_year_is_a_year(site: Site, writer: User) -> None:
    now = timezone.now()
    cast.approve(site.bureau, "まだ", live_from=now - timedelta(days=365) + timedelta(minutes=1))
    cast.approve(site.sections[0], "もう", live_from=now - timedelta(days=365, minutes=1))
    assert old(dashboard_of(writer)) == ["研究開発の推進", "もう"]


def test_the_dashboard_lists_ten_and_the_list_the_rest(site: Site, writer: User) -> None:
    titles = {f"p{number}": f"資料{number}" for number in range(60)}
    publish_below(site.bureau, titles, live_from=tokyo(2015))
    dashboard = dashboard_of(writer)
    assert len(old(dashboard)) == 10
    assert "/admin/bureaus/unrevised/" in values(dashboard, "//a/@href")
    assert len(old(dashboard_of(writer, "bureaus/unrevised/"))) == 50
    rest = dashboard_of(writer, "bureaus/unrevised/?p=1")
    assert len(old(rest)) == 13
    assert values(rest, "//nav[@aria-label='一覧のページ']/a/@href") == ["?p=0"]
    assert old(dashboard_of(writer, "bureaus/unrevised/?p=9999")) == []


# The dashboard itself


def test_an_empty_dashboard_says_so_and_what_to_do_next(
    site: Site, writer: User, approver: User
) -> None:
    page = dashboard_of(writer)
    assert [len(quiet(page, name)) for name in ("drafts", "waiting", "urgent")] == [1, 0, 0]
    judging = dashboard_of(approver)
    assert [len(quiet(judging, name)) for name in ("drafts", "waiting", "urgent")] == [0, 1, 1]
    first = texts(page, "//section[h2[@id='first-heading']]")
    assert len(first) == 1
    hrefs = values(page, "//section[h2[@id='first-heading']]//a/@href")
    assert hrefs == ["/admin/bureaus/page/", "/admin/bureaus/guide/"]


@pytest.mark.one_database
def test_what_is_empty_takes_a_line_below_what_waits(
    site: Site, writer: User, second_approver: User
) -> None:
    submitted(site.bureau, writer, title="待っている依頼")
    page = dashboard_of(second_approver)
    headings = texts(page, "//h2")
    assert headings[0] == "わたしの確認を待つもの"
    assert values(page, "//*[@data-empty]/h2/@id") == [
        "drafts-heading",
        "urgent-heading",
        "calendar-heading",
    ]
    assert texts(page, "//table[@class='month']") == []
    assert texts(page, "//details/summary") == ["見直しの時期が来たページ"]
    drafted(site.sections[0], second_approver)
    assert texts(dashboard_of(second_approver), "//details/summary") == []


def test_who_has_done_something_is_no_beginner_any_more(site: Site, writer: User) -> None:
    drafted(site.bureau, writer)
    assert texts(dashboard_of(writer), "//h2[@id='first-heading']") == []


@pytest.mark.parametrize("who", ["approver", "manager"])
def test_every_role_has_its_own_introduction(
    site: Site, approver: User, manager: User, who: str
) -> None:
    page = dashboard_of({"approver": approver, "manager": manager}[who])
    words = {"approver": "承認するか差し戻して", "manager": "書く人と承認する人を決めて"}[who]
    assert words in texts(page, "//section[h2[@id='first-heading']]")[0]


def test_an_officer_sees_their_branches(site: Site, second_approver: User) -> None:
    kept = texts(dashboard_of(second_approver), "//p[@class='own-branches']")
    assert kept == ["あなたの担当： 情報通信国際戦略局（承認者・作成者） 切れたリンク"]


def test_an_officer_without_a_role_reads_whom_to_ask(site: Site) -> None:
    nobody = User.objects.create_user("新人", is_staff=True)
    assert (
        "管理者に、担当の設定を依頼してください。"
        in texts(dashboard_of(nobody), "//p[@class='own-branches']")[0]
    )


def test_djangos_own_pages_are_linked_for_the_operator_alone(
    site: Site, operator: User, manager: User
) -> None:
    links = values(dashboard_of(operator), "//nav[@aria-label='運用の担当者の画面']/a/@href")
    assert "/admin/auth/user/" in links
    assert "/admin/auth/group/" in links
    assert values(dashboard_of(manager), "//a[contains(@href, '/admin/auth/')]") == []


def test_the_guide_is_read_in_the_admin(site: Site, writer: User) -> None:
    page = dashboard_of(writer, "bureaus/guide/")
    assert texts(page, "//h1")[-1] == "編集の手引き（担当者の方へ）"
    assert len(texts(page, "//div[contains(@class, 'guide')]/h2")) >= 3
    assert texts(page, "//table//th[@scope='row']")[0] == "ページ"
    assert "**" not in page.text_content()
    assert "|" not in texts(page, "//div[contains(@class, 'guide')]")[0]


# What it costs


def lay_out(size: int) -> User:
    """A writer and approver of the bureau, with something in every list."""
    bureau = Page.objects.get(key=BUREAU)
    everything = officer("全員", {bureau: list(Role)})
    author = officer("筆者", {bureau: [Role.WRITER]})
    count = 4 * max(1, size // 100)
    pages = publish_below(bureau, {f"new{number}": "頁" for number in range(count)})
    tomorrow = timezone.now() + timedelta(days=1)
    for number, page in enumerate(pages):
        if number % 4 == 0:
            drafted(page, everything)
        elif number % 4 == 1:
            submitted(page, author)
        elif number % 4 == 2:
            approve(editions=[submitted(page, author)], actor=None, at=tomorrow)
        else:
            approve_urgently(edition=drafted(page, author), actor=everything, reason="災害")
    return everything


@pytest.mark.parametrize("is_operator", [False, True], ids=["officer", "operator"])
@pytest.mark.parametrize("size", [20, MANY])
def test_the_dashboard_costs_the_same_at_any_size(size: int, *, is_operator: bool) -> None:
    grow(size)
    user = lay_out(size)
    if is_operator:
        user = User.objects.create_superuser("田中", password="ひみつ-tanaka-2013")
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")
    assert len(queries) == QUERIES - 3 * is_operator  # an operator has no branches
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/bureaus/unrevised/")
    assert len(queries) <= 6


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the words of SQLite's plans")
def test_old_pages_are_not_sorted_but_read_in_the_order_of_an_index(operator: User) -> None:
    grow(1_000)
    client = Client(HTTP_HOST="localhost")
    client.force_login(operator)
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")
    statements = [q["sql"] for q in queries.captured_queries if '"issued_on" IS NULL' in q["sql"]]
    assert len(statements) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statements[0]}")
        plan = [row[3] for row in cursor.fetchall()]
    assert any("INDEX edition_standing" in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan)


def test_the_kinds_of_pages_that_the_list_leaves_out_are_news(site: Site) -> None:
    listed = Edition.objects.exclude(issued_on=None).values_list("page__kind", flat=True)
    assert set(listed) == {Kind.NEWS_ITEM}
