"""The screen of the comments on a draft, and the approver who meets the open ones."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from lxml.html import HtmlElement, document_fromstring

from bureaus.models import DraftComment, Edition
from bureaus.publishing import comment
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import submitted
from tests.helpers.page_details import queries_of
from tests.helpers.reader import values

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def waiting(site: Site, writer: User) -> Edition:
    return submitted(site.bureau, writer, lead="会議は8月です。")


def address_of(edition: Edition) -> str:
    return f"/admin/bureaus/edition/{edition.pk}/comments/"


def screen(client: Client, address: str) -> HtmlElement:
    page: HtmlElement = document_fromstring(client.get(address).content.decode())
    return page


def place_of(page: HtmlElement, words: str) -> str:
    [place] = values(page, f"//p[@data-place][contains(., '{words}')]/@data-place")
    return place


def test_a_comment_is_written_answered_and_settled_without_scripts(
    waiting: Edition, writer: User, approver: User
) -> None:
    client, address = client_of(approver), address_of(waiting)
    page = screen(client, address)
    revision = values(page, "//input[@name='revision']/@value")[0]
    sent = {"place": place_of(page, "8月"), "quote": "8月", "text": "年は？", "revision": revision}
    answer = client.post(address, sent | {"do": "comment"})
    thread = DraftComment.objects.get()
    assert answer["Location"] == f"{address}#comment-{thread.key}"
    assert (thread.field, thread.quote, thread.before) == ("要旨", "8月", "会議は")
    own = client_of(writer)
    own.post(address, {"do": "answer", "thread": thread.key, "text": "2026年です。"})
    own.post(address, {"do": "resolve", "thread": thread.key})
    words = " ".join(screen(client, address).text_content().split())
    assert "2026年です。" in words
    assert "解決済み" in words
    client.post(address, {"do": "reopen", "thread": thread.key})
    assert "解決していないコメントが1件あります。" in screen(own, address).text_content()


def test_a_refused_comment_keeps_what_was_typed(waiting: Edition, approver: User) -> None:
    sent = {"do": "comment", "place": "0-0", "quote": "ない言葉", "text": "これは？"}
    response = client_of(approver).post(address_of(waiting), sent)
    page = document_fromstring(response.content.decode())
    assert response.status_code in {400, 403, 409}
    assert page.xpath("string(//textarea[@id='text'])").strip() == "これは？"
    assert values(page, "//select/option[@selected]/@value") == ["0-0"]


def test_an_approval_with_open_comments_asks_once(
    waiting: Edition, writer: User, approver: User
) -> None:
    comment(edition=waiting, text="年は？", actor=approver)
    client, review = client_of(approver), f"/admin/bureaus/edition/{waiting.pk}/review/"
    page = screen(client, review)
    assert "年は？" in page.xpath("string(//section[@aria-labelledby='comments-heading'])")
    [version] = set(values(page, "//input[@name='version']/@value"))
    sent = {"decision": "approve", "seen": "1", "version": version}
    refused = client.post(review, sent)
    assert "解決していないコメントがあります。読んだ上で" in refused.content.decode()
    assert Edition.objects.get(pk=waiting.pk).is_open
    client.post(review, sent | {"comments": "1"})
    assert Edition.objects.get(pk=waiting.pk).is_in_force(timezone.now())
    assert DraftComment.objects.count() == 1


def test_many_comments_cost_as_many_queries_as_one(waiting: Edition, approver: User) -> None:
    client = client_of(approver)
    comment(edition=waiting, text="1", actor=approver)
    few = queries_of(client, address_of(waiting))
    for number in range(9):
        comment(edition=waiting, text=str(number), actor=approver)
    assert queries_of(client, address_of(waiting)) == few <= 15
