"""Any two editions of a page side by side: every field, every part, and a draft from either."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html
from lxml.html import HtmlElement

from bureaus.admin.core.edition_summary import with_parts
from bureaus.admin.review.edition_differences import (
    Same,
    condensed,
    edition_differences,
)
from bureaus.models import (
    Answer,
    AuditEntry,
    Contact,
    Document,
    Edition,
    Figure,
    Image,
    Link,
    Page,
    Part,
    Role,
)
from bureaus.publishing import approve, edit, start_draft, submit
from bureaus.text.body_lines import body_lines
from bureaus.text.differences import compare
from tests.helpers import cast
from tests.helpers.cast import Site, tokyo
from tests.helpers.editing import TOMORROW, drafted, submitted
from tests.helpers.generator import grow
from tests.helpers.review_screens import enter
from tests.helpers.storms import MANY

pytestmark = pytest.mark.one_database


def address(page: Page, older: object = "", newer: object = "") -> str:
    query = f"?older={older}&newer={newer}" if older or newer else ""
    return f"/admin/bureaus/page/{page.pk}/compare/{query}"


def look(client: Client, *numbers: object) -> HtmlElement:
    response = client.get(address(*numbers))  # type: ignore[arg-type]
    assert response.status_code == 200
    page: HtmlElement = html.fromstring(response.content.decode())
    return page


def words(page: HtmlElement, tag: str) -> str:
    return "".join(element.text_content() for element in page.iterfind(f".//td/{tag}"))


def labels(page: HtmlElement) -> set[str]:
    return {element.text_content() for element in page.iterfind(".//th[@scope='rowgroup']")}


def test_changed_words_are_marked_under_their_field(site: Site, writer: User) -> None:
    drafted(site.bureau, writer, title="情報通信政策局", lead="新しい要旨。")
    page = look(enter(writer), site.bureau)
    assert words(page, "ins") == "情報通信政策局新しい要旨。"
    assert words(page, "del") == "情報通信国際戦略局"
    assert labels(page) == {"表題", "要旨"}


def test_unchanged_fields_are_folded_away(site: Site, writer: User) -> None:
    drafted(site.bureau, writer)
    page = look(enter(writer), site.bureau)
    folded = page.find(".//details")
    assert folded is not None
    assert "open" not in folded.attrib
    assert "情報通信国際戦略局" in folded.text_content()
    assert labels(page) == {"要旨"}


def test_every_field_and_part_is_compared(site: Site, writer: User, media: object) -> None:
    image = Image.objects.create(file="images/a.png", width=1, height=1, byte_size=1)
    document = Document(file="documents/a.pdf", title="通知", byte_size=1)
    document.save()
    draft = start_draft(page=site.sections[0], actor=writer)
    changes = {
        "title": "新しい表題",
        "title_reading": "あたらしいひょうだい",
        "title_english": "New title",
        "lead": "要旨",
        "body": "<p>本文</p>",
        "issued_on": date(2013, 5, 23),
        "answer": Answer.MOVED,
        "moved_to": site.sections[1],
        "note": "移りました",
        "change_note": "すべて",
        "is_minor": True,
    }
    parts: dict[type[Part], list[Any]] = {
        Figure: [Figure(image=image, alt="階段", caption="図1")],
        Link: [Link(text="通知", document=document), Link(text="局", page=site.bureau)],
        Contact: [Contact(name="総務課", phone="03-1", fax="03-2", email="a@example.go.jp")],
    }
    edit(edition=draft, actor=writer, changes=changes, revision=draft.revision, parts=parts)
    page = look(enter(writer), site.sections[0])
    assert labels(page) == {
        "表題",
        "表題のよみ",
        "表題（英語）",
        "要旨",
        "本文",
        "図",
        "リンク",
        "連絡先",
        "発表日",
        "このページの扱い",
        "掲載終了・移転・削除のお知らせ",
        "移転先",
    }
    text = words(page, "ins")
    for word in ("階段", "図1", "通知", "/main_sosiki/joho_kokusai/", "03-2", "2013年5月23日"):
        assert word in text


def test_the_category_is_compared(site: Site, writer: User) -> None:
    edition = drafted(site.bureau, writer, category="department")
    found = edition_differences(*with_parts(edition.page.editions.order_by("number")))
    assert "区分" in {field.label for field in found.changed}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<p><a href="/a/">案内</a></p>', '<p><a href="/b/">案内</a></p>'),
        ("<h3>任務</h3>", "<h4>任務</h4>"),
        ("<p>任務</p>", "<ul><li>任務</li></ul>"),
        ("<p>重要</p>", "<p><strong>重要</strong></p>"),
        ("<p><ruby>霞<rt>かすみ</rt></ruby></p>", "<p><ruby>霞<rt>かすむ</rt></ruby></p>"),
    ],
)
def test_a_change_of_the_markup_is_seen(old: str, new: str) -> None:
    assert body_lines(old) != body_lines(new)


def test_a_change_of_the_markup_alone_is_said(site: Site, writer: User) -> None:
    section = site.sections[0]
    cast.approve(
        section, "ICT政策の企画", live_from=tokyo(2014), body="<table><tr><td>一</td></tr></table>"
    )
    body = '<table><tr><td colspan="2">一</td></tr></table>'
    cast.approve(section, "ICT政策の企画", live_from=tokyo(2015), body=body)
    assert "書式だけが違います" in look(enter(writer), section).text_content()


def test_long_texts_show_only_what_is_near_a_change() -> None:
    old = [f"{number}行目" for number in range(100)]
    new = [*old[:50], "変わった行", *old[51:]]
    rows = list(condensed(compare(old, new)))
    counts = [row.count for row in rows if isinstance(row, Same)]
    assert counts == [49, 48]
    assert len(rows) <= 6


def test_both_say_who_and_when(site: Site, writer: User, approver: User) -> None:
    waiting = submitted(site.bureau, writer)
    approve(editions=[waiting], actor=approver, at=timezone.now() + TOMORROW)
    text = look(enter(approver), site.bureau).text_content()
    assert "鈴木" in text
    assert "佐藤" in text
    assert "公開予約" in text
    assert "2013年4月1日0時00分から" in text


def test_the_older_one_comes_first_however_they_are_asked_for(site: Site, writer: User) -> None:
    drafted(site.bureau, writer)
    heads = [
        look(enter(writer), site.bureau, *numbers).find(".//section/h2").text_content()
        for numbers in ((1, 2), (2, 1))
    ]
    assert heads == ["第1版と第2版の違い"] * 2


@pytest.mark.parametrize("numbers", [("1", "1"), ("1", "9"), ("x", "1"), ("1", ""), ("１", "２")])
def test_what_cannot_be_compared_is_a_sentence(
    site: Site, writer: User, numbers: tuple[str, str]
) -> None:
    drafted(site.bureau, writer)
    page = look(enter(writer), site.bureau, *numbers)
    assert "選" in page.find(".//p[@role='status']").text_content()
    assert len(page.findall(".//select/option")) == 4


def test_a_page_with_one_edition_has_nothing_to_compare(site: Site, writer: User) -> None:
    text = look(enter(writer), site.bureau).text_content()
    assert "くらべられる版がまだありません" in text


def test_a_draft_can_be_made_from_either(site: Site, writer: User) -> None:
    cast.approve(site.bureau, "改まった局", live_from=tokyo(2014))
    page = look(enter(writer), site.bureau)
    sources = [field.get("value") for field in page.iterfind(".//input[@name='source']")]
    buttons = [
        button for button in page.iterfind(".//button") if "から下書き" in button.text_content()
    ]
    assert sources == ["1", "2"]
    assert {button.getparent().get("action") for button in buttons} == {
        f"/admin/bureaus/page/{site.bureau.pk}/draft/"
    }
    assert [button.get("disabled") for button in buttons] == [None, None]


@pytest.mark.parametrize("person", ["approver", "manager", "writer"])
def test_who_cannot_begin_a_draft_reads_why(
    site: Site, request: pytest.FixtureRequest, person: str
) -> None:
    drafted(site.bureau, request.getfixturevalue("writer"))
    page = look(enter(request.getfixturevalue(person)), site.bureau)
    disabled = [
        button for button in page.iterfind(".//button") if button.get("disabled") is not None
    ]
    assert len(disabled) == 2
    assert "第2版がもうあります" in page.text_content()


@pytest.mark.parametrize(
    ("person", "status"),
    [("writer", 200), ("approver", 200), ("manager", 200), ("operator", 200), ("outsider", 403)],
)
def test_who_may_compare(
    site: Site, request: pytest.FixtureRequest, person: str, status: int
) -> None:
    drafted(site.bureau, request.getfixturevalue("writer"), lead="ひみつの要旨")
    response = enter(request.getfixturevalue(person)).get(address(site.bureau))
    assert response.status_code == status
    assert ("ひみつの要旨" in response.content.decode()) is (status == 200)


def test_a_page_never_public_is_not_there_for_others(site: Site, outsider: User) -> None:
    page = cast.place(site.bureau, "new")
    assert enter(outsider).get(address(page)).status_code == 404
    assert enter(outsider).get("/admin/bureaus/page/999999/compare/").status_code == 404


def test_comparing_changes_nothing(site: Site, writer: User) -> None:
    drafted(site.bureau, writer)
    before = AuditEntry.objects.count()
    client = enter(writer)
    assert client.get(address(site.bureau)).status_code == 200
    assert client.post(address(site.bureau)).status_code == 405
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("editions", [2, 40])
@pytest.mark.parametrize("size", [20, MANY])
def test_it_costs_the_same_at_any_size(db: None, size: int, editions: int) -> None:
    grow(size)
    page = Page.objects.get(key="/main_sosiki/joho_kokusai/")
    writer = cast.officer("鈴木", {page: [Role.WRITER]})
    for number in range(2, editions):
        cast.approve(page, f"第{number}", live_from=tokyo(2014, 1, 1, 0, number))
    submit(edition=drafted(page, writer), actor=writer)
    client = enter(writer)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(page, 1, editions)).status_code == 200
    assert len(queries) == 12, [query["sql"] for query in queries]
    assert Edition.objects.filter(page=page).count() == editions
