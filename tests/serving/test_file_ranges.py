"""Files of the library over HTTP: validators, ranges, and HEAD as GET (RFC 9110)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from bureaus.models import Document, EarlierFile, Edition, Figure, Image, Link
from bureaus.uploads.storage import store
from tests.helpers.cast import Site, approve, place

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]
PICTURE, PDF = "/media/images/a.png", "/documents/a.pdf"
CONTENT = b"0123456789"


@pytest.fixture(autouse=True)
def library(site: Site, media: Path) -> None:
    """One picture and one document of ten bytes, on the page of the ministry."""
    for name in ("images/a.png", "documents/a.pdf"):
        default_storage.save(name, ContentFile(CONTENT))
    edition = Edition.objects.get(page=site.root)
    image = Image.objects.create(file="images/a.png", width=8, height=5, byte_size=10)
    Figure.objects.bulk_create([Figure(edition=edition, image=image, alt="図")])
    document = Document.objects.create(file="documents/a.pdf", title="文書", byte_size=10)
    Link.objects.bulk_create([Link(edition=edition, text="文書", document=document)])


def ask(client: Client, address: str, method: str = "GET", **headers: str) -> Any:
    """Return the response with all of its body in `body`."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    response: Any = client.generic(method, address, headers=names)
    response.body = b"".join(response)
    return response


@pytest.mark.parametrize("address", [PICTURE, PDF])
def test_a_file_that_has_not_changed_is_not_sent_again(citizen: Client, address: str) -> None:
    first = ask(citizen, address)
    assert first.headers["ETag"].startswith('"')
    for headers in (
        {"if_none_match": first.headers["ETag"]},
        {"if_none_match": f'"x", W/{first.headers["ETag"]}'},
        {"if_modified_since": first.headers["Last-Modified"]},
        {"if_none_match": first.headers["ETag"], "range": "bytes=0-1"},
    ):
        for method in ("GET", "HEAD"):
            again = ask(citizen, address, method, **headers)
            assert (again.status_code, again.body) == (304, b""), (headers, method)
            for name in ("ETag", "Last-Modified", "Cache-Control"):
                assert again.headers[name] == first.headers[name]
    for headers in ({"if_none_match": '"x"'}, {"if_modified_since": http_date(0)}):
        assert ask(citizen, address, **headers).body == CONTENT
    assert ask(citizen, address, if_match='"x"').status_code == 412


def test_a_replaced_document_has_another_etag_at_the_same_address(
    citizen: Client, media: Path
) -> None:
    before = ask(citizen, PDF)
    default_storage.save("documents/b.pdf", ContentFile(b"9876543210"))
    same_moment = (media / "documents/a.pdf").stat().st_mtime
    os.utime(media / "documents/b.pdf", (same_moment, same_moment))
    document = Document.objects.get()
    EarlierFile.objects.create(
        document=document, file="documents/a.pdf", byte_size=10, until=timezone.now()
    )
    Document.objects.update(file="documents/b.pdf")
    after = ask(citizen, PDF, if_none_match=before.headers["ETag"])
    assert after.body == b"9876543210"
    assert ask(citizen, f"{PDF}?at=2013-05-01", if_none_match=before.headers["ETag"]).body == b""


def test_a_file_that_is_stored_anew_has_another_etag(citizen: Client) -> None:
    before = ask(citizen, PICTURE)
    store("images/a.png", ContentFile(b"9876543210"))
    assert ask(citizen, PICTURE, if_none_match=before.headers["ETag"]).body == b"9876543210"


@pytest.mark.parametrize(
    ("requested", "sent", "of_whole"),
    [
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
        ("bytes=-99", CONTENT, "bytes 0-9/10"),
        ("BYTES=9-9", b"9", "bytes 9-9/10"),
    ],
)
def test_a_part_of_a_file_is_sent(
    citizen: Client, requested: str, sent: bytes, of_whole: str
) -> None:
    answer = ask(citizen, PDF, range=requested)
    assert (answer.status_code, answer.body) == (206, sent)
    assert answer.headers["Content-Range"] == of_whole
    assert answer.headers["Content-Length"] == str(len(sent))
    whole = ask(citizen, PDF)
    assert whole.headers["Accept-Ranges"] == "bytes"
    for name in ("ETag", "Last-Modified", "Cache-Control", "Content-Type", "Content-Disposition"):
        assert answer.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    "requested",
    [
        "bytes=0-1,4-5",
        "bytes=4-2",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=+1-2",
        "bytes=1_0-",
        "bytes=-１",
        "lines=0-1",
        "bytes 0-1",
        "bytes=" + "9" * 5_000 + "-",
    ],
)
def test_what_is_no_range_is_ignored(citizen: Client, requested: str) -> None:
    answer = ask(citizen, PDF, range=requested)
    assert (answer.status_code, answer.body) == (200, CONTENT)


@pytest.mark.parametrize("requested", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused_with_the_size(citizen: Client, requested: str) -> None:
    answer = ask(citizen, PDF, range=requested)
    assert (answer.status_code, answer.body) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */10"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_part_is_sent_only_of_the_file_that_is_meant(citizen: Client) -> None:
    whole = ask(citizen, PDF)
    for meant in (whole.headers["ETag"], whole.headers["Last-Modified"]):
        assert ask(citizen, PDF, range="bytes=0-1", if_range=meant).status_code == 206
    for other in ('"x"', f"W/{whole.headers['ETag']}", http_date(0), "x"):
        answer = ask(citizen, PDF, range="bytes=0-1", if_range=other)
        assert (answer.status_code, answer.body) == (200, CONTENT), other


def test_head_says_what_get_says_and_heeds_no_range(citizen: Client) -> None:
    for address in (PICTURE, PDF):
        whole = ask(citizen, address)
        for headers in ({}, {"range": "bytes=0-1"}):
            head = ask(citizen, address, "HEAD", **headers)
            assert (head.status_code, head.body) == (200, b"")
            assert dict(head.headers) == dict(whole.headers)


def test_an_embargo_is_not_told_by_validators_or_ranges(site: Site, citizen: Client) -> None:
    default_storage.save("documents/secret.pdf", ContentFile(CONTENT))
    secret = Document.objects.create(file="documents/secret.pdf", title="予算案", byte_size=10)
    page = place(site.root, "yosan")
    edition = approve(page, "予算案", live_from=timezone.now() + timedelta(days=1))
    Link.objects.bulk_create([Link(edition=edition, text="文書", document=secret)])
    for headers in ({"range": "bytes=0-1"}, {"range": "bytes=99-"}, {"if_none_match": "*"}):
        for method in ("GET", "HEAD"):
            answer = ask(citizen, "/documents/secret.pdf", method, **headers)
            assert answer.status_code == 404
            assert "Content-Range" not in answer.headers


def test_an_empty_file_is_sent_empty(citizen: Client) -> None:
    store("documents/a.pdf", ContentFile(b""))
    assert ask(citizen, PDF).headers["Content-Length"] == "0"
    assert ask(citizen, PDF, range="bytes=0-").status_code == 416


@pytest.mark.parametrize("address", ["/main_sosiki/", "/news.csv", "/feed.xml", "/sitemap.xml"])
def test_head_of_what_is_no_file_has_the_same_headers_and_is_conditional(
    citizen: Client, address: str
) -> None:
    get, head = ask(citizen, address), ask(citizen, address, "HEAD")
    assert head.body == b""
    assert dict(head.headers) == dict(get.headers)
    assert ask(citizen, address, "HEAD", if_none_match=get.headers["ETag"]).status_code == 304
