"""Uploads into the libraries: one file, several, and hostile ones."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bureaus.models import AuditEntry, Document, Image
from tests.helpers import uploads
from tests.helpers.cast import Site, client_of, officer
from tests.helpers.libraries import DOCUMENTS, IMAGES, JSON, paper, photograph, sent
from tests.helpers.page_details import text_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("media"),
    pytest.mark.one_database,
]
TO_IMAGES, TO_DOCUMENTS = f"{IMAGES}upload/", f"{DOCUMENTS}upload/"


def stored_files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def upload(client: Client, address: str, *files: SimpleUploadedFile, **more: str) -> str:
    """Return the screen after the form was sent."""
    response = client.post(address, {"files": list(files), **more}, follow=True)
    assert response.status_code == 200
    return text_in(response.content.decode())


def test_several_pictures_are_put_in_at_once(writer: User) -> None:
    report = upload(
        client_of(writer), TO_IMAGES, photograph("甲.jpg"), photograph("乙.jpg"), credit="総務省"
    )
    assert "登録しました：甲.jpg" in report
    assert "登録しました：乙.jpg" in report
    images = Image.objects.order_by("pk")
    assert [(image.name, image.credit) for image in images] == [
        ("甲.jpg", "総務省"),
        ("乙.jpg", "総務省"),
    ]
    assert {image.uploader for image in images} == {writer}


def test_valid_files_are_stored_when_others_are_refused(writer: User, media: Path) -> None:
    client = client_of(writer)
    report = upload(client, TO_IMAGES, photograph("甲.jpg"), sent(b"<svg>", "図.svg"))
    assert "登録できたものと、できなかったものがあります" in report
    assert "「図.svg」は、SVG形式の画像です" in report
    image = Image.objects.get()
    assert len(stored_files(media)) == len(image.files)
    assert f'href="{IMAGES}{image.pk}/change/"' in client.get(IMAGES).content.decode()


def test_the_report_is_shown_once(writer: User) -> None:
    client = client_of(writer)
    assert "登録しました：甲.jpg" in upload(client, TO_IMAGES, photograph("甲.jpg"))
    assert "登録しました" not in text_in(client.get(IMAGES).content.decode())


def test_the_report_has_the_label_and_the_warnings_of_a_document(writer: User) -> None:
    report = upload(client_of(writer), TO_DOCUMENTS, paper("方針.pdf", tagged=False))
    assert "登録しました：運用ポリシー （PDF形式：" in report
    assert "見出しや表の構造（タグ）がありません" in report
    assert Document.objects.get().uploader == writer


# For scripts


def test_a_script_gets_what_it_needs_to_show_a_picture(writer: User) -> None:
    response = client_of(writer).post(TO_IMAGES, {"files": photograph()}, headers=JSON)
    image = Image.objects.get()
    assert response.status_code == 200
    assert response.json() == {
        "stored": [
            {
                "pk": image.pk,
                "name": "会談.jpg",
                "address": f"{IMAGES}{image.pk}/change/",
                "name_address": f"{IMAGES}{image.pk}/name/",
                "thumbnail": f"/admin/files/{image.file}.320.webp",
                "alt": "",
                "width": 400,
                "height": 300,
            }
        ],
        "refused": [],
    }


def test_a_script_gets_what_it_needs_to_link_a_document(writer: User) -> None:
    response = client_of(writer).post(TO_DOCUMENTS, {"files": paper(pages=4)}, headers=JSON)
    document = Document.objects.get()
    [stored] = response.json()["stored"]
    assert stored == {
        "pk": document.pk,
        "title": "運用ポリシー",
        "address": f"{DOCUMENTS}{document.pk}/change/",
        "note": "（PDF形式：1KB、4ページ）",
        "warnings": [],
        "fault": "",
    }


def test_a_script_receives_the_refused_files_and_the_blockers(writer: User) -> None:
    files = [photograph("甲.jpg"), sent(b"", "空.jpg")]
    response = client_of(writer).post(TO_IMAGES, {"files": files}, headers=JSON)
    assert response.status_code == 422
    answer = response.json()
    assert [one["name"] for one in answer["stored"]] == ["甲.jpg"]
    assert [one["name"] for one in answer["refused"]] == ["空.jpg"]
    assert "0バイト" in answer["refused"][0]["reasons"][0]


@pytest.mark.parametrize("address", [TO_IMAGES, TO_DOCUMENTS])
@pytest.mark.parametrize("person", ["approver", "manager"])
def test_who_does_not_write_is_refused_with_the_reason(
    request: pytest.FixtureRequest, person: str, address: str, media: Path
) -> None:
    client = client_of(request.getfixturevalue(person))
    page = client.post(address, {"files": photograph()})
    data = client.post(address, {"files": photograph()}, headers=JSON)
    assert (page.status_code, data.status_code) == (403, 403)
    assert "作成者の役割が要ります" in text_in(page.content.decode())
    assert "作成者の役割が要ります" in data.json()["refused"][0]["reasons"][0]
    assert not stored_files(media)


def test_an_officer_without_a_role_uploads_nothing(site: Site) -> None:
    response = client_of(officer("新人", {})).post(TO_IMAGES, {"files": photograph()})
    assert response.status_code == 403
    assert not Image.objects.exists()


@pytest.mark.parametrize("address", [TO_IMAGES, TO_DOCUMENTS])
def test_after_a_login_on_the_way_one_is_back_at_the_list(writer: User, address: str) -> None:
    response = client_of(writer).get(address)
    assert response.status_code == 302
    assert response["Location"] == address.removesuffix("upload/")


# What no honest person sends


def test_nothing_chosen_is_said(writer: User) -> None:
    client = client_of(writer)
    assert "ファイルが選ばれていません" in upload(client, TO_IMAGES)
    response = client.post(TO_IMAGES, {"files": "言葉"}, headers=JSON)
    assert response.status_code == 422
    assert "ファイルが選ばれていません" in response.json()["refused"][0]["reasons"][0]


def test_of_a_hundred_files_the_first_twenty_are_looked_at(writer: User, media: Path) -> None:
    files = [sent(b"x", f"{number}.jpg") for number in range(100)]
    answer = client_of(writer).post(TO_IMAGES, {"files": files}, headers=JSON).json()
    assert len(answer["refused"]) == 21
    assert answer["refused"][-1]["name"] == "ほか80個"
    assert "20個まで" in answer["refused"][-1]["reasons"][0]
    assert not stored_files(media)


def test_of_more_than_django_reads_none_is_looked_at(writer: User) -> None:
    files = [sent(b"x", f"{number}.jpg") for number in range(101)]
    response = client_of(writer).post(TO_IMAGES, {"files": files})
    assert response.status_code == 400
    assert "ファイルが多すぎる" in text_in(response.content.decode())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("長" * 250 + ".jpg", None),
        ("a\0b.jpg", "ab.jpg"),
        ("gpj.\u202eexe.jpg", "gpj.exe.jpg"),
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("<b>.jpg", "_b_.jpg"),
        ("\ud800.jpg", None),
        ("長" * 10_000 + ".jpg", None),
        ("", None),
    ],
)
def test_whatever_a_file_is_called_there_is_an_answer(
    writer: User, name: str, kept: str | None
) -> None:
    body = multipart(name.encode("utf-8", "surrogatepass"), uploads.jpeg(40, 30))
    response = client_of(writer).generic("POST", TO_IMAGES, body, KIND, headers=JSON)
    assert response.status_code in {200, 400, 422}
    if response.status_code == 400:
        assert "ファイルの名前が長すぎる" in response.json()["error"]
    if kept:
        assert Image.objects.get().name == kept


KIND = "multipart/form-data; boundary=himitsu"


def multipart(name: bytes, content: bytes) -> bytes:
    head = b'--himitsu\r\nContent-Disposition: form-data; name="files"; filename="' + name
    return head + b'"\r\nContent-Type: image/jpeg\r\n\r\n' + content + b"\r\n--himitsu--\r\n"


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.97])
def test_an_upload_that_is_cut_off_leaves_nothing(writer: User, media: Path, kept: float) -> None:
    body = multipart("会談.jpg".encode(), uploads.jpeg(400, 300))
    client = client_of(writer)
    response = client.generic("POST", TO_IMAGES, body[: int(len(body) * kept)], KIND, headers=JSON)
    assert response.status_code in {400, 422}
    assert not Image.objects.exists()
    assert not stored_files(media)


def test_the_same_form_sent_twice_stores_two_and_breaks_nothing(writer: User) -> None:
    client = client_of(writer)
    for _ in range(2):
        assert "登録しました：甲.jpg" in upload(client, TO_IMAGES, photograph("甲.jpg"))
    assert Image.objects.count() == 2
    assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize("credit", ["あ" * 5_000, "a\0b", "\u202e逆"])
def test_a_strange_credit_is_stored_as_far_as_possible(writer: User, credit: str) -> None:
    answer: Any = client_of(writer).post(
        TO_IMAGES, {"files": photograph(), "credit": credit}, headers=JSON
    )
    assert answer.status_code == 200
    kept = Image.objects.get().credit
    assert len(kept) <= 200
    assert "\0" not in kept
    assert "\u202e" not in kept
