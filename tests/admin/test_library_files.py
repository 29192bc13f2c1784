"""Officers see the pictures and documents of drafts; nobody else does."""

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from bureaus.models import Document, Edition, Figure, Image, Link, Part, Role
from bureaus.publishing import edit, start_draft
from tests.helpers.cast import Site, officer

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("media"),
    pytest.mark.one_database_unless_long,
]
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
    public = address.replace("/admin/files/documents", "/documents")
    assert citizen.get(public).status_code in {302, 404}


@pytest.fixture
def embargoed(site: Site, writer: User) -> Edition:
    """A draft of the bureau that alone uses the image and the document."""
    edition = start_draft(page=site.bureau, actor=writer)
    parts: dict[type[Part], list[Part]] = {
        Figure: [Figure(image=Image.objects.get(), alt="白書の表紙")],
        Link: [Link(text="予算案", document=Document.objects.get())],
    }
    return edit(edition=edition, changes={}, parts=parts, revision=edition.revision, actor=writer)


@pytest.mark.usefixtures("embargoed")
@pytest.mark.parametrize("address", [PICTURE, f"{PICTURE}.320.webp", DOCUMENT])
@pytest.mark.parametrize(("person", "status"), [("approver", 200), ("outsider", 404)])
def test_a_file_under_embargo_is_for_the_branch_alone(
    request: pytest.FixtureRequest, person: str, status: int, address: str
) -> None:
    response = logged_in(request.getfixturevalue(person)).get(address)
    assert response.status_code == status
    response.getvalue()


@pytest.mark.usefixtures("embargoed")
def test_who_put_a_file_in_may_see_it_in_any_use(outsider: User) -> None:
    Image.objects.update(uploader=outsider)
    response = logged_in(outsider).get(PICTURE)
    assert response.status_code == 200
    response.getvalue()


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


@pytest.mark.parametrize(
    ("person", "status"), [("approver", 200), ("manager", 200), ("outsider", 404)]
)
def test_a_file_that_no_edition_uses_yet_is_for_those_who_share_a_branch_with_its_officer(
    request: pytest.FixtureRequest, writer: User, person: str, status: int
) -> None:
    Image.objects.update(uploader=writer)
    response = logged_in(request.getfixturevalue(person)).get(PICTURE)
    assert response.status_code == status
    response.getvalue()


def test_a_role_holder_of_the_parent_can_use_it_too(site: Site, writer: User) -> None:
    Image.objects.update(uploader=writer)
    above = officer("上", {site.root: [Role.WRITER]})
    response = logged_in(above).get(PICTURE)
    assert response.status_code == 200
    response.getvalue()
