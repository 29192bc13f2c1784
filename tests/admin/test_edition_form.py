"""The form of a draft: all of it is stored, nothing that was typed is lost, and why not is said."""

from html import unescape
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from bureaus.admin.editions.fields import BodyField
from bureaus.models import (
    Action,
    AuditEntry,
    Autosave,
    Contact,
    Document,
    Edition,
    Figure,
    Image,
    Link,
)
from bureaus.publishing import edit, move, rename, submit
from tests.helpers.admin_form import Fields, address, draft_of, fields_of, row
from tests.helpers.cast import Site, client_of, place, publish
from tests.helpers.editing import drafted

pytestmark = pytest.mark.one_database


@pytest.fixture
def draft(site: Site, writer: User) -> Edition:
    return draft_of(site.bureau, writer)


@pytest.fixture
def writer_client(writer: User) -> Client:
    return client_of(writer)


def now(edition: Edition) -> Edition:
    return Edition.objects.select_related("page", "moved_to").get(pk=edition.pk)


def picture() -> Image:
    return Image.objects.create(file="images/a.png", width=8, height=6, byte_size=100)


def save(writer_client: Client, edition: Edition, user: User, **changes: str) -> Any:
    return writer_client.post(address(edition), fields_of(edition, user) | changes)


def test_what_is_written_is_stored(writer_client: Client, draft: Edition, writer: User) -> None:
    written = {
        "title": " 情報通信\u202e国際戦略局 ",
        "title_reading": "じょうほう",
        "lead": "一行目\r\n二行目",
        "body": "<p>本文</p><ul><li><p>一</p></li></ul>",
        "change_note": "要旨を足しました。",
        "is_minor": "on",
    }
    response = writer_client.post(address(draft), fields_of(draft, writer) | written)
    assert response.status_code == 302
    stored = now(draft)
    assert stored.title == "情報通信国際戦略局"
    assert stored.lead == "一行目\n二行目"
    assert stored.body == "<p>本文</p>\n<ul>\n<li>一</li>\n</ul>"
    assert stored.is_minor
    assert stored.revision == draft.revision + 1
    assert "下書きを保存しました。" in writer_client.get(address(draft)).content.decode()


def test_what_has_no_title_yet_is_stored_too(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    assert save(writer_client, draft, writer, title="", category="bureau").status_code == 302
    assert now(draft).title == ""


def test_saving_what_is_stored_already_leaves_no_trace(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    assert save(writer_client, draft, writer).status_code == 302
    assert now(draft).revision == draft.revision
    assert not AuditEntry.objects.filter(edition=draft, action=Action.EDIT).exists()


def test_rows_are_added_with_what_they_point_to(
    writer_client: Client, draft: Edition, writer: User, site: Site
) -> None:
    document = Document.objects.create(file="documents/a.pdf", title="資料", byte_size=9)
    rows: Fields = {
        **row("figures", 0, image=picture().pk, alt="", caption="図の説明"),
        **row("links", 0, text="案内", page=site.guide.url_path),
        **row("links", 1, text="資料", document=document.pk),
        **row("contacts", 0, name="総務課", phone="03-5253-5111", email="a@example.go.jp"),
    }
    assert save(writer_client, draft, writer, **rows).status_code == 302
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
    writer_client: Client, draft: Edition, writer: User
) -> None:
    assert save(writer_client, draft, writer, **links_of(50)).status_code == 302
    content = writer_client.get(address(draft)).content.decode()
    assert 'name="links-50-text"' in content, "there is a row to write in"
    other = row("links", 50, text="新", url="https://new.jp/")
    typed = {**links_of(50), **other, "links-TOTAL_FORMS": "60", "links-0-DELETE": "on"}
    assert save(writer_client, draft, writer, **typed).status_code == 302
    texts = Link.objects.filter(edition=draft).values_list("text", flat=True)
    assert (len(texts), texts[0], texts[49]) == (50, "1", "新")
    response = save(writer_client, draft, writer, **links_of(51))
    assert response.status_code == 422
    assert "行が多すぎます" in response.content.decode()


def test_fifty_rows_of_all_sorts_and_empty_ones_can_be_sent(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    sorts = ("figures", "links", "contacts")
    empty = {
        f"{sort}-{number}-{name}": ""
        for sort in sorts
        for number in range(52)
        for name in ("a", "b", "c", "d", "ORDER", "DELETE")
    }
    totals = {f"{sort}-TOTAL_FORMS": "52" for sort in sorts}
    assert save(writer_client, draft, writer, **empty, **totals).status_code == 302


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
    writer_client: Client, draft: Edition, writer: User
) -> None:
    draft = with_contacts(draft, writer, "一課", "二課", "三課")
    order = {"contacts-0-ORDER": "3", "contacts-1-ORDER": "1", "contacts-2-ORDER": "2"}
    assert save(writer_client, draft, writer, **order).status_code == 302
    assert contacts(draft) == ["二課", "三課", "一課"]


def test_a_row_is_removed_by_its_box_or_by_being_emptied(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    draft = with_contacts(draft, writer, "一課", "二課", "三課")
    removed = {"contacts-0-DELETE": "on", "contacts-1-name": ""}
    assert save(writer_client, draft, writer, **removed).status_code == 302
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
    writer_client: Client, draft: Edition, writer: User, typed: Fields, sentence: str
) -> None:
    response = save(writer_client, draft, writer, **{"change_note": "別の欄", **typed})
    assert response.status_code == 422
    content = unescape(response.content.decode())
    assert sentence in content
    chosen = ("TOTAL_FORMS", "-image", "-document", "category")
    words = [value for name, value in typed.items() if not name.endswith(chosen)]
    assert all(word in content for word in words)
    assert "別の欄" in content
    assert now(draft).revision == draft.revision
    kept = Autosave.objects.get(edition=draft, officer=writer).content
    assert kept["change_note"] == "別の欄"


def test_a_link_follows_its_page_wherever_it_moves(
    writer_client: Client, draft: Edition, writer: User, site: Site
) -> None:
    """Also where the page has moved between the typing and the saving."""
    target = publish(site.guide, "annai", "案内所")
    fields = fields_of(draft, writer) | row("links", 0, text="案内", page="/main_sosiki/annai/")
    rename(page=target, slug="madoguchi", actor=None)
    assert writer_client.post(address(draft), fields).status_code == 302
    assert Link.objects.get(edition=draft).page == target
    move(page=target, to=site.root, actor=None)
    assert 'value="/madoguchi/"' in writer_client.get(address(draft)).content.decode()


def test_a_page_that_the_officer_may_not_know_of_is_not_there(
    writer_client: Client, draft: Edition, writer: User, site: Site
) -> None:
    secret = place(site.guide, "himitsu")
    response = save(writer_client, draft, writer, **row("links", 0, text="x", page=secret.url_path))
    assert "ページが見つかりません" in response.content.decode()


def test_a_page_does_not_move_to_itself(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    response = save(writer_client, draft, writer, answer="moved", moved_to=draft.page.url_path)
    assert "別のページにしてください" in response.content.decode()
    assert (
        save(writer_client, draft, writer, answer="moved", moved_to="/main_sosiki/").status_code
        == 302
    )
    moved_to = now(draft).moved_to
    assert moved_to is not None
    assert moved_to.url_path == "/main_sosiki/"


def test_only_news_has_a_date_of_its_own(writer_client: Client, site: Site, writer: User) -> None:
    news = draft_of(site.news[0], writer)
    assert 'type="date"' in writer_client.get(address(news)).content.decode()
    assert save(writer_client, news, writer, issued_on="2014-02-03").status_code == 302
    issued_on = now(news).issued_on
    assert issued_on is not None
    assert issued_on.isoformat() == "2014-02-03"
    bureau = draft_of(site.bureau, writer)
    content = writer_client.get(address(bureau)).content.decode()
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
    assert client_of(writer).post(address(draft), first).status_code == 302
    writer_client = client_of(second_approver)
    response = writer_client.post(address(draft), second)
    assert response.status_code == 409
    content = response.content.decode()
    for words in ("先に保存した", "先の要旨", "後に書いた本文", "後の課", "鈴木さん"):
        assert words in content
    assert now(draft).title == "先に保存した表題"
    kept = Autosave.objects.get(edition=draft, officer=second_approver).content
    assert kept["title"] == "後の表題"

    again = second | {"revision": str(response.context["revision"])}
    assert writer_client.post(address(draft), again).status_code == 302
    stored = now(draft)
    assert (stored.title, contacts(draft)) == ("後の表題", ["後の課"])


@pytest.mark.parametrize("do", ["save", "submit"])
def test_who_presses_twice_has_no_quarrel_with_himself(
    writer_client: Client, site: Site, writer: User, do: str
) -> None:
    draft = drafted(site.bureau, writer)
    fields = fields_of(draft, writer) | {"lead": "新しい要旨。", "do": do}
    first, second = (writer_client.post(address(draft), fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert AuditEntry.objects.filter(edition=draft, action=Action.EDIT).count() == 1
    assert not Autosave.objects.exclude(content={}).exists()


def test_a_third_saving_in_between_is_not_overwritten(
    draft: Edition, writer: User, second_approver: User
) -> None:
    mine = fields_of(draft, second_approver) | {"title": "わたしの表題"}
    save(client_of(writer), draft, writer, title="一つ目")
    writer_client = client_of(second_approver)
    refused = writer_client.post(address(draft), mine)
    save(client_of(writer), draft, writer, title="二つ目")
    again = writer_client.post(
        address(draft), mine | {"revision": str(refused.context["revision"])}
    )
    assert again.status_code == 409
    assert "二つ目" in again.content.decode()
    assert now(draft).title == "二つ目"


def test_a_change_of_markup_alone_is_shown_too(
    draft: Edition, writer: User, second_approver: User
) -> None:
    fields = fields_of(draft, second_approver) | {"body": '<p><a href="/b/">案内</a></p>'}
    save(client_of(writer), draft, writer, body='<p><a href="/a/">案内</a></p>')
    content = client_of(second_approver).post(address(draft), fields).content.decode()
    assert "本文（HTML）" in content


def test_what_was_submitted_meanwhile_is_refused_with_all_that_was_typed(
    site: Site, writer: User, second_approver: User
) -> None:
    draft = drafted(site.bureau, writer)
    fields = fields_of(draft, second_approver) | {"title": "遅れた表題"}
    submit(edition=draft, actor=writer)
    writer_client = client_of(second_approver)
    response = writer_client.post(address(draft), fields)
    assert response.status_code == 409
    content = response.content.decode()
    assert "編集できるのは下書きだけです" in content
    assert 'value="遅れた表題"' in content
    offered = writer_client.get(address(draft)).content.decode()
    assert "保存していない内容があります" in offered
    assert "遅れた表題" in writer_client.get(f"{address(draft)}?copy=1").content.decode()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://localhost/documents/a.pdf#page=2", "/documents/a.pdf#page=2"),
        ("http://localhost:8000/main_sosiki/?a=1&amp;b=2", "/main_sosiki/?a=1&amp;b=2"),
        ("https://LOCALHOST", "/"),
        ("https://localhost//elsewhere.example/", "https://localhost//elsewhere.example/"),
        ("https://localhost/media/images/a.jpg", "https://localhost/media/images/a.jpg"),
        ("https://elsewhere.example/a/", "https://elsewhere.example/a/"),
    ],
)
def test_whole_addresses_of_this_site_become_paths(
    settings: LazySettings, typed: str, stored: str
) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "*"]
    assert BodyField().clean(f'<a href="{typed}">資料</a>') == f'<p><a href="{stored}">資料</a></p>'
