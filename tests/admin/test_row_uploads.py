"""A picture or a document that comes with the form of a draft, straight into its row."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureaus.admin.editions.part_rows import ContactRow, FigureRow, FileRow, LinkRow
from bureaus.models import Document, Edition, Figure, FileFinding, Image, Link
from bureaus.publishing import add_document
from tests.helpers.admin_form import address, draft_of, fields_of, row
from tests.helpers.cast import Site, client_of
from tests.helpers.hidden_pdfs import bar
from tests.helpers.libraries import many
from tests.helpers.uploads import jpeg, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media"), pytest.mark.one_database]
ALT = "庁舎の前で、職員が来訪者に資料を手渡している。"


@pytest.fixture
def draft(site: Site, writer: User) -> Edition:
    return draft_of(site.bureau, writer)


@pytest.fixture
def writer_client(writer: User) -> Client:
    return client_of(writer)


def photograph(name: str = "写真.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(640, 480), "image/jpeg")


def paper(name: str = "予算案.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(title="平成25年度予算案"), "application/pdf")


def send(writer_client: Client, draft: Edition, user: User, **more: Any) -> Any:
    fields: dict[str, Any] = {**fields_of(draft, user), **more}
    return writer_client.post(address(draft), fields)


def test_a_picture_is_taken_in_and_stands_in_its_row(
    draft: Edition, writer: User, writer_client: Client
) -> None:
    more = {**row("figures", 0, alt=ALT), "figures-0-upload": photograph()}
    assert send(writer_client, draft, writer, **more).status_code == 302
    figure = Figure.objects.get(edition=draft)
    assert (figure.alt, figure.image.name) == (ALT, "写真.jpg")
    assert figure.image.uploader == writer
    assert figure.image.renditions


def test_a_document_is_taken_in_and_gives_its_link_words(
    draft: Edition, writer: User, writer_client: Client
) -> None:
    assert send(writer_client, draft, writer, **{"links-0-upload": paper()}).status_code == 302
    link = Link.objects.get(edition=draft)
    assert link.text == "平成25年度予算案"
    assert link.document == Document.objects.get()


def test_the_officers_own_words_for_a_link_stay(
    draft: Edition, writer: User, writer_client: Client
) -> None:
    more = {**row("links", 0, text="予算の案"), "links-0-upload": paper()}
    send(writer_client, draft, writer, **more)
    assert Link.objects.get(edition=draft).text == "予算の案"


def test_a_new_picture_takes_the_place_of_the_chosen_one(
    draft: Edition, writer: User, writer_client: Client
) -> None:
    send(
        writer_client,
        draft,
        writer,
        **{**row("figures", 0, alt=ALT), "figures-0-upload": photograph()},
    )
    first = Image.objects.get()
    again = {**fields_of(draft, writer), "figures-0-upload": photograph("次の写真.jpg")}
    writer_client.post(address(draft), again)
    figure = Figure.objects.get(edition=draft)
    assert (figure.alt, figure.image.name) == (ALT, "次の写真.jpg")
    assert Image.objects.filter(pk=first.pk).exists()  # in the library, for other pages


def test_what_is_refused_says_why_and_leaves_the_form_as_it_was(
    draft: Edition, writer: User, writer_client: Client
) -> None:
    svg = SimpleUploadedFile("図.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    more = {
        **row("figures", 0, alt=ALT, caption="庁舎の前"),
        "figures-0-upload": svg,
        "lead": "打ちかけの要旨",
    }
    response = send(writer_client, draft, writer, **more)
    text = response.content.decode()
    assert response.status_code == 422
    assert "「図.svg」は、SVG形式の画像です" in text
    assert ALT in text
    assert "打ちかけの要旨" in text
    assert "画像を選んでください" not in text
    assert not Image.objects.exists()
    assert not Figure.objects.filter(edition=draft).exists()


def test_of_two_files_the_good_one_is_chosen_when_the_form_comes_back(
    draft: Edition, writer: User, writer_client: Client
) -> None:
    broken = SimpleUploadedFile("壊れた.pdf", b"%PDF-1.7 broken")
    more = {
        **row("figures", 0, alt=ALT),
        "figures-0-upload": photograph(),
        "links-0-upload": broken,
    }
    response = send(writer_client, draft, writer, **more)
    assert response.status_code == 422
    assert "「壊れた.pdf」は、" in response.content.decode()
    image = Image.objects.get()
    assert f'<option value="{image.pk}" selected' in response.content.decode()


def test_nothing_is_taken_in_where_the_draft_cannot_be_edited(
    draft: Edition, outsider: User, approver: User, writer: User
) -> None:
    for user in (outsider, approver):
        send(client_of(user), draft, writer, **{"figures-0-upload": photograph()})
    assert not Image.objects.exists()


def test_as_many_rows_as_there_may_be_are_read_with_their_empty_fields_for_files(
    draft: Edition, writer: User, writer_client: Client
) -> None:
    fields = fields_of(draft, writer)
    empty = []
    for kind in (FigureRow, LinkRow, ContactRow):
        sort = f"{kind.part.__name__.lower()}s"
        fields[f"{sort}-TOTAL_FORMS"] = "52"
        for number in range(52):
            fields |= row(sort, number, **dict.fromkeys((*kind.content, "ORDER", "DELETE"), ""))
            if issubclass(kind, FileRow):
                empty.append(f'name="{sort}-{number}-upload"; filename=""')
    parts = [*(f'name="{name}"\r\n\r\n{value}' for name, value in fields.items())]
    parts += [f"{each}\r\nContent-Type: application/octet-stream\r\n\r\n" for each in empty]
    body = "".join(f"--edge\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    sent = f"{body}--edge--\r\n".encode()
    response = writer_client.post(address(draft), sent, "multipart/form-data; boundary=edge")
    assert response.status_code == 302


def test_the_search_of_files_says_that_there_are_more_than_it_shows(writer_client: Client) -> None:
    many(21)
    found = writer_client.get("/admin/bureaus/file/search/?of=image").json()
    assert (len(found["files"]), found["more"]) == (20, True)
    found = writer_client.get("/admin/bureaus/file/search/?of=image&q=20枚目").json()
    assert ([each["name"] for each in found["files"]], found["more"]) == (["20枚目.jpg"], False)


def test_hidden_content_is_said_where_the_document_is_chosen(
    draft: Edition, writer: User, writer_client: Client
) -> None:
    added = add_document(upload=io.BytesIO(bar()[0]), name="名簿.pdf", actor=writer, title="名簿")
    said = "隠れた内容の誤りが1件あります"
    form = writer_client.get(address(draft)).content.decode()
    assert said in form.partition('<option value="')[2]
    search = writer_client.get("/admin/bureaus/file/search/", {"of": "document"})
    assert said in search.json()["files"][0]["fault"]
    Link.objects.create(edition=draft, document=added.document, text="名簿")
    form = writer_client.get(address(draft)).content.decode()
    assert f"data-fault-of>この文書に、{said}" in form
    FileFinding.objects.update(reason="公開している名簿です。")
    assert said not in writer_client.get(address(draft)).content.decode()


def test_words_that_say_nothing_are_named_beside_the_picture_and_stop_the_submission(
    draft: Edition, writer: User, writer_client: Client
) -> None:
    more = {**row("figures", 0, alt="写真"), "figures-0-upload": photograph()}
    assert send(writer_client, draft, writer, **more).status_code == 302
    sentence = "代替テキスト「写真」は、ファイルの名前です"
    assert sentence in writer_client.get(address(draft)).content.decode()
    response = writer_client.post(
        address(draft), {**fields_of(draft, writer), "do": "submit"}, follow=True
    )
    assert f"図1の代替テキスト：{sentence}" in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
