"""Overwriting sealed files: the records, the text for the search, and the stored bytes."""

from collections.abc import Iterable
from functools import partial
from html import escape

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from bureaus.models import (
    Action,
    AuditEntry,
    Document,
    DocumentTag,
    DocumentText,
    EarlierFile,
    Figure,
    FileFinding,
    Image,
    Link,
    Seal,
)
from bureaus.models.readability_reports import store_report
from bureaus.publishing.references import editions_using
from bureaus.publishing.sealing.editions import seal_figures, store
from bureaus.publishing.sealing.traces import (
    final_rows,
    overwrite_entries,
    overwrite_reasons,
    overwrite_traces,
)
from bureaus.search import reindex
from bureaus.text.tombstones import without_texts
from bureaus.uploads.storage import delete_stored, is_bucket, versioned_names

TITLE = "（公開を取りやめた文書）"
# Their details say nothing of the file.
OF_SEALS = (Action.PROPOSE_SEAL, Action.SEAL, Action.REFUSE_SEAL, Action.WITHDRAW_SEAL)
NO_FACTS = {"byte_size": 0, "page_count": None}


def stored_names(file: str) -> list[str]:
    """
    Return what the storage still has of a file: itself, and the renditions of a picture.

    In a bucket that keeps versions, deleted ones too.
    """
    folder, _, name = file.rpartition("/")
    if is_bucket():
        names = versioned_names(file)
        return sorted(each for each in names if each == file or each.startswith(f"{file}."))
    try:
        _, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{each}" for each in files if each == name or each.startswith(f"{name}.")]


def seal_file(seal: Seal) -> None:
    """
    Seal the file of this name, whichever record has it now.

    A restored copy of the site may have as a document's file what was an earlier file of it since.
    """
    if image := Image.objects.filter(file=seal.file).first():
        seal_image(image, seal)
    if document := Document.objects.filter(file=seal.file).first():
        seal_document(document, seal)
    if earlier := EarlierFile.objects.filter(file=seal.file).select_related("document").first():
        seal_earlier_file(earlier, seal)
    transaction.on_commit(partial(delete_stored, [seal.file]), robust=True)


def seal_image(image: Image, seal: Seal) -> None:
    """Delete the picture with its record; the sentence is on each page that showed it."""
    texts = [image.default_alt, image.credit, image.name]
    pages = set(image.uses.values_list("edition__page", flat=True))
    seal_figures(Figure.objects.filter(image=image), seal)
    overwrite_traces(pages, [image.default_alt])  # other pages may have the same credit
    forget_entries(f"/media/{image.file}", texts)
    overwrite_reasons(Q(file=seal.file), texts)
    transaction.on_commit(partial(delete_stored, image.files), robust=True)
    image.delete()


def seal_document(document: Document, seal: Seal) -> None:
    """Overwrite what is known of the file; the record stays, for its address answers 410."""
    texts = [document.title, document.name]
    DocumentTag.objects.filter(document=document).delete()
    Document.objects.filter(pk=document.pk).update(
        name="", title=TITLE, language="", is_tagged=None, has_text=None, **NO_FACTS
    )
    DocumentText.objects.filter(document=document).update(text="")
    FileFinding.of_any_file.filter(document=document).delete()
    store_report(document, None)
    overwrite_links(document, texts)
    forget_entries(document.get_absolute_url(), texts)
    overwrite_reasons(Q(file=seal.file), texts)


def seal_earlier_file(earlier: EarlierFile, seal: Seal) -> None:
    """Overwrite what is known of it; the record stays, or its successor would be read instead."""
    EarlierFile.objects.filter(pk=earlier.pk).update(name="", **NO_FACTS)
    texts = [earlier.name]
    overwrite_entries(Q(page=None, address=earlier.document.get_absolute_url()), texts)
    overwrite_reasons(Q(file=seal.file), texts)


def overwrite_links(document: Document, texts: Iterable[str]) -> None:
    """Overwrite the links that say the title or the name of the document, in every edition."""
    texts = list(filter(None, texts))
    editions = list(editions_using(document))
    Link.objects.filter(document=document, text__in=texts).update(text=TITLE)
    for edition in editions:
        body = body_without_link_texts(edition.body, texts)
        store(edition, {"body": body} if body != edition.body else {})
    reindex(edition.pk for edition in editions)
    overwrite_traces({edition.page_id for edition in editions}, texts)


def body_without_link_texts(body: str, texts: Iterable[str]) -> str:
    for text in texts:
        body = body.replace(f">{escape(text, quote=False)}</a>", f">{TITLE}</a>")
    return body


def forget_entries(address: str, texts: Iterable[str]) -> None:
    """Empty the details of the file's audit entries: they hold names, titles and digests."""
    entries = AuditEntry.objects.filter(page=None, address=address)
    for entry in entries:
        note = without_texts(entry.note, texts, TITLE)
        details = entry.details if entry.action in OF_SEALS else {}
        final_rows(AuditEntry).filter(pk=entry.pk).update(note=note, details=details)
