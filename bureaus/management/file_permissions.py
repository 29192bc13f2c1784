"""Restricting the permissions of the site's data to its owner."""

import os
from pathlib import Path

from django.conf import settings
from django.db import connection

OTHERS = 0o077
BESIDE = ("", "-wal", "-shm", "-journal")  # SQLite's files beside that of the database


def narrow_permissions() -> None:
    """
    Remove the permissions of group and others from database, key and media.

    The folder of media comes last: once it is restricted, everything below it is, and later starts
    skip it.
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


def open_to_web_server(folder: Path) -> None:
    """Let everybody read `folder`: another web server serves these files, which are public."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode & 0o777
        readable = mode | (0o055 if path.is_dir() else 0o044)
        if mode != readable:
            path.chmod(readable)
