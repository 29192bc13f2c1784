"""Pictures and documents of a draft: readable in its previews, and not elsewhere."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from bureaus.models import Action, Document, Edition, Figure, Image, Link
from bureaus.publishing import approve, edit, share, submit
from tests.helpers.admin_form import fields_of
from tests.helpers.blockers import blockers_of
from tests.helpers.cast import Site, client_of
from tests.helpers.editing import drafted

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("media"),
    pytest.mark.one_database_unless_long,
]
ALT = "庁舎の前で、職員が来訪者に資料を手渡している。"
IN_BODY = '<p><a href="/documents/a.pdf">予算の案</a></p>'


@pytest.fixture
def draft(site: Site, writer: User, media: object) -> Edition:
    for name in ("images/a.jpg", "images/a.jpg.320.webp", "documents/a.pdf", "images/b.jpg"):
        default_storage.save(name, ContentFile(name.encode()))
    size = {"width": 640, "height": 480, "byte_size": 9}
    picture = Image.objects.create(file="images/a.jpg", renditions="320.webp", **size)
    Image.objects.create(file="images/b.jpg", **size)
    paper = Document.objects.create(file="documents/a.pdf", title="予算案", byte_size=9)
    edition = drafted(site.bureau, writer, body=IN_BODY)
    return edit(
        edition=edition,
        actor=writer,
        changes={},
        revision=edition.revision,
        parts={
            Figure: [Figure(image=picture, alt=ALT)],
            Link: [Link(text="予算案", document=paper)],
        },
    )


def addresses_in(html: str) -> set[str]:
    """Return the addresses of all files that the page shows or links."""
    found = re.findall(r'(?:src|href)="([^"]*)"|srcset="([^" ]*)', html)
    return {a or b for a, b in found if re.search(r"/(?:images|documents)/", a or b)}


def answers(client: Client, addresses: set[str]) -> dict[str, int]:
    statuses = {}
    for address in addresses:
        response = client.get(address)
        response.getvalue()
        statuses[address] = response.status_code
    return statuses


def link_to(draft: Edition, writer: User, reader: Client) -> str:
    """Return the address at which `reader` is after they have opened the link."""
    link = f"/preview/{share(edition=draft, actor=writer).token}/"
    return str(reader.get(link)["Location"])


def test_an_officers_preview_shows_the_files_of_the_draft(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    page = writer_client.get(reverse("admin:edition-preview", args=[draft.pk])).content.decode()
    found = addresses_in(page)
    assert found == {
        "/admin/files/images/a.jpg",
        "/admin/files/images/a.jpg.320.webp",
        "/admin/files/documents/a.pdf",
    }
    assert set(answers(writer_client, found).values()) == {200}


def test_the_preview_of_unsaved_text_shows_them_too(draft: Edition, writer: User) -> None:
    writer_client = client_of(writer)
    address = reverse("admin:edition-preview-typed", args=[draft.pk])
    page = writer_client.post(address, fields_of(draft, writer)).content.decode()
    assert "/admin/files/images/a.jpg" in addresses_in(page)


def test_the_shared_link_opens_them_and_no_other_file(
    draft: Edition, writer: User, citizen: Client
) -> None:
    link = link_to(draft, writer, citizen)
    found = addresses_in(citizen.get(link).content.decode())
    assert found == {
        f"{link}files/images/a.jpg",
        f"{link}files/images/a.jpg.320.webp",
        f"{link}files/documents/a.pdf",
    }
    assert set(answers(citizen, found).values()) == {200}
    assert answers(citizen, {f"{link}files/images/b.jpg"}) == {f"{link}files/images/b.jpg": 404}


def test_a_file_of_the_shared_link_is_not_cached_or_indexed(
    draft: Edition, writer: User, citizen: Client
) -> None:
    response = citizen.get(f"{link_to(draft, writer, citizen)}files/documents/a.pdf")
    response.getvalue()
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"


def test_the_files_expire_with_the_link(
    draft: Edition, writer: User, approver: User, citizen: Client
) -> None:
    link = link_to(draft, writer, citizen)
    approve(editions=[submit(edition=draft, actor=writer)], actor=approver)
    assert answers(citizen, {f"{link}files/images/a.jpg", "/media/images/a.jpg"}) == {
        f"{link}files/images/a.jpg": 404,
        "/media/images/a.jpg": 200,
    }


def test_a_forged_link_opens_no_file(draft: Edition, citizen: Client) -> None:
    del draft
    address = "/preview/abc:def:ghi/files/images/a.jpg"
    assert answers(citizen, {address}) == {address: 404}


def test_the_public_page_leads_to_the_public_addresses(
    draft: Edition, writer: User, approver: User, site: Site, citizen: Client
) -> None:
    approve(editions=[submit(edition=draft, actor=writer)], actor=approver)
    page = citizen.get(site.bureau.url_path).content.decode()
    found = {each for each in addresses_in(page) if each.startswith("/")}
    assert found == {"/media/images/a.jpg", "/media/images/a.jpg.320.webp", "/documents/a.pdf"}


@pytest.mark.parametrize(
    "address", ["/documents/a.pdf", "/documents/none.pdf"], ids=["no longer listed", "nothing"]
)
def test_a_body_that_links_what_is_not_public_cannot_be_submitted(
    draft: Edition, writer: User, address: str
) -> None:
    body = f'<p><a href="{address}">予算の案</a></p>'
    changed = edit(
        edition=draft,
        actor=writer,
        changes={"body": body},
        revision=draft.revision,
        parts={Link: []},
    )
    [blocker] = blockers_of(Action.SUBMIT, edition=changed, actor=writer)
    assert blocker.code == "dead_link"
    assert f"「{address}」には、公開されている文書がありません" in str(blocker)


def test_a_row_makes_what_the_body_links_public(draft: Edition, writer: User) -> None:
    assert blockers_of(Action.SUBMIT, edition=draft, actor=writer) == []
