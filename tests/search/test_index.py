"""The index follows approvals in the same transaction, and its faults are reported."""

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bureaus.integrity import problems
from bureaus.models import Document, Edition, Link, NewsListing, SearchRow
from bureaus.publishing import approve, cancel_booking, move, rename
from bureaus.search import ParsedQuery, index_faults, matching_editions, refresh, reindex
from bureaus.text.formatting import TOKYO
from bureaus.text.words import fold
from tests.helpers.cast import Site, publish, tokyo
from tests.helpers.cast import approve as put_in_force
from tests.helpers.editing import TOMORROW, drafted, submitted
from tests.helpers.fixtures import empty_the_site

pytestmark = pytest.mark.django_db


def looked_up(word: str) -> set[int]:
    found = matching_editions(Edition.objects.all(), ParsedQuery(((fold(word),),)))
    return set(found.values_list("pk", flat=True))


# Updates


def titles(site: Site, word: str) -> list[str]:
    in_force = Edition.objects.in_force(timezone.now())
    return [edition.title for edition in matching_editions(in_force, ParsedQuery(((fold(word),),)))]


def test_an_approved_edition_is_found_and_the_replaced_one_is_not(
    site: Site, writer: User, approver: User
) -> None:
    first = submitted(site.bureau, writer, lead="宇宙の話")
    assert titles(site, "宇宙") == []
    approve(editions=[first], actor=approver)
    assert titles(site, "宇宙") == ["情報通信国際戦略局"]
    second = submitted(site.bureau, writer, lead="深海の話")
    approve(editions=[second], actor=approver)
    assert (titles(site, "宇宙"), titles(site, "深海")) == ([], ["情報通信国際戦略局"])
    assert index_faults() == []


def test_a_renamed_document_is_found_by_its_new_title(site: Site) -> None:
    edition = publish(site.guide, "shiryo", "資料").editions.get()
    document = Document(file="documents/a.pdf", title="運用方針", byte_size=1, page_count=1)
    document.save()
    Link.objects.bulk_create([Link(edition=edition, text="全文", document=document)])
    reindex([edition.pk])
    assert looked_up("運用方針") == {edition.pk}
    Document.objects.update(title="利用規程")
    assert [fault.edition for fault in index_faults()] == [edition.pk]
    reindex([edition.pk])
    assert (looked_up("運用方針"), looked_up("利用規程")) == (set(), {edition.pk})
    assert index_faults() == []


def test_a_booking_that_is_cancelled_leaves_the_index(
    site: Site, writer: User, approver: User
) -> None:
    booked = submitted(site.bureau, writer, lead="宇宙の話")
    approve(editions=[booked], actor=approver, at=timezone.now() + TOMORROW)
    assert SearchRow.objects.filter(edition=booked).exists()
    cancel_booking(edition=booked, actor=approver)
    assert not SearchRow.objects.filter(edition=booked).exists()
    assert looked_up("宇宙") == set()
    assert index_faults() == []


def test_an_approval_that_fails_leaves_nothing_in_the_index(
    site: Site, writer: User, approver: User
) -> None:
    edition = submitted(site.bureau, writer, lead="宇宙の話")
    with transaction.atomic():
        approve(editions=[edition], actor=approver)
        transaction.set_rollback(True)
    assert looked_up("宇宙") == set()
    assert index_faults() == []


def test_moving_and_renaming_leave_the_index_as_it_is(site: Site) -> None:
    before = list(SearchRow.objects.values_list())
    other = publish(site.root, "archive", "保存庫")
    move(page=site.bureau, to=other, actor=None)
    rename(page=site.guide, slug="guide", actor=None)
    assert [row for row in SearchRow.objects.values_list() if row in before] == before
    assert index_faults() == []


def test_drafts_are_not_indexed(site: Site, writer: User) -> None:
    drafted(site.bureau, writer, lead="宇宙の話")
    assert looked_up("宇宙") == set()


def test_a_loaded_fixture_is_found(db: None, media: Path) -> None:
    call_command("loaddata", "ministry", "directory", "news", verbosity=0)
    assert looked_up("サイバー")
    assert index_faults() == []


@pytest.mark.django_db(transaction=True)
def test_an_emptied_site_has_an_empty_index(committed_site: Site) -> None:
    empty_the_site()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM bureaus_search WHERE bureaus_search MATCH '総'")
        else:
            cursor.execute("SELECT count(*) FROM bureaus_searchrow WHERE pairs IS NOT NULL")
        assert cursor.fetchone() == (0,)


# Checks and rebuilding


def break_it(site: Site, how: str) -> None:
    rows = SearchRow.objects.filter(edition__page=site.bureau)
    if how == "missing":
        rows.delete()
    elif how == "stale":
        Edition.objects.filter(page=site.bureau).update(lead="書き換えた要旨")
    elif how == "surplus":
        Edition.objects.filter(page=site.news[0]).update(
            state="draft", live_from=None, live_until=None
        )
        NewsListing.objects.filter(page=site.news[0]).delete()
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM bureaus_search WHERE rowid = %s", [rows.get().pk])
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE bureaus_searchrow SET pairs = NULL WHERE id = %s", [rows[0].pk])


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("missing", "検索の索引にありません"),
        ("stale", "いまの内容と合いません"),
        ("surplus", "承認済みではないのに"),
        ("emptied", "いまの内容と合いません"),
    ],
)
def test_a_fault_of_the_index_is_reported_and_fixed_by_rebuilding(
    site: Site, how: str, sentence: str
) -> None:
    assert problems() == []
    break_it(site, how)
    assert [problem for problem in problems() if sentence in problem.sentence]
    call_command("rebuild_search", verbosity=0)
    assert index_faults() == []
    assert problems() == []


def test_rebuilding_reports_progress_and_totals(site: Site) -> None:
    output = StringIO()
    call_command("rebuild_search", stdout=output)
    lines = output.getvalue().splitlines()
    assert lines[0] == "7版のうち7版を入れました。"
    assert lines[1].startswith("7版を索引に入れました（")


def test_rebuilding_puts_the_keys_in_the_order_of_the_days(site: Site) -> None:
    put_in_force(site.guide, "組織案内", live_from=tokyo(2013, 6, 1))
    call_command("rebuild_search", verbosity=0)
    rows = SearchRow.objects.order_by("pk").select_related("edition")
    days = [
        row.edition.issued_on or timezone.localtime(row.edition.live_from, TOKYO).date()
        for row in rows
    ]
    assert days == sorted(days)


def test_a_reindexed_edition_keeps_its_key(site: Site) -> None:
    rows = dict(SearchRow.objects.values_list("edition", "pk"))
    reindex([site.guide.editions.get().pk])
    assert dict(SearchRow.objects.values_list("edition", "pk")) == rows
    publish(site.guide, "later", "後の資料")
    assert SearchRow.objects.filter(pk__gt=max(rows.values())).count() == 1
    assert index_faults() == []


def test_refreshing_a_current_index_writes_nothing(
    site: Site, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        refresh([site.bureau.pk, site.guide.pk])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without counting")
@pytest.mark.parametrize("command", [["rebuild_search"], ["loaddata", "ministry", "directory"]])
def test_statistics_are_updated_after_many_rows(
    site: Site, media: Path, command: list[str]
) -> None:
    if command[0] == "loaddata":
        empty_the_site()
    call_command(*command, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'bureaus_searchrow'")
        assert cursor.fetchone()[0] == SearchRow.objects.count()
