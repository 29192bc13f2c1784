"""The screens of sealing: the proposal, and the decision of a second approver."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from bureaus import search
from bureaus.models import Action, AuditEntry, Edition, Kind, Seal
from bureaus.publishing import add
from tests.helpers.cast import Site, publish

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SECRET = "総務花子"
MOST = 15


@pytest.fixture
def edition(site: Site) -> Edition:
    Edition.objects.filter(page=site.bureau).update(body=f"<p>{SECRET}です。</p>", lead="要旨")
    found = Edition.objects.get(page=site.bureau)
    search.reindex([found.pk])
    return found


def logged_in(officer: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(officer)
    return client


def proposal(edition: Edition, officer: User, **typed: str) -> Seal:
    sent = {"what": "body", "ground": "personal", "reason": "申し出", **typed}
    answer = logged_in(officer).post(reverse("admin:edition-seal", args=[edition.pk]), sent)
    seal = Seal.objects.get()
    assert answer["Location"] == reverse("admin:seal", args=[seal.pk])
    return seal


def test_a_first_approver_proposes_and_a_second_seals(
    edition: Edition,
    approver: User,
    second_approver: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = logged_in(approver)
    detail = reverse("admin:bureaus_page_change", args=[edition.page_id])
    form = reverse("admin:edition-seal", args=[edition.pk])
    assert form in client.get(detail).content.decode()
    assert form in client.get(reverse("admin:edition-view", args=[edition.pk])).content.decode()
    with django_assert_max_num_queries(MOST):
        assert f"{SECRET}です。" in client.get(form).content.decode()
    seal = proposal(edition, approver, urgent="1")
    address = reverse("admin:seal", args=[seal.pk])
    assert "提案した本人は、確認できません。" in client.get(address).content.decode()
    second = logged_in(second_approver)
    assert "消去する提案が1件" in second.get("/admin/").content.decode()
    assert "消去する提案が" not in client.get("/admin/").content.decode()
    with django_assert_max_num_queries(MOST):
        listed = second.get(reverse("admin:seals")).content.decode()
    assert address in listed
    with django_assert_max_num_queries(MOST):
        assert f"{SECRET}です。" in second.get(address).content.decode()
    assert "印を付けてください" in second.post(address).content.decode()
    assert second.post(address, {"seen": "1"}).status_code == 302
    assert SECRET not in second.get(address).content.decode()
    assert SECRET not in Edition.objects.get(pk=edition.pk).body


def test_the_form_says_everything_that_is_missing(edition: Edition, approver: User) -> None:
    address = reverse("admin:edition-seal", args=[edition.pk])
    answer = logged_in(approver).post(address, {"what": "passage", "passage": "いない人"})
    assert answer.status_code == 422
    said = answer.content.decode()
    for sentence in ("「いない人」は、この版にありません。", "根拠を選んで", "理由を書いて"):
        assert sentence in said
    answer = logged_in(approver).post(address, {"ground": "law"})
    assert "消去するものを選んでください。" in answer.content.decode()


def test_a_note_in_the_log_is_proposed_from_there(site: Site, approver: User) -> None:
    entry = AuditEntry(
        action=Action.SUBMIT, page=site.bureau, address=site.bureau.url_path, note=SECRET
    )
    entry.save()
    client = logged_in(approver)
    detail = reverse("admin:bureaus_page_change", args=[site.bureau.pk])
    form = reverse("admin:note-seal", args=[entry.pk])
    assert form in client.get(detail).content.decode()
    sent = {"what": "note", "ground": "secret", "reason": "秘密"}
    assert client.post(form, sent).status_code == 302
    assert Seal.objects.get().entry == entry.pk


def test_officers_of_other_branches_see_nothing_of_it(
    edition: Edition, approver: User, outsider: User, writer: User
) -> None:
    seal = proposal(edition, approver)
    client = logged_in(outsider)
    assert client.get(reverse("admin:seal", args=[seal.pk])).status_code == 404
    assert "確認を待つ消去の提案はありません" in client.get(reverse("admin:seals")).content.decode()
    form = reverse("admin:edition-seal", args=[edition.pk])
    assert client.get(form).status_code == 403
    writers = logged_in(writer).get(form)
    assert "承認者の役割が要ります" in writers.content.decode()


def test_a_second_approver_refuses_and_the_first_withdraws(
    edition: Edition, approver: User, second_approver: User
) -> None:
    first, second = logged_in(approver), logged_in(second_approver)
    address = reverse("admin:seal", args=[proposal(edition, approver, urgent="1").pk])
    assert 'value="refuse"' not in first.get(address).content.decode()
    assert 'value="withdraw"' not in second.get(address).content.decode()
    assert second.post(address, {"decision": "refuse"}).status_code == 422
    sent = {"decision": "refuse", "comment": "同意があります。"}
    said = second.post(address, sent, follow=True).content.decode()
    for sentence in ("却下になりました", "同意があります。", "元どおり見えます"):
        assert sentence in said
    assert 'value="refuse"' not in said
    Seal.objects.all().delete()
    address = reverse("admin:seal", args=[proposal(edition, approver).pk])
    assert 'value="withdraw"' in first.get(address).content.decode()
    said = first.post(address, {"decision": "withdraw"}, follow=True).content.decode()
    assert "取下げになりました" in said


def test_the_proposal_names_the_other_pages_that_may_hold_the_words(
    site: Site, edition: Edition, approver: User, writer: User
) -> None:
    copy = add(
        parent=site.bureau,
        kind=Kind.PAGE,
        slug="utsushi",
        title="写しのページ",
        actor=writer,
        copied=site.bureau,
    )
    publish(site.root, "hoka", "同じ文字のページ", note=f"担当は{SECRET}。")
    hidden = publish(site.root, "mikokai", "ほかの部局の下書き", body=f"<p>{SECRET}</p>")
    Edition.objects.filter(page=hidden).update(state="draft", live_from=None)
    seal = proposal(edition, approver, what="passage", passage=SECRET)
    shown = logged_in(approver).get(reverse("admin:seal", args=[seal.pk])).content.decode()
    draft = Edition.objects.get(page=copy)
    assert reverse("admin:bureaus_edition_change", args=[draft.pk]) in shown
    assert "コピーしたページ（同じ文字は見つかりません）" in shown
    other = Edition.objects.get(title="同じ文字のページ")
    assert reverse("admin:edition-seal", args=[other.pk]) in shown
    assert "ほかの部局の下書き" not in shown
