"""A document keeps its address; what was there before is read by its date."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bureaus.models import Document, EarlierFile, Edition, Link
from tests.helpers.cast import Site, tokyo
from tests.helpers.reader import BUREAU, links, read

pytestmark = pytest.mark.django_db
ADDRESS = "/documents/policy.pdf"
FIRST_UNTIL, SECOND_UNTIL = tokyo(2013, 6, 1), tokyo(2014, 1, 1)


@pytest.fixture(autouse=True)
def policy(site: Site, media: Path) -> Document:
    """One page until June 2013, two until the end of the year, three pages now."""
    for name in ("policy", "second", "third"):
        default_storage.save(f"documents/{name}.pdf", ContentFile(name.encode()))
    document = Document.objects.create(
        address="documents/policy.pdf",
        file="documents/third.pdf",
        name="運用方針（改定）.pdf",
        title="運用方針",
        byte_size=3_000_000,
        page_count=3,
    )
    for name, pages, until in (("policy", 1, FIRST_UNTIL), ("second", 2, SECOND_UNTIL)):
        EarlierFile.objects.create(
            document=document,
            file=f"documents/{name}.pdf",
            name="運用方針.pdf",
            byte_size=pages * 10_240,
            page_count=pages,
            until=until,
        )
    edition = Edition.objects.get(page=site.bureau)
    Link.objects.bulk_create([Link(edition=edition, text="運用方針", document=document)])
    return document


def content(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response)


def headers(client: Client, address: str) -> dict[str, str]:
    response = client.get(address)
    assert b"".join(response)
    return dict(response.headers)


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("", b"third"),
        ("?at=2013-04-02", b"policy"),
        ("?at=2001-01-01", b"policy"),  # before it was there: the earliest that anybody could read
        ("?at=2013-05-31", b"policy"),
        ("?at=2013-06-01", b"second"),
        ("?at=2013-06-01T00:00", b"second"),
        ("?at=2013-12-31T23:59:59", b"second"),
        ("?at=2014-01-01T00:00", b"third"),
        ("?at=2020-01-01", b"third"),
    ],
)
def test_a_document_is_what_it_was_at_the_moment(citizen: Client, at: str, found: bytes) -> None:
    assert content(citizen, f"{ADDRESS}{at}") == found


@pytest.mark.parametrize("at", ["never", "2999-01-01", "2013-13-01", "\0"])
def test_a_moment_that_cannot_be_read_is_refused(citizen: Client, at: str) -> None:
    assert citizen.get(ADDRESS, {"at": at}).status_code == 400


@pytest.mark.parametrize(
    ("at", "note"),
    [
        ("2013-05-01", "（PDF形式：10KB、1ページ）"),
        ("2013-07-01", "（PDF形式：20KB、2ページ）"),
        ("2014-07-01", "（PDF形式：2.9MB、3ページ）"),
    ],
)
def test_a_past_page_links_what_it_linked(citizen: Client, at: str, note: str) -> None:
    page = read(citizen, f"{BUREAU}?at={at}")
    assert (f"運用方針{note}", f"{ADDRESS}?at={at}") in links(page, "//ul[@class='links']")


def test_a_page_of_today_links_the_address_that_stays(citizen: Client) -> None:
    found = links(read(citizen, BUREAU), "//ul[@class='links']")
    assert ("運用方針（PDF形式：2.9MB、3ページ）", ADDRESS) in found


def test_a_past_document_is_not_indexed_and_has_its_own_name(citizen: Client) -> None:
    past, now = headers(citizen, f"{ADDRESS}?at=2013-05-01"), headers(citizen, ADDRESS)
    assert past["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in now
    assert (
        past["Content-Disposition"]
        == "inline; filename*=utf-8''%E9%81%8B%E7%94%A8%E6%96%B9%E9%87%9D.pdf"
    )


def test_the_file_behind_the_address_has_none_of_its_own(citizen: Client) -> None:
    for name in ("third", "second"):
        assert citizen.get(f"/documents/{name}.pdf").status_code == 404


def test_an_embargo_holds_at_every_moment(citizen: Client) -> None:
    Link.objects.all()._raw_delete(Link.objects.db)
    for at in ("", "?at=2013-05-01", "?at=2020-01-01"):
        assert citizen.get(f"{ADDRESS}{at}").status_code == 404


def test_a_document_costs_one_query_and_a_past_one_two(
    citizen: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        content(citizen, ADDRESS)
    with django_assert_num_queries(2):
        content(citizen, f"{ADDRESS}?at=2013-05-01")


def test_a_past_page_costs_no_more_than_one_of_today(
    citizen: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address in (BUREAU, f"{BUREAU}?at=2013-05-01"):
        with django_assert_num_queries(7):
            citizen.get(address)
