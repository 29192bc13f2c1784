"""The screen of one document: address, properties, replacement and deletion."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from bureaus.admin.core.version_token import file_version
from bureaus.models import Action, AuditEntry, Document, EarlierFile, Edition, Role
from bureaus.publishing import add_document, start_draft
from tests.helpers import uploads
from tests.helpers.cast import Site, client_of, officer
from tests.helpers.libraries import DOCUMENTS, document, link_in, many, paper, photograph, sent
from tests.helpers.page_details import panel, queries_of, text_in
from tests.helpers.storms import MANY

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("media"),
    pytest.mark.one_database,
]


def address(item: Document, action: str = "change") -> str:
    return f"{DOCUMENTS}{item.pk}/{action}/"


def read(client: Client, item: Document) -> str:
    response = client.get(address(item))
    assert response.status_code == 200
    return response.content.decode()


def put_in(actor: User | None, **how: Any) -> Document:
    upload = paper("方針.pdf", **how)
    return add_document(upload=upload, name="方針.pdf", actor=actor, title="運用方針").document


def made_public(site: Site, item: Document) -> None:
    link_in(Edition.objects.get(page=site.bureau, live_from__isnull=False), item)


@pytest.fixture
def insider(site: Site) -> User:
    """A writer and approver of the bureau."""
    return officer("加藤", {site.bureau: [Role.WRITER, Role.APPROVER]})


def test_the_screen_tells_label_address_and_facts(writer: User) -> None:
    item = document(page_count=4, is_tagged=True, has_text=True, language="ja-JP")
    answer = read(client_of(writer), item)
    assert 'data-copy="http://localhost/documents/a.pdf"' in answer
    for words in (
        "（PDF形式：9KB、4ページ）",
        "構造のタグあり",
        "文字の情報あり",
        "言語日本語",
        "大切な内容は、ページの本文にも書いてください。",
    ):
        assert words in text_in(answer)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"is_tagged": False}, "見出しや表の構造（タグ）がありません"),
        ({"has_text": False}, "文字の情報がありません"),
        ({"language": ""}, "言語の指定がありません"),
        ({"is_tagged": None}, "調べていません"),
    ],
)
def test_what_a_reader_misses_is_said_always(
    writer: User, facts: dict[str, Any], sentence: str
) -> None:
    item = document(**{"is_tagged": True, "has_text": True, "language": "ja", **facts})
    assert sentence in text_in(read(client_of(writer), item))


@pytest.mark.parametrize(
    ("file", "sentence"),
    [("documents/a.csv", "機械でも読める"), ("documents/a.docx", "開くためのソフトを持たない人")],
)
def test_other_forms_have_advice_of_their_own(writer: User, file: str, sentence: str) -> None:
    assert sentence in text_in(read(client_of(writer), document(file)))


def test_what_only_a_foreign_draft_links_is_not_there(
    site: Site, writer: User, outsider: User
) -> None:
    item = document()
    link_in(start_draft(page=site.bureau, actor=writer), item)
    for action in ("change", "replace", "delete"):
        assert client_of(outsider).get(address(item, action)).status_code == 404
        assert client_of(outsider).post(address(item, action)).status_code == 404


def test_the_title_is_changed_and_listed_in_the_history(writer: User) -> None:
    item, client = document(), client_of(writer)
    assert client.post(address(item), {"title": "令和の予算案"}).status_code == 302
    answer = read(client, item)
    assert "<h1>令和の予算案</h1>" in answer
    assert "表題「令和の予算案」" in text_in(panel(answer, "events"))


@pytest.mark.parametrize("title", ["", " ", "長" * 201, "\0"])
def test_a_title_that_cannot_be_is_said(writer: User, title: str) -> None:
    item = document()
    response = client_of(writer).post(address(item), {"title": title})
    assert response.status_code == 422
    item.refresh_from_db()
    assert item.title == "予算案"


# Another file in its place


def test_another_file_takes_the_place_at_the_same_address(
    site: Site, insider: User, citizen: Client
) -> None:
    item, client = put_in(insider), client_of(insider)
    made_public(site, item)
    EarlierFile.objects.all().delete()
    before = citizen.get(item.get_absolute_url())
    first = b"".join(before)
    sent_now = {"file": paper("修正.pdf", pages=3), "note": "誤字を直しました。"}
    answer = client.post(address(item, "replace"), sent_now, follow=True).content.decode()
    assert "ファイルを差し替えました。アドレスは変わっていません。" in text_in(answer)
    assert "誤字を直しました。" in text_in(panel(answer, "events"))
    [earlier] = client.get(address(item)).context["earlier"]
    assert b"".join(citizen.get(item.get_absolute_url())) != first
    assert earlier.address.startswith(f"{item.get_absolute_url()}?at=")
    assert f'href="{earlier.address}"'.replace("&", "&amp;") in panel(answer, "replace")
    assert b"".join(citizen.get(earlier.address)) == first


def test_no_earlier_file_is_stored_of_an_unpublished_document(insider: User, media: Path) -> None:
    item, client = put_in(insider), client_of(insider)
    assert "いまのファイルは消えます" in text_in(read(client, item))
    client.post(address(item, "replace"), {"file": paper(pages=2)})
    assert not EarlierFile.objects.exists()
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_a_replacement_needs_a_reason_where_the_public_reads(site: Site, insider: User) -> None:
    item, client = put_in(insider), client_of(insider)
    made_public(site, item)
    response = client.post(address(item, "replace"), {"file": paper(), "note": " "})
    assert response.status_code == 422
    assert "差し替える理由を書いてください" in text_in(response.content.decode())


@pytest.mark.parametrize("kind", ["none", "picture", "other kind", "broken"])
def test_what_cannot_take_its_place_is_said_and_the_reason_typed_stays(
    insider: User, media: Path, kind: str
) -> None:
    item, client = put_in(insider), client_of(insider)
    files: dict[str, Any] = {
        "none": {},
        "picture": {"file": photograph()},
        "other kind": {"file": sent("年,件\n2013,5\n".encode(), "統計.csv")},
        "broken": {"file": sent(uploads.pdf()[:300], "切れた.pdf")},
    }
    sent_now = files[kind] | {"note": "誤字を直しました。"}
    response = client.post(address(item, "replace"), sent_now)
    answer = response.content.decode()
    assert response.status_code == 422
    assert "誤字を直しました。</textarea>" in answer
    assert 'role="alert"' in answer
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_who_does_not_approve_reads_whom_to_ask(site: Site, writer: User) -> None:
    item, client = put_in(writer), client_of(writer)
    made_public(site, item)
    panel_text = text_in(panel(read(client, item), "replace"))
    assert "そこの承認者に依頼するか" in panel_text
    response = client.post(address(item, "replace"), {"file": paper(), "note": "誤字"})
    assert response.status_code in {403, 409}


def test_two_replacements_at_once_leave_every_file_in_its_order(
    site: Site, insider: User, media: Path
) -> None:
    item, client = put_in(insider), client_of(insider)
    made_public(site, item)
    for pages in (2, 3):
        client.post(address(item, "replace"), {"file": paper(pages=pages), "note": "誤字"})
    assert EarlierFile.objects.count() == 2
    assert len([path for path in media.rglob("*") if path.is_file()]) == 3


def test_nobody_replaces_a_file_that_changed_since_they_opened_it(insider: User) -> None:
    item, client = put_in(insider), client_of(insider)
    version = file_version(item)
    first = client.post(address(item, "replace"), {"file": paper("甲.pdf"), "version": version})
    second = client.post(address(item, "replace"), {"file": paper("乙.pdf"), "version": version})
    assert (first.status_code, second.status_code) == (302, 409)
    answer = second.content.decode()
    assert "ほかの人が「甲.pdf」に差し替えました" in answer
    item.refresh_from_db()
    assert item.name == "甲.pdf"
    assert f'name="version" value="{file_version(item)}"' in answer


def test_the_warnings_of_a_replacement_are_shown(insider: User) -> None:
    item, client = put_in(insider), client_of(insider)
    answer = client.post(address(item, "replace"), {"file": paper(tagged=False)}, follow=True)
    assert "見出しや表の構造（タグ）がありません" in text_in(answer.content.decode())


def test_after_a_login_on_the_way_one_is_back_at_the_document(insider: User) -> None:
    item = document()
    assert client_of(insider).get(address(item, "replace"))["Location"] == address(item)


# Taking it out


def test_what_is_linked_is_not_deleted_and_it_is_said_why(site: Site, manager: User) -> None:
    item, client = document(), client_of(manager)
    made_public(site, item)
    removal = panel(read(client, item), "removal")
    assert "過去のページを読めるように" in text_in(removal)
    assert client.post(address(item, "delete")).status_code == 409
    assert Document.objects.exists()


def test_what_nobody_links_is_deleted_after_a_question(manager: User) -> None:
    item, client = document(), client_of(manager)
    assert "文書を削除する" in text_in(client.get(address(item, "delete")).content.decode())
    assert client.post(address(item, "delete"))["Location"] == DOCUMENTS
    assert not Document.objects.exists()
    assert AuditEntry.objects.get().action == Action.DELETE


# What it costs


@pytest.mark.parametrize("person", ["writer", "approver", "operator"])
def test_the_screen_costs_the_same_at_any_size(
    request: pytest.FixtureRequest, site: Site, person: str
) -> None:
    item = document()
    made_public(site, item)
    client = client_of(request.getfixturevalue(person))
    few = queries_of(client, address(item))
    many(MANY, Edition.objects.get(page=site.bureau), start=1)
    EarlierFile.objects.bulk_create(
        EarlierFile(
            document=item,
            file=f"documents/e{number}.pdf",
            byte_size=1,
            until=timezone.now() - timedelta(days=number),
        )
        for number in range(100)
    )
    assert queries_of(client, address(item)) == few <= 13


def test_the_note_of_an_entry_leads_to_its_seal(site: Site, writer: User) -> None:
    item = put_in(writer)
    entry = AuditEntry(action=Action.REPLACE, address=f"/{item.address}", note="山田花子の申し出")
    entry.save()
    head = officer("中村", {site.root: [Role.APPROVER]})
    assert f"/admin/bureaus/auditentry/{entry.pk}/seal/" in read(client_of(head), item)
    assert "/seal/" not in read(client_of(writer), item)
