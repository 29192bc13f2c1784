"""The number of findings stored with an edition, in the tree and on the dashboard."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureaus.models import Edition, Page, Role
from bureaus.publishing import accept_finding, approve, findings_report, submit
from tests.admin.test_findings import VAGUE, draft, save, writer_client
from tests.helpers.cast import Site, client_of, officer
from tests.helpers.editing import drafted
from tests.helpers.page_details import text_in

__all__ = ["draft", "writer_client"]
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


# What is stored with an edition


def counts(edition: Edition) -> tuple[int, int]:
    [stored] = Edition.objects.filter(pk=edition.pk).values_list("finding_count", "error_count")
    return stored


def test_saving_and_letting_stand_keep_the_counts(
    writer_client: Client, draft: Edition, writer: User
) -> None:
    save(writer_client, draft, writer, lead=f"今年です。{VAGUE}")
    assert counts(draft) == (2, 1)
    draft.refresh_from_db()
    [found] = [each for each in findings_report(draft).findings if each.rule == "date-vague"]
    accept_finding(
        edition=draft, rule=found.rule, quote=found.quote, reason="原文のまま", actor=writer
    )
    assert counts(draft) == (1, 1)
    draft.refresh_from_db()
    save(writer_client, draft, writer, lead="会議です。")
    assert counts(draft) == (0, 0)


def test_the_counts_stay_when_the_edition_is_approved(
    site: Site, writer: User, approver: User
) -> None:
    edition = drafted(site.bureau, writer, lead="㈱の会議です。")
    submit(edition=edition, actor=writer)
    [approved] = approve(editions=[edition], actor=approver)
    assert counts(approved) == (1, 0)


def test_a_form_that_is_as_old_as_the_draft_does_not_lose_the_counts(
    draft: Edition, writer: User
) -> None:
    Edition.objects.filter(pk=draft.pk).update(finding_count=3, error_count=2)
    draft.save()
    assert counts(draft) == (3, 2)


# In the tree and on the dashboard


def found_in_tree(writer_client: Client, query: str) -> set[str]:
    html = writer_client.get(f"/admin/bureaus/page/?{query}").content.decode()
    return {page.url_path for page in Page.objects.all() if f"/page/{page.pk}/change/" in html}


def test_the_tree_is_narrowed_to_what_is_to_be_mended(
    site: Site, writer_client: Client, writer: User
) -> None:
    first, second = site.sections
    drafted(first, writer, lead="今年の会議です。")
    drafted(second, writer, lead="㈱の会議です。")
    assert found_in_tree(writer_client, "proof=any") == {first.url_path, second.url_path}
    assert found_in_tree(writer_client, "proof=error") == {first.url_path}


def test_what_others_have_to_mend_is_not_told(
    site: Site, writer: User, outsider: User, manager: User
) -> None:
    drafted(site.sections[0], writer, lead="今年の会議です。")
    assert found_in_tree(client_of(outsider), "proof=any") == set()


def test_an_edition_that_another_has_followed_is_not_counted(
    site: Site, writer_client: Client, writer: User, approver: User
) -> None:
    page = site.sections[0]
    for lead in ("㈱の会議です。", "会議です。"):
        edition = drafted(page, writer, lead=lead)
        submit(edition=edition, actor=writer)
        approve(editions=[edition], actor=approver)
    assert found_in_tree(writer_client, "proof=any") == set()


def test_the_screen_says_on_how_many_pages_of_each_branch(
    site: Site, writer_client: Client, writer: User
) -> None:
    first, second = site.sections
    drafted(first, writer, lead="今年の会議です。㈱もです。")
    drafted(second, writer, lead="㈱の会議です。")
    with CaptureQueriesContext(connection) as queries:
        html = writer_client.get("/admin/").content.decode()
    assert "校正の指摘：2ページ" in text_in(html)
    assert "誤り：1ページ" in text_in(html)
    assert f"?under={site.bureau.pk}&amp;proof=error" in html
    assert len(queries) <= 15
    # No branch looks at what is found in the others: that is what made twenty of them slow.
    [statement] = [query["sql"] for query in queries if '"finding_count" > 0' in query["sql"]]
    assert " LIKE " not in statement
    assert statement.count("SELECT") == 1


def test_the_screen_counts_a_branch_within_a_branch_in_both(site: Site) -> None:
    insider = officer("中村", {site.bureau: [Role.WRITER], site.sections[0]: [Role.WRITER]})
    for page in site.sections:
        drafted(page, insider, lead="今年の会議です。")
    html = text_in(client_of(insider).get("/admin/").content.decode())
    assert "校正の指摘：2ページ" in html
    assert "校正の指摘：1ページ" in html
