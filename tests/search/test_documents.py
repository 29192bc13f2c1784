"""The text of a document finds the pages that link to it, while it is published."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from bureaus.integrity import problems
from bureaus.models import Document, Edition, Link
from bureaus.publishing import (
    add_document,
    approve,
    describe_document,
    edit,
    replace_document,
    submit,
)
from tests.helpers.cast import Site, publish, tokyo
from tests.helpers.editing import drafted
from tests.helpers.uploads import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
POLICY = Path(settings.BASE_DIR) / "fixtures/media/documents/ict_tweet_unyou_policy.pdf"
IN_THE_PDF = "知的財産権の取扱い"


@pytest.fixture
def policy(media: object, writer: User) -> Document:
    del media
    upload = BytesIO(POLICY.read_bytes())
    return add_document(upload=upload, name="運用方針.pdf", actor=writer, title="方針").document


@pytest.fixture
def draft(site: Site, policy: Document, writer: User) -> Edition:
    edition = drafted(site.bureau, writer)
    return edit(
        edition=edition,
        actor=writer,
        changes={},
        revision=edition.revision,
        parts={Link: [Link(text="運用の決まり", document=policy)]},
    )


@pytest.fixture
def published(draft: Edition, writer: User, approver: User) -> Edition:
    approve(editions=[submit(edition=draft, actor=writer)], actor=approver)
    return Edition.objects.get(pk=draft.pk)


def found(citizen: Client, words: str, **more: str) -> str:
    return citizen.get("/search/", {"q": words, **more}).content.decode()


@pytest.mark.usefixtures("published")
def test_a_page_is_found_by_the_text_of_its_document(site: Site, citizen: Client) -> None:
    page = found(citizen, IN_THE_PDF)
    assert f'href="{site.bureau.url_path}"' in page
    assert f"<mark>{IN_THE_PDF}</mark>" in page
    assert "運用の決まり（PDF形式：" in page.replace("</a>", "").replace("<span>", "")


@pytest.mark.usefixtures("published")
def test_words_are_found_across_printed_lines(citizen: Client) -> None:
    assert "<mark>その内容は載せていません</mark>" in found(
        citizen, "その内容は載せていません"
    ).replace("その内 容は", "その内容は")


@pytest.mark.usefixtures("draft")
def test_a_document_of_a_draft_is_not_found(citizen: Client) -> None:
    assert "<mark>" not in found(citizen, IN_THE_PDF)


@pytest.mark.usefixtures("published")
def test_a_replaced_document_is_found_by_its_new_text(policy: Document, citizen: Client) -> None:
    upload = BytesIO(pdf(1, title="新しい方針"))  # it says: ICT
    replace_document(document=policy, upload=upload, name="b.pdf", actor=None, note="改定のため")
    assert "<mark>" not in found(citizen, IN_THE_PDF)
    assert problems() == []


def test_a_past_search_ignores_later_texts_of_documents(
    site: Site, policy: Document, citizen: Client
) -> None:
    edition = publish(site.guide, "unyo", "運用", live_from=tokyo(2014)).editions.get()
    Link.objects.bulk_create([Link(edition=edition, text="決まり", document=policy)])
    upload = BytesIO(pdf(2, title="新しい方針"))  # it says: ICT
    replace_document(document=policy, upload=upload, name="b.pdf", actor=None, note="改定のため")
    assert "「ICT」を含むページは2件です。" in found(citizen, "ICT")
    assert "「ICT」を含むページは1件です。" in found(citizen, "ICT", at="2014-02-01")
    past = found(citizen, "運用", at="2014-02-01")
    assert "<mark>運用</mark>" in past
    assert "、2ページ）" not in past
    assert "2ページ）" in found(citizen, "運用")


@pytest.mark.usefixtures("published")
def test_a_document_is_found_by_its_new_title(
    site: Site, policy: Document, citizen: Client
) -> None:
    describe_document(document=policy, actor=None, title="広聴の手引き")
    assert f'href="{site.bureau.url_path}"' in found(citizen, "広聴の手引き")
    assert problems() == []


def test_an_unreadable_document_is_accepted(writer: User) -> None:
    upload = BytesIO(pdf(1, text=False))
    taken = add_document(upload=upload, name="紙.pdf", actor=writer)
    assert taken.document.extracted.text == ""
    assert taken.document.has_text is False


def test_the_text_holds_no_characters_that_a_database_refuses(policy: Document) -> None:
    text = policy.extracted.text
    assert len(text) > 100
    assert all(sign == "\n" or sign.isprintable() or sign.isspace() for sign in text)
