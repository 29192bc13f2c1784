"""
The actions of the media library: each writes one audit entry, or raises Blocked.

A file is read and stored before the transaction begins, for that is slow; where it fails nothing
of the file stays. A file without references is deleted on commit, and otherwise by clean_media.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bureaus.models import Action, Document, DocumentText, EarlierFile, Edition, Image
from bureaus.models.locks import under_tree_lock
from bureaus.models.readability_reports import store_report
from bureaus.publishing.audit import Actor, record_file_action
from bureaus.publishing.blockers.blocker import Blocked, Blocker, BlockerCode, raise_if_blocked
from bureaus.publishing.blockers.media import (
    delete_blockers,
    describe_blockers,
    file_address,
    is_public,
    replace_blockers,
    shown_now_or_later,
    upload_blockers,
)
from bureaus.publishing.file_findings import (
    replacement_blockers,
    store_findings,
    warnings_about,
)
from bureaus.publishing.notices import notify_of_replacement
from bureaus.publishing.readability import readability_warnings, replace_report
from bureaus.search import reindex
from bureaus.social_image import crop_box, image_suffix, social_image_in
from bureaus.uploads.file_names import clean_name, random_name
from bureaus.uploads.intake import (
    AcceptedDocument,
    AcceptedImage,
    Upload,
    accept_document,
    accept_image,
    accept_social_image,
    refusal_sentence,
)
from bureaus.uploads.invalid_upload import NOT_STORED, InvalidUpload
from bureaus.uploads.storage import delete_stored, open_stored

logger = logging.getLogger(__name__)

Taken = TypeVar("Taken")
Intake = Callable[[Upload, str], AbstractContextManager[Taken]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A stored document, with warnings for its uploader."""

    document: Document
    warnings: tuple[str, ...]


def add_image(
    *,
    upload: Upload,
    name: str,
    actor: Actor,
    credit: str = "",
    default_alt: str = "",
    digest: str = "",
) -> Image:
    """
    Store a picture with all its renditions; takes a second or two. Raises Blocked.

    `digest`: of the file that an import takes it from, for the audit entry.
    """
    raise_if_blocked(upload_blockers(actor=actor))
    with taken(accept_image, upload, name) as picture:
        file = random_name("images", picture.file.suffix.removeprefix("."))
        files = {f"{file}.{ending}": path for ending, path in picture.renditions.items()}
        with open_stored({file: picture.file, **files}):
            image = image_from(picture, file)
            image.uploader_id = actor.pk if actor else None
            image.credit, image.default_alt = credit, default_alt
            with transaction.atomic():
                image.save(force_insert=True)
                record_file_action(
                    Action.UPLOAD, file_address(image), actor, name=image.name, digest=digest
                )
    return image


def add_document(
    *, upload: Upload, name: str, actor: Actor, title: str = "", digest: str = ""
) -> Registered:
    """
    Store a document at a permanent address, with `title` or else the one in the file.

    `digest` as of `add_image`. Raises Blocked.
    """
    raise_if_blocked(upload_blockers(actor=actor))
    with taken(accept_document, upload, name) as found:
        file = random_name("documents", suffix_of(found.name))
        document = Document(address=file, title=title.strip() or found.title)
        document.uploader_id = actor.pk if actor else None
        describe_file(document, found, file)
        with open_stored({file: found.file}), transaction.atomic():
            document.save(force_insert=True)
            DocumentText.objects.create(document=document, text=found.text)
            store_findings(document, found.hidden)
            store_report(document, found.readability)
            record_file_action(
                Action.UPLOAD, file_address(document), actor, name=document.name, digest=digest
            )
    return Registered(document, warnings_of(found))


def replace_document(
    *, document: Document, upload: Upload, name: str, actor: Actor, note: str = ""
) -> Registered:
    """
    Replace the file at the document's address by another one of the same format.

    The earlier file stays readable at past moments if it was public, and is deleted if not.
    Raises Blocked.
    """
    raise_if_blocked(replace_blockers(document=document, note=note, actor=actor))
    with taken(accept_document, upload, name) as found:
        if suffix_of(found.name) != suffix_of(document.address):
            raise Blocked([other_kind(document, found)])
        file = random_name("documents", suffix_of(found.name))
        with open_stored({file: found.file}):
            replaced = exchange(document=document, found=found, file=file, actor=actor, note=note)
    return Registered(replaced, warnings_of(found))


@under_tree_lock
def exchange(
    *, document: Document, found: AcceptedDocument, file: str, actor: Actor, note: str
) -> Document:
    """Replace the file. The blockers are checked again under the lock of the approvals."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    raise_if_blocked(replace_blockers(document=document, note=note, actor=actor))
    was_public = is_public(document)
    if was_public or shown_now_or_later(document):
        raise_if_blocked(replacement_blockers(document, found.hidden))
    earlier = str(document.file)
    if was_public:
        EarlierFile.objects.create(
            document=document,
            file=earlier,
            name=document.name,
            byte_size=document.byte_size,
            page_count=document.page_count,
            until=timezone.now(),
        )
    else:
        transaction.on_commit(partial(delete_stored, [earlier]), robust=True)
    describe_file(document, found, file)
    document.save()
    DocumentText.objects.update_or_create(document=document, defaults={"text": found.text})
    store_findings(document, found.hidden)
    replace_report(document, found)
    reindex(editions_indexed_with(document))
    entry = record_file_action(
        Action.REPLACE, file_address(document), actor, note, name=document.name, file=earlier
    )
    notify_of_replacement(entry, document)
    return document


def warnings_of(found: AcceptedDocument) -> tuple[str, ...]:
    return (*warnings_about(found), *readability_warnings(found))


def describe_image(
    *,
    image: Image,
    actor: Actor,
    credit: str,
    default_alt: str,
    name: str = "",
    focal_x: int | None = None,
    focal_y: int | None = None,
) -> Image:
    """
    Change the description offered to the next user. Raises Blocked, ValidationError.

    `name`, which is that of a download: empty to leave it.
    """
    raise_if_blocked(describe_blockers(item=image, actor=actor))
    points = {"focal_x": focal_x, "focal_y": focal_y}
    changes: dict[str, object] = {"credit": credit, "default_alt": default_alt}
    changes |= {"name": clean_name(name, suffix_of(str(image.file)))} if name else {}
    changes |= {name: value for name, value in points.items() if value is not None}
    validate(image, changes)
    with as_blocked(str(image)), recut(image) as card, open_stored(card):
        return described(image, actor, changes, card)


@contextmanager
def recut(image: Image) -> Iterator[dict[str, Path]]:
    """Yield the missing social image around the focal point, by its name in the storage."""
    x, y = image.focal_x, image.focal_y
    box = crop_box(image.width, image.height, x, y)
    ending = image_suffix(box, x, y) if box else ""
    is_there = not ending or ending in image.renditions.split()
    if is_there or not default_storage.exists(str(image.file)):
        yield {}
        return
    with (
        default_storage.open(str(image.file)) as picture,
        accept_social_image(picture, x, y) as card,
    ):
        yield {f"{image.file}.{ending}": card}


@under_tree_lock
def describe_document(*, document: Document, actor: Actor, title: str) -> Document:
    """Change the title in the library: links have words of their own. Raises as above."""
    raise_if_blocked(describe_blockers(item=document, actor=actor))
    changes: dict[str, object] = {"title": title.strip()}
    validate(document, changes)
    document = described(document, actor, changes)
    reindex(editions_indexed_with(document))
    return document


@under_tree_lock
def delete_image(*, image: Image, actor: Actor) -> None:
    """Delete a picture that no edition references. Raises Blocked."""
    image = Image.objects.select_for_update().get(pk=image.pk)
    raise_if_blocked(delete_blockers(item=image, actor=actor))
    transaction.on_commit(partial(delete_stored, image.files), robust=True)
    record_file_action(Action.DELETE, file_address(image), actor, name=str(image))
    image.delete()


@under_tree_lock
def delete_document(*, document: Document, actor: Actor) -> None:
    """Delete a document that no edition references, with its earlier files. Raises Blocked."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    raise_if_blocked(delete_blockers(item=document, actor=actor))
    earlier = EarlierFile.objects.filter(document=document).values_list("file", flat=True)
    transaction.on_commit(partial(delete_stored, [str(document.file), *earlier]), robust=True)
    record_file_action(Action.DELETE, file_address(document), actor, name=str(document))
    document.delete()


def editions_indexed_with(document: Document) -> QuerySet[Any, int]:
    """Return the keys of the approved editions whose index rows contain the document's text."""
    editions = Edition.objects.with_start().filter(links__document=document)
    return editions.values_list("pk", flat=True).distinct()


@contextmanager
def taken(intake: "Intake[Taken]", upload: Upload, name: str) -> Iterator[Taken]:
    """Yield the file as the intake reads it. Raises Blocked where it is invalid."""
    with as_blocked(name), intake(upload, name) as taken_file:
        yield taken_file


@contextmanager
def as_blocked(name: str) -> Iterator[None]:
    """Raise Blocked where the file is invalid or cannot be stored."""
    try:
        yield
    except (InvalidUpload, OSError) as error:
        invalid = error if isinstance(error, InvalidUpload) else NOT_STORED
        if invalid is not error:
            logger.exception("%s: the upload failed", name)
        raise Blocked(
            [Blocker(BlockerCode.INVALID_FILE, refusal_sentence(invalid, name))]
        ) from error


def image_from(picture: AcceptedImage, file: str) -> Image:
    return Image(
        file=file,
        name=picture.name,
        width=picture.width,
        height=picture.height,
        byte_size=picture.file.stat().st_size,
        renditions=" ".join(picture.suffixes),
    )


def describe_file(document: Document, found: AcceptedDocument, file: str) -> None:
    document.file = file
    document.name = found.name
    document.byte_size = found.file.stat().st_size
    document.page_count = found.page_count
    document.language = found.language
    document.is_tagged = found.is_tagged
    document.has_text = found.has_text
    document.is_examined, document.examined_file = True, file


Item = TypeVar("Item", Image, Document)


def validate(item: Image | Document, changes: dict[str, object]) -> None:
    """Raise ValidationError where `item` with these changes is invalid."""
    for name, value in changes.items():
        setattr(item, name, value)
    item.full_clean(exclude={"file"}, validate_unique=False)


def described(
    item: Item, actor: Actor, changes: dict[str, object], card: Iterable[str] = ()
) -> Item:
    """Store the changes; `card` names the file that replaces the earlier social image."""
    with transaction.atomic():
        stored: Item = type(item)._default_manager.select_for_update().get(pk=item.pk)
        changes = {name: value for name, value in changes.items() if getattr(stored, name) != value}
        for name, value in changes.items():
            setattr(stored, name, value)
        fields = [*changes, *(exchange_card(stored, name) for name in card)]
        if fields:
            stored.save(update_fields=fields)
            record_file_action(Action.DESCRIBE, file_address(stored), actor, changes=changes)
    return stored


def exchange_card(image: Any, name: str) -> str:
    """Set the social image of this name; the former one is deleted on commit."""
    ending = name.removeprefix(f"{image.file}.")
    others = [each for each in image.renditions.split() if each != ending]
    former = [each for each in others if social_image_in(each)]
    image.renditions = " ".join([*(each for each in others if each not in former), ending])
    names = [f"{image.file}.{each}" for each in former]
    transaction.on_commit(partial(delete_stored, names), robust=True)
    return "renditions"


def suffix_of(name: str) -> str:
    return name.rpartition(".")[2].lower()


def other_kind(document: Document, found: AcceptedDocument) -> Blocker:
    return Blocker(
        BlockerCode.OTHER_FORMAT,
        f"「{document}」は{suffix_of(document.address)}形式ですが、選ばれたファイルは"
        f"{suffix_of(found.name)}形式です。同じ形式のファイルを選ぶか、新しい文書として登録してください。",
    )
