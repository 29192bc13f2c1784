"""A link to a document inside a sentence says format, size and pages of the file of the moment."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureaus.models import Document, EarlierFile, Edition, Page
from bureaus.reading import draft_text, present_moment, preview
from bureaus.reading.view_models import PageView
from tests.helpers.cast import Site, publish, tokyo
from tests.helpers.libraries import document, link_in
from tests.helpers.reader import BUREAU, links, read

pytestmark = pytest.mark.django_db
ADDRESS = "/documents/plan.pdf"
BODY = f'<p>詳しくは<a href="{ADDRESS}#page=2">予算案</a>にあります。</p>'


@pytest.fixture
def plan(site: Site) -> Document:
    """One page until June 2013, two pages now; linked by the news of May 2013 as well."""
    plan = document("documents/plan.pdf", byte_size=36 * 1024, page_count=2)
    earlier = {"file": "documents/first.pdf", "byte_size": 10 * 1024, "page_count": 1}
    EarlierFile.objects.create(document=plan, until=tokyo(2013, 6, 1), **earlier)
    link_in(Edition.objects.get(page=site.news[0]), plan)
    return plan


def write(page: Page, body: str) -> None:
    Edition.objects.filter(page=page).update(body=body)


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("", "予算案（PDF形式：36KB、2ページ）"),
        ("?at=2013-05-25", "予算案（PDF形式：10KB、1ページ）"),
        ("?at=2013-05-01", "予算案"),  # not public yet
    ],
)
@pytest.mark.parametrize("place", ["page", "section"])
def test_the_note_is_that_of_the_moment(
    site: Site, citizen: Client, place: str, at: str, words: str
) -> None:
    write(site.bureau if place == "page" else site.sections[0], BODY)
    found = links(read(citizen, f"{BUREAU}{at}"), "//*[@class='text__body']")
    assert found == [(words, f"{ADDRESS}{at}#page=2")]


def test_a_note_costs_no_query_and_lists_stay_in_order(
    site: Site, plan: Document, citizen: Client
) -> None:
    edition = Edition.objects.get(page=site.bureau)
    others = [document(f"documents/{name}.csv", title=name) for name in "ab"]
    for paper in (others[1], plan, others[0]):
        link_in(edition, paper)
    with CaptureQueriesContext(connection) as without:
        before = links(read(citizen, BUREAU), "//ul[@class='links']")
    write(site.bureau, BODY + f'<p><a href="/{others[0].address}">表</a></p>')
    with CaptureQueriesContext(connection) as queries:
        page = read(citizen, BUREAU)
    assert len(queries) == len(without) <= 7
    assert links(page, "//ul[@class='links']") == before
    assert [words for words, _ in links(page, "//*[@class='text__body']")] == [
        "予算案（PDF形式：36KB、2ページ）",
        "表（CSV形式：9KB）",
    ]


@pytest.mark.one_database
@pytest.mark.usefixtures("plan")
def test_a_note_that_somebody_typed_is_not_repeated(site: Site, citizen: Client) -> None:
    write(site.bureau, f'<p><a href="{ADDRESS}">予算案（PDF形式：36KB）</a></p>')
    found = links(read(citizen, BUREAU), "//*[@class='text__body']")
    assert found == [("予算案（PDF形式：36KB）", ADDRESS)]


@pytest.mark.one_database
def test_a_preview_has_the_notes_of_what_the_draft_publishes(site: Site) -> None:
    paper = document("documents/plan.pdf", byte_size=36 * 1024, page_count=2)
    page = publish(site.guide, "plan", "計画")
    edition = Edition.objects.get(page=page)
    link_in(edition, paper)
    edition.body = BODY
    view = preview(draft_text(edition), present_moment(), files_url="/files/")
    assert isinstance(view, PageView)
    assert '<a href="/files/documents/plan.pdf#page=2">予算案<span' in view.body
    assert "（PDF形式：36KB、2ページ）" in view.body
