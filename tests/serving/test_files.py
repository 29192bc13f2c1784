"""Pictures and documents: only what is in the library, and nothing in them runs."""

from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from bureaus.models import Document, Edition, Figure, Image, Kind, Link, Page
from tests.helpers.cast import approve, place, publish
from tests.helpers.reader import links, read

PICTURE = "images/kaidan.png"
PDF = "documents/policy.pdf"

pytestmark = [pytest.mark.django_db, pytest.mark.one_database_unless_long]


@pytest.fixture(autouse=True)
def library(settings: Settings, tmp_path: Path) -> Path:
    """Show one picture and four documents, and keep a file beside them that is nobody's."""
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "secret_key").write_text("ひみつ")
    default_storage.save("images/unknown.png", ContentFile(b"PNG"))
    default_storage.save(PICTURE, ContentFile(b"PNG"))
    image = Image.objects.create(file=PICTURE, width=8, height=5, byte_size=3)
    root = publish(None, "", "総務省", kind=Kind.ORGANISATION)
    edition = Edition.objects.get(page=root)
    Figure.objects.bulk_create([Figure(edition=edition, image=image, alt="図")])
    for name in (PDF, "documents/table.csv", "documents/page.html", "documents/data.unknown"):
        default_storage.save(name, ContentFile(b"content"))
        Document(file=name, title="文書", byte_size=7).save()
    show(edition, Document.objects.all())
    return tmp_path


def show(edition: Edition, documents: Iterable[Document]) -> None:
    Link.objects.bulk_create(
        Link(edition=edition, position=number, text="文書", document=document)
        for number, document in enumerate(documents, 1)
    )


def fetch(client: Client, address: str) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a file that must be there."""
    with closing(client.get(address)) as response:
        assert response.status_code == 200
        return dict(response.headers), b"".join(response)


@pytest.mark.parametrize(
    ("address", "kind", "disposition"),
    [
        (f"/media/{PICTURE}", "image/png", "inline"),
        (f"/{PDF}", "application/pdf", "inline"),
        ("/documents/table.csv", "text/csv; charset=utf-8", "attachment"),
        ("/documents/page.html", "text/html", "attachment"),
        ("/documents/data.unknown", "application/octet-stream", "attachment"),
    ],
)
def test_a_file_of_the_library_is_sent_as_what_it_is(
    citizen: Client, address: str, kind: str, disposition: str
) -> None:
    headers, body = fetch(citizen, address)
    name = address.rpartition("/")[2]
    assert body == (b"PNG" if kind == "image/png" else b"content")
    assert headers["Content-Type"] == kind
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == f'{disposition}; filename="{name}"'
    assert headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("address", [f"/media/{PICTURE}", "/documents/page.html"])
def test_a_file_opened_by_itself_runs_and_loads_nothing(citizen: Client, address: str) -> None:
    policy = fetch(citizen, address)[0]["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox"} <= set(policy)


def test_a_pdf_loads_nothing_but_is_in_no_sandbox_where_browsers_would_not_show_it(
    citizen: Client,
) -> None:
    policy = fetch(citizen, f"/{PDF}")[0]["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" not in policy


def test_head_of_a_file_says_its_size_and_sends_nothing(citizen: Client) -> None:
    with closing(citizen.head(f"/{PDF}")) as response:
        assert response.headers["Content-Length"] == "7"
        assert b"".join(response) == b""


def test_a_file_sets_no_cookie_and_may_be_kept(citizen: Client) -> None:
    headers, _ = fetch(citizen, f"/{PDF}")
    assert "Set-Cookie" not in headers
    assert headers["Cache-Control"] == "public, max-age=3600, s-maxage=0"


@pytest.mark.parametrize(
    "address",
    [
        "/media/images/unknown.png",  # on the disk, not in the library
        "/media/images/nothing.png",
        "/media/images/",
        "/media/images",
        f"/media/{PDF}",  # a document is no picture
        f"/documents/{PICTURE}",
        f"/documents/{PDF}",
        "/documents/../images/kaidan.png",
        "/media/../secret_key",
        "/media/%2e%2e/secret_key",
        "/media/images/../../secret_key",
        "/media/images/%2e%2e%2f%2e%2e%2fsecret_key",
        "/media//etc/passwd",
        "/media/%2fetc%2fpasswd",
        f"/media/{PICTURE}%00",
        f"/media/{PICTURE}%00.html",
        f"/media/{PICTURE}/",
        f"/media/./{PICTURE}",
        f"/media/{PICTURE.upper()}",
        "/media/images/%ff.png",
        "/media/" + "a" * 8_000,
    ],
)
def test_whatever_is_not_in_the_library_is_not_found(citizen: Client, address: str) -> None:
    path = unquote_to_bytes(address).decode("latin-1")
    response = citizen.get("/", PATH_INFO=path)
    assert response.status_code == 404
    assert "ひみつ" not in response.content.decode()


def test_a_name_that_leaves_the_library_is_refused_even_from_inside_it(citizen: Client) -> None:
    Document(file="documents/../../secret_key", title="抜け道", byte_size=1).save()
    assert citizen.get("/", PATH_INFO="/documents/../../secret_key").status_code in {400, 404}


def test_a_file_that_is_not_found_leads_home(citizen: Client) -> None:
    assert ("トップページ", "/") in links(read(citizen, "/documents/nothing.pdf", 404), "//main")


@pytest.mark.parametrize("state", ["draft", "booked"])
def test_what_is_under_embargo_cannot_be_had_by_guessing_its_name(
    citizen: Client, state: str
) -> None:
    default_storage.save("documents/secret.pdf", ContentFile(b"content"))
    secret = Document.objects.create(file="documents/secret.pdf", title="予算案", byte_size=7)
    page = place(Page.objects.get(key="/"), "yosan")
    if state == "booked":
        edition = approve(page, "予算案", live_from=timezone.now() + timedelta(days=1))
    else:
        edition = Edition.objects.create(page=page, number=1, category="general")
    show(edition, [secret])

    assert citizen.get("/documents/secret.pdf").status_code == 404
