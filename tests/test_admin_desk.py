"""The desk: what an officer has to do next, and what is coming."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml.html import HtmlElement, document_fromstring

from bureaus.admin.months import asked_month, next_month, previous_month
from bureaus.models import Answer, Edition, Event, Kind, Page, Role, Verb
from bureaus.publishing import (
    add,
    approve,
    approve_urgently,
    cancel_booking,
    confirm,
    edit,
    return_,
    start_draft,
    submit,
)
from tests import cast
from tests.cast import TOKYO, Site, officer, publish, tokyo
from tests.editing import drafted, submitted
from tests.generator import BUREAU, grow
from tests.reader import texts, values

pytestmark = pytest.mark.django_db
QUERIES = 14


def desk_of(user: User, query: str = "") -> HtmlElement:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    response = client.get(f"/admin/{query}")
    assert response.status_code == 200
    page: HtmlElement = document_fromstring(response.content.decode())
    return page


def entries(page: HtmlElement, pile: str) -> list[str]:
    return texts(page, f"//section[h2[@id='{pile}-heading']]//ul[@class='pile']/li")


def quiet(page: HtmlElement, pile: str) -> list[str]:
    return texts(page, f"//section[h2[@id='{pile}-heading']]/p[@class='quiet']")


def happened(edition: Edition, verb: Verb, at: datetime) -> None:
    """Events are written once: only a test moves them, and past their own door."""
    table, column = Event._meta.db_table, connection.ops.quote_name("at")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE edition_id = %s AND verb = %s",  # noqa: S608
            [at, edition.pk, verb.value],
        )


# わたしの下書き


def test_the_desk_shows_what_i_have_in_work_with_its_state(site: Site, writer: User) -> None:
    drafted(site.bureau, writer, title="局の新しい紹介")
    submitted(site.sections[0], writer, title="政策の直し")
    mine = entries(desk_of(writer), "drafts")
    assert len(mine) == 2
    assert any("局の新しい紹介 下書き" in entry for entry in mine)
    assert any("政策の直し 確認待ち" in entry for entry in mine)
    assert all("最後に触れたのは" in entry for entry in mine)


def test_what_a_colleague_has_in_work_is_not_mine(
    site: Site, writer: User, second_approver: User
) -> None:
    drafted(site.bureau, second_approver)
    assert entries(desk_of(writer), "drafts") == []


def test_what_was_given_back_stands_first_with_the_comment(
    site: Site, writer: User, approver: User
) -> None:
    returned = submitted(site.bureau, writer, title="戻った版")
    return_(edition=returned, actor=approver, comment="年を西暦にしてください。")
    drafted(site.sections[0], writer, title="あとで書いた版")
    mine = entries(desk_of(writer), "drafts")
    assert mine[0].startswith("戻った版 下書き 差し戻し 年を西暦にしてください。佐藤さんから")
    assert mine[1].startswith("あとで書いた版")


def test_what_i_took_back_myself_was_not_given_back(site: Site, writer: User) -> None:
    return_(edition=submitted(site.bureau, writer), actor=writer)
    assert "差し戻し" not in entries(desk_of(writer), "drafts")[0]


def test_what_i_sent_again_waits_and_has_no_comment_any_more(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    submit(edition=return_(edition=edition, actor=approver, comment="年を"), actor=writer)
    assert "確認待ち" in entries(desk_of(writer), "drafts")[0]
    assert "年を" not in entries(desk_of(writer), "drafts")[0]


def test_a_draft_leads_to_its_form(site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer)
    hrefs = values(desk_of(writer), "//ul[@class='pile']//a/@href")
    assert hrefs == [f"/admin/bureaus/edition/{draft.pk}/change/"]


def test_who_keeps_the_branch_no_longer_sees_nothing_of_his_drafts(
    site: Site, writer: User
) -> None:
    drafted(site.bureau, writer, title="もう見えない")
    writer.groups.clear()
    page = desk_of(writer)
    assert entries(page, "drafts") == []
    assert "もう見えない" not in page.text_content()


def test_of_very_many_drafts_the_rest_is_in_the_tree(site: Site, writer: User) -> None:
    for number in range(21):
        page = publish(site.bureau, f"p{number}", "頁")
        start_draft(page=page, actor=writer)
    desk = desk_of(writer)
    assert len(entries(desk, "drafts")) == 20
    assert "/admin/bureaus/page/?mine=1" in values(desk, "//a/@href")


# まだだれも書いていない下書き


def test_what_a_manager_added_waits_for_the_writers_until_one_begins(
    site: Site, writer: User, manager: User, second_approver: User
) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="shiryo", title="新しい資料", actor=manager)
    assert entries(desk_of(writer), "unwritten")[0].startswith("新しい資料")
    assert f"{manager}さんが" in entries(desk_of(writer), "unwritten")[0]
    assert entries(desk_of(writer), "drafts") == []
    assert "新しい資料" not in desk_of(manager).text_content()
    draft = Edition.objects.get(page=page)
    edit(edition=draft, actor=writer, changes={"lead": "要旨。"}, revision=draft.revision)
    assert entries(desk_of(writer), "unwritten") == []
    assert entries(desk_of(writer), "drafts")[0].startswith("新しい資料")


def test_what_i_added_as_a_writer_is_mine_and_waits_for_nobody(site: Site, writer: User) -> None:
    add(parent=site.bureau, kind=Kind.PAGE, slug="shiryo", title="新しい資料", actor=writer)
    assert entries(desk_of(writer), "drafts")[0].startswith("新しい資料")
    assert entries(desk_of(writer), "unwritten") == []


def test_what_is_added_in_another_branch_is_not_for_me_to_write(site: Site, outsider: User) -> None:
    add(parent=site.bureau, kind=Kind.PAGE, slug="shiryo", title="新しい資料", actor=None)
    assert "新しい資料" not in desk_of(outsider).text_content()


# わたしの確認を待つもの


def test_an_approver_sees_what_waits_the_longest_first_and_how_long(
    site: Site, writer: User, approver: User
) -> None:
    new = submitted(site.bureau, writer, title="新しい依頼")
    old = submitted(site.sections[0], writer, title="古い依頼")
    happened(old, Verb.SUBMIT, timezone.now() - timedelta(days=3, hours=1))
    happened(new, Verb.SUBMIT, timezone.now() - timedelta(hours=5, minutes=1))
    waiting = entries(desk_of(approver), "waiting")
    assert waiting[0].startswith("古い依頼 3日待っています")
    assert waiting[1].startswith("新しい依頼 5時間待っています")
    assert "鈴木さんが" in waiting[0]


def test_whoever_had_a_hand_in_it_is_not_asked_to_approve_it(
    site: Site, second_approver: User, approver: User
) -> None:
    submitted(site.bureau, second_approver)
    assert entries(desk_of(second_approver), "waiting") == []
    assert len(entries(desk_of(approver), "waiting")) == 1


def test_nobody_is_asked_about_a_foreign_branch(
    site: Site, writer: User, outsider: User, manager: User
) -> None:
    submitted(site.bureau, writer, title="よその依頼")
    for other in (outsider, manager, writer):
        assert entries(desk_of(other), "waiting") == []
    assert "よその依頼" not in desk_of(outsider).text_content()


# 事後確認を待つもの


def test_an_urgent_approval_stays_on_every_approvers_desk_until_a_second_confirms(
    site: Site, writer: User, approver: User, second_approver: User, outsider: User
) -> None:
    edition = drafted(site.bureau, writer, title="災害のお知らせ")
    edition = approve_urgently(edition=edition, actor=approver, reason="津波警報のため。")
    own, other = entries(desk_of(approver), "urgent"), entries(desk_of(second_approver), "urgent")
    assert "ほかの承認者に、事後確認を依頼してください。" in own[0]
    assert other[0].startswith("災害のお知らせ 津波警報のため。")
    assert "依頼してください" not in other[0]
    for stranger in (writer, outsider):
        assert entries(desk_of(stranger), "urgent") == []
    confirm(edition=edition, actor=second_approver)
    assert entries(desk_of(approver), "urgent") == entries(desk_of(second_approver), "urgent") == []


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
    page = desk_of(approver, f"?month={at.year}-12")
    caption = f"{at.year}年12月の公開予約：2件"
    assert texts(page, "//table[@class='month']/caption") == [caption]
    day = texts(page, "//td[@data-booked]")
    assert len(day) == 1
    assert day[0].startswith("24日（")
    assert "14時00分 冬の紹介" in day[0]
    assert "15時00分 終わる政策（掲載終了（保存版））" in day[0]


def test_a_week_begins_on_sunday_and_says_so_in_japanese(site: Site, approver: User) -> None:
    heads = texts(desk_of(approver), "//table[@class='month']//th")
    assert heads == [f"{day}曜日" for day in "日月火水木金土"]


def test_today_is_marked(site: Site, approver: User) -> None:
    day = timezone.localtime(timezone.now(), TOKYO).day
    cells = texts(desk_of(approver), "//td[@aria-current='date']")
    assert len(cells) == 1
    assert cells[0].startswith(f"{day}日")
    assert cells[0].endswith("今日")


def test_one_goes_from_month_to_month_and_never_into_the_past(site: Site, approver: User) -> None:
    here = values(desk_of(approver), "//nav[@class='months']/a/@href")
    assert len(here) == 1
    there = desk_of(approver, "?month=2098-01")
    assert values(there, "//nav[@class='months']/a/@href") == [
        "?month=2097-12#calendar",
        "?month=2098-02#calendar",
    ]
    assert len(values(desk_of(approver, "?month=2099-12"), "//nav[@class='months']/a/@href")) == 1


@pytest.mark.parametrize(
    "text", ["", "x", "2013-05", "2026-13", "9999-12", "２０９８-01", "2026-1"]
)
def test_no_month_and_a_past_one_are_this_month(text: str) -> None:
    assert asked_month(text, date(2026, 11, 22)) == date(2026, 11, 1)


def test_months_follow_each_other_over_the_turn_of_the_year() -> None:
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert next_month(date(2026, 1, 1)) == date(2026, 2, 1)
    assert previous_month(date(2027, 1, 1)) == date(2026, 12, 1)
    assert previous_month(date(2026, 12, 1)) == date(2026, 11, 1)


def test_a_release_stands_there_as_one(site: Site, writer: User, approver: User) -> None:
    at = next_december()
    editions = [
        submitted(page, writer, title=title)
        for page, title in ((site.bureau, "一つ目"), (site.sections[0], "二つ目"))
    ]
    approve(editions=editions, actor=approver, at=at)
    page = desk_of(writer, f"?month={at.year}-12")
    assert texts(page, "//td[@data-booked]/ul/li") == ["14時00分 一括公開 一つ目二つ目"]


def test_a_booking_at_midnight_of_the_first_is_of_that_month(site: Site, approver: User) -> None:
    year = timezone.now().year + 1
    booked(site.bureau, site, tokyo(year, 12, 1), title="月のはじめ")
    assert texts(desk_of(approver, f"?month={year}-12"), "//td[@data-booked]")[0].startswith("1日")
    assert texts(desk_of(approver, f"?month={year}-11"), "//td[@data-booked]") == []


def test_a_cancelled_booking_leaves_the_month_and_lies_with_its_writer(
    site: Site, writer: User, approver: User
) -> None:
    at = next_december()
    edition = approve(editions=[submitted(site.bureau, writer)], actor=approver, at=at)[0]
    cancel_booking(edition=edition, actor=approver)
    page = desk_of(writer, f"?month={at.year}-12")
    assert texts(page, "//td[@data-booked]") == []
    assert len(entries(page, "drafts")) == 1


def test_foreign_bookings_are_not_shown(site: Site, outsider: User) -> None:
    at = next_december()
    booked(site.bureau, site, at, title="よその予約")
    assert "よその予約" not in desk_of(outsider, f"?month={at.year}-12").text_content()


# 1年以上見直していないページ


def old(page: HtmlElement) -> list[str]:
    return texts(page, "//table[contains(@class, 'old')]//th[@scope='row']")


def test_what_has_long_said_the_same_is_listed_the_oldest_first(site: Site, writer: User) -> None:
    cast.approve(site.sections[0], "直した政策", live_from=tokyo(2020))
    assert old(desk_of(writer)) == ["情報通信国際戦略局", "研究開発の推進", "直した政策"]


def test_what_has_just_changed_has_ended_or_is_news_is_not(site: Site, writer: User) -> None:
    recent = timezone.now() - timedelta(days=300)
    cast.approve(site.bureau, "直した局", live_from=recent)
    cast.approve(site.sections[0], "終わった政策", live_from=tokyo(2014), answer=Answer.ARCHIVED)
    booked(site.sections[1], site, timezone.now() + timedelta(days=9))
    assert old(desk_of(writer)) == []
    assert quiet(desk_of(writer), "unrevised") == ["1年以上そのままのページはありません。"]


def test_a_year_is_a_year(site: Site, writer: User) -> None:
    now = timezone.now()
    cast.approve(site.bureau, "まだ", live_from=now - timedelta(days=365) + timedelta(minutes=1))
    cast.approve(site.sections[0], "もう", live_from=now - timedelta(days=365, minutes=1))
    assert old(desk_of(writer)) == ["研究開発の推進", "もう"]


def test_ten_stand_on_the_desk_and_the_rest_in_a_list(site: Site, writer: User) -> None:
    for number in range(60):
        publish(site.bureau, f"p{number}", f"資料{number}", live_from=tokyo(2015))
    desk = desk_of(writer)
    assert len(old(desk)) == 10
    assert "/admin/bureaus/unrevised/" in values(desk, "//a/@href")
    assert len(old(desk_of(writer, "bureaus/unrevised/"))) == 50
    rest = desk_of(writer, "bureaus/unrevised/?p=1")
    assert len(old(rest)) == 13
    assert values(rest, "//nav[@aria-label='一覧のページ']/a/@href") == ["?p=0"]
    assert old(desk_of(writer, "bureaus/unrevised/?p=9999")) == []


# The desk itself


def test_an_empty_desk_says_so_quietly_and_what_to_do_next(
    site: Site, writer: User, approver: User
) -> None:
    page = desk_of(writer)
    assert [len(quiet(page, pile)) for pile in ("drafts", "waiting", "urgent")] == [1, 0, 0]
    judging = desk_of(approver)
    assert [len(quiet(judging, pile)) for pile in ("drafts", "waiting", "urgent")] == [0, 1, 1]
    first = texts(page, "//section[h2[@id='first-heading']]")
    assert len(first) == 1
    hrefs = values(page, "//section[h2[@id='first-heading']]//a/@href")
    assert hrefs == ["/admin/bureaus/page/", "/admin/bureaus/guide/"]


def test_who_has_done_something_is_no_beginner_any_more(site: Site, writer: User) -> None:
    drafted(site.bureau, writer)
    assert texts(desk_of(writer), "//h2[@id='first-heading']") == []


@pytest.mark.parametrize("who", ["approver", "manager"])
def test_every_role_is_told_its_own_beginning(
    site: Site, approver: User, manager: User, who: str
) -> None:
    page = desk_of({"approver": approver, "manager": manager}[who])
    words = {"approver": "承認するか差し戻して", "manager": "書く人と承認する人を決めて"}[who]
    assert words in texts(page, "//section[h2[@id='first-heading']]")[0]


def test_an_officer_sees_what_he_keeps(site: Site, second_approver: User) -> None:
    kept = texts(desk_of(second_approver), "//p[@class='kept']")
    assert kept == ["あなたの担当： 情報通信国際戦略局（承認者・作成者）"]


def test_who_keeps_nothing_is_told_whom_to_ask(site: Site) -> None:
    nobody = User.objects.create_user("新人", is_staff=True)
    assert (
        "管理者に、担当の設定を依頼してください。"
        in texts(desk_of(nobody), "//p[@class='kept']")[0]
    )


def test_djangos_own_pages_are_linked_for_the_operator_alone(
    site: Site, operator: User, manager: User
) -> None:
    links = values(desk_of(operator), "//nav[@aria-label='運用の担当者の画面']/a/@href")
    assert "/admin/auth/user/" in links
    assert "/admin/auth/group/" in links
    assert values(desk_of(manager), "//a[contains(@href, '/admin/auth/')]") == []


def test_the_guide_is_read_in_the_admin(site: Site, writer: User) -> None:
    page = desk_of(writer, "bureaus/guide/")
    assert texts(page, "//h1")[-1] == "編集の手引き（担当者の方へ）"
    assert len(texts(page, "//div[contains(@class, 'guide')]/h2")) >= 3
    assert texts(page, "//table//th[@scope='row']")[0] == "ページ"
    assert "**" not in page.text_content()
    assert "|" not in texts(page, "//div[contains(@class, 'guide')]")[0]


# What it costs


def lay_out(size: int) -> User:
    """A writer and approver of the bureau, with something in every pile."""
    bureau = Page.objects.get(url_path=BUREAU)
    everything = officer("全員", {bureau: list(Role)})
    author = officer("筆者", {bureau: [Role.WRITER]})
    pages = [publish(bureau, f"new{n}", "頁") for n in range(4 * max(1, size // 100))]
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
@pytest.mark.parametrize("size", [20, 1_000])
def test_the_desk_costs_the_same_at_any_size(size: int, *, is_operator: bool) -> None:
    grow(size)
    user = lay_out(size)
    if is_operator:
        user = User.objects.create_superuser("田中", password="ひみつ-tanaka-2013")
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")
    assert len(queries) == QUERIES - 3 * is_operator  # he keeps no branches
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/bureaus/unrevised/")
    assert len(queries) <= 5


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the words of SQLite's plans")
def test_old_pages_are_not_sorted_but_read_in_the_order_of_an_index(operator: User) -> None:
    grow(1_000)
    client = Client(HTTP_HOST="localhost")
    client.force_login(operator)
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/")
    asked = [q["sql"] for q in queries.captured_queries if '"listed_under_id" IS NULL' in q["sql"]]
    assert len(asked) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]}")
        plan = [row[3] for row in cursor.fetchall()]
    assert any("INDEX edition_standing" in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan)


def test_the_kinds_of_pages_that_the_list_leaves_out_are_news(site: Site) -> None:
    listed = Edition.objects.exclude(listed_under=None).values_list("page__kind", flat=True)
    assert set(listed) == {Kind.NEWS_ITEM}
