"""What an urgent proposal to seal a file hides beside the file: its words, wherever they stand."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from bureaus import search
from bureaus.models import (
    Document,
    DocumentText,
    Edition,
    Figure,
    Image,
    Link,
    SealKind,
)
from bureaus.publishing import SealRequest, propose_seal, refuse_seal
from tests.helpers.cast import Site, publish
from tests.helpers.reader import BUREAU, read

pytestmark = pytest.mark.django_db
ALT, CAPTION, TITLE, SAID = "甲野太郎の写真", "乙野次郎の庁舎", "丙野三郎の名簿", "丁野四郎の電話"
WORDS = (ALT, CAPTION, TITLE, SAID)


@pytest.fixture
def edition(site: Site) -> Edition:
    """The bureau, with a picture and a document whose words are nowhere else."""
    edition = Edition.objects.get(page=site.bureau)
    image = Image.objects.create(file="images/a.png", name="a", width=9, height=9, byte_size=1)
    document = Document.objects.create(
        address="documents/a.pdf", file="documents/a.pdf", name="a.pdf", title=TITLE, byte_size=1
    )
    DocumentText.objects.create(document=document, text=SAID)
    Figure.objects.bulk_create([Figure(edition=edition, image=image, alt=ALT, caption=CAPTION)])
    Link.objects.bulk_create([Link(edition=edition, text=TITLE, document=document)])
    search.reindex([edition.pk])
    return edition


def found(citizen: Client, words: str) -> list[str]:
    page = read(citizen, f"/search/?q={words}")
    return [str(link) for link in page.xpath("//ol[@class='results']/li/a/@href")]


def said(citizen: Client, title: str) -> str:
    """Everything that the public side says of the page."""
    paths = (BUREAU, f"{BUREAU.rstrip('/')}.json", f"{BUREAU}history/", f"/search/?q={title}")
    answers = [citizen.get(path) for path in paths]
    data = json.dumps(json.loads(answers[1].content), ensure_ascii=False)
    return data + "".join(answer.content.decode() for answer in answers)


def test_the_words_of_hidden_files_are_neither_found_nor_said_until_a_refusal(
    edition: Edition, approver: User, second_approver: User, citizen: Client
) -> None:
    assert all(found(citizen, words) == [BUREAU] for words in WORDS)
    seals = [
        propose_seal(
            request=SealRequest(file, kind),
            ground="personal",
            reason="申し出",
            actor=approver,
            is_urgent=True,
        )
        for file, kind in (
            (Image.objects.get(), SealKind.IMAGE),
            (Document.objects.get(), SealKind.DOCUMENT),
        )
    ]
    for words in WORDS:
        assert found(citizen, words) == []
        assert found(citizen, f"{words}&at=2013-06-01") == []
    assert found(citizen, edition.title) == [BUREAU]  # the page is still there
    everything = said(citizen, edition.title)
    assert [words for words in WORDS if words in everything] == []
    for seal in seals:
        refuse_seal(seal=seal, actor=second_approver, note="同意があります。")
    assert all(found(citizen, words) == [BUREAU] for words in WORDS)


def test_no_page_that_uses_a_hidden_file_is_copied_meanwhile(
    site: Site, edition: Edition, approver: User, writer: User
) -> None:
    body = '<p><a href="/documents/a.pdf">資料</a></p>'
    users = [site.bureau, publish(site.bureau, "hoka", "使うページ", body=body)]
    propose_seal(
        request=SealRequest(Document.objects.get(), SealKind.DOCUMENT),
        ground="personal",
        reason="申し出",
        actor=approver,
        is_urgent=True,
    )
    client = Client(HTTP_HOST="localhost")
    client.force_login(writer)
    for page in users:
        answer = client.get(reverse("admin:page-new"), {"for": "page", "copy": str(page.pk)})
        assert "いまはコピーできません" in answer.content.decode()
