"""Moving a page from the tree: a summary first, a refusal with its reasons, the tree as it was."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureaus.models import Answer, Edition, Event, FormerAddress, Kind, Page, Role, State, Verb
from bureaus.publishing import add, edit, move, rename, return_, submit
from tests.cast import Site, officer, place, publish, tokyo
from tests.cast import approve as approved
from tests.editing import drafted, submitted
from tests.generator import BUREAU, grow

pytestmark = pytest.mark.django_db
TREE = "/admin/bureaus/page/"
TOGETHER = f"{TREE}together/"
SECRET = "まだ言えない計画"


def desk_of(who: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(who)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def said(client: Client, response: Any) -> str:
    """The messages on the page that an action leads to."""
    assert response.status_code == 302
    html = text(client.get(response["Location"]))
    return html.split('class="messagelist"')[1].split('id="content"')[0]


def address_of(page: Page, query: str = "") -> str:
    return f"{TREE}{page.pk}/move/?{query}"


def ask_to_move(who: User, page: Page, to: Page, **fields: str) -> tuple[Client, Any]:
    client = desk_of(who)
    return client, client.post(address_of(page), {"to": to.pk, **fields})


# Where to


def test_the_places_are_those_that_he_manages_and_that_take_the_page(
    site: Site, shown_places: Callable[..., list[str]]
) -> None:
    boss = officer("中村", {site.bureau: [Role.MANAGER]})
    assert shown_places(boss, site.sections[0]) == ["/main_sosiki/joho_kokusai/kenkyu/"]
    assert shown_places(boss, site.news[0]) == []


@pytest.fixture
def shown_places() -> Callable[..., list[str]]:
    def shown_places(who: User, page: Page, query: str = "") -> list[str]:
        html = text(desk_of(who).get(address_of(page, query)))
        return re.findall(r"の下へ移動</a>\s*<span class=\"quiet\">[^/]*(/[^<]*)<", html)

    return shown_places


def test_places_are_gone_through_step_by_step_and_found_by_words(
    site: Site, manager: User, shown_places: Callable[..., list[str]]
) -> None:
    section = site.sections[0]
    # A policy section stands under an organisation or another section, not under a plain page.
    assert shown_places(manager, section, f"in={site.root.pk}") == []
    assert shown_places(manager, section, f"in={site.guide.pk}") == ["/main_sosiki/joho_kokusai/"]
    found = ["/main_sosiki/joho_kokusai/kenkyu/"]
    assert shown_places(manager, section, "q=研究") == found
    assert shown_places(manager, site.sections[1], "q=研究") == []  # not under itself


def test_an_address_is_a_way_to_say_where_to(site: Site, manager: User) -> None:
    client = desk_of(manager)
    for typed in ("/", "https://www.example.go.jp/", "main_sosiki"):
        html = text(client.get(address_of(site.bureau, f"address={quote(typed)}")))
        assert "変わること" in html or "すでに" in html, typed
    html = text(client.get(address_of(site.bureau, "address=/nothing/")))
    assert "移動先のページが見つかりません" in html
    assert 'value="/nothing/"' in html


# The summary


def test_the_summary_says_what_will_change_and_changes_nothing(site: Site, manager: User) -> None:
    draft = place(site.bureau, "shinki")
    Edition.objects.create(page=draft, number=1, title="新規", category="general")
    before = list(Page.objects.values_list("pk", "url_path", "path"))
    html = text(desk_of(manager).get(address_of(site.bureau, f"to={site.root.pk}")))
    assert (
        "この6ページのアドレスが変わります。公開したことのある5ページは、旧アドレスから転送されます。"
        in html
    )
    assert "/main_sosiki/joho_kokusai/ict_seisaku/" in html
    assert ">/joho_kokusai/ict_seisaku/<" in html
    assert "ほかに1ページ" in html
    assert list(Page.objects.values_list("pk", "url_path", "path")) == before


def test_all_that_was_public_redirects_and_what_never_was_does_not(
    site: Site, manager: User
) -> None:
    client = desk_of(manager)
    html = text(client.get(address_of(site.sections[0], f"to={site.sections[1].pk}")))
    assert "この1ページのアドレスが変わります。旧アドレスからは転送されます。" in html
    new = place(site.bureau, "shinki")
    Edition.objects.create(page=new, number=1, title="新規", category="general")
    html = text(client.get(address_of(new, f"to={site.root.pk}")))
    assert "公開したことがないので、転送はありません。" in html


def test_every_reason_stands_beside_the_disabled_button(site: Site, manager: User) -> None:
    html = text(desk_of(manager).get(address_of(site.sections[0], f"to={site.root.pk}")))
    assert "data-main>移動する" in html
    html = text(desk_of(manager).get(address_of(site.sections[0], f"to={site.news[0].pk}")))
    assert "の下に政策は置けません" in html
    assert "data-main disabled>移動する" in html


@pytest.mark.parametrize("size", [20, 1_000])
def test_no_step_of_the_way_costs_more_than_its_budget(size: int) -> None:
    grow(size)
    bureau, root = Page.objects.get(url_path=BUREAU), Page.objects.get(url_path="/")
    client = desk_of(officer("渡辺", {root: [Role.MANAGER]}))
    for query in (f"to={root.pk}", f"in={root.pk}", "q=局", "address=/terms/"):
        client.get(address_of(bureau, query))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address_of(bureau, query)).status_code == 200
        assert len(queries) <= 15, query


# Moving


def test_after_the_move_the_tree_is_open_as_it_was_and_the_page_is_marked(
    site: Site, manager: User
) -> None:
    back = f"under={site.root.pk}&open={site.guide.pk},{site.bureau.pk}"
    client, response = ask_to_move(manager, site.sections[0], site.sections[1], back=back)
    assert response.status_code == 302
    assert response["Location"].endswith(f"#p{site.sections[0].pk}")
    html = text(client.get(response["Location"]))
    assert "「ICT政策の企画」を「研究開発の推進」の下へ移動しました。" in html
    assert "1ページのアドレスが変わりました。旧アドレスからは転送されます。" in html
    assert "data-marked" in html.split(f'id="p{site.sections[0].pk}"')[1][:200]
    for opened in (site.guide, site.bureau, site.sections[1]):
        toggle = html.split(f'id="p{opened.pk}"')[1].split("</a>")[0]
        assert 'aria-expanded="true"' in toggle, opened
    moved = Page.objects.get(pk=site.sections[0].pk)
    assert moved.url_path == "/main_sosiki/joho_kokusai/kenkyu/ict_seisaku/"
    assert Event.objects.get(verb=Verb.MOVE).actor == manager


def test_a_move_out_of_the_branch_that_was_shown_shows_what_is_above_both(
    site: Site, manager: User
) -> None:
    back = f"under={site.bureau.pk}"
    client, response = ask_to_move(manager, site.bureau, site.root, back=back)
    html = text(client.get(response["Location"]))
    assert "data-marked" in html.split(f'id="p{site.bureau.pk}"')[1][:200]


def test_what_is_asked_of_the_summary_does_not_move(site: Site, manager: User) -> None:
    desk_of(manager).get(address_of(site.bureau, f"to={site.root.pk}&release=1"))
    assert not Event.objects.filter(verb=Verb.MOVE).exists()


def test_a_move_that_another_has_made_impossible_is_refused_and_nothing_is_lost(
    site: Site, manager: User
) -> None:
    client = desk_of(manager)
    page, to = site.sections
    assert "data-main>" in text(client.get(address_of(page, f"to={to.pk}")))
    move(page=to, to=page, actor=None)
    response = client.post(address_of(page), {"to": to.pk, "note": "組織の改編", "back": "under=1"})
    assert response.status_code == 409
    assert "それ自身またはその下" in text(response)
    assert 'value="組織の改編"' in text(response)
    assert Event.objects.filter(verb=Verb.MOVE).count() == 1


def test_the_redirect_of_another_page_is_given_up_only_when_that_is_ticked(
    site: Site, manager: User
) -> None:
    other = publish(site.root, "ict_seisaku", "以前のページ")
    rename(page=other, slug="betsu", actor=None)
    section = site.sections[0]
    html = text(desk_of(manager).get(address_of(section, f"to={site.root.pk}")))
    assert "転送をやめることを選んで" in html
    assert 'name="release"' in html
    assert "data-main>移動する" in html
    _, response = ask_to_move(manager, section, site.root)
    assert response.status_code == 409
    assert FormerAddress.objects.filter(page=other).exists()
    _, response = ask_to_move(manager, section, site.root, release="1")
    assert response.status_code == 302
    assert not FormerAddress.objects.filter(page=other).exists()


@pytest.mark.parametrize("role", [Role.WRITER, Role.APPROVER])
def test_only_a_manager_moves(site: Site, role: Role) -> None:
    who = officer("山本", {site.bureau: [role]})
    html = text(desk_of(who).get(address_of(site.sections[0])))
    assert "管理者の役割が要ります" in html
    assert "の下へ移動" not in html
    _, response = ask_to_move(who, site.sections[0], site.sections[1])
    assert response.status_code == 409
    assert not Event.objects.exists()


def test_a_place_that_another_manages_is_refused_with_that_reason_alone(
    site: Site, outsider: User, writer: User
) -> None:
    """Not with what stands there unpublished, nor with what is booked there."""
    own = publish(Page.objects.get(slug="toukei"), "keikaku", "統計の計画")
    add(parent=site.bureau, kind=Kind.PAGE, slug="keikaku", title=SECRET, actor=writer)
    approved(site.bureau, "終わる局", live_from=tokyo(2099), answer=Answer.ARCHIVED)
    client = desk_of(outsider)
    shown = client.get(address_of(own, f"to={site.bureau.pk}"))
    sent = client.post(address_of(own), {"to": site.bureau.pk})
    assert sent.status_code == 409
    for response in (shown, sent):
        reasons = re.findall(r"<li>([^<]+)</li>", text(response).split('class="reasons"')[1])
        assert len(reasons) == 1
        assert reasons[0].startswith(
            "「/main_sosiki/joho_kokusai/」での移動には、そこを担当する管理者"
        )
        assert SECRET not in text(response)
        assert "終わる局" not in text(response)


def test_a_place_that_was_never_public_is_not_there_for_others(
    site: Site, outsider: User, writer: User
) -> None:
    own = publish(Page.objects.get(slug="toukei"), "a", "統計の計画")
    secret = add(parent=site.bureau, kind=Kind.PAGE, slug="x", title=SECRET, actor=writer)
    client = desk_of(outsider)
    for query in (f"to={secret.pk}", f"address={secret.url_path}", "to=999999", "to=x"):
        html = text(client.get(address_of(own, query)))
        assert "移動先のページが見つかりません" in html, query
        assert SECRET not in html


def test_the_page_of_another_branch_is_not_moved_nor_shown(
    site: Site, outsider: User, writer: User
) -> None:
    secret = add(parent=site.bureau, kind=Kind.PAGE, slug="x", title=SECRET, actor=writer)
    own = Page.objects.get(slug="toukei")
    client = desk_of(outsider)
    for page, status in ((secret, 404), (site.bureau, 403)):
        assert client.get(address_of(page)).status_code == status
        assert client.post(address_of(page), {"to": own.pk}).status_code == status
    assert not Event.objects.filter(verb=Verb.MOVE).exists()


# Together


def choose(who: User, action: str, pages: list[Page], **fields: Any) -> tuple[Client, Any]:
    client = desk_of(who)
    keys = [page.pk for page in pages]
    return client, client.post(TOGETHER, {"action": action, "page": keys, **fields})


def sure(who: User, action: str, pages: list[Page], **fields: Any) -> str:
    """Choose, confirm what is shown, and read what is reported."""
    client, shown = choose(who, action, pages)
    seals = re.findall(r'name="seal" value="([^"]+)"', text(shown))
    fields |= {"action": action, "page": [page.pk for page in pages]}
    response = client.post(TOGETHER, {**fields, "sure": "1", "seen": "1", "seal": seals})
    return said(client, response)


@pytest.fixture
def waiting(site: Site, writer: User) -> list[Page]:
    """Two pages that wait for approval."""
    for page in site.sections:
        submitted(page, writer, title=f"新しい{page.slug}")
    return list(site.sections)


def states(pages: list[Page]) -> list[str]:
    found = Edition.objects.filter(page__in=pages).order_by("page__path", "-number")
    return [edition.state for edition in found if edition.number == 2]


def test_what_is_to_be_done_is_shown_first_and_nothing_is_done(
    waiting: list[Page], approver: User, site: Site
) -> None:
    _, response = choose(approver, "approve", [*waiting, site.bureau])
    html = text(response)
    assert "確認待ちの2ページ" in html
    assert "新しいkenkyu" in html
    assert "できない1ページ" in html
    assert "確認待ちの版がありません" in html
    assert "2ページを承認して公開する" in html
    assert states(waiting) == [State.REVIEW, State.REVIEW]


def test_several_are_approved_each_for_itself_and_the_rest_is_explained(
    waiting: list[Page], site: Site, writer: User, second_approver: User
) -> None:
    own = submitted(site.bureau, second_approver)
    report = sure(second_approver, "approve", [*waiting, site.bureau, site.news[0]])
    assert "2ページを承認しました。" in report
    assert "2ページはできませんでした：" in report
    assert "本人は承認できません" in report
    assert "確認待ちの版がありません" in report
    assert states(waiting) == [State.APPROVED, State.APPROVED]
    own.refresh_from_db()
    assert own.state == State.REVIEW
    assert {edition.release for edition in Edition.objects.filter(page__in=waiting)} == {""}


def test_several_are_booked_for_one_minute_in_tokyo(waiting: list[Page], approver: User) -> None:
    report = sure(approver, "book", waiting, at="2099-05-06T14:00")
    assert "2ページを公開を予約しました" not in report
    assert "2ページの公開を予約しました（2099年5月6日14時00分に公開）。" in report
    starts = Edition.objects.filter(page__in=waiting, number=2).values_list("live_from", flat=True)
    assert set(starts) == {tokyo(2099, 5, 6, 14)}


@pytest.mark.parametrize("typed", ["", "2099-05-06", "2001-01-01T00:00", "x"])
def test_a_moment_that_cannot_be_is_asked_for_again_with_what_was_typed(
    waiting: list[Page], approver: User, typed: str
) -> None:
    _, response = choose(approver, "book", waiting, sure="1", at=typed)
    html = text(response)
    assert "入れてください。" in html
    assert f'value="{typed}"' in html
    assert states(waiting) == [State.REVIEW, State.REVIEW]


def test_several_are_given_back_with_one_comment(waiting: list[Page], approver: User) -> None:
    _, response = choose(approver, "return", waiting, sure="1", comment="　")
    assert "差し戻す理由を書いてください" in text(response)
    assert states(waiting) == [State.REVIEW, State.REVIEW]
    report = sure(approver, "return", waiting, comment="年度を直してください。")
    assert "2ページを差し戻しました。" in report
    assert states(waiting) == [State.DRAFT, State.DRAFT]
    notes = Event.objects.filter(verb=Verb.RETURN).values_list("note", flat=True)
    assert list(notes) == ["年度を直してください。"] * 2


def test_what_was_changed_after_it_was_shown_is_not_approved_unseen(
    waiting: list[Page], approver: User, writer: User
) -> None:
    client, shown = choose(approver, "approve", waiting)
    seals = re.findall(r'name="seal" value="([^"]+)"', text(shown))
    edition = Edition.objects.get(page=waiting[0], state=State.REVIEW)
    return_(edition=edition, actor=approver, comment="直す")
    edit(edition=edition, actor=writer, changes={"lead": "別の要旨"}, revision=edition.revision)
    submit(edition=edition, actor=writer)
    keys = [page.pk for page in waiting]
    fields = {"action": "approve", "page": keys, "seal": seals, "sure": "1", "seen": "1"}
    report = said(client, client.post(TOGETHER, fields))
    assert "1ページを承認しました。" in report
    assert "確認待ちの版が変わりました" in report
    assert states(waiting) == [State.REVIEW, State.APPROVED]


def test_nothing_chosen_and_too_much_chosen_lead_back_with_a_sentence(
    site: Site, approver: User
) -> None:
    client, response = choose(approver, "approve", [], back=f"under={site.root.pk}")
    assert response["Location"] == f"{TREE}?under={site.root.pk}"
    assert "ページが選ばれていません" in said(client, response)
    keys = list(range(1, 200))
    response = client.post(TOGETHER, {"action": "approve", "page": keys})
    assert "100ページまで" in said(client, response)
    assert client.post(TOGETHER, {"action": "x", "page": keys}).status_code == 302
    assert client.get(TOGETHER).status_code == 405


def test_the_report_tells_an_outsider_nothing_of_what_is_not_public(
    waiting: list[Page], outsider: User, site: Site, writer: User
) -> None:
    secret = add(parent=site.bureau, kind=Kind.PAGE, slug="x", title=SECRET, actor=writer)
    pages = [*waiting, site.bureau, secret]
    for action in ("approve", "book", "return"):
        client, shown = choose(outsider, action, pages)
        editions = Edition.objects.filter(page__in=pages)
        seals = [f"{edition.pk}-{edition.revision}" for edition in editions]
        fields = {"sure": "1", "seen": "1", "seal": seals, "comment": "x", "at": "2099-01-01T00:00"}
        keys = [page.pk for page in pages]
        done = client.post(TOGETHER, {"action": action, "page": keys, **fields})
        for html in (text(shown), said(client, done)):
            assert SECRET not in html
            assert "新しい" not in html
            assert "確認待ちの版" not in html  # whether one waits is not theirs to know
            assert "役割が要ります" in html
            assert "1ページは、見つかりません" in html
    assert states(waiting) == [State.REVIEW, State.REVIEW]


def test_a_release_is_made_of_what_waits(
    waiting: list[Page], approver: User, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, response = choose(approver, "release", [*waiting, site.bureau])
    keys = Edition.objects.filter(state=State.REVIEW).order_by("page__path")
    query = "&".join(f"edition={edition.pk}" for edition in keys)
    assert response["Location"].endswith(f"release/?{query}")


@pytest.mark.parametrize("size", [20, 1_000])
def test_what_is_shown_first_costs_no_more_than_its_budget(size: int) -> None:
    grow(size)
    root = Page.objects.get(url_path="/")
    other = Page.objects.get(url_path="/terms/")
    writer = officer("鈴木", {root: [Role.WRITER]})
    pages = list(Page.objects.filter(kind__in=[Kind.PAGE, Kind.POLICY_SECTION])[:60])
    for page in pages[:5]:
        drafted(page, writer)
    client = desk_of(officer("佐藤", {other: [Role.APPROVER]}))
    fields = {"action": "approve", "page": [page.pk for page in pages]}
    client.post(TOGETHER, fields)
    with CaptureQueriesContext(connection) as queries:
        assert client.post(TOGETHER, fields).status_code == 200
    assert len(queries) <= 15
