"""The library's files in the storage: put there whole, found again, taken away."""

import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import Storage, default_storage

from bureaus.models import Document, EarlierFile, Image
from bureaus.uploads.invalid_upload import NOT_STORED

logger = logging.getLogger(__name__)
FOLDERS = ("images", "documents")


def store(name: str, content: "IO[Any] | File[Any]", *, storage: Storage = default_storage) -> None:
    """Store it whole under this very name, in the place of what was there. May raise OSError."""
    try:
        target = Path(storage.path(name))
    except NotImplementedError:  # not on a disk: such storages save whole files only
        storage.delete(name)
        saved = storage.save(name, File(content))
        if saved != name:  # another was quicker, with the same
            storage.delete(saved)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with partial.open("wb") as stream:
            while chunk := content.read(1024 * 1024):
                stream.write(chunk)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def open_stored(files: Mapping[str, Path]) -> Iterator[None]:
    """
    Put these files there by their names; if the block fails, nothing of them stays.

    Raises Unfit where the storage takes one of them not.
    """
    done: list[str] = []
    try:
        for name, file in files.items():
            done.append(name)
            keep_file(name, file)
        yield
    except BaseException:
        try:
            delete_stored(done)
        except Exception:  # what has failed first is what is told; clean_media finds the rest
            logger.exception("%s: could not be deleted after a failed write", done)
        raise


def keep_file(name: str, file: Path) -> None:
    """Raises Unfit: what a storage raises is its own, and an officer can do as much about all."""
    try:
        with file.open("rb") as stream:
            store(name, stream)
    except Exception as error:
        logger.exception("%s: could not be stored", name)
        raise NOT_STORED from error


def delete_stored(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


@dataclass(frozen=True, slots=True)
class MediaFolders:
    """What the library names and the storage lacks, and the other way round."""

    missing: tuple[str, ...]
    orphaned: tuple[str, ...]


def compare_with_storage() -> MediaFolders:
    """Hold the library against the storage. 3 queries, and a listing of each folder."""
    named, there = set(named_files()), set(stored_files())
    return MediaFolders(tuple(sorted(named - there)), tuple(sorted(there - named)))


def named_files() -> Iterator[str]:
    """Every file that the library needs; 3 queries."""
    for image in Image.objects.only("file", "renditions").iterator():
        yield from image.files
    yield from Document.objects.values_list("file", flat=True)
    yield from EarlierFile.objects.values_list("file", flat=True)


def stored_files() -> Iterator[str]:
    """Every file below the library's folders, unfinished ones too."""
    waiting = list(FOLDERS)
    while waiting:
        folder = waiting.pop()
        try:
            folders, files = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        waiting += [f"{folder}/{name}" for name in folders]
        yield from (f"{folder}/{name}" for name in files)
