"""Moving and ending several pages at once, each on its own and with its reasons."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.models import Answer, Edition, Kind, Page, Role, State
from bureaus.models.placements import reread
from bureaus.publishing import move
from tests.admin.test_move import BULK_ACTION, TREE, messages_in, text
from tests.helpers.cast import Site, approve, client_of, officer, publish, tokyo
from tests.helpers.editing import drafted

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
MOVE, END = "/admin/bureaus/page/together/move/", "/admin/bureaus/page/together/end/"


@pytest.fixture
def manager(site: Site) -> User:
    return officer("中村", {site.root: [Role.MANAGER]})


@pytest.fixture
def other(site: Site) -> Page:
    return publish(site.guide, "tsushin", "総合通信基盤局", kind=Kind.ORGANISATION)


def keys(*pages: Page) -> list[int]:
    return [page.pk for page in pages]


def addresses(*pages: Page) -> list[str]:
    return [reread(page).url_path for page in pages]


def confirm(who: User, screen: str, **fields: Any) -> tuple[str, str]:
    """Read the screen, send what it shows, and return the screen and the report."""
    client = client_of(who)
    shown = text(client.get(screen, fields))
    ready = re.findall(r'name="page" value="(\d+)"', shown[shown.index('method="post"') :])
    versions = re.findall(r'name="version" value="([^"]+)"', shown)
    response = client.post(screen, fields | {"page": ready, "version": versions})
    return shown, messages_in(client, response)


# Choosing


def test_the_tree_offers_the_actions_of_ones_roles(
    site: Site, manager: User, writer: User, approver: User
) -> None:
    for who, offered, hidden in (
        (manager, "移動する…", "掲載を終える…"),
        (writer, "掲載を終える…", "移動する…"),
        (approver, "差し戻す", "移動する…"),
    ):
        shown = text(client_of(who).get(TREE))
        assert offered in shown
        assert hidden not in shown
        assert 'name="page"' in shown


@pytest.mark.parametrize(("action", "screen"), [("move", MOVE), ("end", END)])
def test_all_that_match_are_chosen_for_the_screen(
    site: Site, manager: User, action: str, screen: str
) -> None:
    response = client_of(manager).post(
        BULK_ACTION, {"action": action, "all": "1", "back": f"kind={Kind.POLICY_SECTION}"}
    )
    assert response["Location"].startswith(screen)
    chosen = re.findall(r"page=(\d+)", response["Location"])
    assert sorted(map(int, chosen)) == sorted(keys(*site.sections))


@pytest.mark.parametrize("screen", [MOVE, END])
def test_pages_of_another_branch_are_nowhere(site: Site, screen: str) -> None:
    outsider = officer("別局", {site.sections[1]: [Role.MANAGER, Role.WRITER]})
    client = client_of(outsider)
    response = client.get(screen, {"page": keys(site.sections[0])})
    assert "ページが選ばれていません" in messages_in(client, response)


# Moving


def test_several_move_below_one_and_their_old_addresses_redirect(
    site: Site, manager: User, other: Page, citizen: Any
) -> None:
    before = addresses(*site.sections)
    shown, report = confirm(manager, MOVE, page=keys(*site.sections), to=other.pk)
    assert "/main_sosiki/tsushin/kenkyu/" in shown
    assert "2ページを「総合通信基盤局」の下へ移動しました。" in report
    assert addresses(*site.sections) == [
        "/main_sosiki/tsushin/ict_seisaku/",
        "/main_sosiki/tsushin/kenkyu/",
    ]
    assert [citizen.get(address).status_code for address in before] == [301, 301]


def test_those_that_cannot_move_are_named_with_their_reasons(
    site: Site, manager: User, other: Page
) -> None:
    publish(other, "kenkyu", "別の研究", kind=Kind.POLICY_SECTION)
    shown, report = confirm(
        manager, MOVE, page=keys(site.root, *site.sections), address="/main_sosiki/tsushin/"
    )
    assert "移動しない2ページ" in shown
    assert "最上位のページ" in shown
    assert "1ページを「総合通信基盤局」の下へ移動しました。" in report
    assert addresses(site.sections[1]) == ["/main_sosiki/joho_kokusai/kenkyu/"]


def test_a_page_below_another_that_was_chosen_moves_with_it(
    site: Site, manager: User, other: Page
) -> None:
    shown, _ = confirm(manager, MOVE, page=keys(site.bureau, site.sections[0]), to=other.pk)
    assert "選んだ「情報通信国際戦略局」の下にあるので、それと一緒に動きます。" in shown
    assert addresses(site.bureau, site.sections[0]) == [
        "/main_sosiki/tsushin/joho_kokusai/",
        "/main_sosiki/tsushin/joho_kokusai/ict_seisaku/",
    ]


def test_a_page_that_moved_meanwhile_is_not_moved(site: Site, manager: User, other: Page) -> None:
    client = client_of(manager)
    fields: dict[str, Any] = {"page": keys(*site.sections), "to": other.pk}
    shown = text(client.get(MOVE, fields))
    move(page=site.sections[0], to=site.root, actor=None)
    versions = re.findall(r'name="version" value="([^"]+)"', shown)
    report = messages_in(client, client.post(MOVE, fields | {"version": versions}))
    assert "1ページを「総合通信基盤局」の下へ移動しました。" in report
    assert "場所が変わりました" in report
    assert addresses(site.sections[0]) == ["/ict_seisaku/"]


def test_several_moves_are_booked_for_one_moment(site: Site, manager: User, other: Page) -> None:
    start = {"when": "later", "date": "2099-04-01", "time": "00:00"}
    _, report = confirm(manager, MOVE, page=keys(*site.sections), to=other.pk, **start)
    assert (
        "2ページを「総合通信基盤局」の下へ2099年4月1日0時00分に移動する予約をしました。" in report
    )
    assert addresses(site.sections[0]) == ["/main_sosiki/joho_kokusai/ict_seisaku/"]


def test_only_places_that_fit_all_of_them_are_offered(
    site: Site, manager: User, other: Page
) -> None:
    shown = text(client_of(manager).get(MOVE, dict[str, Any](page=keys(*site.sections), q="基盤")))
    assert "「総合通信基盤局」の下へ" in shown
    assert "「研究開発の推進」の下へ" not in shown


def test_a_place_with_many_editions_is_offered_once_by_its_address(
    site: Site, manager: User, other: Page
) -> None:
    for year in (2014, 2015):
        approve(other, f"総合通信基盤局{year}", live_from=tokyo(year), category="bureau")
    shown = text(
        client_of(manager).get(MOVE, dict[str, Any](page=keys(*site.sections), q="tsushin"))
    )
    assert shown.count(f'name="to" value="{other.pk}"') == 1


def test_a_place_of_others_is_named_as_such(site: Site, other: Page) -> None:
    inside = officer("局の人", {site.bureau: [Role.MANAGER]})
    shown = text(client_of(inside).get(MOVE, dict[str, Any](page=keys(*site.sections), q="基盤")))
    assert "「総合通信基盤局」は、あなたが管理者をしている場所の外にある" in shown


@pytest.mark.parametrize("count", [1, 6])
def test_the_summary_costs_ten_queries_a_page(
    site: Site, manager: User, other: Page, count: int
) -> None:
    pages = [
        publish(site.bureau, f"seisaku-{number}", "政策", kind=Kind.POLICY_SECTION)
        for number in range(count)
    ]
    client = client_of(manager)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        client.get(MOVE, dict[str, Any](page=keys(*pages), to=other.pk))
    assert len(queries) <= 12 + 10 * count


# Ending


@pytest.fixture
def texts(site: Site) -> list[Page]:
    """The sections, each with something to read."""
    for page in site.sections:
        approve(page, page.slug, live_from=tokyo(2014), lead="要旨です。")
    return list(site.sections)


@pytest.mark.parametrize("answer", [Answer.ARCHIVED, Answer.GONE])
def test_several_are_ended_by_editions_that_wait_for_approval(
    texts: list[Page], writer: User, answer: Answer
) -> None:
    pages = texts
    _, report = confirm(writer, END, page=keys(*pages), answer=answer, note="制度が終わりました。")
    assert "2ページの掲載を終える版を作り、確認を依頼しました。" in report
    written = Edition.objects.filter(page__in=pages, state=State.REVIEW)
    assert {(each.answer, each.note) for each in written} == {(answer, "制度が終わりました。")}
    assert Edition.objects.in_force(timezone.now()).filter(
        page__in=pages, answer=Answer.CURRENT
    ).count() == len(pages)


def test_those_that_cannot_end_are_named_with_their_reasons(
    texts: list[Page], writer: User
) -> None:
    drafted(texts[0], writer)
    shown, report = confirm(writer, END, page=keys(*texts), note="制度が終わりました。")
    assert "できない1ページ" in shown
    assert "下書きの第3版がもうあります" in shown
    assert "1ページの掲載を終える版を作り" in report


def test_without_a_note_nothing_is_done_and_the_choice_stays(site: Site, writer: User) -> None:
    fields: dict[str, Any] = {"page": keys(*site.sections), "answer": Answer.GONE, "note": " "}
    shown = text(client_of(writer).post(END, fields))
    assert "案内を書いてください" in shown
    assert re.search(r'value="gone" checked', shown)
    assert not Edition.objects.open().exists()


@pytest.mark.parametrize("count", [1, 8])
def test_the_screen_costs_the_same_for_many(site: Site, writer: User, count: int) -> None:
    pages = [
        publish(site.bureau, f"seisaku-{number}", "政策", kind=Kind.POLICY_SECTION)
        for number in range(count)
    ]
    client = client_of(writer)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        client.get(END, {"page": keys(*pages)})
    assert len(queries) <= 10
