"""The plain actions from the detail page: done, refused, and who is kept out."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bureaus.models import Action, AuditEntry, Edition, Kind, Page, State
from bureaus.publishing import add, approve, approve_urgently, return_
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import TOMORROW, actions_of, drafted, submitted
from tests.helpers.page_details import action, buttons, page_url, panel, read, text_in

pytestmark = pytest.mark.one_database_unless_long


def test_a_draft_is_begun_and_its_form_opened(site: Site, writer: User) -> None:
    client = client_of(writer)
    response = client.post(f"/admin/bureaus/page/{site.bureau.pk}/draft/")
    draft = Edition.objects.get(page=site.bureau, number=2)
    assert response["Location"] == f"/admin/bureaus/edition/{draft.pk}/change/"
    assert draft.title == "情報通信国際戦略局"
    again = client.post(f"/admin/bureaus/page/{site.bureau.pk}/draft/")
    assert again.status_code == 409
    assert "下書きの第2版がもうあります" in again.content.decode()
    assert buttons(again.content.decode())["編集を続ける"] == "main"


def test_a_draft_is_begun_from_any_edition(site: Site, writer: User, approver: User) -> None:
    approve(editions=[submitted(site.bureau, writer, title="新しい題")], actor=approver)
    client = client_of(writer)
    html = panel(read(client, site.bureau), "editions")
    assert 'name="source" value="1"' in html
    client.post(f"/admin/bureaus/page/{site.bureau.pk}/draft/", {"source": "1"})
    draft = Edition.objects.get(page=site.bureau, number=3)
    assert (draft.title, draft.based_on) == ("情報通信国際戦略局", 2)


@pytest.mark.parametrize("source", ["9", "x", "-1", "１", "9" * 40])
def test_an_edition_that_is_not_there_begins_nothing(site: Site, writer: User, source: str) -> None:
    response = client_of(writer).post(
        f"/admin/bureaus/page/{site.bureau.pk}/draft/", {"source": source}
    )
    assert response.status_code == 422
    assert "元にする版が見つかりません" in response.content.decode()
    assert Edition.objects.filter(page=site.bureau).count() == 1


def test_while_a_draft_is_open_no_other_is_begun_and_the_list_says_why(
    site: Site, writer: User
) -> None:
    drafted(site.bureau, writer)
    html = panel(read(client_of(writer), site.bureau), "editions")
    assert "下書きの第2版がもうあります。それを続けるか、破棄してください。" in html
    assert 'name="source"' not in html
    assert 'aria-describedby="restore-blockers"' in html


def test_while_an_edition_waits_it_is_not_to_be_discarded_for_another(
    site: Site, writer: User
) -> None:
    submitted(site.bureau, writer)
    html = panel(read(client_of(writer), site.bureau), "editions")
    assert "確認待ちの第2版がもうあります。確認の依頼を取り下げるか、承認を待って" in html


def test_submitting_and_taking_back_say_what_comes_next(site: Site, writer: User) -> None:
    edition = drafted(site.bureau, writer)
    client = client_of(writer)
    assert 'name="note"' in panel(read(client, site.bureau), "next")
    response = client.post(action(edition, "submit"), {"note": "急ぎです"}, follow=True)
    assert response.redirect_chain == [(page_url(site.bureau), 302)]
    assert "急ぎです" in text_in(panel(response.content.decode(), "events"))
    assert "確認を依頼しました。承認者が確認します。" in response.content.decode()
    response = client.post(action(edition, "recall"), follow=True)
    assert "確認の依頼を取り下げました。" in response.content.decode()
    assert actions_of(edition)[-2:] == ["submit", "return"]


def test_submitting_twice_is_refused_with_the_reason(site: Site, writer: User) -> None:
    edition = drafted(site.bureau, writer)
    client = client_of(writer)
    client.post(action(edition, "submit"))
    response = client.post(action(edition, "submit"))
    assert response.status_code == 409
    assert "確認を依頼できるのは下書きだけです" in response.content.decode()
    assert actions_of(edition).count("submit") == 1


def test_discarding_asks_first_and_keeps_the_reason(site: Site, writer: User) -> None:
    edition = drafted(site.bureau, writer)
    client = client_of(writer)
    confirmation = client.get(action(edition, "discard"))
    assert "書いた内容は元に戻せません" in confirmation.content.decode()
    assert Edition.objects.filter(pk=edition.pk).exists()
    response = client.post(action(edition, "discard"), {"note": "やり直す\0"}, follow=True)
    assert response.redirect_chain == [(page_url(site.bureau), 302)]
    event = AuditEntry.objects.get(action=Action.DISCARD)
    assert event.note == "やり直す"
    assert client.post(action(edition, "discard")).status_code == 404


def test_the_last_draft_takes_its_page_along_and_leads_to_the_tree(
    site: Site, writer: User
) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="shin", title="新", actor=writer)
    edition = Edition.objects.get(page=page)
    client = client_of(writer)
    assert (
        f"ページ「{page.url_path}」も一緒になくなります"
        in client.get(action(edition, "discard")).content.decode()
    )
    response = client.post(action(edition, "discard"))
    assert response["Location"] == "/admin/bureaus/page/"
    assert not Page.objects.filter(pk=page.pk).exists()


def test_what_cannot_be_discarded_is_not_offered(
    site: Site, writer: User, second_approver: User
) -> None:
    edition = drafted(site.bureau, second_approver)
    client = client_of(writer)
    assert buttons(read(client, site.bureau))["下書きを破棄する"] == "closed"
    confirmation = client.get(action(edition, "discard"))
    assert "下書きを破棄できるのは、それを書いた人と承認者だけです" in confirmation.content.decode()
    assert 'type="submit" class="button" data-danger' not in confirmation.content.decode()
    refused = client.post(action(edition, "discard"))
    assert refused.status_code == 403
    assert Edition.objects.filter(pk=edition.pk).exists()


def test_cancelling_a_release_tells_what_goes_along(
    site: Site, writer: User, approver: User
) -> None:
    pages = (site.bureau, *site.sections)
    editions = [submitted(page, writer, title=f"{page.slug}の改訂") for page in pages]
    approve(editions=editions, actor=approver, at=timezone.now() + TOMORROW)
    client = client_of(approver)
    confirmation = text_in(client.get(action(editions[0], "cancel-booking")).content.decode())
    assert "「ict_seisakuの改訂」「kenkyuの改訂」" in confirmation
    response = client.post(action(editions[0], "cancel-booking"), follow=True)
    assert "3ページの公開予約を取り消しました。" in response.content.decode()
    assert Edition.objects.filter(state=State.DRAFT).count() == 3


def test_a_booking_with_a_draft_after_it_says_why_it_stays(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer)
    approve(editions=[edition], actor=approver, at=timezone.now() + TOMORROW)
    drafted(site.bureau, writer)
    client = client_of(approver)
    confirmation = client.get(action(edition, "cancel-booking"))
    assert "の後に作られています" in confirmation.content.decode()
    refused = client.post(action(edition, "cancel-booking"))
    assert refused.status_code == 409
    assert "の後に作られています" in refused.content.decode()


def test_an_urgent_approval_is_confirmed_by_another(
    site: Site, writer: User, approver: User, second_approver: User
) -> None:
    edition = drafted(site.bureau, writer)
    approve_urgently(edition=edition, actor=approver, reason="災害")
    address, decision = action(edition, "review"), {"decision": "confirm"}
    assert client_of(approver).post(address, decision).status_code == 403
    response = client_of(second_approver).post(address, decision, follow=True)
    assert "の緊急の公開を、事後確認しました。" in response.content.decode()
    assert actions_of(edition)[-1] == "confirm"


@pytest.mark.parametrize("name", ["submit", "recall"])
def test_a_action_asked_for_by_its_address_does_nothing(
    site: Site, writer: User, name: str
) -> None:
    edition = drafted(site.bureau, writer)
    before = actions_of(edition)
    assert client_of(writer).get(action(edition, name))["Location"] == page_url(site.bureau)
    assert actions_of(edition) == before


def test_a_action_without_the_role_is_refused_with_the_way_out(
    site: Site, writer: User, approver: User
) -> None:
    edition = drafted(site.bureau, writer)
    response = client_of(approver).post(action(edition, "submit"))
    assert response.status_code == 403
    assert "作成者の役割が要ります。担当の管理者に依頼してください。" in response.content.decode()
    response = client_of(approver).post(f"/admin/bureaus/page/{site.bureau.pk}/draft/")
    assert response.status_code == 403


# --- Others.


ACTIONS = ("submit", "recall", "cancel-booking", "discard")


def test_a_foreign_page_says_its_title_who_keeps_it_and_where_it_is_public(
    site: Site, writer: User, manager: User, outsider: User
) -> None:
    drafted(site.bureau, writer, title="秘密の題")
    response = client_of(outsider).get(f"/admin/bureaus/page/{site.bureau.pk}/change/")
    html = response.content.decode()
    assert response.status_code == 403
    assert "「情報通信国際戦略局」は担当していません" in html
    assert f"管理者（{manager}）に依頼してください。" in html
    assert f'href="{site.bureau.url_path}">公開ページを見る</a>' in html
    assert "秘密の題" not in html
    assert str(writer) not in html


@pytest.mark.parametrize("method", ["get", "post"])
def test_in_a_foreign_branch_nothing_is_shown_or_done(
    site: Site, writer: User, outsider: User, method: str
) -> None:
    edition = drafted(site.bureau, writer, title="秘密の題")
    client = client_of(outsider)
    page = f"/admin/bureaus/page/{site.bureau.pk}"
    addresses = [f"{page}/{name}/" for name in ("change", "draft", "add-below", "rename")]
    for address in (*addresses, *(action(edition, name) for name in ACTIONS)):
        response = getattr(client, method)(address)
        wanted = {404} if "/edition/" in address else {403}
        wanted = {405} if address.endswith("draft/") and method == "get" else wanted
        wanted |= {405} if address.endswith("change/") and method == "post" else set()
        assert response.status_code in wanted, address
        assert "秘密の題" not in response.content.decode()
        assert "鈴木" not in response.content.decode()
    assert actions_of(edition) == ["start_draft", "edit"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_page_that_was_never_public_does_not_exist(
    site: Site, writer: User, outsider: User, method: str
) -> None:
    page = add(parent=site.bureau, kind=Kind.PAGE, slug="himitsu", title="秘", actor=writer)
    edition = Edition.objects.get(page=page)
    client = client_of(outsider)
    for name in ("add-below", "rename"):
        response = getattr(client, method)(f"/admin/bureaus/page/{page.pk}/{name}/")
        assert response.status_code == 404
    for name in ACTIONS:
        response = getattr(client, method)(action(edition, name))
        assert response.status_code == 404
        assert "himitsu" not in response.content.decode()
    assert client.get(page_url(page)).status_code == 404


def test_a_page_above_ones_own_branch_is_named_but_not_linked(site: Site, writer: User) -> None:
    html = read(client_of(writer), site.sections[0])
    assert f'href="{page_url(site.bureau)}"' in html
    assert f'href="{page_url(site.guide)}"' not in html
    assert "<li>組織案内</li>" in html


def test_what_was_typed_is_shown_as_text(site: Site, writer: User, approver: User) -> None:
    attack = "<script>alert(1)</script>"
    edition = submitted(site.bureau, writer, title=attack, change_note=attack)
    return_(edition=edition, actor=approver, comment=attack)
    html = read(client_of(writer), site.bureau)
    assert attack not in html
    assert "&lt;script&gt;alert(1)" in html


def test_nobody_is_let_in_without_a_login(site: Site, citizen: Client) -> None:
    for name in ("change", "add-below", "rename"):
        address = f"/admin/bureaus/page/{site.bureau.pk}/{name}/"
        assert citizen.get(address)["Location"].startswith("/admin/login/")
    edition = Edition.objects.get(page=site.bureau)
    assert citizen.post(action(edition, "submit"))["Location"].startswith("/admin/login/")


def test_a_action_from_another_site_is_refused(site: Site, writer: User) -> None:
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    client.force_login(writer)
    edition = drafted(site.bureau, writer)
    assert client.post(action(edition, "submit")).status_code == 403
    assert actions_of(edition) == ["start_draft", "edit"]
