"""What is booked for the place of a page: shown where it matters, and cancelled."""

import re

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.test import Client

from bureaus.models import Action, AuditEntry, Page, Placement, Role, SiblingPosition
from bureaus.publishing import move, rename
from bureaus.publishing.actions.tree import reorder
from tests.helpers.cast import Site, client_of, officer, place, publish, tokyo
from tests.helpers.page_details import page_url, panel, queries_of, read, text_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
APRIL, MAY = tokyo(2099, 4, 1, 9), tokyo(2099, 5, 1, 9)
TREE = "/admin/bureaus/page/"


@pytest.fixture
def target(site: Site) -> Page:
    return publish(site.root, "shinsetsu", "新しい場所")


def cancel_links(html: str) -> list[str]:
    return re.findall(r'href="([^"]+/cancel-change/[0-9a-f]{32}/)"', html)


def rows_stored() -> str:
    rows = [*Placement.objects.order_by("pk"), *SiblingPosition.objects.order_by("pk")]
    return str(serializers.serialize("json", rows))


def test_the_page_says_what_is_booked_for_it(site: Site, target: Page, manager: User) -> None:
    move(page=site.bureau, to=target, actor=None, at=APRIL)
    rename(page=site.bureau, slug="kokusai", actor=None, at=MAY)
    html = read(client_of(manager), site.bureau)
    words = text_in(panel(html, "places"))
    assert "2099年4月1日9時00分 移動" in words
    assert "「新しい場所」の下へ移動します。" in words
    assert "/main_sosiki/joho_kokusai/ から /shinsetsu/joho_kokusai/ になります。" in words
    assert "アドレスの変更" in words
    assert "/shinsetsu/joho_kokusai/ から /shinsetsu/kokusai/ になります。" in words
    assert len(cancel_links(html)) == 2
    timeline = text_in(panel(html, "timeline"))
    assert timeline.index("移動：「新しい場所」") < timeline.index("アドレスの変更：")
    assert 'href="#places">場所の予約</a>' in html


def test_what_is_below_is_told_that_it_goes_along(site: Site, target: Page) -> None:
    move(page=site.bureau, to=target, actor=None, at=APRIL)
    boss = officer("中村", {site.sections[0]: list(Role)})
    html = read(client_of(boss), site.sections[0])
    words = text_in(panel(html, "places"))
    assert "上のページ「情報通信国際戦略局」と一緒に変わります。" in words
    assert "アドレスは /shinsetsu/joho_kokusai/ict_seisaku/ になります。" in words
    assert cancel_links(html) == []  # it belongs to those of the bureau


def test_a_booked_order_is_on_the_parent_and_on_each_page(site: Site, manager: User) -> None:
    reorder(parent=site.bureau, children=site.sections[::-1], actor=None, at=APRIL)
    client = client_of(manager)
    assert "この下のページの順番が変わります。" in read(client, site.bureau)
    html = read(client, site.sections[0])
    assert "「情報通信国際戦略局」の下での順番が変わります。" in html
    assert cancel_links(html) == cancel_links(read(client, site.bureau))


@pytest.mark.parametrize("kind", ["move", "rename", "reorder"])
def test_cancelling_is_confirmed_first_and_leaves_everything_as_before(
    site: Site, target: Page, manager: User, kind: str
) -> None:
    before = rows_stored()
    if kind == "move":
        move(page=site.bureau, to=target, actor=None, at=APRIL)
    elif kind == "rename":
        rename(page=site.bureau, slug="kokusai", actor=None, at=APRIL)
    else:
        reorder(parent=site.bureau, children=site.sections[::-1], actor=None, at=APRIL)
    client = client_of(manager)
    [address] = cancel_links(read(client, site.bureau))
    content = client.get(address).content.decode()
    assert "予約を取り消す</button>" in content
    assert "2099年4月1日" in content
    response = client.post(address, {"note": "延期"}, follow=True)
    assert response.redirect_chain == [(page_url(site.bureau), 302)]
    words = text_in(response.content.decode())
    assert "予約を取り消しました。場所も順番も、予約の前と同じです。" in words
    assert "2099年4月1日9時00分の場所の予約" in words  # in the audit log
    assert rows_stored() == before
    entry = AuditEntry.objects.get(action=Action.CANCEL_BOOKING)
    assert (entry.actor, entry.note) == (manager, "延期")
    again = client.post(address, {"note": "消えない"})
    assert again.status_code == 409
    assert "この予約はありません" in again.content.decode()


def test_what_a_later_booking_builds_on_is_not_cancelled_and_says_so(
    site: Site, target: Page, manager: User
) -> None:
    move(page=site.bureau, to=target, actor=None, at=APRIL)
    rename(page=site.bureau, slug="kokusai", actor=None, at=MAY)
    client = client_of(manager)
    first, second = cancel_links(read(client, site.bureau))
    html = client.get(first).content.decode()
    assert "2099年5月1日9時00分に始まる予約" in html
    assert 'aria-disabled="true"' in html
    assert client.post(first).status_code == 409
    assert client.post(second).status_code == 302
    assert client.post(first).status_code == 302


@pytest.mark.parametrize("role", [Role.WRITER, Role.APPROVER])
def test_only_a_manager_cancels(site: Site, target: Page, role: Role) -> None:
    move(page=site.bureau, to=target, actor=None, at=APRIL)
    release = Placement.objects.get(page=site.bureau, live_from=APRIL).release
    address = f"{TREE}{site.bureau.pk}/cancel-change/{release}/"
    client = client_of(officer("山本", {site.bureau: [role]}))
    html = read(client, site.bureau)
    assert "「新しい場所」の下へ移動します。" in html
    assert cancel_links(html) == []
    assert "管理者の役割が要ります" in client.get(address).content.decode()
    assert client.post(address).status_code == 403
    assert Placement.objects.filter(release=release).exists()


def chips(client: Client, page: Page) -> str:
    html = client.get(f"{TREE}?show={page.pk}").content.decode()
    return html.split(f'id="p{page.pk}"')[1].split('class="when"')[0]


def test_the_tree_marks_pages_with_a_booked_change(site: Site, target: Page, manager: User) -> None:
    move(page=site.sections[0], to=site.root, actor=None, at=APRIL)
    reorder(parent=site.root, children=[target, site.guide], actor=None, at=tokyo(2099))
    client = client_of(officer("渡辺二", {site.root: [Role.MANAGER]}))
    for page, is_marked in (
        (site.sections[0], True),
        (site.root, True),
        (site.sections[1], False),
        (target, False),
    ):
        assert ('data-state="place"' in chips(client, page)) is is_marked, page
    found = client.get(TREE, {"state": "place"}).content.decode()
    assert re.findall(r'class="node" id="p(\d+)"', found) == [
        str(site.root.pk),
        str(site.sections[0].pk),
    ]


def test_the_calendar_lists_them_for_the_officers_of_the_branch(
    site: Site, target: Page, manager: User, writer: User
) -> None:
    reorder(parent=site.bureau, children=site.sections[::-1], actor=None, at=tokyo(2099, 3, 1))
    move(page=site.sections[0], to=site.root, actor=None, at=APRIL)
    rename(page=site.sections[1], slug="kaihatsu", actor=None, at=APRIL)
    for who in (manager, writer):
        client = client_of(who)
        words = text_in(client.get("/admin/?month=2099-04").content.decode())
        assert "2099年4月の公開予約：2件" in words
        assert "ICT政策の企画（移動）" in words
        assert "研究開発の推進（アドレスの変更）" in words
        march = text_in(client.get("/admin/?month=2099-03").content.decode())
        assert "情報通信国際戦略局（並べ替え）" in march


def test_officers_of_other_branches_learn_nothing(site: Site, target: Page, outsider: User) -> None:
    reorder(parent=site.bureau, children=site.sections[::-1], actor=None, at=APRIL)
    move(page=site.bureau, to=target, actor=None, at=MAY)
    client = client_of(outsider)
    for month in ("2099-04", "2099-05"):
        words = text_in(client.get(f"/admin/?month={month}").content.decode())
        assert "公開予約：ありません" in words
    tree = client.get(f"{TREE}?show={site.sections[0].pk}").content.decode()
    assert 'data-state="place"' not in tree
    assert 'class="node"' not in client.get(TREE, {"state": "place"}).content.decode()
    release = Placement.objects.get(page=site.bureau, live_from=MAY).release
    address = f"{TREE}{site.bureau.pk}/cancel-change/{release}/"
    for response in (client.get(address), client.post(address)):
        assert response.status_code == 403
        assert "2099年" not in response.content.decode()


def test_officers_of_the_new_place_see_what_of_it_they_may(site: Site, target: Page) -> None:
    receiver = client_of(officer("受け手", {target: [Role.WRITER]}))
    for page in (site.bureau, place(site.root, "himitsu")):
        move(page=page, to=target, actor=None, at=APRIL)
    html = receiver.get("/admin/?month=2099-04").content.decode()
    assert "2099年4月の公開予約：1件" in text_in(html)
    assert "情報通信国際戦略局（ほかの担当からの移動）" in text_in(html)
    assert page_url(site.bureau) not in html  # which is not theirs yet


def test_they_cost_a_few_queries_however_many(site: Site, target: Page) -> None:
    client = client_of(officer("総括", {site.root: list(Role)}))
    addresses = (page_url(site.bureau), "/admin/?month=2099-04", f"{TREE}?show={site.bureau.pk}")
    move(page=site.bureau, to=target, actor=None, at=APRIL)
    few = [queries_of(client, address) for address in addresses]
    for number in range(2, 8):
        rename(page=site.bureau, slug=f"name{number}", actor=None, at=tokyo(2099, 4, number))
        rename(page=site.news[0], slug=f"news{number}", actor=None, at=tokyo(2099, 4, number, 1))
    assert [queries_of(client, address) for address in addresses] == few
    assert max(few) <= 15
