"""A page from a template, or from another page: a form that writes what is well made."""

import pytest
from django.contrib.auth.models import User
from lxml.html import document_fromstring

from bureaus.models import Category, Edition, Kind, Page
from bureaus.publishing import BlockerCode, add
from bureaus.publishing.blockers.editions import submit_blockers
from bureaus.publishing.page_templates import BUILT_IN
from bureaus.text.html_normalizer import normalize_html
from bureaus.text.placeholders import filled, names_in
from bureaus.text.rich_text import clean_body
from tests.helpers.cast import Site, client_of, publish
from tests.helpers.editing import drafted
from tests.helpers.page_details import page_url, queries_of, text_in
from tests.helpers.reader import texts, values

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NEW = "/admin/bureaus/page/new/"
MEETING = {"for": "news_item", "template": "meeting"}


def hidden_source(html: str) -> dict[str, str]:
    """Return what the form sends about the text that it was opened with."""
    [source] = values(document_fromstring(html), "//input[@name='source']/@value")
    return {"source": source}


def own_template(site: Site, manager: User, body: str) -> Page:
    return add(
        parent=site.bureau,
        kind=Kind.NEWS_ITEM,
        slug="hinagata",
        title="ひな型：月例の報告",
        actor=manager,
        content={"body": body},
    )


def labels(html: str) -> list[str]:
    return texts(document_fromstring(html), "//textarea/preceding-sibling::label")


@pytest.mark.parametrize("template", BUILT_IN, ids=lambda each: each.key)
def test_a_template_is_written_in_the_vocabulary_of_the_editor(template: object) -> None:
    body = getattr(template, "body", "")
    assert normalize_html(clean_body(body).html) == normalize_html(body)
    assert names_in(body)


def test_a_paragraph_or_item_becomes_one_for_each_typed_line() -> None:
    body = "<ol><li>〔記入：議題〕</li></ol><p>〔記入：始まり〕から〔記入：終わり〕まで</p>"
    assert filled(body, {"議題": "予算\n\n人事 <案>", "始まり": "4月1日"}) == (
        "<ol><li>予算</li><li>人事 &lt;案&gt;</li></ol><p>4月1日から〔記入：終わり〕まで</p>"
    )


def test_the_form_of_a_meeting_writes_a_page_with_headings_and_a_contact(
    site: Site, writer: User
) -> None:
    client = client_of(writer)
    html = client.get(NEW, MEETING).content.decode()
    source = hidden_source(html)
    assert labels(html) == ["どの会議を開くか", "日時", "場所", "議題", "傍聴の方法"]
    answers = ("会議を開く。", "5月1日", "", "一\n二", "可")
    typed = {f"fill-{name}": text for name, text in zip(labels(html), answers, strict=True)}
    contact = {"contact_name": "総務課", "contact_phone": "03-0000-0000"}
    client.post(NEW, {**MEETING, **source, **typed, **contact, "title": "審議会（第3回）の開催"})
    draft = Edition.objects.get(title="審議会（第3回）の開催")
    assert (draft.category, draft.lead) == (Category.MEETING, "会議を開く。")
    assert "<h3>日時</h3>" in draft.body
    assert "<li>二</li>" in draft.body
    assert [(each.name, each.phone) for each in draft.contacts.all()] == [
        ("総務課", "03-0000-0000")
    ]
    [refusal] = [
        each
        for each in submit_blockers(edition=draft, actor=writer)
        if each.code == BlockerCode.PLACEHOLDER
    ]
    assert refusal.field == "body"
    assert "「〔記入：場所〕」が残っています" in str(refusal)


def test_what_was_typed_into_a_template_stays_where_the_page_is_refused(
    site: Site, writer: User
) -> None:
    client = client_of(writer)
    query = MEETING | hidden_source(client.get(NEW, MEETING).content.decode())
    response = client.post(NEW, {**query, "fill-場所": "第1会議室", "title": ""})
    assert response.status_code == 422
    assert "第1会議室</textarea>" in response.content.decode()


@pytest.mark.one_database
def test_answers_that_are_too_long_for_a_body_are_refused_and_kept(
    site: Site, writer: User
) -> None:
    client = client_of(writer)
    source = hidden_source(client.get(NEW, MEETING).content.decode())
    typed = {"fill-議題": "議題。" * 25_000, "fill-場所": "第1会議室", "title": "審議会"}
    response = client.post(NEW, {**MEETING, **source, **typed})
    assert response.status_code == 422
    assert "バイト以内に分けてください。" in response.content.decode()
    assert "第1会議室</textarea>" in response.content.decode()


def test_a_page_is_copied_as_a_new_draft(site: Site, writer: User, manager: User) -> None:
    source = publish(site.bureau, "moto", "元の資料", lead="要旨。", body="<p>本文。</p>")
    client = client_of(writer)
    assert "コピーして新しいページを作る" in text_in(client.get(page_url(source)).content.decode())
    query = {"for": "page", "copy": str(source.pk)}
    assert 'value="元の資料"' in client.get(NEW, query).content.decode()
    client.post(NEW, {**query, "title": "新しい資料", "under": site.bureau.pk})
    copy = Edition.objects.select_related("page").get(title="新しい資料")
    assert (copy.lead, copy.body, copy.page.kind) == ("要旨。", "<p>本文。</p>", Kind.PAGE)
    assert (copy.number, copy.state, copy.live_from) == (1, "draft", None)


def test_a_draft_with_placeholders_is_a_template_of_its_branch(
    site: Site, writer: User, manager: User, outsider: User
) -> None:
    page = own_template(site, manager, "<h3>月</h3><p>〔記入：報告の月〕</p>")
    client = client_of(writer)
    assert "月例の報告" in text_in(client.get(NEW, {"for": "news_item"}).content.decode())
    query = {"for": "news_item", "copy": str(page.pk)}
    html = client.get(NEW, query).content.decode()
    assert labels(html) == ["報告の月"]
    query |= hidden_source(html)
    client.post(NEW, {**query, "title": "5月の報告", "fill-報告の月": "5月"})
    assert Edition.objects.get(title="5月の報告").body == "<h3>月</h3>\n<p>5月</p>"
    assert "月例の報告" not in client_of(outsider).get(NEW, {"for": "news_item"}).content.decode()


def test_a_template_that_changed_meanwhile_is_refused_and_nothing_typed_is_lost(
    site: Site, writer: User, manager: User
) -> None:
    page = own_template(site, manager, "<p>〔記入：月〕</p><p>〔記入：件数〕</p>")
    client, query = client_of(writer), {"for": "news_item", "copy": str(page.pk)}
    query |= hidden_source(client.get(NEW, query).content.decode())
    body = "<p>〔記入：件数〕</p><p>〔記入：所感〕</p>"
    Edition.objects.filter(page=page).update(body=body, revision=2)
    typed = {"title": "5月の報告", "fill-月": "5月", "fill-件数": "12件"}
    response = client.post(NEW, {**query, **typed})
    html = response.content.decode()
    assert response.status_code == 409
    assert "内容が変わったので、まだ追加していません" in html
    assert "12件</textarea>" in html
    assert "5月</textarea>" in html
    client.post(NEW, {**query, **typed, **hidden_source(html)})
    assert Edition.objects.get(title="5月の報告").body == "<p>12件</p>\n<p>〔記入：所感〕</p>"


@pytest.mark.parametrize("email", ["なし", f"{'a' * 60}@{'b' * 60}.{'c' * 180}.jp"])
def test_an_address_for_mail_that_is_none_is_refused(site: Site, writer: User, email: str) -> None:
    client = client_of(writer)
    query = MEETING | hidden_source(client.get(NEW, MEETING).content.decode())
    response = client.post(NEW, {**query, "title": "会議", "contact_email": email})
    assert response.status_code == 422
    assert "連絡先のメール" in text_in(response.content.decode())


def test_a_copy_has_the_reading_of_its_title_only_under_the_same_title(
    site: Site, writer: User
) -> None:
    source = publish(site.bureau, "moto", "元の資料", title_reading="もとのしりょう")
    client, query = client_of(writer), {"for": "page", "copy": str(source.pk)}
    query |= hidden_source(client.get(NEW, query).content.decode())
    client.post(NEW, {**query, "title": "新しい資料"})
    client.post(NEW, {**query, "title": "元の資料", "slug": "onaji"})
    readings = Edition.objects.exclude(page=source).values_list("title_reading", flat=True)
    assert readings.get(title="新しい資料") == ""
    assert readings.get(title="元の資料") == "もとのしりょう"


def test_a_template_offers_its_own_kind_alone(site: Site, writer: User) -> None:
    query = {"for": "page", "template": "materials"}
    form = document_fromstring(client_of(writer).get(NEW, query).content.decode())
    assert values(form, "//input[@name='kind']/@value") == ["page"]


def test_a_category_of_another_kind_becomes_the_usual_one(site: Site, manager: User) -> None:
    page = add(
        parent=site.bureau,
        kind=Kind.ORGANISATION,
        slug="ka",
        title="課",
        actor=manager,
        content={"category": Category.GENERAL},
    )
    assert Edition.objects.get(page=page).category == Category.DIVISION


def test_a_draft_of_another_branch_is_not_copied(
    site: Site, writer: User, second_approver: User, outsider: User
) -> None:
    secret = drafted(site.sections[0], writer, lead="まだ言えないこと")
    client = client_of(outsider)
    query = {"for": "policy_section", "copy": str(secret.page_id)}
    assert "まだ言えない" not in client.get(NEW, query).content.decode()
    client.post(NEW, {**query, "title": "写し"})
    assert not Edition.objects.filter(title="写し", lead__contains="言えない").exists()


def test_the_forms_keep_their_budget(site: Site, writer: User) -> None:
    client = client_of(writer)
    for query in ("for=news_item&template=meeting", f"for=page&copy={site.bureau.pk}"):
        assert queries_of(client, f"{NEW}?{query}") <= 15
