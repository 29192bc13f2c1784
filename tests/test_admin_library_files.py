"""Officers see the pictures and documents of drafts; nobody else does."""

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from bureaus.models import Document, Image
from tests.cast import Site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PICTURE, DOCUMENT = "/admin/files/images/a.jpg", "/admin/files/documents/a.pdf"


@pytest.fixture(autouse=True)
def library(media: object) -> None:
    for name in ("images/a.jpg", "images/a.jpg.320.webp", "documents/a.pdf"):
        default_storage.save(name, ContentFile(name.encode()))
    Image.objects.create(
        file="images/a.jpg", width=640, height=480, byte_size=9, renditions="320.webp"
    )
    Document.objects.create(file="documents/a.pdf", title="予算案", byte_size=9)


def logged_in(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


@pytest.mark.parametrize("person", ["writer", "approver", "manager", "outsider", "operator"])
@pytest.mark.parametrize("address", [PICTURE, f"{PICTURE}.320.webp", DOCUMENT])
def test_an_officer_is_sent_what_is_not_public(
    request: pytest.FixtureRequest, person: str, address: str
) -> None:
    response = logged_in(request.getfixturevalue(person)).get(address)
    assert b"".join(response) == address.removeprefix("/admin/files/").encode()
    assert response.headers["Cache-Control"].startswith("private, no-store")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", [PICTURE, DOCUMENT])
def test_nobody_else_is(site: Site, citizen: Client, address: str) -> None:
    assert citizen.get(address).status_code == 302
    idle = User.objects.create_user("無役", password="ひみつ-2013", is_staff=True)
    assert logged_in(idle).get(address).status_code == 404
    assert citizen.get(address.replace("/admin/files/documents", "/documents")).status_code in {
        302,
        404,
    }


@pytest.mark.parametrize(
    "address",
    [
        "/admin/files/images/b.jpg",
        "/admin/files/documents/../images/a.jpg",
        "/admin/files/%2e%2e/x",
    ],
)
def test_what_is_not_in_the_library_is_not_found(operator_client: Client, address: str) -> None:
    assert operator_client.get(address).status_code == 404
