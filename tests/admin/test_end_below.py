"""A page that ends names what stays public below it, and ends it at the same moment."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureaus.models import Answer, AuditEntry, Edition, Role, State
from bureaus.publishing import end_below, submit
from bureaus.publishing.pages_below import pages_below
from tests.helpers import cast
from tests.helpers.cast import Site
from tests.helpers.editing import drafted
from tests.helpers.review_screens import enter, parsed

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
NOTE = "新しい局が引き継ぎました。/main_sosiki/ をご覧ください。"


@pytest.fixture
def ending(site: Site, writer: User) -> Edition:
    for page in (*site.sections, *site.news):
        cast.approve(page, "政策と会議", lead="要旨です。", live_from=cast.tokyo(2014))
    return drafted(site.bureau, writer, answer=Answer.ARCHIVED, note=NOTE)


def change_url(edition: Edition) -> str:
    return f"/admin/bureaus/edition/{edition.pk}/change/"


def below_url(edition: Edition) -> str:
    return f"/admin/bureaus/edition/{edition.pk}/end-below/"


def test_the_name_of_the_screen_leads_to_an_edition(ending: Edition) -> None:
    assert reverse("admin:edition-end-below", args=[ending.pk]) == below_url(ending)


def test_the_form_names_what_stays_and_its_writer_ends_it_in_one_step(
    site: Site, ending: Edition, writer: User
) -> None:
    client = enter(writer)
    page = parsed(client.get(change_url(ending)))
    (panel,) = page.xpath("//section[@aria-labelledby='below']")
    assert "下に公開中のページが4ページあります" in panel.text_content()
    (link,) = panel.xpath(".//a/@href")
    offered = parsed(client.get(link)).xpath("//input[@name='page']/@value")
    assert len(offered) == 4
    response: Any = client.post(link, {"page": offered}, follow=True)
    assert "4ページの掲載を終える版を作り、確認を依頼しました。" in response.content.decode()
    written = Edition.objects.filter(state=State.REVIEW)
    assert {each.answer for each in written} == {Answer.ARCHIVED}
    assert {each.note for each in written} == {NOTE}
    for each in written:
        actions = AuditEntry.objects.filter(edition=each).values_list("action", flat=True)
        assert sorted(actions) == ["edit", "start_draft", "submit"]


def test_the_approver_ends_all_of_it_at_one_moment(
    site: Site, ending: Edition, writer: User, approver: User
) -> None:
    pages = [each.page for each in pages_below(ending).pages]
    end_below(edition=ending, pages=pages, actor=writer)
    ending = submit(edition=ending, actor=writer)
    client = enter(approver)
    review = parsed(client.get(f"/admin/bureaus/edition/{ending.pk}/review/"))
    (link,) = review.xpath("//section[@aria-labelledby='below']//a[@data-main]/@href")
    release = parsed(client.get(f"{link}&when=now"))
    form = next(form for form in release.forms if form.method == "POST" and "seen" in form.fields)
    form.fields["seen"] = "1"
    assert client.post("/admin/bureaus/release/", dict_of(form)).status_code == 302
    ended = Edition.objects.approved().filter(answer=Answer.ARCHIVED)
    assert ended.count() == 5
    assert len(set(ended.values_list("live_from", flat=True))) == 1


def dict_of(form: Any) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


def test_who_ends_a_page_cannot_end_those_that_are_being_written(
    site: Site, ending: Edition, writer: User
) -> None:
    drafted(site.sections[0], writer, title="書きかけ")
    response: Any = enter(writer).post(below_url(ending), {"page": [site.sections[0].pk]})
    assert response.status_code == 409
    assert "書きかけか確認待ちの版があります" in response.content.decode()
    assert not Edition.objects.filter(page=site.sections[1], state=State.DRAFT).exists()


@pytest.mark.parametrize("answer", [Answer.ARCHIVED, Answer.GONE])
def test_the_screens_cost_no_more_than_their_budget(
    site: Site, writer: User, approver: User, answer: Answer
) -> None:
    edition = drafted(site.bureau, writer, answer=answer, note=NOTE)
    client, other = enter(writer), enter(approver)
    for each, address in (
        (client, change_url(edition)),
        (client, below_url(edition)),
        (other, f"/admin/bureaus/edition/{edition.pk}/review/"),
    ):
        if each is other:
            submit(edition=edition, actor=writer)
        each.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            assert each.get(address).status_code == 200
        assert len(queries) <= 15, (address, [query["sql"] for query in queries])


def test_nothing_is_offered_where_a_page_does_not_end(site: Site, writer: User) -> None:
    edition = drafted(site.bureau, writer)
    assert pages_below(edition).pages == ()


def test_a_ticked_page_that_is_no_longer_public_is_named(
    site: Site, ending: Edition, writer: User
) -> None:
    cast.approve(site.news[0], "終わった", answer=Answer.GONE, live_from=cast.tokyo(2014, 2))
    sent = {"page": [site.news[0].pk, site.sections[0].pk]}
    response: Any = enter(writer).post(below_url(ending), sent)
    assert response.status_code == 409
    assert f"「{site.news[0].url_path}」は、もう公開中ではありません" in response.content.decode()
    assert not Edition.objects.open().filter(page=site.sections[0]).exists()


def test_what_is_offered_and_asked_for_follows_the_state_of_the_pages_own_edition(
    site: Site, ending: Edition, writer: User
) -> None:
    client = enter(cast.officer("主任", {site.bureau: [Role.WRITER, Role.APPROVER]}))
    together, ask = "確認待ちの1ページと一緒に", "このページの確認も依頼してください"
    sent: Any = client.post(below_url(ending), {"page": [site.sections[0].pk]}, follow=True)
    assert ask in sent.content.decode()
    assert together not in client.get(below_url(ending)).content.decode()
    submit(edition=ending, actor=writer)
    assert together in client.get(below_url(ending)).content.decode()
    sent = client.post(below_url(ending), {"page": [site.sections[1].pk]}, follow=True)
    assert "1ページの掲載を終える版を作り" in sent.content.decode()
    assert ask not in sent.content.decode()
