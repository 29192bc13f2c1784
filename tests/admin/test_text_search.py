"""The search of the admin finds texts: of pages and drafts, and what is said about files."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureaus.models import Contact, DocumentText, Edition, Link, Role, SealKind
from bureaus.publishing import SealRequest, propose_seal
from bureaus.search import ParsedQuery, pages_of_matching_drafts, reindex
from tests.admin.test_tree import TREE, titles
from tests.helpers.cast import Site, client_of, officer, publish, publish_below
from tests.helpers.editing import drafted
from tests.helpers.libraries import DOCUMENTS, IMAGES, document, link_in, picture, show_in
from tests.helpers.page_details import queries_of, text_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def found(who: User, words: str, under: str = TREE) -> list[str]:
    return titles(client_of(who).get(under, {"q": words}).content.decode())


def test_words_that_stand_in_a_body_are_found_by_everybody(
    site: Site, outsider: User, writer: User
) -> None:
    publish(site.bureau, "shiryo", "資料", body="<p>周波数の<strong>再編</strong>を進めます。</p>")
    for who in (outsider, writer):
        assert found(who, "周波数 再編") == ["資料"]
    assert found(writer, "資料 周波数") == ["資料"]
    assert found(writer, "周波数 ない言葉") == []


def test_the_text_of_a_draft_is_found_in_ones_own_branch_alone(
    site: Site, outsider: User, writer: User
) -> None:
    draft = drafted(site.sections[0], writer, body="<p>未公表の方針です。</p>")
    Contact.objects.create(edition=draft, name="電波政策課", position=1)
    for words in ("未公表", "電波政策課"):
        assert found(writer, words) == ["ICT政策の企画"]
        assert found(outsider, words) == []


def test_what_is_hidden_at_once_is_found_in_its_own_branch_alone(
    site: Site, outsider: User, writer: User
) -> None:
    page = publish(site.bureau, "meibo", "資料", body="<p>非公表の氏名です。</p>")
    edition = Edition.objects.get(page=page)
    request = SealRequest(edition, SealKind.EDITION)
    head = officer("高橋", {site.bureau: [Role.APPROVER]})
    assert found(outsider, "非公表の氏名") == ["資料"]
    propose_seal(request=request, ground="personal", reason="氏名", actor=head, is_urgent=True)
    assert found(outsider, "非公表の氏名") == []
    assert len(found(writer, "非公表の氏名")) == 1


@pytest.mark.one_database_unless_long
def test_a_search_costs_the_same_with_many_texts(site: Site, writer: User) -> None:
    client = client_of(writer)
    drafted(site.sections[0], writer, body="<p>周波数</p>")
    few = queries_of(client, f"{TREE}?q=周波数")
    pages = publish_below(
        site.bureau, {f"n{number}": f"資料{number}" for number in range(60)}, body="<p>周波数</p>"
    )
    for page in pages[:5]:
        drafted(page, writer, body="<p>周波数</p>")
    assert queries_of(client, f"{TREE}?q=周波数") == few <= 15


@pytest.mark.one_database
def test_files_are_found_by_all_that_is_said_about_them(
    site: Site, writer: User, outsider: User
) -> None:
    in_force = Edition.objects.get(page=site.bureau, live_from__isnull=False)
    image, linked = picture(), document()
    show_in(in_force, image)
    in_force.figures.update(caption="大臣との会談のようす")
    DocumentText.objects.create(document=linked, text="第1章 周波数の割当て")
    link_in(in_force, linked)
    reindex([in_force.pk])
    link_in(drafted(site.sections[0], writer), linked)
    Link.objects.exclude(edition=in_force).update(text="割当ての方針（案）")
    for address, words in (
        (IMAGES, "握手"),
        (IMAGES, "大臣"),
        (IMAGES, "会談.jpg 握手"),
        (DOCUMENTS, "周波数"),
        (DOCUMENTS, "予算案 周波数 割当て"),
        (DOCUMENTS, "方針（案）"),
    ):
        shown = text_in(client_of(writer).get(address, {"q": words}).content.decode())
        assert ("会談.jpg" if address == IMAGES else "予算案（PDF形式") in shown, words
    # What only a draft of another branch says leads nobody to the file.
    shown = text_in(client_of(outsider).get(DOCUMENTS, {"q": "方針（案）"}).content.decode())
    assert "予算案" not in shown


@pytest.mark.one_database
def test_the_texts_of_documents_are_found_through_the_index_alone(site: Site, writer: User) -> None:
    in_force = Edition.objects.get(page=site.bureau, live_from__isnull=False)
    linked, other = document(), document("documents/b.pdf", title="別の資料")
    for each in (linked, other):
        DocumentText.objects.create(document=each, text="第1章 周波数の割当て")
    link_in(in_force, linked)
    reindex([in_force.pk])
    link_in(drafted(site.sections[0], writer), other)
    shown = text_in(client_of(writer).get(DOCUMENTS, {"q": "周波数"}).content.decode())
    assert "予算案（PDF形式" in shown
    assert "別の資料" not in shown


@pytest.mark.one_database
def test_of_many_drafts_the_texts_of_the_newest_are_searched_and_the_screen_says_so(
    site: Site, writer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bureaus.search.lookup.MOST_DRAFTS", 1)
    for section, title in zip(site.sections, ("古い案", "新しい案"), strict=True):
        drafted(section, writer, title=title, body="<p>未公表の方針です。</p>")
    client = client_of(writer)
    for words, titled in (("未公表", ["研究開発の推進"]), ("古い案", ["ICT政策の企画"])):
        content = client.get(TREE, {"q": words}).content.decode()
        assert titles(content) == titled
        assert "本文は新しい" in text_in(content)


def test_a_search_of_drafts_is_one_statement_however_many_there_are(
    site: Site, writer: User
) -> None:
    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            pages_of_matching_drafts(Edition.objects.open(), ParsedQuery((("方針",),)))
        return [query["sql"] for query in queries]

    drafted(site.sections[0], writer)
    of_one = statements()
    drafted(site.sections[1], writer)
    assert statements() == of_one
