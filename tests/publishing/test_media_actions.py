"""The library: who may put in, describe, replace and take out, and what is left of it."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.utils import timezone

from bureaus.models import (
    Action,
    AuditEntry,
    Document,
    EarlierFile,
    Edition,
    Figure,
    Image,
    Kind,
    Link,
    Part,
    Role,
    State,
)
from bureaus.permissions import grants_of
from bureaus.publishing import (
    Blocked,
    add_document,
    add_image,
    delete_document,
    delete_image,
    describe_document,
    describe_image,
    edit,
    references_to,
    replace_document,
    return_,
)
from tests.helpers import uploads
from tests.helpers.blockers import blockers_of
from tests.helpers.cast import Site, approve, officer, place, publish
from tests.helpers.editing import drafted, refused, submitted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]
PICTURE = uploads.jpeg(400, 300)


def picture_of(actor: User | None, content: bytes = PICTURE, **details: str) -> Image:
    return add_image(upload=io.BytesIO(content), name="会談.jpg", actor=actor, **details)


def document_of(actor: User | None, content: bytes | None = None) -> Document:
    upload = io.BytesIO(content or uploads.pdf())
    return add_document(upload=upload, name="運用方針.pdf", actor=actor).document


def replaced(
    document: Document, actor: User | None, content: bytes, note: str = "誤字"
) -> Document:
    upload = io.BytesIO(content)
    return replace_document(
        document=document, upload=upload, name="新しい.pdf", actor=actor, note=note
    ).document


def link_from(site: Site, document: Document, **edition: Any) -> Edition:
    """A new edition of the bureau that links it."""
    edition.setdefault("live_from", timezone.now() - timedelta(days=1))
    made = approve(site.bureau, "情報通信国際戦略局", **edition)
    Link.objects.bulk_create([Link(edition=made, text="運用方針", document=document)])
    return made


def files(media: Path) -> set[str]:
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}


# Putting in


def test_a_picture_is_kept_with_its_renditions_and_an_event(writer: User, media: Path) -> None:
    image = picture_of(writer, credit="総務省", default_alt="握手する二人")
    image.refresh_from_db()
    assert (image.name, image.width, image.height) == ("会談.jpg", 400, 300)
    assert (image.credit, image.default_alt) == ("総務省", "握手する二人")
    assert files(media) == set(image.files)
    assert image.renditions.split() == ["400.webp", "320.webp", "320.jpg"]
    assert image.byte_size == default_storage.size(str(image.file))
    event = AuditEntry.objects.get()
    assert (event.action, event.actor, event.address) == (
        Action.UPLOAD,
        writer,
        f"/media/{image.file}",
    )


def test_the_name_of_a_stored_file_says_nothing(writer: User) -> None:
    names = {str(picture_of(writer).file) for _ in range(2)}
    assert len(names) == 2
    assert all(len(name) == len("images/.jpg") + 20 and name.isascii() for name in names)


def test_a_document_stands_at_an_address_of_its_own(writer: User, media: Path) -> None:
    registered = add_document(
        upload=io.BytesIO(uploads.pdf(3, tagged=False)),
        name="方針.pdf",
        actor=writer,
        title=" 方針 ",
    )
    document = registered.document
    document.refresh_from_db()
    assert document.title == "方針"
    assert (document.page_count, document.is_tagged, document.has_text) == (3, False, True)
    assert document.get_absolute_url() == f"/{document.file}"
    assert files(media) == {str(document.file)}
    assert any("タグ" in warning for warning in registered.warnings)


@pytest.mark.parametrize("content", [b"", b"<svg/>", uploads.png_of_size(10**6, 10**6)])
def test_a_refused_file_leaves_nothing(writer: User, media: Path, content: bytes) -> None:
    with pytest.raises(Blocked) as caught:
        picture_of(writer, content)
    (blocker,) = caught.value.blockers
    assert blocker.code == "invalid_file"
    assert blocker.sentence.startswith("「会談.jpg」")
    assert not media.exists()
    assert not Image.objects.exists()
    assert not AuditEntry.objects.exists()


def test_what_the_database_refuses_leaves_no_file(media: Path) -> None:
    nobody = User(pk=10**6, username="不在", is_superuser=True)  # whom no event can name
    with pytest.raises(DatabaseError):
        picture_of(nobody)
    assert files(media) == set()
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("writer", True),
        ("outsider", True),
        ("second_approver", True),
        ("operator", True),
        ("approver", False),
        ("manager", False),
    ],
)
def test_a_writer_of_any_branch_may_upload(
    request: pytest.FixtureRequest, person: str, *, may: bool
) -> None:
    assert (blockers_of(Action.UPLOAD, actor=request.getfixturevalue(person)) == []) is may


# Describing


def test_a_picture_is_described_for_whoever_uses_it_next(writer: User, outsider: User) -> None:
    image = picture_of(writer)
    describe_image(
        image=image, actor=outsider, credit="総務省", default_alt="握手", focal_x=20, focal_y=80
    )
    image.refresh_from_db()
    assert (image.credit, image.default_alt) == ("総務省", "握手")
    assert (image.focal_x, image.focal_y) == (20, 80)
    assert AuditEntry.objects.filter(action=Action.DESCRIBE, actor=outsider).count() == 1


def test_a_centre_outside_the_picture_is_refused(writer: User) -> None:
    image = picture_of(writer)
    with pytest.raises(ValidationError):
        describe_image(image=image, actor=writer, credit="", default_alt="", focal_x=101)
    image.refresh_from_db()
    assert image.focal_x == 50


def test_a_document_gets_another_title_and_not_none(writer: User) -> None:
    document = document_of(writer)
    describe_document(document=document, actor=writer, title=" 新しい題 ")
    with pytest.raises(ValidationError):
        describe_document(document=document, actor=writer, title=" ")
    document.refresh_from_db()
    assert document.title == "新しい題"


# Replacing


def test_a_draft_of_a_document_is_replaced_without_a_trace(writer: User, media: Path) -> None:
    """What was never public must not be had at a past moment."""
    document = document_of(writer)
    before, address = str(document.file), document.address
    document = replaced(document, writer, uploads.pdf(5), note="")
    assert (document.address, document.page_count) == (address, 5)
    assert str(document.file) != before
    assert files(media) == {str(document.file)}
    assert not EarlierFile.objects.exists()


def test_a_public_file_stays_readable_by_date(
    site: Site, writer: User, approver: User, media: Path
) -> None:
    document = document_of(writer)
    link_from(site, document)
    before = str(document.file)
    document = replaced(document, approver, uploads.pdf(5))
    earlier = EarlierFile.objects.get()
    assert (str(earlier.file), earlier.page_count) == (before, 1)
    assert files(media) == {before, str(document.file)}
    event = AuditEntry.objects.get(action=Action.REPLACE)
    assert (event.note, event.details["file"]) == ("誤字", before)


def test_what_pages_show_is_changed_by_their_approvers(
    site: Site, writer: User, second_approver: User, manager: User
) -> None:
    document = document_of(writer)
    link_from(site, document)
    for person in (writer, manager):
        with pytest.raises(Blocked) as caught:
            replaced(document, person, uploads.pdf(5))
        assert "approver" in refused(caught)
    with pytest.raises(Blocked) as caught:
        replaced(document, second_approver, uploads.pdf(5), note=" ")
    assert refused(caught) == {"note"}
    assert replaced(document, second_approver, uploads.pdf(5)).page_count == 5


def test_what_a_booking_will_show_is_changed_by_its_approvers_too(
    site: Site, writer: User, approver: User
) -> None:
    document = document_of(writer)
    link_from(site, document, live_from=timezone.now() + timedelta(days=1))
    with pytest.raises(Blocked) as caught:
        replaced(document, writer, uploads.pdf(5))
    assert refused(caught) == {"approver"}
    assert replaced(document, approver, uploads.pdf(5), note="").page_count == 5
    assert not EarlierFile.objects.exists()


def test_a_document_under_review_is_not_replaced(site: Site, writer: User, approver: User) -> None:
    document = document_of(writer)
    waiting = submitted(site.bureau, writer)
    Link.objects.bulk_create([Link(edition=waiting, text="運用方針", document=document)])
    for person in (writer, approver):  # who could then approve what nobody else has seen
        with pytest.raises(Blocked) as caught:
            replaced(document, person, uploads.pdf(5))
        assert refused(caught) == {"in_review"}
    return_(edition=waiting, actor=approver, comment="差し替えてください。")
    assert replaced(document, writer, uploads.pdf(5), note="").page_count == 5


def test_bookings_of_other_branches_are_not_disclosed(
    site: Site, writer: User, outsider: User
) -> None:
    document = document_of(writer)
    secret = place(site.bureau, "yosan", Kind.PAGE)
    booked = approve(secret, "予算案", live_from=timezone.now() + timedelta(days=1))
    Link.objects.bulk_create([Link(edition=booked, text="運用方針", document=document)])
    (blocker,) = blockers_of(Action.REPLACE, document=document, note="誤字", actor=outsider)
    assert blocker.code == "approver"
    assert "yosan" not in blocker.sentence


def test_the_address_goes_on_to_say_what_it_is(writer: User, media: Path) -> None:
    document = document_of(writer)
    before = files(media)
    with pytest.raises(Blocked) as caught:
        replaced(document, writer, uploads.office())
    assert refused(caught) == {"other_format"}
    assert files(media) == before


# Taking out


def test_what_nobody_uses_can_be_deleted_with_all_its_files(writer: User, media: Path) -> None:
    image, document = picture_of(writer), document_of(writer)
    delete_image(image=image, actor=writer)
    delete_document(document=document, actor=writer)
    assert files(media) == set()
    assert not Image.objects.exists()
    assert not Document.objects.exists()
    assert AuditEntry.objects.filter(action=Action.DELETE).count() == 2


def test_files_of_other_uploaders_are_deleted_by_managers(
    writer: User, outsider: User, approver: User, manager: User
) -> None:
    image = picture_of(writer)
    allowed = {
        user.username: not blockers_of(Action.DELETE, item=image, actor=user)
        for user in (writer, approver, manager, outsider)
    }
    # The outsider manages a branch of their own.
    assert allowed == {"鈴木": True, "佐藤": False, "渡辺": True, "伊藤": True}


def test_what_is_in_use_is_not_deleted_and_the_uses_are_named(
    site: Site, writer: User, media: Path
) -> None:
    image = picture_of(writer)
    draft = drafted(site.bureau, writer)
    figures: dict[type[Part], list[Part]] = {Figure: [Figure(image=image, alt="握手")]}
    edit(edition=draft, actor=writer, changes={}, revision=draft.revision, parts=figures)
    with pytest.raises(Blocked) as caught:
        delete_image(image=image, actor=writer)
    (blocker,) = caught.value.blockers
    assert blocker.code == "used"
    assert "「情報通信国際戦略局」第2版（/main_sosiki/joho_kokusai/）" in blocker.sentence
    assert files(media) == set(image.files)


def test_what_was_public_once_stays(site: Site, writer: User) -> None:
    document = document_of(writer)
    link_from(site, document)
    approve(site.bureau, "情報通信国際戦略局", live_from=timezone.now())
    with pytest.raises(Blocked) as caught:
        delete_document(document=document, actor=writer)
    assert refused(caught) == {"used", "ever_public"}


@pytest.mark.parametrize("place", ["", "#page=2", "?at=2013-08-01"])
def test_a_document_that_a_text_links_is_in_use(site: Site, writer: User, place: str) -> None:
    document = document_of(writer)
    body = f'<p><a href="{document.get_absolute_url()}{place}">方針</a></p>'
    approve(site.bureau, "局", live_from=timezone.now(), body=body)
    with pytest.raises(Blocked):
        delete_document(document=document, actor=writer)


def test_drafts_of_other_branches_are_not_disclosed(
    site: Site, writer: User, outsider: User
) -> None:
    image = picture_of(writer)
    secret = place(site.bureau, "yosan", Kind.PAGE)
    draft = Edition.objects.create(page=secret, number=1, title="予算案", category="general")
    Figure.objects.create(edition=draft, image=image, alt="図")
    assert [use.title for use in references_to(image, grants_of(writer))] == ["予算案"]
    (use,) = references_to(image, grants_of(outsider))
    assert "予算" not in f"{use} {use.title} {use.address}"
    assert "yosan" not in f"{use} {use.address}"


def test_an_inactive_account_does_nothing(site: Site, writer: User) -> None:
    image = picture_of(writer)
    writer.is_active = False
    writer.save()
    for action, subject in (
        (Action.UPLOAD, {}),
        (Action.DESCRIBE, {"item": image}),
        (Action.DELETE, {"item": image}),
    ):
        blockers = blockers_of(action, actor=writer, **subject)
        assert action == Action.DELETE or "role" in {blocker.code for blocker in blockers}


def test_every_use_costs_one_query(
    site: Site, writer: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    image = picture_of(writer)
    for number in range(5):
        page = publish(site.root, f"p{number}", "頁")
        Figure.objects.bulk_create(
            [Figure(edition=Edition.objects.get(page=page), image=image, alt="図")]
        )
    grants = grants_of(officer("検査", {site.root: [Role.WRITER]}))
    with django_assert_num_queries(1):
        assert len([str(use) for use in references_to(image, grants)]) == 5
    assert Edition.objects.filter(state=State.APPROVED, figures__image=image).count() == 5
