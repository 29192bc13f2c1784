"""A page added below another, and a page with another address: asked, shown, refused, done."""

import re

import pytest
from django.contrib.auth.models import User
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from bureaus.models import Action, AuditEntry, Edition, Kind, Page, Role
from bureaus.models.placements import parent_of, reread
from bureaus.publishing import move, rename
from bureaus.publishing.blockers.former_addresses import redirects_from
from tests.helpers.cast import Site, client_of, officer, place, place_all, tokyo
from tests.helpers.page_details import page_url, queries_of, text_in

pytestmark = pytest.mark.one_database_unless_long

TYPED = {"kind": "page", "title": "新しい資料", "slug": "shiryo"}


def adding(page: Page) -> str:
    return f"/admin/bureaus/page/{page.pk}/add-below/"


def renaming(page: Page, slug: str = "") -> str:
    return f"/admin/bureaus/page/{page.pk}/rename/" + (f"?slug={slug}" if slug else "")


def kinds_in(html: str) -> list[str]:
    return re.findall(r'name="kind" value="(\w+)"', html)


# --- A page below.


def test_only_the_kinds_that_may_stand_there_are_offered(site: Site, writer: User) -> None:
    client = client_of(writer)
    assert kinds_in(client.get(adding(site.bureau)).content.decode()) == list(Kind)
    section = client.get(adding(site.sections[0])).content.decode()
    assert kinds_in(section) == [Kind.PAGE, Kind.POLICY_SECTION]


def test_below_a_news_item_nothing_is_offered(site: Site, writer: User) -> None:
    response = client_of(writer).get(adding(site.news[0]))
    assert response.status_code == 409
    assert "この下には何も置けません" in response.content.decode()
    words = text_in(client_of(writer).get(page_url(site.news[0])).content.decode())
    assert "この下にページを追加する 新着情報の下には、何も置けません。" in words


def test_a_writer_goes_on_to_the_form_of_the_first_draft(site: Site, writer: User) -> None:
    client = client_of(writer)
    assert "追加して、内容を書く" in client.get(adding(site.bureau)).content.decode()
    response = client.post(adding(site.bureau), TYPED)
    draft = Edition.objects.select_related("page").get(title="新しい資料")
    assert response["Location"] == f"/admin/bureaus/edition/{draft.pk}/change/"
    assert draft.page.url_path == "/main_sosiki/joho_kokusai/shiryo/"
    content = client.get(page_url(draft.page)).content.decode()
    assert "「新しい資料」を「/main_sosiki/joho_kokusai/shiryo/」に追加しました。" in content
    assert "続けて、内容を書いてください。" in content


def test_a_manager_who_writes_nothing_comes_to_the_screen_of_the_new_page(
    site: Site, manager: User
) -> None:
    client = client_of(manager)
    form = client.get(adding(site.bureau)).content.decode()
    assert "data-main>追加する</button>" in form
    response = client.post(adding(site.bureau), TYPED, follow=True)
    page = Page.objects.get(placements__slug="shiryo")
    assert response.redirect_chain == [(page_url(page), 302)]
    assert "作成者が、内容を書けます。" in response.content.decode()


def test_every_reason_is_said_at_once_and_what_was_typed_stays(site: Site, writer: User) -> None:
    typed = {"kind": "news_item", "title": "題" * 201, "slug": "Shiryō"}
    response = client_of(writer).post(adding(site.sections[0]), typed)
    assert response.status_code == 409
    html = response.content.decode()
    words = text_in(html)
    assert "新着情報は置けません" in words
    assert "表題が201文字あります" in words
    assert "「Shiryō」はアドレスに使えません" in words
    assert f'value="{"題" * 201}"' in html
    assert 'value="Shiryō"' in html
    assert html.count('aria-invalid="true"') == 2
    assert not Page.objects.filter(placements__slug="Shiryō").exists()


def test_what_is_missing_is_said_together_with_what_is_wrong(site: Site, writer: User) -> None:
    response = client_of(writer).post(adding(site.bureau), {"slug": "kenkyu"})
    assert response.status_code == 409
    words = text_in(response.content.decode())
    assert "ページの種類を選んでください。" in words
    assert "表題がありません。" in words
    assert "「/main_sosiki/joho_kokusai/kenkyu/」には、すでにページがあります" in words


@pytest.mark.parametrize("slug", ["", "admin", "a/b", "../x", "ａ", "x" * 81, " ", "a\0b c"])
def test_a_slug_that_cannot_be_is_refused(site: Site, writer: User, slug: str) -> None:
    before = Page.objects.count()
    response = client_of(writer).post(adding(site.bureau), TYPED | {"slug": slug})
    assert response.status_code == 422
    assert Page.objects.count() == before


def test_a_former_address_is_taken_only_by_a_choice_of_its_own(site: Site, manager: User) -> None:
    rename(page=site.sections[0], slug="atarashii", actor=None)
    client, typed = client_of(manager), TYPED | {"slug": "ict_seisaku"}
    assert 'name="end_redirects"' not in client.get(adding(site.bureau)).content.decode()
    refused = client.post(adding(site.bureau), typed)
    assert refused.status_code == 409
    assert "旧アドレスで、そこへ転送されています" in text_in(refused.content.decode())
    assert 'name="end_redirects"' in refused.content.decode()
    client.post(adding(site.bureau), typed | {"end_redirects": "on"})
    assert Page.objects.filter(key="/main_sosiki/joho_kokusai/ict_seisaku/").exists()
    event = AuditEntry.objects.get(action=Action.ADD)
    assert event.details["released"] == ["/main_sosiki/joho_kokusai/ict_seisaku/"]


def test_who_only_approves_adds_nothing(site: Site, approver: User) -> None:
    client = client_of(approver)
    for response in (client.get(adding(site.bureau)), client.post(adding(site.bureau), TYPED)):
        assert response.status_code == 403
        assert "管理者または作成者の役割が要ります" in response.content.decode()
    assert not Page.objects.filter(placements__slug="shiryo").exists()
    words = text_in(client.get(page_url(site.bureau)).content.decode())
    assert "この下にページを追加する作成者・管理者" in words


def test_the_whole_address_is_shown_without_scripts_too(site: Site, writer: User) -> None:
    html = client_of(writer).get(adding(site.bureau)).content.decode()
    assert "アドレスは /main_sosiki/joho_kokusai/（ここに入ります）/ になります。" in text_in(html)


def test_what_was_typed_comes_back_as_text(site: Site, writer: User) -> None:
    attack = '"><script>alert(1)</script>'
    typed = {"kind": attack, "title": attack, "slug": attack}
    html = client_of(writer).post(adding(site.bureau), typed).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


# --- Another address.


def test_what_a_new_address_changes_is_shown_before(site: Site, manager: User) -> None:
    place(site.bureau, "mada")
    html = client_of(manager).get(renaming(site.bureau, "kokusai")).content.decode()
    words = text_in(html)
    assert "新しいアドレス /main_sosiki/kokusai/" in words
    assert "この6ページのアドレスが変わります" in words
    assert "公開したことのある5ページは、旧アドレスから新しいアドレスへ転送されます。" in words
    old, new = "/main_sosiki/joho_kokusai/kenkyu/", "/main_sosiki/kokusai/kenkyu/"
    assert f"<td>{old}</td><td>{new}</td>" in html
    assert "mada" not in html
    assert reread(site.bureau).slug == "joho_kokusai"


def test_it_changes_when_it_is_confirmed_and_the_note_is_kept(site: Site, manager: User) -> None:
    response = client_of(manager).post(
        renaming(site.bureau), {"slug": "kokusai", "note": "短くした"}, follow=True
    )
    assert response.redirect_chain == [(page_url(site.bureau), 302)]
    assert "アドレスを「/main_sosiki/kokusai/」に変えました。" in response.content.decode()
    event = AuditEntry.objects.get(action=Action.RENAME)
    assert (event.note, event.actor) == ("短くした", manager)
    old = "/main_sosiki/joho_kokusai/"
    assert redirects_from(Q(url_path=old), timezone.now()) == {old: site.bureau.pk}


@pytest.mark.parametrize(
    ("slug", "status"), [("joho_kokusai", 409), ("search", 422), ("Ｘ", 422), ("toukei", 409)]
)
def test_an_address_that_cannot_be_is_refused_before_and_when_it_is_tried(
    site: Site, manager: User, outsider: User, slug: str, status: int
) -> None:
    client = client_of(manager)
    response = client.get(renaming(site.bureau, slug))
    assert "<h2>この末尾にはできません</h2>" in response.content.decode()
    assert "<span data-address hidden>" in response.content.decode()
    assert "アドレスを変える</button>" not in response.content.decode()
    refused = client.post(renaming(site.bureau), {"slug": slug, "note": "消えない"})
    assert refused.status_code == status
    assert "<h2>この末尾にはできません</h2>" in refused.content.decode()
    assert "<span data-address hidden>" in refused.content.decode()
    assert reread(site.bureau).slug == "joho_kokusai"


def test_a_redirect_is_ended_only_by_a_choice_of_its_own(site: Site, manager: User) -> None:
    rename(page=site.sections[0], slug="atarashii", actor=None)
    client, page = client_of(manager), site.sections[1]
    assert 'name="end_redirects"' not in client.get(renaming(page, "hoka")).content.decode()
    response = client.get(renaming(page, "ict_seisaku")).content.decode()
    assert 'name="end_redirects"' in response
    assert "旧アドレスで、そこへ転送されています" in text_in(response)
    refused = client.post(renaming(page), {"slug": "ict_seisaku", "note": "消えない理由"})
    assert refused.status_code == 409
    assert "消えない理由</textarea>" in refused.content.decode()
    client.post(renaming(page), {"slug": "ict_seisaku", "end_redirects": "on"})
    assert reread(page).slug == "ict_seisaku"


LATER = {"when": "later", "date": "2099-04-01", "time": "09:00"}


def test_a_new_address_is_booked_for_a_moment(site: Site, manager: User) -> None:
    client, page = client_of(manager), site.sections[0]
    content = client.get(renaming(page), LATER | {"slug": "kikaku"}).content.decode()
    assert "2099年4月1日9時00分に変わること" in content
    assert "2099年4月1日9時00分に変える予約をする</button>" in content
    response = client.post(renaming(page), LATER | {"slug": "kikaku"}, follow=True)
    address = f"{site.bureau.url_path}kikaku/"
    assert f"2099年4月1日9時00分に、アドレスを「{address}」に変える予約をしました。" in (
        response.content.decode()
    )
    assert reread(page).slug == "ict_seisaku"
    booked = page.placements.get(url_path=address)
    assert booked.live_from == tokyo(2099, 4, 1, 9)


def test_what_a_booked_address_changes_is_what_is_there_at_its_moment(
    site: Site, manager: User
) -> None:
    rename(page=site.bureau, slug="kokusai", actor=None, at=tokyo(2099, 2))
    fields = LATER | {"slug": "kikaku"}
    html = client_of(manager).get(renaming(site.sections[0]), fields).content.decode()
    old, new = "/main_sosiki/kokusai/ict_seisaku/", "/main_sosiki/kokusai/kikaku/"
    assert f"<td>{old}</td><td>{new}</td>" in html


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"when": "later"}, "日付を選んでください。"),
        (LATER | {"time": "9"}, "時刻を「14:00」の形で書いてください。"),
        (LATER | {"date": "2013-04-01"}, "「2013年4月1日9時00分」は過去です"),
    ],
)
def test_a_wrong_moment_is_answered_beside_the_field(
    site: Site, manager: User, typed: dict[str, str], sentence: str
) -> None:
    fields = typed | {"slug": "kikaku", "note": "消えない"}
    client = client_of(manager)
    for response, status in (
        (client.get(renaming(site.bureau), fields), 200),
        (client.post(renaming(site.bureau), fields), 422),
    ):
        assert response.status_code == status
        html = response.content.decode()
        assert sentence in text_in(html.split('class="start"')[1].split("</fieldset>")[0])
        assert 'value="kikaku"' in html
        assert 'value="消えない"' in html
        assert "<h2>この末尾にはできません</h2>" not in html
    assert not AuditEntry.objects.exists()


def test_a_form_for_a_place_that_has_changed_since_is_not_carried_out(
    site: Site, manager: User
) -> None:
    client, page = client_of(manager), site.sections[0]
    html = client.get(renaming(page, "kikaku")).content.decode()
    version = re.findall(r'name="version" value="(\w+)"', html)[0]
    move(page=site.bureau, to=site.root, actor=None)
    response = client.post(renaming(page), {"slug": "kikaku", "version": version})
    assert response.status_code == 409
    html = response.content.decode()
    assert "見ている間に、このページの場所が変わりました。" in html
    assert "<td>/joho_kokusai/ict_seisaku/</td><td>/joho_kokusai/kikaku/</td>" in html
    assert reread(page).slug == "ict_seisaku"


def test_the_root_keeps_its_address(site: Site, manager: User) -> None:
    client = client_of(manager)
    assert client.get(renaming(site.root)).status_code == 409
    words = text_in(client.get(page_url(site.root)).content.decode())
    assert "最上位のページのアドレスは「/」のまま変えられません。" in words


def test_only_a_manager_gives_another_address(site: Site, second_approver: User) -> None:
    client = client_of(second_approver)
    for response in (
        client.get(renaming(site.bureau, "x")),
        client.post(renaming(site.bureau), {"slug": "x"}),
    ):
        assert response.status_code == 403
        assert "管理者の役割が要ります" in response.content.decode()
    assert not Page.objects.filter(placements__slug="x").exists()


def test_both_cost_the_same_at_any_size(site: Site, writer: User) -> None:
    insider = officer("総括", {site.root: list(Role)})
    client: Client = client_of(insider)
    addresses = (adding(site.bureau), renaming(site.bureau), renaming(site.bureau, "kokusai"))
    few = [queries_of(client, address) for address in addresses]
    place_all({f"{site.bureau.url_path}x{number}/": Kind.PAGE for number in range(1_000)})
    assert [queries_of(client, address) for address in addresses] == few
    assert max(few) <= 15


def test_a_news_item_is_added_under_its_organisation(site: Site, writer: User) -> None:
    client_of(writer).post(adding(site.bureau), TYPED | {"kind": "news_item"})
    assert parent_of(Edition.objects.get(title="新しい資料").page) == site.bureau
