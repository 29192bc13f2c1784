"""Tags of the libraries: by them files are sorted and found, and no citizen sees them."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureaus.models import Action, AuditEntry, DocumentTag, Image, ImageTag, Role
from bureaus.publishing import Blocked, add_document, add_image, delete_image, tag_file
from tests.helpers.cast import Site, client_of, officer
from tests.helpers.libraries import paper, photograph
from tests.helpers.page_details import text_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("media")]
IMAGES, TAGS = "/admin/bureaus/image/", "/admin/bureaus/image/tags/"


@pytest.fixture
def images(site: Site, writer: User) -> list[Image]:
    names = ("会談.jpg", "庁舎.jpg", "会見.jpg")
    return [add_image(upload=photograph(), name=name, actor=writer) for name in names]


def send(who: User, **fields: Any) -> str:
    response = client_of(who).post(TAGS, fields, follow=True)
    return text_in(response.content.decode())


def tags_of(image: Image) -> list[str]:
    return list(ImageTag.objects.filter(image=image).values_list("name", flat=True))


def listed(who: User, **query: str) -> str:
    return text_in(client_of(who).get(IMAGES, query).content.decode())


def test_several_are_tagged_at_once_and_found_by_their_tag(
    images: list[Image], writer: User
) -> None:
    keys = [image.pk for image in images[:2]]
    report = send(writer, file=keys, tags="写真、記者会見", do="add")
    assert "2件に、タグ「写真」、「記者会見」を付けました。" in report
    assert [sorted(tags_of(image)) for image in images] == [
        ["写真", "記者会見"],
        ["写真", "記者会見"],
        [],
    ]
    shown = listed(writer, tag="写真")
    assert "会談.jpg" in shown
    assert "会見.jpg" not in shown
    assert "庁舎.jpg" in listed(writer, q="記者会見")


def test_a_tag_is_taken_off_and_both_are_recorded(images: list[Image], writer: User) -> None:
    send(writer, file=[images[0].pk], tags="写真 会談", do="add")
    send(writer, file=[images[0].pk], tags="写真", do="remove")
    send(writer, file=[images[0].pk], tags="写真", do="remove")  # nothing to take off
    assert tags_of(images[0]) == ["会談"]
    entries = AuditEntry.objects.filter(action=Action.DESCRIBE).order_by("pk")
    assert [entry.details["changes"]["tags"] for entry in entries] == ["会談、写真", "会談"]


def test_all_that_match_are_tagged(images: list[Image], writer: User) -> None:
    report = send(writer, all="1", back="q=会", tags="会議", do="add")
    assert "2件に、タグ「会議」を付けました。" in report
    assert [tags_of(image) for image in images] == [["会議"], [], ["会議"]]


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        ("", "タグを書いてください"),
        ("長" * 31, "30文字以内"),
        ("1 2 3 4 5 6 7 8 9 10 11", "10個まで"),
    ],
)
def test_what_cannot_be_a_tag_is_refused_with_its_reason(
    images: list[Image], writer: User, tags: str, sentence: str
) -> None:
    assert sentence in send(writer, file=[images[0].pk], tags=tags, do="add")
    assert not ImageTag.objects.exists()


def test_each_is_tagged_on_its_own(images: list[Image], writer: User) -> None:
    tag_file(item=images[0], tags=map(str, range(10)), actor=writer)
    report = send(writer, file=[images[0].pk, images[1].pk], tags="写真", do="add")
    assert "1件に、タグ「写真」を付けました。" in report
    assert "1件はできませんでした：1つのファイルのタグは10個まで" in report


def test_nothing_chosen_says_so(images: list[Image], writer: User) -> None:
    assert "ファイルが選ばれていません" in send(writer, tags="写真", do="add")


def test_an_officer_tags_no_file_that_they_may_not_use(site: Site, images: list[Image]) -> None:
    other = officer("別局", {site.root: [Role.MANAGER]})
    with pytest.raises(Blocked):
        tag_file(item=images[0], tags=["写真"], actor=other)
    far = officer("遠い人", {site.news[0]: [Role.WRITER]})
    apart = officer("隣の人", {site.sections[0]: [Role.WRITER]})
    own = add_image(upload=photograph(), name="秘密.jpg", actor=far)
    tag_file(item=own, tags=["極秘の件"], actor=far)
    assert "極秘の件" not in listed(apart)
    assert "ファイルが選ばれていません" in send(apart, file=[own.pk], tags="写真", do="add")


def test_a_document_has_tags_on_its_screen(site: Site, writer: User) -> None:
    document = add_document(upload=paper(), name="方針.pdf", actor=writer).document
    client = client_of(writer)
    fields = {"file": document.pk, "lone": document.pk, "tags": "方針", "do": "add"}
    response = client.post("/admin/bureaus/document/tags/", fields, follow=True)
    assert "方針" in text_in(response.content.decode())
    assert response.redirect_chain[-1][0] == f"/admin/bureaus/document/{document.pk}/change/"
    assert DocumentTag.objects.get().document == document


def test_a_deleted_file_takes_its_tags_along(images: list[Image], writer: User) -> None:
    tag_file(item=images[0], tags=["写真"], actor=writer)
    delete_image(image=images[0], actor=writer)
    assert not ImageTag.objects.exists()


def test_the_list_costs_the_same_with_many_tags(images: list[Image], writer: User) -> None:
    client = client_of(writer)
    client.get("/admin/")
    counts = []
    for tags in ([], ["写真"], ["一", "二", "三"]):
        for image in images:
            if tags:
                tag_file(item=image, tags=tags, actor=writer)
        with CaptureQueriesContext(connection) as queries:
            client.get(IMAGES)
        counts.append(len(queries))
    assert counts[0] == counts[-1] <= 9
