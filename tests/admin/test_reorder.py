"""Reordering the children of a page: by numbers, step by step, now and booked."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bureaus.models import Action, AuditEntry, Kind, Page, Role, SiblingPosition
from bureaus.publishing import move
from bureaus.publishing.actions.tree import reorder
from tests.helpers.cast import Site, client_of, officer, place_all, publish, tokyo
from tests.helpers.page_details import page_url, queries_of, read, text_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
LATER = {"when": "later", "date": "2099-04-01", "time": "09:00"}


def address_of(page: Page) -> str:
    return f"/admin/bureaus/page/{page.pk}/reorder/"


@pytest.fixture
def pages(site: Site) -> list[Page]:
    """Four pages below 組織案内: the bureau, and three after it."""
    names = ("甲", "乙", "丙")
    more = [publish(site.guide, f"page{number}", name) for number, name in enumerate(names)]
    return [site.bureau, *more]


def titles(response: Any) -> list[str]:
    return re.findall(r'data-title="([^"]+)"', response.content.decode())


def fields_of(client: Client, page: Page, response: Any = None) -> dict[str, Any]:
    """What the form sends, as it is shown."""
    html = (response or client.get(address_of(page))).content.decode()
    return {
        "version": re.findall(r'name="version" value="(\w+)"', html)[0],
        "page": re.findall(r'name="page" value="(\d+)"', html),
        "number": re.findall(r'name="number" value="([^"]*)"', html),
    }


def in_tree(client: Client, page: Page, pages: list[Page]) -> list[int]:
    """The keys of `pages` as the officers' tree lists them."""
    html = client.get(f"/admin/bureaus/page/?under={page.pk}").content.decode()
    found = [int(key) for key in re.findall(r'class="node" id="p(\d+)"', html)]
    return [key for key in found if key in {each.pk for each in pages}]


def test_typed_numbers_are_the_places(site: Site, pages: list[Page], manager: User) -> None:
    client = client_of(manager)
    sent = fields_of(client, site.guide) | {"number": ["1", "2", "3", "1"]}
    tried = client.post(address_of(site.guide), sent | {"do": "arrange"})
    assert titles(tried) == ["丙", "情報通信国際戦略局", "甲", "乙"]
    assert not SiblingPosition.objects.exists()
    fields = fields_of(client, site.guide, tried) | {"do": "save", "note": "建制順"}
    response = client.post(address_of(site.guide), fields)
    assert response["Location"].endswith(f"#p{site.guide.pk}")
    assert "4ページを並べ替えました。" in client.get(response["Location"]).content.decode()
    bureau, first, second, third = (page.pk for page in pages)
    assert in_tree(client, site.guide, pages) == [third, bureau, first, second]
    entry = AuditEntry.objects.get(action=Action.REORDER)
    assert (entry.actor, entry.note, entry.page) == (manager, "建制順", site.guide)


def test_the_buttons_move_a_page_by_one_step_without_a_script(
    site: Site, pages: list[Page], manager: User
) -> None:
    client = client_of(manager)
    up = fields_of(client, site.guide) | {"do": f"up-{pages[1].pk}"}
    response = client.post(address_of(site.guide), up)
    assert titles(response) == ["甲", "情報通信国際戦略局", "乙", "丙"]
    buttons = re.findall(r"<button[^>]*value=\"(?:up|down)-\d+\"[^>]*>", response.content.decode())
    assert [f"down-{pages[1].pk}" in each for each in buttons if "autofocus" in each] == [True]
    down = fields_of(client, site.guide, response) | {"do": f"down-{pages[3].pk}"}
    assert titles(client.post(address_of(site.guide), down))[-1] == "丙"
    assert not SiblingPosition.objects.exists()


@pytest.mark.parametrize("typed", ["0", "5", "x", "１", "-1", "1.5", "9" * 5])
def test_a_number_that_is_no_place_is_answered_beside_it(
    site: Site, pages: list[Page], manager: User, typed: str
) -> None:
    client = client_of(manager)
    sent = fields_of(client, site.guide)
    sent |= {"number": ["2", typed, "3", "4"], "do": "save", "note": "消えない"}
    response = client.post(address_of(site.guide), sent)
    assert response.status_code == 422
    html = response.content.decode()
    assert html.count("1から4までの番号を、半角の数字で入れてください。") == 1
    assert f'value="{typed}"' in html
    assert "消えない</textarea>" in html
    assert not SiblingPosition.objects.exists()


def test_an_order_is_booked_for_a_moment(site: Site, pages: list[Page], manager: User) -> None:
    client = client_of(manager)
    sent = fields_of(client, site.guide) | {"number": ["4", "1", "2", "3"]} | LATER
    response = client.post(address_of(site.guide), sent | {"do": "save"})
    assert response["Location"] == page_url(site.guide)
    words = text_in(read(client, site.guide))
    assert "2099年4月1日9時00分に、4ページを並べ替える予約をしました。" in words
    assert in_tree(client, site.guide, pages) == [page.pk for page in pages]
    booked = SiblingPosition.objects.order_by("position")
    assert {each.live_from for each in booked} == {tokyo(2099, 4, 1, 9)}
    assert [each.page_id for each in booked] == [*(page.pk for page in pages[1:]), pages[0].pk]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"when": "later"}, "日付を選んでください。"),
        (LATER | {"date": "2013-04-01"}, "は過去です"),
        (LATER | {"when": "now"}, "日時も入っています"),
    ],
)
def test_a_wrong_moment_is_answered_beside_the_field_and_the_order_stays(
    site: Site, pages: list[Page], manager: User, typed: dict[str, str], sentence: str
) -> None:
    client = client_of(manager)
    sent = fields_of(client, site.guide) | {"number": ["4", "2", "3", "4"]} | typed
    response = client.post(address_of(site.guide), sent | {"do": "save"})
    assert response.status_code == 422
    html = response.content.decode()
    assert sentence in text_in(html.split('class="start"')[1].split("</fieldset>")[0])
    assert titles(response)[-1] == "情報通信国際戦略局"
    assert not SiblingPosition.objects.exists()


@pytest.mark.parametrize("change", ["added", "moved", "reordered"])
def test_a_list_that_changed_meanwhile_is_not_saved_and_the_order_stays(
    site: Site, pages: list[Page], manager: User, change: str
) -> None:
    client = client_of(manager)
    sent = fields_of(client, site.guide) | {"number": ["4", "2", "3", "4"], "do": "save"}
    if change == "added":
        publish(site.guide, "tei", "丁")
    elif change == "moved":
        move(page=pages[2], to=site.root, actor=None)
    else:
        reorder(parent=site.guide, children=pages[::-1], actor=None)
    before = SiblingPosition.objects.count()
    response = client.post(address_of(site.guide), sent)
    assert response.status_code == 409
    assert "見ている間に、下のページか並び順が変わりました" in response.content.decode()
    assert SiblingPosition.objects.count() == before
    expected = {
        "added": ["情報通信国際戦略局", "甲", "乙", "丙", "丁"],
        "moved": ["情報通信国際戦略局", "甲", "丙"],
        "reordered": ["甲", "乙", "丙", "情報通信国際戦略局"],
    }[change]
    assert titles(response) == expected
    again = fields_of(client, site.guide, response) | {"do": "save"}
    assert client.post(address_of(site.guide), again).status_code == 302


def test_what_is_booked_already_blocks_an_order_before_it(
    site: Site, pages: list[Page], manager: User
) -> None:
    reorder(parent=site.guide, children=pages[::-1], actor=None, at=tokyo(2099, 6))
    client = client_of(manager)
    assert "2099年6月1日0時00分に始まる予約" in client.get(address_of(site.guide)).content.decode()
    sent = fields_of(client, site.guide) | {"do": "save"}
    assert client.post(address_of(site.guide), sent).status_code == 409


def test_news_is_not_in_the_list(site: Site, manager: User) -> None:
    response = client_of(manager).get(address_of(site.bureau))
    assert titles(response) == ["ICT政策の企画", "研究開発の推進"]
    none = client_of(manager).get(address_of(site.news[0])).content.decode()
    assert "並べ替えるページがありません" in none


@pytest.mark.parametrize("role", [Role.WRITER, Role.APPROVER])
def test_only_a_manager_reorders(site: Site, pages: list[Page], role: Role) -> None:
    client = client_of(officer("山本", {site.guide: [role]}))
    for response in (
        client.get(address_of(site.guide)),
        client.post(address_of(site.guide), {"page": [page.pk for page in pages], "do": "save"}),
    ):
        assert response.status_code == 403
        assert "管理者の役割が要ります" in response.content.decode()
    assert "並べ替え</a>" not in client.get("/admin/bureaus/page/").content.decode()
    assert not SiblingPosition.objects.exists()


def test_the_way_leads_there_from_the_tree_and_from_the_page(site: Site, manager: User) -> None:
    client = client_of(manager)
    html = client.get(f"/admin/bureaus/page/?under={site.root.pk}").content.decode()
    assert f'href="{address_of(site.guide)}?back=under%3D{site.root.pk}"' in html
    assert f'href="{address_of(site.guide)}"' in read(client, site.guide)


def test_it_costs_the_same_at_any_size(site: Site) -> None:
    client = client_of(officer("渡辺", {site.root: [Role.MANAGER]}))
    few = queries_of(client, address_of(site.bureau))
    place_all({f"{site.bureau.url_path}x{number}/": Kind.PAGE for number in range(400)})
    assert queries_of(client, address_of(site.bureau)) == few
    assert few <= 15
    place_all({f"{site.bureau.url_path}y{number}/": Kind.PAGE for number in range(200)})
    html = client.get(address_of(site.bureau)).content.decode()
    assert "並べ替えられるのは500ページまでです" in html
    assert 'name="number"' not in html
    assert Page.objects.placed(timezone.now()).filter(pk=site.bureau.pk).exists()
