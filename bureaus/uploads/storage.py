"""The media library's files in the storage: stored whole, listed and deleted."""

import logging
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import Storage, default_storage

from bureaus.models import Document, EarlierFile, Image, Seal
from bureaus.uploads.invalid_upload import NOT_STORED

logger = logging.getLogger(__name__)
FOLDERS = ("images", "documents")


def store(name: str, content: "IO[Any] | File[Any]", *, storage: Storage = default_storage) -> None:
    """Store it whole under this very name and replace an existing file. May raise OSError."""
    try:
        target = Path(storage.path(name))
    except NotImplementedError:  # not on a disk: such storages save whole files only
        storage.delete(name)
        saved = storage.save(name, File(content))
        if saved != name:  # another process has stored the same
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
    Store these files under their names; if the block fails, delete them again.

    Raises InvalidUpload where the storage refuses one of them.
    """
    done: list[str] = []
    try:
        for name, file in files.items():
            done.append(name)
            store_file(name, file)
        yield
    except BaseException:
        try:
            delete_stored(done)
        except Exception:  # the first error is the one to report; clean_media finds the rest
            logger.exception("%s: could not be deleted after a failed write", done)
        raise


def store_file(name: str, file: Path) -> None:
    """Raise InvalidUpload for any error: storages raise their own, and the remedy is the same."""
    try:
        with file.open("rb") as stream:
            store(name, stream)
    except Exception as error:
        logger.exception("%s: could not be stored", name)
        raise NOT_STORED from error


def delete_stored(names: Iterable[str]) -> None:
    """Delete files; of what was sealed also the versions that a bucket keeps of them."""
    names = list(names)
    for name in names:
        default_storage.delete(name)
    if is_bucket():
        for name in sealed_among(names):
            for version in versions_of(name):
                version.delete()


def is_bucket() -> bool:
    return hasattr(default_storage, "bucket")


def sealed_among(names: Iterable[str]) -> list[str]:
    """Return those that are sealed, with the renditions of a sealed picture. 1 query."""
    files = {name: {name, name.rsplit(".", 2)[0]} for name in names}
    wanted = set().union(*files.values())
    sealed = set(Seal.objects.confirmed().filter(file__in=wanted).values_list("file", flat=True))
    return [name for name, either in files.items() if either & sealed]


def versions_of(prefix: str) -> list[Any]:
    """
    Return what a bucket has of the names that begin with `prefix`, the marks of deletion too.

    None, and a line in the log, where the bucket does not let the site list or delete versions.
    """
    storage: Any = default_storage
    key = f"{storage.location}/{prefix}".lstrip("/")
    try:
        return list(storage.bucket.object_versions.filter(Prefix=key))
    except Exception:  # botocore's, which is loaded only where the media are on S3
        logger.exception("%s: the versions in the bucket could not be listed", prefix)
        return []


def versioned_names(prefix: str) -> set[str]:
    """Return the names that begin with `prefix` of which a bucket has any version."""
    storage: Any = default_storage
    start = len(f"{storage.location}/".lstrip("/"))
    return {version.object_key[start:] for version in versions_of(prefix)}


@dataclass(frozen=True, slots=True)
class StorageDifferences:
    """The files that are in the library and not in the storage, and the other way round."""

    missing: tuple[str, ...]
    orphaned: tuple[str, ...]


def compare_with_storage() -> StorageDifferences:
    """Compare the library with the storage. 3 queries, and a listing of each folder."""
    named, stored = set(named_files()), set(stored_files())
    return StorageDifferences(tuple(sorted(named - stored)), tuple(sorted(stored - named)))


def named_files() -> Iterator[str]:
    """Yield every file that the library needs, none that was sealed; 3 queries."""
    sealed = Seal.objects.confirmed().order_by().values("file")
    for image in Image.objects.only("file", "renditions").iterator():
        yield from image.files
    for library in (Document, EarlierFile):
        files = library._default_manager.exclude(file__in=sealed)
        yield from files.values_list("file", flat=True)


def stored_files() -> Iterator[str]:
    """Yield every file below the library's folders, unfinished ones too."""
    pending = list(FOLDERS)
    while pending:
        folder = pending.pop()
        try:
            folders, files = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        pending += [f"{folder}/{name}" for name in folders]
        yield from (f"{folder}/{name}" for name in files)
