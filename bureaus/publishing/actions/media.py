"""
The actions of the library: one event each, or Refused with all the sentences.

Opening and storing a file is slow, and done before the transaction begins; where that fails
nothing of the file stays. A file that nothing names any more goes when the transaction is over;
what cannot be deleted then, clean_media finds.
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
from bureaus.publishing.audit import Actor, record_file_action
from bureaus.publishing.blockers.blocker import Blocked, Blocker, BlockerCode, raise_if_blocked
from bureaus.publishing.blockers.media import (
    delete_blockers,
    describe_blockers,
    file_address,
    is_public,
    replace_blockers,
    upload_blockers,
)
from bureaus.search import reindex
from bureaus.social_image import crop_box, image_suffix, social_image_in
from bureaus.uploads.file_names import random_name
from bureaus.uploads.intake import (
    TakenDocument,
    TakenImage,
    Upload,
    accept_document,
    accept_image,
    accept_social_image,
    sentence_of,
)
from bureaus.uploads.invalid_upload import NOT_STORED, InvalidUpload
from bureaus.uploads.storage import delete_stored, open_stored

logger = logging.getLogger(__name__)

Taken = TypeVar("Taken")
Intake = Callable[[Upload, str], AbstractContextManager[Taken]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A document as it is kept, and the sentences that its officer should read."""

    document: Document
    warnings: tuple[str, ...]


def add_image(
    *, upload: Upload, name: str, actor: Actor, credit: str = "", default_alt: str = ""
) -> Image:
    """Take a picture into the library, with all its renditions; a second or two. Raises Refused."""
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
                record_file_action(Action.UPLOAD, file_address(image), actor, name=image.name)
    return image


def add_document(*, upload: Upload, name: str, actor: Actor, title: str = "") -> Registered:
    """
    Take a document into the library, at an address that stays; `title` else its own.

    Raises Refused.
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
            record_file_action(Action.UPLOAD, file_address(document), actor, name=document.name)
    return Registered(document, found.warnings)


def replace_document(
    *, document: Document, upload: Upload, name: str, actor: Actor, note: str = ""
) -> Registered:
    """
    Put another file of the same kind at the document's address.

    The earlier one can be read at past moments if it was public, and is deleted if it was not.
    Raises Refused.
    """
    raise_if_blocked(replace_blockers(document=document, note=note, actor=actor))
    with taken(accept_document, upload, name) as found:
        if suffix_of(found.name) != suffix_of(document.address):
            raise Blocked([other_kind(document, found)])
        file = random_name("documents", suffix_of(found.name))
        with open_stored({file: found.file}):
            replaced = exchange(document=document, found=found, file=file, actor=actor, note=note)
    return Registered(replaced, found.warnings)


@under_tree_lock
def exchange(
    *, document: Document, found: TakenDocument, file: str, actor: Actor, note: str
) -> Document:
    """The rights are asked again under the lock under which editions are approved."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    raise_if_blocked(replace_blockers(document=document, note=note, actor=actor))
    earlier = str(document.file)
    if is_public(document):
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
    reindex(shown_with(document))
    record_file_action(
        Action.REPLACE, file_address(document), actor, note, name=document.name, file=earlier
    )
    return document


def describe_image(
    *,
    image: Image,
    actor: Actor,
    credit: str,
    default_alt: str,
    focal_x: int | None = None,
    focal_y: int | None = None,
) -> Image:
    """Change what is offered to whoever uses the picture next. Raises Blocked, ValidationError."""
    raise_if_blocked(describe_blockers(item=image, actor=actor))
    points = {"focal_x": focal_x, "focal_y": focal_y}
    changes: dict[str, object] = {"credit": credit, "default_alt": default_alt}
    changes |= {name: value for name, value in points.items() if value is not None}
    check(image, changes)
    with as_refusal(str(image)), recut(image) as card, open_stored(card):
        return described(image, actor, changes, card)


@contextmanager
def recut(image: Image) -> Iterator[dict[str, Path]]:
    """The card around the picture's point, by its name in the storage, where it is not there."""
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
    check(document, changes)
    document = described(document, actor, changes)
    reindex(shown_with(document))
    return document


@under_tree_lock
def delete_image(*, image: Image, actor: Actor) -> None:
    """Delete a picture that no edition uses, or has used. Raises Blocked."""
    image = Image.objects.select_for_update().get(pk=image.pk)
    raise_if_blocked(delete_blockers(item=image, actor=actor))
    transaction.on_commit(partial(delete_stored, image.files), robust=True)
    record_file_action(Action.DELETE, file_address(image), actor, name=str(image))
    image.delete()


@under_tree_lock
def delete_document(*, document: Document, actor: Actor) -> None:
    """The same of a document, with what it was before. Raises Blocked."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    raise_if_blocked(delete_blockers(item=document, actor=actor))
    earlier = EarlierFile.objects.filter(document=document).values_list("file", flat=True)
    transaction.on_commit(partial(delete_stored, [str(document.file), *earlier]), robust=True)
    record_file_action(Action.DELETE, file_address(document), actor, name=str(document))
    document.delete()


def shown_with(document: Document) -> QuerySet[Any, int]:
    """The keys of the approved editions that link to it, and are found by what it says."""
    editions = Edition.objects.with_start().filter(links__document=document)
    return editions.values_list("pk", flat=True).distinct()


@contextmanager
def taken(intake: "Intake[Taken]", upload: Upload, name: str) -> Iterator[Taken]:
    """The file as the intake gives it. Raises Blocked where it is unfit."""
    with as_refusal(name), intake(upload, name) as found:
        yield found


@contextmanager
def as_refusal(name: str) -> Iterator[None]:
    """Raises Blocked where the file is unfit, or there is no room for it."""
    try:
        yield
    except (InvalidUpload, OSError) as error:
        unfit = error if isinstance(error, InvalidUpload) else NOT_STORED
        if unfit is not error:
            logger.exception("%s: the upload failed", name)
        raise Blocked([Blocker(BlockerCode.INVALID_FILE, sentence_of(unfit, name))]) from error


def image_from(picture: TakenImage, file: str) -> Image:
    return Image(
        file=file,
        name=picture.name,
        width=picture.width,
        height=picture.height,
        byte_size=picture.file.stat().st_size,
        renditions=" ".join(picture.endings),
    )


def describe_file(document: Document, found: TakenDocument, file: str) -> None:
    document.file = file
    document.name = found.name
    document.byte_size = found.file.stat().st_size
    document.page_count = found.page_count
    document.language = found.language
    document.is_tagged = found.is_tagged
    document.has_text = found.has_text


Item = TypeVar("Item", Image, Document)


def check(item: Image | Document, changes: dict[str, object]) -> None:
    """Raises ValidationError where it could not be stored with these changes."""
    for name, value in changes.items():
        setattr(item, name, value)
    item.full_clean(exclude={"file"}, validate_unique=False)


def described(
    item: Item, actor: Actor, changes: dict[str, object], card: Iterable[str] = ()
) -> Item:
    """What is said of it now; `card` names the file that takes the place of the earlier card."""
    with transaction.atomic():
        kept: Item = type(item)._default_manager.select_for_update().get(pk=item.pk)
        changes = {name: value for name, value in changes.items() if getattr(kept, name) != value}
        for name, value in changes.items():
            setattr(kept, name, value)
        fields = [*changes, *(exchange_card(kept, name) for name in card)]
        if fields:
            kept.save(update_fields=fields)
            record_file_action(Action.DESCRIBE, file_address(kept), actor, changes=changes)
    return kept


def exchange_card(image: Any, name: str) -> str:
    """Name the card of this name in the place of the one before, which goes with the commit."""
    ending = name.removeprefix(f"{image.file}.")
    others = [each for each in image.renditions.split() if each != ending]
    former = [each for each in others if social_image_in(each)]
    image.renditions = " ".join([*(each for each in others if each not in former), ending])
    names = [f"{image.file}.{each}" for each in former]
    transaction.on_commit(partial(delete_stored, names), robust=True)
    return "renditions"


def suffix_of(name: str) -> str:
    return name.rpartition(".")[2].lower()


def other_kind(document: Document, found: TakenDocument) -> Blocker:
    return Blocker(
        BlockerCode.OTHER_FORMAT,
        f"「{document}」は{suffix_of(document.address)}形式ですが、選ばれたファイルは"
        f"{suffix_of(found.name)}形式です。同じ形式のファイルを選ぶか、新しい文書として登録してください。",
    )
