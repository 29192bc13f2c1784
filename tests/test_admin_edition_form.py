"""The form of a draft: all of it is stored, nothing that was typed is lost, and why not is said."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureaus.models import (
    Contact,
    Document,
    Edition,
    Event,
    Figure,
    Image,
    Link,
    Page,
    Part,
    Role,
    State,
    Verb,
    WorkingCopy,
)
from bureaus.publishing import edit, move, rename, return_, start_draft, submit
from tests.admin_form import Fields, address, at_desk, draft_of, fields_of, row
from tests.cast import Site, officer, place, publish
from tests.editing import drafted, submitted
from tests.generator import BUREAU, grow


@pytest.fixture
def draft(site: Site, writer: User) -> Edition:
    return draft_of(site.bureau, writer)


@pytest.fixture
def desk(writer: User) -> Client:
    return at_desk(writer)


def now(edition: Edition) -> Edition:
    return Edition.objects.select_related("page", "moved_to").get(pk=edition.pk)


def picture() -> Image:
    return Image.objects.create(file="images/a.png", width=8, height=6, byte_size=100)


def save(desk: Client, edition: Edition, user: User, **changes: str) -> Any:
    return desk.post(address(edition), fields_of(edition, user) | changes)


def test_what_is_written_is_stored(desk: Client, draft: Edition, writer: User) -> None:
    written = {
        "title": " 情報通信\u202e国際戦略局 ",
        "title_reading": "じょうほう",
        "lead": "一行目\r\n二行目",
        "body": "<p>本文</p><ul><li><p>一</p></li></ul>",
        "change_note": "要旨を足しました。",
        "is_minor": "on",
    }
    response = desk.post(address(draft), fields_of(draft, writer) | written)
    assert response.status_code == 302
    stored = now(draft)
    assert stored.title == "情報通信国際戦略局"
    assert stored.lead == "一行目\n二行目"
    assert stored.body == "<p>本文</p>\n<ul>\n<li>一</li>\n</ul>"
    assert stored.is_minor
    assert stored.revision == draft.revision + 1
    assert "下書きを保存しました。" in desk.get(address(draft)).content.decode()


def test_what_has_no_title_yet_is_stored_too(desk: Client, draft: Edition, writer: User) -> None:
    assert save(desk, draft, writer, title="", category="bureau").status_code == 302
    assert now(draft).title == ""


def test_saving_what_is_stored_already_leaves_no_trace(
    desk: Client, draft: Edition, writer: User
) -> None:
    assert save(desk, draft, writer).status_code == 302
    assert now(draft).revision == draft.revision
    assert not Event.objects.filter(edition=draft, verb=Verb.EDIT).exists()


def test_rows_are_added_with_what_they_point_to(
    desk: Client, draft: Edition, writer: User, site: Site
) -> None:
    document = Document.objects.create(file="documents/a.pdf", title="資料", byte_size=9)
    rows: Fields = {
        **row("figures", 0, image=picture().pk, alt="", caption="図の説明"),
        **row("links", 0, text="案内", page=site.guide.url_path),
        **row("links", 1, text="資料", document=document.pk),
        **row("contacts", 0, name="総務課", phone="03-5253-5111", email="a@example.go.jp"),
    }
    assert save(desk, draft, writer, **rows).status_code == 302
    figure = Figure.objects.get(edition=draft)
    assert (figure.alt, figure.caption) == ("", "図の説明")
    assert [link.page or link.document for link in Link.objects.filter(edition=draft)] == [
        site.guide,
        document,
    ]
    assert Contact.objects.get(edition=draft).email == "a@example.go.jp"


def links_of(count: int) -> Fields:
    typed = [row("links", n, text=f"{n}", url=f"https://a.jp/{n}") for n in range(count)]
    return {"links-TOTAL_FORMS": str(count), **{k: v for one in typed for k, v in one.items()}}


def test_one_of_fifty_rows_is_replaced_and_others_are_deleted_or_empty(
    desk: Client, draft: Edition, writer: User
) -> None:
    assert save(desk, draft, writer, **links_of(50)).status_code == 302
    shown = desk.get(address(draft)).content.decode()
    assert 'name="links-50-text"' in shown, "there is a row to write in"
    other = row("links", 50, text="新", url="https://new.jp/")
    typed = {**links_of(50), **other, "links-TOTAL_FORMS": "60", "links-0-DELETE": "on"}
    assert save(desk, draft, writer, **typed).status_code == 302
    texts = Link.objects.filter(edition=draft).values_list("text", flat=True)
    assert (len(texts), texts[0], texts[49]) == (50, "1", "新")
    response = save(desk, draft, writer, **links_of(51))
    assert response.status_code == 422
    assert "行が多すぎます" in response.content.decode()


def test_fifty_rows_of_all_sorts_and_empty_ones_can_be_sent(
    desk: Client, draft: Edition, writer: User
) -> None:
    sorts = ("figures", "links", "contacts")
    empty = {
        f"{sort}-{number}-{name}": ""
        for sort in sorts
        for number in range(52)
        for name in ("a", "b", "c", "d", "ORDER", "DELETE")
    }
    totals = {f"{sort}-TOTAL_FORMS": "52" for sort in sorts}
    assert save(desk, draft, writer, **empty, **totals).status_code == 302


def contacts(draft: Edition) -> list[str]:
    return list(Contact.objects.filter(edition=draft).values_list("name", flat=True))


def with_contacts(draft: Edition, writer: User, *names: str) -> Edition:
    return edit(
        edition=draft,
        actor=writer,
        changes={},
        parts={Contact: [Contact(name=name) for name in names]},
        revision=draft.revision,
    )


def test_rows_are_ordered_by_the_numbers_beside_them(
    desk: Client, draft: Edition, writer: User
) -> None:
    draft = with_contacts(draft, writer, "一課", "二課", "三課")
    order = {"contacts-0-ORDER": "3", "contacts-1-ORDER": "1", "contacts-2-ORDER": "2"}
    assert save(desk, draft, writer, **order).status_code == 302
    assert contacts(draft) == ["二課", "三課", "一課"]


def test_a_row_is_removed_by_its_box_or_by_being_emptied(
    desk: Client, draft: Edition, writer: User
) -> None:
    draft = with_contacts(draft, writer, "一課", "二課", "三課")
    removed = {"contacts-0-DELETE": "on", "contacts-1-name": ""}
    assert save(desk, draft, writer, **removed).status_code == 302
    assert contacts(draft) == ["三課"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (row("links", 0, text="どこへ"), "リンク先がありません"),
        (row("links", 0, text="x", page="/main_sosiki/", url="https://a.jp/"), "2つ以上あります"),
        (row("links", 0, text="x", url="javascript:alert(1)"), "https:// から正しく"),
        (row("links", 0, text="x", url="ftp://a.jp/"), "https:// から正しく"),
        (row("links", 0, text="x", page="/nowhere/"), "ページが見つかりません"),
        (
            row("links", 0, text="x", page="https://evil.example/main_sosiki/"),
            "ページが見つかりません",
        ),
        (row("links", 0, text="x", document="99"), "選び直してください"),
        (row("links", 0, url="https://a.jp/"), "リンクの文字を書いてください"),
        (row("figures", 0, alt="図"), "画像を選んでください"),
        (row("figures", 0, image="12x", alt="図"), "選び直してください"),
        (row("contacts", 0, phone="03"), "課・担当の名前"),
        (row("contacts", 0, name="総務課", email="だれか"), "メール"),
        ({"title": "あ" * 201}, "200"),
        ({"lead": "あ" * 10_001}, "10000"),
        ({"body": "あ" * 70_000}, "200,000バイト以内"),
        ({"body": "<blockquote>" * 200}, "100段以内"),
        ({"category": "press"}, "区分"),
        ({"links-TOTAL_FORMS": "900"}, "行が多すぎます"),
        ({"links-TOTAL_FORMS": "x"}, "行を読み取れませんでした"),
    ],
)
def test_what_cannot_be_stored_is_said_and_kept(
    desk: Client, draft: Edition, writer: User, typed: Fields, sentence: str
) -> None:
    response = save(desk, draft, writer, **{"change_note": "別の欄", **typed})
    assert response.status_code == 422
    content = unescape(response.content.decode())
    assert sentence in content
    chosen = ("TOTAL_FORMS", "-image", "-document", "category")
    words = [value for name, value in typed.items() if not name.endswith(chosen)]
    assert all(word in content for word in words)
    assert "別の欄" in content
    assert now(draft).revision == draft.revision
    kept = WorkingCopy.objects.get(edition=draft, officer=writer).content
    assert kept["change_note"] == "別の欄"


def test_a_link_follows_its_page_wherever_it_moves(
    desk: Client, draft: Edition, writer: User, site: Site
) -> None:
    """Also where the page has moved between the typing and the saving."""
    target = publish(site.guide, "annai", "案内所")
    fields = fields_of(draft, writer) | row("links", 0, text="案内", page="/main_sosiki/annai/")
    rename(page=target, slug="madoguchi", actor=None)
    assert desk.post(address(draft), fields).status_code == 302
    assert Link.objects.get(edition=draft).page == target
    move(page=target, to=site.root, actor=None)
    assert 'value="/madoguchi/"' in desk.get(address(draft)).content.decode()


def test_a_page_that_he_may_not_know_of_is_not_there(
    desk: Client, draft: Edition, writer: User, site: Site
) -> None:
    secret = place(site.guide, "himitsu")
    response = save(desk, draft, writer, **row("links", 0, text="x", page=secret.url_path))
    assert "ページが見つかりません" in response.content.decode()


def test_a_page_does_not_move_to_itself(desk: Client, draft: Edition, writer: User) -> None:
    response = save(desk, draft, writer, answer="moved", moved_to=draft.page.url_path)
    assert "別のページにしてください" in response.content.decode()
    assert save(desk, draft, writer, answer="moved", moved_to="/main_sosiki/").status_code == 302
    moved_to = now(draft).moved_to
    assert moved_to is not None
    assert moved_to.url_path == "/main_sosiki/"


def test_only_news_has_a_date_of_its_own(desk: Client, site: Site, writer: User) -> None:
    news = draft_of(site.news[0], writer)
    assert 'type="date"' in desk.get(address(news)).content.decode()
    assert save(desk, news, writer, issued_on="2014-02-03").status_code == 302
    issued_on = now(news).issued_on
    assert issued_on is not None
    assert issued_on.isoformat() == "2014-02-03"
    bureau = draft_of(site.bureau, writer)
    content = desk.get(address(bureau)).content.decode()
    assert 'type="date"' not in content
    assert "報道資料" not in content


# Two at once


def test_the_second_of_two_savings_is_refused_with_both_texts(
    draft: Edition, writer: User, second_approver: User
) -> None:
    first, second = fields_of(draft, writer), fields_of(draft, second_approver)
    first |= {"title": "先に保存した表題", "lead": "先の要旨。"}
    second |= {
        "title": "後の表題",
        "body": "<p>後に書いた本文</p>",
        **row("contacts", 0, name="後の課"),
    }
    assert at_desk(writer).post(address(draft), first).status_code == 302
    desk = at_desk(second_approver)
    response = desk.post(address(draft), second)
    assert response.status_code == 409
    content = response.content.decode()
    for words in ("先に保存した", "先の要旨", "後に書いた本文", "後の課", "鈴木さん"):
        assert words in content
    assert now(draft).title == "先に保存した表題"
    kept = WorkingCopy.objects.get(edition=draft, officer=second_approver).content
    assert kept["title"] == "後の表題"

    again = second | {"revision": str(response.context["revision"])}
    assert desk.post(address(draft), again).status_code == 302
    stored = now(draft)
    assert (stored.title, contacts(draft)) == ("後の表題", ["後の課"])


@pytest.mark.parametrize("do", ["save", "submit"])
def test_who_presses_twice_has_no_quarrel_with_himself(
    desk: Client, site: Site, writer: User, do: str
) -> None:
    draft = drafted(site.bureau, writer)
    fields = fields_of(draft, writer) | {"lead": "新しい要旨。", "do": do}
    first, second = (desk.post(address(draft), fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Event.objects.filter(edition=draft, verb=Verb.EDIT).count() == 1
    assert not WorkingCopy.objects.exclude(content={}).exists()


def test_a_third_saving_in_between_is_not_overwritten(
    draft: Edition, writer: User, second_approver: User
) -> None:
    mine = fields_of(draft, second_approver) | {"title": "わたしの表題"}
    save(at_desk(writer), draft, writer, title="一つ目")
    desk = at_desk(second_approver)
    refused = desk.post(address(draft), mine)
    save(at_desk(writer), draft, writer, title="二つ目")
    again = desk.post(address(draft), mine | {"revision": str(refused.context["revision"])})
    assert again.status_code == 409
    assert "二つ目" in again.content.decode()
    assert now(draft).title == "二つ目"


def test_a_change_of_markup_alone_is_shown_too(
    draft: Edition, writer: User, second_approver: User
) -> None:
    fields = fields_of(draft, second_approver) | {"body": '<p><a href="/b/">案内</a></p>'}
    save(at_desk(writer), draft, writer, body='<p><a href="/a/">案内</a></p>')
    content = at_desk(second_approver).post(address(draft), fields).content.decode()
    assert "本文（HTML）" in content


def test_what_was_submitted_meanwhile_is_refused_with_all_that_was_typed(
    site: Site, writer: User, second_approver: User
) -> None:
    draft = drafted(site.bureau, writer)
    fields = fields_of(draft, second_approver) | {"title": "遅れた表題"}
    submit(edition=draft, actor=writer)
    desk = at_desk(second_approver)
    response = desk.post(address(draft), fields)
    assert response.status_code == 403
    content = response.content.decode()
    assert "編集できるのは下書きだけです" in content
    assert 'value="遅れた表題"' in content
    offered = desk.get(address(draft)).content.decode()
    assert "保存していない内容があります" in offered
    assert "遅れた表題" in desk.get(f"{address(draft)}?copy=1").content.decode()


# Submitting


def test_saving_and_submitting_is_one_press(desk: Client, site: Site, writer: User) -> None:
    draft = drafted(site.bureau, writer)
    response = save(desk, draft, writer, do="submit")
    assert response["Location"] == reverse("admin:bureaus_page_change", args=[site.bureau.pk])
    assert now(draft).state == State.REVIEW


def test_what_is_not_ready_is_saved_and_every_reason_leads_to_its_field(
    desk: Client, draft: Edition, writer: User
) -> None:
    figure = row("figures", 0, image=picture().pk)
    response = save(desk, draft, writer, do="submit", title="", **figure)
    assert now(draft).title == ""
    assert now(draft).state == State.DRAFT
    content = desk.get(response["Location"]).content.decode()
    for anchor in ("#id_title", "#id_figures-0-alt", "#id_change_note"):
        assert f'href="{anchor}"' in content


# Who


def test_an_approver_reads_it_and_is_told_why_he_cannot_write(
    draft: Edition, approver: User
) -> None:
    response = at_desk(approver).get(address(draft))
    assert response.status_code == 200
    content = response.content.decode()
    assert "作成者の役割が要ります" in content
    assert "情報通信国際戦略局" in content
    assert 'id="edition-form"' not in content


@pytest.mark.parametrize("state", [State.REVIEW, State.APPROVED])
def test_what_is_no_draft_is_read_only(desk: Client, site: Site, writer: User, state: str) -> None:
    edition = submitted(site.bureau, writer)
    if state == State.APPROVED:
        edition = Edition.objects.get(page=site.bureau, state=state)
    content = desk.get(address(edition)).content.decode()
    assert "編集できるのは下書きだけです" in content
    assert 'id="edition-form"' not in content


def test_who_does_not_keep_the_branch_sees_nothing(
    draft: Edition, outsider: User, site: Site
) -> None:
    desk = at_desk(outsider)
    for name in ("bureaus_edition_change", "edition-preview-typed", "edition-working-copy"):
        assert desk.get(address(draft, name)).status_code == 404, name
        assert desk.post(address(draft, name), {"title": "x"}).status_code == 404, name
    assert desk.post(address(draft, "edition-working-copy-drop")).status_code == 404
    hidden = start_draft(page=place(site.bureau, "kakusu"), actor=None)
    assert desk.get(address(hidden)).status_code == 404


def test_an_approver_can_save_nothing(draft: Edition, approver: User) -> None:
    fields = fields_of(draft, approver) | {"title": "承認者の表題"}
    response = at_desk(approver).post(address(draft), fields)
    assert response.status_code == 403
    assert "承認者の表題" in response.content.decode()
    assert now(draft).title != "承認者の表題"
    assert not WorkingCopy.objects.exists()


# Preview


def test_the_preview_shows_what_is_typed_and_stores_nothing(
    desk: Client, draft: Edition, writer: User
) -> None:
    typed = fields_of(draft, writer) | {
        "title": "まだない表題",
        "body": "<p>まだない本文<script>alert(1)</script></p>",
        **row("links", 0, text="まだないリンク", url="https://example.jp/"),
    }
    response = desk.post(address(draft, "edition-preview-typed"), typed)
    content = response.content.decode()
    for words in ("まだない表題", "まだない本文", "まだないリンク"):
        assert words in content
    assert "alert" not in content
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Robots-Tag"] == "noindex"
    assert now(draft).title != "まだない表題"


def test_the_preview_leaves_out_what_cannot_be_stored(
    desk: Client, draft: Edition, writer: User
) -> None:
    typed = fields_of(draft, writer) | {
        "title": "あ" * 300,
        "lead": "読める要旨",
        **row("links", 0, text="行き先なし"),
    }
    response = desk.post(address(draft, "edition-preview-typed"), typed)
    assert response.status_code == 200
    content = response.content.decode()
    assert "読める要旨" in content
    assert "行き先なし" not in content


def test_the_form_may_hold_frames_of_this_site_only(desk: Client, draft: Edition) -> None:
    policy = desk.get(address(draft))["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy


# Search


def found(desk: Client, words: str) -> list[str]:
    response = desk.get(reverse("admin:page-search"), {"q": words})
    assert response.status_code == 200
    return [page["address"] for page in response.json()["pages"]]


def test_pages_are_found_by_title_and_address(desk: Client, site: Site) -> None:
    assert found(desk, "ＩＣＴ") == [site.sections[0].url_path]
    assert found(desk, "戦略 情報") == [site.bureau.url_path]
    assert found(desk, "/main_sosiki/joho") != []
    assert found(desk, "") == []


def test_only_his_own_drafts_are_found(desk: Client, site: Site) -> None:
    mine = place(site.bureau, "mine")
    foreign = place(site.guide, "foreign")
    for page in (mine, foreign):
        start = start_draft(page=page, actor=None)
        edit(edition=start, actor=None, changes={"title": "極秘の計画"}, revision=start.revision)
    assert found(desk, "極秘") == [mine.url_path]


def test_at_most_twenty_are_found(operator_client: Client) -> None:
    grow(200)
    assert len(found(operator_client, "お知らせ")) == 20


# Asking for approval


def test_a_word_to_the_approver_goes_with_the_draft(
    desk: Client, draft: Edition, writer: User
) -> None:
    complete = {"title": "題", "lead": "要旨。", "change_note": "直しました。"}
    note = "急ぎです。\r\n木曜まで。"
    response = save(desk, draft, writer, **complete, do="submit", submit_note=note)
    assert response.status_code == 302
    assert now(draft).state == State.REVIEW
    assert Event.objects.get(edition=draft, verb=Verb.SUBMIT).note == "急ぎです。\n木曜まで。"
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
    desk: Client, draft: Edition, writer: User, changes: Fields, status: int
) -> None:
    response = save(desk, draft, writer, **changes, submit_note="急ぎです。")
    assert response.status_code == status
    shown = desk.get(response["Location"]) if status == 302 else response
    assert "急ぎです。" in shown.content.decode()
    assert not Event.objects.filter(edition=draft, verb=Verb.SUBMIT).exists()


def test_a_word_that_is_too_long_is_refused_and_kept(
    desk: Client, draft: Edition, writer: User
) -> None:
    complete = {"title": "題", "lead": "要旨。", "change_note": "直しました。"}
    note = "急" * 2_001
    response = save(desk, draft, writer, **complete, do="submit", submit_note=note)
    html = desk.get(response["Location"]).content.decode()
    assert note in html
    assert '<a href="#id_submit_note">' in html
    assert now(draft).state == State.DRAFT


# Returned


def test_the_form_says_why_the_draft_was_returned_until_it_is_submitted_again(
    desk: Client, site: Site, writer: User, approver: User
) -> None:
    draft = submitted(site.bureau, writer)
    draft = return_(edition=draft, actor=approver, comment="年を直してください。")
    edited = edit(edition=draft, actor=writer, changes={"lead": "新"}, revision=draft.revision)
    html = desk.get(address(draft)).content.decode()
    assert "差し戻しの理由" in html
    assert "年を直してください。" in html
    assert f"{approver}さん、" in html
    submit(edition=edited, actor=writer)
    assert "差し戻しの理由" not in desk.get(address(draft)).content.decode()


def test_taking_a_draft_back_oneself_is_no_return(desk: Client, site: Site, writer: User) -> None:
    draft = return_(edition=submitted(site.bureau, writer), actor=writer)
    assert "差し戻しの理由" not in desk.get(address(draft)).content.decode()


# Ways on


def test_the_link_for_others_is_found_from_the_form_and_from_the_read_only_view(
    desk: Client, site: Site, writer: User
) -> None:
    for edition in (drafted(site.sections[0], writer), submitted(site.sections[1], writer)):
        html = desk.get(address(edition)).content.decode()
        assert f'<a href="{address(edition, "edition-view")}">大きく見る・確認用リンク' in html


def test_the_way_to_the_form_names_the_page_and_not_its_address(
    desk: Client, site: Site, writer: User
) -> None:
    html = desk.get(address(drafted(site.bureau, writer))).content.decode()
    page_desk = reverse("admin:bureaus_page_change", args=[site.bureau.pk])
    assert f'<a href="{page_desk}">情報通信国際戦略局</a>' in html


# Cost


def queries_of(desk: Client, edition: Edition) -> int:
    desk.get(address(edition))
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address(edition)).status_code == 200
    return len(queries)


@pytest.mark.django_db
def test_the_form_costs_the_same_at_any_size(db: None) -> None:
    grow(20)
    bureau = Page.objects.get(url_path=BUREAU)
    user = officer("山本", {bureau: [Role.WRITER]})
    desk = at_desk(user)
    draft = start_draft(page=bureau, actor=user)
    small = queries_of(desk, draft)
    target = Page.objects.get(url_path="/terms/")
    parts: dict[type[Part], list[Part]] = {
        Link: [Link(text=f"{number}", page=target) for number in range(40)],
        Contact: [Contact(name=f"{number}課") for number in range(40)],
    }
    draft = edit(edition=draft, actor=user, changes={}, parts=parts, revision=draft.revision)
    Image.objects.bulk_create(
        Image(file=f"images/{number}.png", width=1, height=1, byte_size=1) for number in range(300)
    )
    typed = fields_of(draft, user) | {"title": "書きかけ"}
    copy = {name: value for name, value in typed.items() if name not in {"revision", "do"}}
    WorkingCopy.objects.create(edition=draft, officer=user, revision=draft.revision, content=copy)
    large = queries_of(desk, draft)
    assert small <= large <= 15
    response = desk.get(address(draft))
    assert "保存していない内容があります" in response.content.decode()
    assert response.content.decode().count("299.png") <= 43  # a hundred, and no more, in each list
