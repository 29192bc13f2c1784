"""A stored file as HTTP needs it: size, validators and ranges of bytes."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any

from django.core.files.storage import default_storage
from whitenoise.responders import SlicedFile


@dataclass(frozen=True, slots=True)
class StoredFile:
    """
    A stored file; `etag` is strong and differs for each content stored under any name.

    `read` opens the bytes from the first to the last, both included; the caller closes them.
    """

    size: int
    modified: int
    etag: str
    read: Callable[[int, int], Any]


def stored_file(name: str) -> StoredFile:
    """Return the file. Raises FileNotFoundError. 1 request to an S3 storage, for no bytes."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:  # not on a disk
        return on_s3(name)
    return on_disk(name, path)


def on_disk(name: str, path: Path) -> StoredFile:
    found = path.stat()
    if not S_ISREG(found.st_mode):
        raise FileNotFoundError(path)

    def read(first: int, last: int) -> SlicedFile:
        return SlicedFile(path.open("rb"), first, last)

    etag = etag_of(name, found.st_size, found.st_mtime_ns, found.st_ino)
    return StoredFile(found.st_size, int(found.st_mtime), etag, read)


def on_s3(name: str) -> StoredFile:
    opened: Any = default_storage.open(name)
    found = opened.obj

    def read(first: int, last: int) -> Any:
        # An empty object has no range.
        part = {"Range": f"bytes={first}-{last}"} if first <= last else {}
        return found.get(IfMatch=found.e_tag, **part)["Body"]

    etag = etag_of(name, found.e_tag)
    return StoredFile(found.content_length, int(found.last_modified.timestamp()), etag, read)


def etag_of(*parts: object) -> str:
    return f'"{sha256(os.fsencode(repr(parts))).hexdigest()[:32]}"'
