"""Data of the site that others on this machine could read: narrowed to its owner."""

import os
from pathlib import Path

from django.conf import settings
from django.db import connection

OTHERS = 0o077
BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside the file of a database


def narrow_permissions() -> None:
    """
    Take database, key and media away from group and others, where an earlier start left them wide.

    The folder of media comes last: where it is narrow, all below it has been done, and is not
    looked at again.
    """
    for path in single_files():
        if path.exists():
            narrow(path)
    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and media.stat().st_mode & OTHERS:
        for folder, folders, files in os.walk(media):
            for name in (*folders, *files):
                narrow(Path(folder, name))
        narrow(media)


def single_files() -> list[Path]:
    key = Path(settings.DATA_DIR, "secret_key")
    if connection.vendor != "sqlite":
        return [key]
    database = str(settings.DATABASES["default"]["NAME"])
    return [key, *(Path(f"{database}{ending}") for ending in BESIDE)]


def narrow(path: Path) -> None:
    mode = path.stat(follow_symlinks=False).st_mode
    if mode & OTHERS and not path.is_symlink():
        path.chmod(mode & ~OTHERS & 0o7777)
