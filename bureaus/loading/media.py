"""The files that a fixture's pictures and documents name: measured, then copied."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import pikepdf
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from bureaus.loading.fixture_records import DamagedFixture, Record
from bureaus.models import Document, DocumentText, EarlierFile, Image
from bureaus.uploads.invalid_upload import InvalidUpload
from bureaus.uploads.media_facts import facts_of_document, size_of
from bureaus.uploads.storage import delete_stored, named_files, store

InLibrary = Image | Document | EarlierFile
LIBRARIES: dict[str, type[InLibrary]] = {
    "bureaus.image": Image,
    "bureaus.document": Document,
    "bureaus.earlierfile": EarlierFile,
}
NAME = re.compile(r"(?:(?!\.\.?/)[-\w.]+/)+[-\w.]*[-\w]")
NAME_LENGTH = 100  # of the models' FileField
UNREADABLE = (OSError, pikepdf.PdfError)
FACTS = frozenset({"page_count", "language", "is_tagged", "has_text"})


@contextmanager
def copied_media(records: Iterable[Record], folders: list[Path]) -> Iterator[dict[str, InLibrary]]:
    """
    Put every file that `records` name into the storage, and yield it measured, by its name.

    Looks in `folders`, in the storage itself, and beside the fixtures that come with the site.
    Outside any transaction; done twice it does nothing more. Raises Damaged, before the first
    copy, where a file is missing, is not what its name says, or is another than the one that is
    stored under its name. Renditions come along where they are there; others can be made.
    Where copying or the block fails, what was copied is removed again.
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
) -> tuple[dict[str, InLibrary], dict[str, Storage]]:
    """Return what each record's file is, and where each file is. Raises Damaged."""
    faults: list[str] = []
    measured: dict[str, InLibrary] = {}
    sources: dict[str, Storage] = {}
    for record in records:
        if record.model not in LIBRARIES:
            continue
        name = record.fields["file"]
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
        except InvalidUpload as unfit:
            faults.append(f"{record}：ファイル{unfit.sentence(name)}")
        except ValueError as error:
            faults.append(f"{record}：ファイル「{name}」{error}")
        else:
            measured[name] = item
            files = item.files if isinstance(item, Image) else [name]
            sources |= dict.fromkeys(files, source)
    if faults:
        raise DamagedFixture(*faults)
    return measured, sources


def find(name: str, folders: list[Path]) -> Storage:
    """Return the storage that holds the file. Raises ValueError with half a sentence."""
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
    """Those of the picture's renditions, as the record has them, that are really there."""
    name, endings = record.fields["file"], record.fields.get("renditions") or ""
    return " ".join(each for each in endings.split() if source.exists(f"{name}.{each}"))


def measure(item: InLibrary, source: Storage) -> None:
    """
    Fill in what follows from the file.

    Raises Unfit where it could not have been uploaded, OSError or pikepdf.PdfError where it cannot
    be read.
    """
    name = str(item.file)
    item.byte_size = source.size(name)
    with source.open(name) as opened:
        stream = cast("BinaryIO", opened)
        if isinstance(item, Image):
            item.width, item.height = size_of(stream)
            return
        facts = facts_of_document(stream, name)
    if isinstance(item, Document):
        item.said = DocumentText(text=facts.get("text", ""))
    for field in FACTS & vars(item).keys():
        setattr(item, field, facts.get(field, getattr(item, field)))


def refuse_replacement(record: Record, source: Storage) -> None:
    """Raise ValueError where another file is there under this name: nothing is overwritten."""
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
    Copy the file unless it is there already; return whether it was copied. Raises Damaged.

    Killed half-way it leaves nothing under this name.
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
