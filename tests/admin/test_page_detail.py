"""The detail page: what is read there, by whom, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from bureaus.models import Autosave, BranchRole, Kind, Page, Role
from bureaus.models.placements import pages_at
from bureaus.publishing import add, approve, approve_urgently, rename, return_
from tests.helpers.cast import Site, client_of, officer, place_all
from tests.helpers.editing import TOMORROW, drafted, submitted
from tests.helpers.generator import BUREAU, grow
from tests.helpers.page_details import (
    STATES,
    history,
    page_in,
    page_url,
    panel,
    queries_of,
    read,
    text_in,
)
from tests.helpers.storms import MANY

pytestmark = pytest.mark.one_database


def test_the_screen_names_the_page_and_where_it_stands(site: Site, writer: User) -> None:
    html = read(client_of(writer), site.bureau)
    assert "<h1>情報通信国際戦略局</h1>" in html
    assert f'<a href="{site.bureau.url_path}">http://localhost{site.bureau.url_path}</a>' in html
    assert f"?under={site.bureau.pk}" in html
    words = text_in(html)
    assert "公開中" in words
    assert "2013年4月1日0時00分から" in words
    assert "ページ総務省組織案内情報通信国際戦略局" in words  # the breadcrumb


def test_the_timeline_goes_from_the_beginning_to_what_is_booked(
    site: Site, writer: User, approver: User
) -> None:
    for note in ("一つ目", "二つ目", "三つ目", "四つ目"):
        approve(editions=[submitted(site.bureau, writer, change_note=note)], actor=approver)
    when = timezone.now() + TOMORROW
    edition = submitted(site.bureau, writer, change_note="明日から")
    approve(editions=[edition], actor=approver, at=when)
    drafted(site.bureau, writer, change_note="その後")
    html = panel(read(client_of(writer), site.bureau), "timeline")
    words = ("はじめての公開", "二つ目", "三つ目", "いま", "四つ目", "作業中", "その後", "明日から")
    places = [text_in(html).index(word) for word in words]
    assert places == sorted(places)
    assert re.findall(r'data-tense="(\w+)"', html) == [
        "past",
        "past",
        "past",
        "now",
        "work",
        "booked",
    ]
    assert html.count('aria-current="true"') == 1


def test_the_screen_says_who_works_on_the_draft_and_who_has_it_open(
    site: Site, writer: User, second_approver: User
) -> None:
    draft = drafted(site.bureau, writer)
    now = timezone.now()
    copy = Autosave.objects.create(
        edition=draft, officer=second_approver, revision=1, seen_at=now - timedelta(minutes=1)
    )
    client = client_of(writer)
    words = text_in(panel(read(client, site.bureau), "timeline"))
    assert "書き始め：鈴木" in words
    assert "高橋さんが、いま開いています" in words
    assert "いま開いています" not in read(client_of(second_approver), site.bureau)
    copy.seen_at = now - timedelta(minutes=3)
    copy.save()
    assert "いま開いています" not in read(client, site.bureau)


def test_a_booking_names_what_starts_with_it_as_far_as_it_may_be_known(
    site: Site, approver: User, outsider: User
) -> None:
    everywhere = officer("総括", {site.root: [Role.WRITER]})
    every_approver = officer("総括承認", {site.root: [Role.APPROVER]})
    foreign = Page.objects.get(placements__url_path__endswith="/toukei/")
    pages = [site.bureau, site.sections[0], foreign]
    editions = [submitted(page, everywhere, title=f"{page.slug}の改訂") for page in pages]
    approve(editions=editions, actor=every_approver, at=timezone.now() + TOMORROW)
    words = text_in(panel(read(client_of(approver), site.bureau), "timeline"))
    assert "一括公開：「ict_seisakuの改訂」と、担当外の1ページと同時に公開されます。" in words
    assert "toukei" not in words
    whole = text_in(panel(read(client_of(every_approver), site.bureau), "timeline"))
    assert "「toukeiの改訂」" in whole


def test_a_page_never_public_is_not_linked_and_says_so(site: Site, writer: User) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="shin", title="新しい", actor=writer)
    html = read(client_of(writer), page)
    assert f'<a href="{page.url_path}">' not in html
    assert "まだ公開されていません" in text_in(html)
    assert "このアドレスは、公開が始まるまで開けません。" in html


def test_those_who_keep_the_branch_are_named_with_their_roles(
    site: Site, writer: User, approver: User, manager: User
) -> None:
    gone = officer("退職者", {site.bureau: [Role.WRITER]})
    gone.is_active = False
    gone.save()
    BranchRole.objects.filter(group__name="退職者の担当").update(page=site.sections[0])
    words = text_in(panel(read(client_of(writer), site.sections[0]), "role-holders"))
    assert words.endswith("「/」とその下")
    for part in ("作成者 鈴木 「", "承認者 佐藤 「", "管理者 渡辺 「"):
        assert part in words
    assert "作成者 （まだ、だれもいません） 「" in words


def test_every_edition_stands_in_the_list_with_its_state_and_its_approver(
    site: Site, writer: User, approver: User
) -> None:
    approve(editions=[submitted(site.bureau, writer)], actor=approver)
    drafted(site.bureau, writer, change_note="", is_minor=True)
    html = panel(read(client_of(writer), site.bureau), "editions")
    rows = [text_in(row) for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL)[1:]]
    assert [row.split()[0] for row in rows] == ["第3版", "第2版", "第1版"]
    assert "下書き" in rows[0]
    assert "軽微な変更" in rows[0]
    assert "公開中" in rows[1]
    assert "佐藤" in rows[1]
    assert "過去の版" in rows[2]


def test_the_events_say_who_did_what_when_and_why(site: Site, writer: User, approver: User) -> None:
    return_(edition=submitted(site.bureau, writer), actor=approver, comment="年を直して")
    rename(page=site.bureau, slug="kokusai", actor=None, note="短く")
    words = text_in(panel(read(client_of(writer), site.bureau), "events"))
    assert "（運用の担当者） アドレスの変更 — 短く 旧アドレス /main_sosiki/joho_kokusai/" in words
    assert "佐藤 差し戻し 第2版 年を直して" in words
    assert "依頼の取り下げ" not in words
    assert words.index("アドレスの変更") < words.index("差し戻し") < words.index("下書きの開始")


def test_a_recalled_submission_is_no_return(site: Site, writer: User) -> None:
    return_(edition=submitted(site.bureau, writer), actor=writer)
    client = client_of(writer)
    html = read(client, site.bureau)
    assert "鈴木 依頼の取り下げ 第2版" in text_in(panel(html, "events"))
    assert "依頼の取り下げ：鈴木" in text_in(panel(html, "timeline"))
    assert "差し戻し" not in html
    listed = client.get(reverse("admin:bureaus_auditentry_changelist")).content.decode()
    assert '<td class="field-words">依頼の取り下げ</td>' in listed


# --- At any size.


BUDGET = 15


def test_the_screen_costs_the_same_at_any_size(
    site: Site, writer: User, second_approver: User
) -> None:
    client = client_of(second_approver)
    history(site.bureau, 30, writer)
    drafted(site.bureau, writer)
    few = queries_of(client, page_url(site.bureau))
    history(site.bureau, MANY, writer)
    drafted(site.bureau, writer)
    assert queries_of(client, page_url(site.bureau)) == few <= BUDGET


@pytest.mark.parametrize("state", STATES)
def test_the_screen_costs_little_in_every_state(
    site: Site, second_approver: User, state: str
) -> None:
    page = page_in(state, site)
    assert queries_of(client_of(second_approver), page_url(page)) <= BUDGET


def test_the_screen_costs_little_where_everything_is_going_on(
    site: Site, writer: User, approver: User, second_approver: User
) -> None:
    """An unconfirmed urgent approval, a release booked, and a draft in review."""
    urgent = drafted(site.bureau, writer)
    approve_urgently(edition=urgent, actor=approver, reason="災害")
    pages = (site.bureau, site.sections[0])
    together = [submitted(page, writer, title=page.slug) for page in pages]
    approve(editions=together, actor=approver, at=timezone.now() + TOMORROW)
    submitted(site.bureau, second_approver)
    assert queries_of(client_of(second_approver), page_url(site.bureau)) <= BUDGET


def test_a_page_never_public_costs_little_too(site: Site, second_approver: User) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="shin", title="新", actor=second_approver)
    assert queries_of(client_of(second_approver), page_url(page)) <= BUDGET


@pytest.mark.django_db
def test_the_screen_of_a_page_with_thousands_below_costs_the_same() -> None:
    grow(MANY)
    pages = pages_at([BUREAU, "/"])
    bureau = pages[BUREAU]
    insider = officer("総括", {pages["/"]: list(Role)})
    client = client_of(insider)
    few = queries_of(client, page_url(bureau))
    place_all({f"{BUREAU}x{number}/": Kind.PAGE for number in range(2_000)})
    assert queries_of(client, page_url(bureau)) == few <= BUDGET


def test_the_lists_go_on_page_by_page_and_lose_nothing(site: Site, writer: User) -> None:
    history(site.bureau, 50, writer)
    client = client_of(writer)
    query, numbers, notes = "", [], []
    for _ in range(3):
        html = read(client, site.bureau, query)
        numbers += re.findall(r'<th scope="row">第(\d+)版', html)
        notes += re.findall(r"メモ(\d+)", panel(html, "events"))
        assert "いま" in text_in(panel(html, "timeline"))
        following = re.findall(r'href="\?(editions=\d+|events=\d+)#', html)
        query = f"?{'&'.join(following)}"
    assert numbers == [str(number) for number in range(51, 0, -1)]
    assert notes == [str(number) for number in range(49, -1, -1)]


@pytest.mark.parametrize("query", ["?editions=x", "?editions=-1&events=", f"?events={'9' * 40}"])
def test_a_wrong_place_in_a_list_shows_its_beginning(site: Site, writer: User, query: str) -> None:
    assert "第1版" in text_in(panel(read(client_of(writer), site.bureau, query), "editions"))
