"""Moving a page from the tree: the summary, the blockers, and the way back to the same tree."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bureaus.models import Action, Answer, AuditEntry, Edition, Kind, Page, Placement, Role
from bureaus.publishing import add, move, rename
from bureaus.publishing.blockers.former_addresses import redirects_from
from tests.helpers.cast import Site, client_of, officer, place, publish, tokyo
from tests.helpers.cast import approve as approved
from tests.helpers.generator import BUREAU, grow
from tests.helpers.page_details import page_url, queries_of, text_in
from tests.helpers.storms import MANY

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
TREE = "/admin/bureaus/page/"
BULK_ACTION = f"{TREE}together/"
SECRET = "まだ言えない計画"


def text(response: Any) -> str:
    return str(response.content.decode())


def messages_in(client: Client, response: Any) -> str:
    """The messages on the page that an action leads to."""
    assert response.status_code == 302
    html = text(client.get(response["Location"]))
    return html.split('class="messagelist"')[1].split('id="content"')[0]


def address_of(page: Page, query: str = "") -> str:
    return f"{TREE}{page.pk}/move/?{query}"


def ask_to_move(who: User, page: Page, to: Page, **fields: str) -> tuple[Client, Any]:
    client = client_of(who)
    return client, client.post(address_of(page), {"to": to.pk, **fields})


# Where to


def test_the_places_are_those_that_the_officer_manages_and_that_take_the_page(
    site: Site, shown_places: Callable[..., list[str]]
) -> None:
    boss = officer("中村", {site.bureau: [Role.MANAGER]})
    assert shown_places(boss, site.sections[0]) == ["/main_sosiki/joho_kokusai/kenkyu/"]
    assert shown_places(boss, site.news[0]) == []


@pytest.fixture
def shown_places() -> Callable[..., list[str]]:
    def shown_places(who: User, page: Page, query: str = "") -> list[str]:
        html = text(client_of(who).get(address_of(page, query)))
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


def test_who_looks_for_a_place_of_others_reads_that_it_is_one(site: Site) -> None:
    publish(site.root, "toukei", "統計局", kind=Kind.ORGANISATION, body="<p>調査</p>")
    client = client_of(officer("中村", {site.bureau: [Role.MANAGER]}))
    html = text(client.get(address_of(site.sections[0], "q=統計")))
    assert "「統計局」は、あなたが管理者をしている場所の外にあるので、移動先にできません。" in html
    assert "の下へ移動</a>" not in html
    for words in ("ない言葉", "調査"):  # a place is found by its name, not by its text
        html = text(client.get(address_of(site.sections[0], f"q={words}")))
        assert "置ける場所は見つかりません。" in html
    assert queries_of(client, address_of(site.sections[0], "q=統計")) <= 15


def test_an_address_is_a_way_to_say_where_to(site: Site, manager: User) -> None:
    client = client_of(manager)
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
    before = list(Placement.objects.values_list())
    html = text(client_of(manager).get(address_of(site.bureau, f"to={site.root.pk}")))
    assert (
        "この6ページのアドレスが変わります。公開したことのある5ページは、旧アドレスから転送されます。"
        in html
    )
    assert "/main_sosiki/joho_kokusai/ict_seisaku/" in html
    assert ">/joho_kokusai/ict_seisaku/<" in html
    assert "ほかに1ページ" in html
    assert list(Placement.objects.values_list()) == before


def test_all_that_was_public_redirects_and_what_never_was_does_not(
    site: Site, manager: User
) -> None:
    client = client_of(manager)
    html = text(client.get(address_of(site.sections[0], f"to={site.sections[1].pk}")))
    assert "この1ページのアドレスが変わります。旧アドレスからは転送されます。" in html
    new = place(site.bureau, "shinki")
    Edition.objects.create(page=new, number=1, title="新規", category="general")
    html = text(client.get(address_of(new, f"to={site.root.pk}")))
    assert "公開したことがないので、転送はありません。" in html


def test_every_blocker_is_listed_beside_the_disabled_button(site: Site, manager: User) -> None:
    html = text(client_of(manager).get(address_of(site.sections[0], f"to={site.root.pk}")))
    assert "data-main>移動する" in html
    html = text(client_of(manager).get(address_of(site.sections[0], f"to={site.news[0].pk}")))
    assert "の下に政策は置けません" in html
    assert "data-main disabled>移動する" in html


@pytest.mark.parametrize("size", [20, MANY])
def test_no_step_of_the_way_costs_more_than_its_budget(size: int) -> None:
    grow(size)
    bureau, root = Page.objects.get(key=BUREAU), Page.objects.get(key="/")
    client = client_of(officer("渡辺", {root: [Role.MANAGER]}))
    booked = f"to={root.pk}&when=later&date=2099-04-01&time=09:00"
    for query in (f"to={root.pk}", booked, f"in={root.pk}", "q=局", "address=/terms/"):
        client.get(address_of(bureau, query))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address_of(bureau, query)).status_code == 200
        assert len(queries) <= 15, query


def test_the_summary_names_breadcrumb_and_role_holders_before_and_after(
    site: Site, manager: User
) -> None:
    officer("山口", {site.bureau: [Role.WRITER]})
    officer("橋本", {site.guide: [Role.APPROVER]})
    words = text_in(text(client_of(manager).get(address_of(site.bureau, f"to={site.root.pk}"))))
    assert "パンくず総務省 › 組織案内総務省" in words
    assert "作成者山口変わりません" in words  # of the page itself
    assert "承認者橋本（だれもいません）" in words
    assert f"管理者{manager.username}変わりません" in words


# When


LATER = {"when": "later", "date": "2099-04-01", "time": "09:00"}
APRIL = tokyo(2099, 4, 1, 9)


def test_the_summary_of_a_booking_is_that_of_its_moment(site: Site, manager: User) -> None:
    """The target will have another address by then; today it has not."""
    move(page=site.sections[1], to=site.root, actor=None, at=tokyo(2099, 2))
    query = urlencode({"to": site.sections[1].pk, **LATER})
    html = text(client_of(manager).get(address_of(site.sections[0], query)))
    words = text_in(html)
    assert "2099年4月1日9時00分に変わること" in words
    assert ">/kenkyu/ict_seisaku/<" in html
    assert "パンくず総務省 › 組織案内 › 情報通信国際戦略局総務省 › 研究開発の推進" in words
    assert "data-main>2099年4月1日9時00分に移動する予約をする" in html


def test_a_booked_move_waits_for_its_moment(site: Site, manager: User) -> None:
    page = site.sections[0]
    client, response = ask_to_move(manager, page, site.root, **LATER, note="改組")
    assert "2099年4月1日9時00分に、「ICT政策の企画」を「総務省」の下へ移動する予約をしました。" in (
        messages_in(client, response)
    )
    addresses = page.placements.order_by("live_from").values_list("url_path", "live_from")
    assert list(addresses)[-1] == ("/ict_seisaku/", APRIL)
    assert response["Location"] == page_url(page)
    assert Page.objects.placed(timezone.now()).get(pk=page.pk).url_path == page.url_path
    assert AuditEntry.objects.get(action=Action.MOVE).note == "改組"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"when": "later"}, "日付を選んでください。"),
        ({"when": "later", "date": "2099-13-40", "time": "9時"}, "「2013-08-01」の形で"),
        ({**LATER, "date": "2013-04-01"}, "「2013年4月1日9時00分」は過去です"),
        ({**LATER, "when": "now"}, "日時も入っています"),
    ],
)
def test_a_wrong_moment_is_answered_beside_the_field_and_nothing_is_lost(
    site: Site, manager: User, typed: dict[str, str], sentence: str
) -> None:
    client, response = ask_to_move(
        manager, site.sections[0], site.root, **typed, note="改組", back="under=1"
    )
    form_response = client.get(
        address_of(site.sections[0], urlencode({"to": site.root.pk, **typed}))
    )
    assert (response.status_code, form_response.status_code) == (422, 200)
    for each in (response, form_response):
        html = text(each)
        fields = html.split('class="start"')[1].split("</fieldset>")[0]
        assert sentence in text_in(fields)
        assert "data-main disabled>移動する" in html
        assert "変わること</h2>" not in html
        for name in ("date", "time"):
            assert f'value="{typed.get(name, "")}"' in fields or not typed.get(name)
    assert 'value="改組"' in text(response)
    assert not AuditEntry.objects.filter(action=Action.MOVE).exists()


def test_the_blockers_are_those_of_the_chosen_moment(site: Site, manager: User) -> None:
    """The address is free today, and not any more in April."""
    page, other = site.sections[0], publish(site.guide, "betsu", "別のページ")
    rename(page=other, slug="ict_seisaku", actor=None, at=tokyo(2099, 3))
    client = client_of(manager)
    query = urlencode({"to": site.guide.pk, **LATER})
    assert "2099年3月1日0時00分から別のページのものになる予約" in (
        text(client.get(address_of(page, query)))
    )
    move(page=page, to=site.sections[1], actor=None, at=tokyo(2099, 6))
    html = text(client.get(address_of(page, f"to={site.root.pk}")))
    assert "2099年6月1日0時00分に始まる予約" in html
    assert "data-main disabled>" in html


@pytest.mark.parametrize("moved", ["page", "target", "above"])
def test_a_summary_of_places_that_have_changed_since_is_not_carried_out(
    site: Site, manager: User, moved: str
) -> None:
    page, to = site.sections
    client = client_of(manager)
    html = text(client.get(address_of(page, f"to={to.pk}")))
    version = re.findall(r'name="version" value="(\w+)"', html)[0]
    changed = {"page": page, "target": to, "above": site.bureau}[moved]
    rename(page=changed, slug="atarashii", actor=None)
    fields = {"to": to.pk, "version": version, "note": "改組"}
    response = client.post(address_of(page), fields)
    assert response.status_code == 409
    assert "見ている間に、このページか移動先の場所が変わりました。" in text(response)
    assert 'value="改組"' in text(response)
    assert "/atarashii/" in text(response).split('id="summary-title"')[1]
    assert not AuditEntry.objects.filter(action=Action.MOVE).exists()
    again = re.findall(r'name="version" value="(\w+)"', text(response))[0]
    assert client.post(address_of(page), fields | {"version": again}).status_code == 302


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
    assert AuditEntry.objects.get(action=Action.MOVE).actor == manager


def test_a_move_out_of_the_branch_that_was_shown_shows_what_is_above_both(
    site: Site, manager: User
) -> None:
    back = f"under={site.bureau.pk}"
    client, response = ask_to_move(manager, site.bureau, site.root, back=back)
    html = text(client.get(response["Location"]))
    assert "data-marked" in html.split(f'id="p{site.bureau.pk}"')[1][:200]


def test_a_request_for_the_summary_does_not_move(site: Site, manager: User) -> None:
    client_of(manager).get(address_of(site.bureau, f"to={site.root.pk}&release=1"))
    assert not AuditEntry.objects.filter(action=Action.MOVE).exists()


def test_a_move_that_another_has_made_impossible_is_refused_and_nothing_is_lost(
    site: Site, manager: User
) -> None:
    client = client_of(manager)
    page, to = site.sections
    assert "data-main>" in text(client.get(address_of(page, f"to={to.pk}")))
    move(page=to, to=page, actor=None)
    response = client.post(address_of(page), {"to": to.pk, "note": "組織の改編", "back": "under=1"})
    assert response.status_code == 409
    assert "それ自身またはその下" in text(response)
    assert 'value="組織の改編"' in text(response)
    assert AuditEntry.objects.filter(action=Action.MOVE).count() == 1


def test_the_redirect_of_another_page_is_given_up_only_when_that_is_ticked(
    site: Site, manager: User
) -> None:
    other = publish(site.root, "ict_seisaku", "以前のページ")
    rename(page=other, slug="betsu", actor=None)
    section = site.sections[0]
    html = text(client_of(manager).get(address_of(section, f"to={site.root.pk}")))
    assert "転送をやめることを選んで" in html
    assert 'name="end_redirects"' in html
    assert "data-main>移動する" in html
    _, response = ask_to_move(manager, section, site.root)
    assert response.status_code == 409
    lost = Q(url_path="/ict_seisaku/")
    assert redirects_from(lost, timezone.now()) == {"/ict_seisaku/": other.pk}
    _, response = ask_to_move(manager, section, site.root, end_redirects="1")
    assert response.status_code == 302
    assert Page.objects.placed(timezone.now()).get(placement__url_path="/ict_seisaku/") == section
    assert AuditEntry.objects.get(page=other, details__lost=["/ict_seisaku/"]).actor == manager


@pytest.mark.parametrize("role", [Role.WRITER, Role.APPROVER])
def test_only_a_manager_moves(site: Site, role: Role) -> None:
    who = officer("山本", {site.bureau: [role]})
    html = text(client_of(who).get(address_of(site.sections[0])))
    assert "管理者の役割が要ります" in html
    assert "の下へ移動" not in html
    _, response = ask_to_move(who, site.sections[0], site.sections[1])
    assert response.status_code == 403
    assert not AuditEntry.objects.exists()


def test_a_place_that_another_manages_is_refused_with_that_reason_alone(
    site: Site, outsider: User, writer: User
) -> None:
    """Neither unpublished pages nor bookings of the target are revealed."""
    own = publish(Page.objects.get(placements__slug="toukei"), "keikaku", "統計の計画")
    add(parent=site.bureau, kind=Kind.PAGE, slug="keikaku", title=SECRET, actor=writer)
    approved(site.bureau, "終わる局", live_from=tokyo(2099), answer=Answer.ARCHIVED)
    client = client_of(outsider)
    form_response = client.get(address_of(own, f"to={site.bureau.pk}"))
    sent = client.post(address_of(own), {"to": site.bureau.pk})
    assert sent.status_code == 403
    for response in (form_response, sent):
        blockers = re.findall(r"<li>([^<]+)</li>", text(response).split('class="reasons"')[1])
        assert len(blockers) == 1
        assert blockers[0].startswith(
            "「/main_sosiki/joho_kokusai/」での移動には、そこを担当する管理者"
        )
        assert SECRET not in text(response)
        assert "終わる局" not in text(response)


def test_a_place_that_was_never_public_is_not_there_for_others(
    site: Site, outsider: User, writer: User
) -> None:
    own = publish(Page.objects.get(placements__slug="toukei"), "a", "統計の計画")
    secret = add(parent=site.bureau, kind=Kind.PAGE, slug="x", title=SECRET, actor=writer)
    client = client_of(outsider)
    for query in (f"to={secret.pk}", f"address={secret.url_path}", "to=999999", "to=x"):
        html = text(client.get(address_of(own, query)))
        assert "移動先のページが見つかりません" in html, query
        assert SECRET not in html


def test_the_page_of_another_branch_is_not_moved_nor_shown(
    site: Site, outsider: User, writer: User
) -> None:
    secret = add(parent=site.bureau, kind=Kind.PAGE, slug="x", title=SECRET, actor=writer)
    own = Page.objects.get(placements__slug="toukei")
    client = client_of(outsider)
    for page, status in ((secret, 404), (site.bureau, 403)):
        assert client.get(address_of(page)).status_code == status
        assert client.post(address_of(page), {"to": own.pk}).status_code == status
    assert not AuditEntry.objects.filter(action=Action.MOVE).exists()
