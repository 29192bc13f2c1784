"""The files of a fixture's pictures and documents: measured, then copied."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import pikepdf
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from bureaus.loading.fixture_records import DamagedFixture, Record
from bureaus.loading.type_validators import FROM_FILES
from bureaus.models import Document, DocumentText, EarlierFile, Image, ReadabilityReport, Seal
from bureaus.uploads.invalid_upload import InvalidUpload
from bureaus.uploads.media_facts import facts_of_document, image_size
from bureaus.uploads.storage import delete_stored, named_files, store

LibraryItem = Image | Document | EarlierFile
LIBRARIES: dict[str, type[LibraryItem]] = {
    "bureaus.image": Image,
    "bureaus.document": Document,
    "bureaus.earlierfile": EarlierFile,
}
NAME = re.compile(r"(?:(?!\.\.?/)[-\w.]+/)+[-\w.]*[-\w]")
NAME_LENGTH = 100  # of the models' FileField
UNREADABLE = (OSError, pikepdf.PdfError)
FACTS = frozenset({"page_count", "language", "is_tagged", "has_text"})


@contextmanager
def copied_media(
    records: Iterable[Record], folders: list[Path]
) -> Iterator[dict[str, LibraryItem]]:
    """
    Copy every file that `records` name into the storage, and yield the measured items by name.

    Looks in `folders`, in the storage itself, and beside the fixtures that come with the site.
    To be called outside any transaction; repeatable. Raises DamagedFixture, before the first copy,
    where a file is missing, does not match its name, or differs from the file stored under its
    name. Existing renditions are copied as well. Where copying or the block fails, the copies are
    removed again.
    """
    measured, sources = measured_media(records, folders)
    written: list[str] = []
    try:
        for name, source in sources.items():
            if copy(name, source):
                written.append(name)
        yield measured
    except BaseException:
        delete_stored(
            set(written) - set(named_files())
        )  # another load may have stored their records
        raise


def measured_media(
    records: Iterable[Record], folders: list[Path]
) -> tuple[dict[str, LibraryItem], dict[str, Storage]]:
    """Return the measured item and the source of each file. Raises DamagedFixture."""
    faults: list[str] = []
    measured: dict[str, LibraryItem] = {}
    sources: dict[str, Storage] = {}
    records = list(records)
    sealed = sealed_files(records)
    for record in records:
        if record.model not in LIBRARIES:
            continue
        name = record.fields["file"]
        if name in sealed:
            measured[name] = without_file(record)
            continue
        try:
            source = find(name, folders)
            item = LIBRARIES[record.model](file=name)
            if isinstance(item, Image):
                item.renditions = renditions_at(record, source)
            measure(item, source)
            refuse_replacement(record, source)
        except UNREADABLE as error:
            faults.append(
                f"{record}：ファイル「{name}」を読めません（{error}）。"
                "正しいファイルに替えてください。"
            )
        except InvalidUpload as invalid:
            faults.append(f"{record}：ファイル{invalid.sentence(name)}")
        except ValueError as error:
            faults.append(f"{record}：ファイル「{name}」{error}")
        else:
            measured[name] = item
            files = item.files if isinstance(item, Image) else [name]
            sources |= dict.fromkeys(files, source)
    if faults:
        raise DamagedFixture(*faults)
    return measured, sources


def sealed_files(records: list[Record]) -> set[str]:
    """Return the names of the files that `records` or the site say are sealed; 1 query."""
    given = (record.fields for record in records if record.model == "bureaus.seal")
    names = {fields.get("file", "") for fields in given if fields.get("confirmed_at")}
    return (names | set(Seal.objects.confirmed().values_list("file", flat=True))) - {""}


def without_file(record: Record) -> LibraryItem:
    """Return the item of a sealed file, of which nothing can be measured."""
    facts = {name: value for name, value in record.fields.items() if name in FROM_FILES}
    item = LIBRARIES[record.model](file=record.fields["file"], **facts)
    if isinstance(item, Document):
        item.extracted = DocumentText(text="")
    return item


def find(name: str, folders: list[Path]) -> Storage:
    """Return the storage that holds the file. Raises ValueError with the end of a sentence."""
    if len(name) > NAME_LENGTH or not NAME.fullmatch(name):
        raise ValueError(
            f"の名前は使えません。{NAME_LENGTH}文字以内の「images/…」の形にしてください。"
        )
    for folder in folders:
        if (folder / name).is_file():
            return FileSystemStorage(location=folder)
    if default_storage.exists(name):
        return default_storage
    for folder in map(Path, settings.FIXTURE_DIRS):
        if (folder / "media" / name).is_file():
            return FileSystemStorage(location=folder / "media")
    raise ValueError("が見つかりません。fixture と同じ場所の media フォルダーに置いてください。")


def renditions_at(record: Record, source: Storage) -> str:
    """Return the renditions in the record that exist at its source."""
    name, endings = record.fields["file"], record.fields.get("renditions") or ""
    return " ".join(each for each in endings.split() if source.exists(f"{name}.{each}"))


def measure(item: LibraryItem, source: Storage) -> None:
    """
    Set the fields that are measured from the file.

    Raises InvalidUpload where an upload of it would be refused, OSError or pikepdf.PdfError where
    it cannot be read.
    """
    name = str(item.file)
    item.byte_size = source.size(name)
    with source.open(name) as opened:
        stream = cast("BinaryIO", opened)
        if isinstance(item, Image):
            item.width, item.height = image_size(stream)
            return
        facts = facts_of_document(stream, name)
    if isinstance(item, Document):
        item.extracted = DocumentText(text=facts.get("text", ""))
        if judgement := facts.get("readability"):
            cast("Any", item).readability = ReadabilityReport(**judgement)
    for field in FACTS & vars(item).keys():
        setattr(item, field, facts.get(field, getattr(item, field)))


def refuse_replacement(record: Record, source: Storage) -> None:
    """Raise ValueError where another file is stored under this name: nothing is overwritten."""
    name = record.fields["file"]
    if default_storage.exists(name) and not is_same(name, source):
        raise ValueError(
            "は、内容の違うものがすでに保存されています。"
            "どちらかの名前を変えるか、要らないほうを別の場所へ移してください。"
        )


def is_same(name: str, source: Storage) -> bool:
    with default_storage.open(name) as stored, source.open(name) as given:
        return bool(stored.read() == given.read())


def copy(name: str, source: Storage) -> bool:
    """
    Copy the file unless it is stored already; return whether it was. Raises DamagedFixture.

    An interrupted copy leaves nothing under this name.
    """
    try:
        if default_storage.exists(name):
            return False
        with source.open(name) as stream:
            store(name, stream)
    except OSError as error:
        raise DamagedFixture(
            f"ファイル「{name}」を保存できません（{error}）。"
            "DATA_DIR の空きと権限を確かめてください。"
        ) from error
    return True
