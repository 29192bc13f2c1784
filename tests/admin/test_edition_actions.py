"""From the form of a draft on: submitting, previewing, asking for approval, what comes back."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureaus.models import (
    Action,
    AuditEntry,
    Autosave,
    Contact,
    Document,
    Edition,
    FormerAddress,
    Image,
    Link,
    Page,
    Part,
    Role,
    State,
)
from bureaus.publishing import edit, return_, start_draft, submit
from tests.admin.test_edition_form import draft, now, picture, save, writer_client
from tests.helpers.admin_form import Fields, address, fields_of, row
from tests.helpers.cast import Site, client_of, officer, place
from tests.helpers.editing import drafted, submitted
from tests.helpers.generator import BUREAU, grow

pytestmark = pytest.mark.one_database

__all__ = ["draft", "writer_client"]


# Submitting


def test_saving_and_submitting_is_one_press(
    writer_client: Client, site: Site, writer: User
) -> None:
    draft = drafted(site.bureau, writer)
    response = save(writer_client, draft, writer, do="submit")
    assert response["Location"] == reverse("admin:bureaus_page_change", args=[site.bureau.pk])
    assert now(draft).state == State.REVIEW


def test_what_is_not_ready_is_saved_and_every_reason_leads_to_its_field(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    figure = row("figures", 0, image=picture().pk)
    response = save(writer_client, draft, writer, do="submit", title="", **figure)
    assert now(draft).title == ""
    assert now(draft).state == State.DRAFT
    content = writer_client.get(response["Location"]).content.decode()
    for anchor in ("#id_title", "#id_figures-0-alt", "#id_change_note"):
        assert f'href="{anchor}"' in content


# Who


def test_an_approver_reads_it_and_is_told_why_they_cannot_write(
    draft: Edition, approver: User
) -> None:
    response = client_of(approver).get(address(draft))
    assert response.status_code == 200
    content = response.content.decode()
    assert "作成者の役割が要ります" in content
    assert "情報通信国際戦略局" in content
    assert 'id="edition-form"' not in content


@pytest.mark.parametrize("state", [State.REVIEW, State.APPROVED])
def test_what_is_no_draft_is_read_only(
    writer_client: Client, site: Site, writer: User, state: str
) -> None:
    edition = submitted(site.bureau, writer)
    if state == State.APPROVED:
        edition = Edition.objects.get(page=site.bureau, state=state)
    content = writer_client.get(address(edition)).content.decode()
    assert "編集できるのは下書きだけです" in content
    assert 'id="edition-form"' not in content


def test_who_does_not_keep_the_branch_sees_nothing(
    draft: Edition, outsider: User, site: Site
) -> None:
    writer_client = client_of(outsider)
    for name in ("bureaus_edition_change", "edition-preview-typed", "edition-autosave"):
        assert writer_client.get(address(draft, name)).status_code == 404, name
        assert writer_client.post(address(draft, name), {"title": "x"}).status_code == 404, name
    assert writer_client.post(address(draft, "edition-autosave-discard")).status_code == 404
    hidden = start_draft(page=place(site.bureau, "kakusu"), actor=None)
    assert writer_client.get(address(hidden)).status_code == 404


def test_an_approver_can_save_nothing(draft: Edition, approver: User) -> None:
    fields = fields_of(draft, approver) | {"title": "承認者の表題"}
    response = client_of(approver).post(address(draft), fields)
    assert response.status_code == 403
    assert "承認者の表題" in response.content.decode()
    assert now(draft).title != "承認者の表題"
    assert not Autosave.objects.exists()


# Preview


def test_the_preview_shows_what_is_typed_and_stores_nothing(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    typed = fields_of(draft, writer) | {
        "title": "まだない表題",
        "body": "<p>まだない本文<script>alert(1)</script></p>",
        **row("links", 0, text="まだないリンク", url="https://example.jp/"),
    }
    response = writer_client.post(address(draft, "edition-preview-typed"), typed)
    content = response.content.decode()
    for words in ("まだない表題", "まだない本文", "まだないリンク"):
        assert words in content
    assert "alert" not in content
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Robots-Tag"] == "noindex"
    assert now(draft).title != "まだない表題"


def test_the_preview_leaves_out_what_cannot_be_stored(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    typed = fields_of(draft, writer) | {
        "title": "あ" * 300,
        "lead": "読める要旨",
        **row("links", 0, text="行き先なし"),
    }
    response = writer_client.post(address(draft, "edition-preview-typed"), typed)
    assert response.status_code == 200
    content = response.content.decode()
    assert "読める要旨" in content
    assert "行き先なし" not in content


def test_the_form_may_hold_frames_of_this_site_only(writer_client: Client, draft: Edition) -> None:
    policy = writer_client.get(address(draft))["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy


# Search


def found(writer_client: Client, words: str) -> list[str]:
    response = writer_client.get(reverse("admin:page-search"), {"q": words})
    assert response.status_code == 200
    return [page["address"] for page in response.json()["pages"]]


def test_pages_are_found_by_title_and_address(writer_client: Client, site: Site) -> None:
    assert found(writer_client, "ＩＣＴ") == [site.sections[0].url_path]
    assert found(writer_client, "戦略 情報") == [site.bureau.url_path]
    assert found(writer_client, "/main_sosiki/joho") != []
    assert found(writer_client, "") == []


def test_only_own_drafts_are_found(writer_client: Client, site: Site) -> None:
    mine = place(site.bureau, "mine")
    foreign = place(site.guide, "foreign")
    for page in (mine, foreign):
        start = start_draft(page=page, actor=None)
        edit(edition=start, actor=None, changes={"title": "極秘の計画"}, revision=start.revision)
    assert found(writer_client, "極秘") == [mine.url_path]


def test_at_most_twenty_are_found(operator_client: Client) -> None:
    grow(200)
    assert len(found(operator_client, "お知らせ")) == 20


# Asking for approval


def test_a_word_to_the_approver_goes_with_the_draft(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    complete = {"title": "題", "lead": "要旨。", "change_note": "直しました。"}
    note = "急ぎです。\r\n木曜まで。"
    response = save(writer_client, draft, writer, **complete, do="submit", submit_note=note)
    assert response.status_code == 302
    assert now(draft).state == State.REVIEW
    assert (
        AuditEntry.objects.get(edition=draft, action=Action.SUBMIT).note == "急ぎです。\n木曜まで。"
    )
    assert now(draft).note == "", "it is not what the public reads"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"do": "submit", "change_note": "", "title": ""}, 302),
        ({"do": "save", "title": "別の題"}, 302),
        ({"do": "submit", "revision": "0", "title": "別の題"}, 409),
        ({"do": "submit", **row("links", 0, text="どこへ")}, 422),
    ],
    ids=["not ready", "only saved", "two texts", "mistakes"],
)
def test_a_word_to_the_approver_is_kept_until_it_is_sent(
    writer_client: Client, draft: Edition, writer: User, changes: Fields, status: int
) -> None:
    response = save(writer_client, draft, writer, **changes, submit_note="急ぎです。")
    assert response.status_code == status
    final_response = writer_client.get(response["Location"]) if status == 302 else response
    assert "急ぎです。" in final_response.content.decode()
    assert not AuditEntry.objects.filter(edition=draft, action=Action.SUBMIT).exists()


def test_a_word_that_is_too_long_is_refused_and_kept(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    complete = {"title": "題", "lead": "要旨。", "change_note": "直しました。"}
    note = "急" * 2_001
    response = save(writer_client, draft, writer, **complete, do="submit", submit_note=note)
    html = writer_client.get(response["Location"]).content.decode()
    assert note in html
    assert '<a href="#id_submit_note">' in html
    assert now(draft).state == State.DRAFT


# Returned


def test_the_form_says_why_the_draft_was_returned_until_it_is_submitted_again(
    writer_client: Client, site: Site, writer: User, approver: User
) -> None:
    draft = submitted(site.bureau, writer)
    draft = return_(edition=draft, actor=approver, comment="年を直してください。")
    edited = edit(edition=draft, actor=writer, changes={"lead": "新"}, revision=draft.revision)
    html = writer_client.get(address(draft)).content.decode()
    assert "差し戻しの理由" in html
    assert "年を直してください。" in html
    assert f"{approver}さん、" in html
    submit(edition=edited, actor=writer)
    assert "差し戻しの理由" not in writer_client.get(address(draft)).content.decode()


def test_taking_a_draft_back_oneself_is_no_return(
    writer_client: Client, site: Site, writer: User
) -> None:
    draft = return_(edition=submitted(site.bureau, writer), actor=writer)
    assert "差し戻しの理由" not in writer_client.get(address(draft)).content.decode()


# Ways on


def test_the_link_for_others_is_found_from_the_form_and_from_the_read_only_view(
    writer_client: Client, site: Site, writer: User
) -> None:
    for edition in (drafted(site.sections[0], writer), submitted(site.sections[1], writer)):
        html = writer_client.get(address(edition)).content.decode()
        assert f'<a href="{address(edition, "edition-view")}">大きく見る・確認用リンク' in html


def test_the_way_to_the_form_names_the_page_and_not_its_address(
    writer_client: Client, site: Site, writer: User
) -> None:
    html = writer_client.get(address(drafted(site.bureau, writer))).content.decode()
    page_desk = reverse("admin:bureaus_page_change", args=[site.bureau.pk])
    assert f'<a href="{page_desk}">情報通信国際戦略局</a>' in html


# Cost


BUDGET = 15  # queries


def queries_of(writer_client: Client, edition: Edition, query: str = "") -> int:
    writer_client.get(address(edition) + query)
    with CaptureQueriesContext(connection) as queries:
        assert writer_client.get(address(edition) + query).status_code == 200
    return len(queries)


def test_a_refused_submission_stays_in_the_budget_beside_the_form_of_another_officer(
    writer_client: Client, site: Site, writer: User
) -> None:
    draft = drafted(site.bureau, writer, change_note="", body='<p><a href="/nowhere/">先</a></p>')
    paper = Document.objects.create(file="documents/a.pdf", byte_size=1)
    Link.objects.create(edition=draft, text="資料", document=paper)
    for typist in (writer, officer("山本", {site.bureau: [Role.WRITER]})):
        typed = fields_of(draft, typist) | {"title": "書きかけ"}
        copy = {name: value for name, value in typed.items() if name not in {"revision", "do"}}
        Autosave.objects.create(edition=draft, officer=typist, revision=1, content=copy)
    assert queries_of(writer_client, draft, "?submit=1") <= BUDGET


@pytest.mark.django_db
def test_the_form_costs_the_same_at_any_size(db: None) -> None:
    grow(20)
    bureau = Page.objects.get(key=BUREAU)
    user = officer("山本", {bureau: [Role.WRITER]})
    writer_client = client_of(user)
    draft = start_draft(page=bureau, actor=user)
    small = queries_of(writer_client, draft)
    target = Page.objects.get(key="/terms/")
    parts: dict[type[Part], list[Part]] = {
        Link: [Link(text=f"{number}", page=target) for number in range(40)],
        Contact: [Contact(name=f"{number}課") for number in range(40)],
    }
    draft = edit(edition=draft, actor=user, changes={}, parts=parts, revision=draft.revision)
    Image.objects.bulk_create(
        Image(file=f"images/{number}.png", width=1, height=1, byte_size=1) for number in range(300)
    )
    FormerAddress.objects.create(url_path="/kiyaku/", page=target)
    typed = fields_of(draft, user) | {"title": "書きかけ", "links-0-page": "/kiyaku/"}
    copy = {name: value for name, value in typed.items() if name not in {"revision", "do"}}
    Autosave.objects.create(edition=draft, officer=user, revision=draft.revision, content=copy)
    large = queries_of(writer_client, draft)
    assert small <= large <= BUDGET
    response = writer_client.get(address(draft))
    assert "保存していない内容があります" in response.content.decode()
    assert response.content.decode().count("299.png") <= 43  # a hundred, and no more, in each list
