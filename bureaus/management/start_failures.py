"""Failures of a start that only the operator can end, as sentences with the remedy."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

FULL = (
    "ディスクの空きが足りません（{place}）。不要なファイルを消すか、空きのある場所を DATA_DIR か "
    "DATABASE_URL に指定して、もう一度始めてください。途中まで書いたものは、"
    "次に始めるときに続けます。"
)
NOT_WRITABLE = (
    "「{place}」に書き込めません（{error}）。このサイトを動かす利用者が書き込めるようにするか、"
    "書き込める場所を DATA_DIR に指定してください。"
)
NO_RIGHTS = (
    "データベースに表を作る権限がありません（{error}）。DATABASE_URL の利用者をデータベースの"
    "所有者にするか、GRANT CREATE, USAGE ON SCHEMA public TO 利用者; を実行してください。"
)
NO_BUCKET = (
    "MEDIA_STORAGE のバケット「{bucket}」がありません。公開しないバケットを作るか、"
    "MEDIA_STORAGE の番地を直してください。"
)
NO_CACHE = (
    "CACHE_URL の Redis（か Valkey）が返事をしません。動いていることと、番地とパスワードを"
    "確かめるか、CACHE_URL を消してください（サイトが動き始めた後なら、"
    "止まってもサイトは止まりません）。"
)
# SQLSTATE of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html
DISK_FULL, INSUFFICIENT_PRIVILEGE = "53100", "42501"
LEAST_FREE_BYTES = 65_536  # SQLite asks for 32 kB at a time
PRIMARY_CODE = 0xFF  # mask of an extended error code of SQLite


@contextmanager
def explained() -> Iterator[None]:
    """Raise CommandError in place of what a full disk or missing rights raise."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        sentence = file_sentence(error) if isinstance(error, OSError) else database_sentence(error)
        if not sentence:
            raise
        raise CommandError(sentence) from error


def file_sentence(error: OSError) -> str:
    place = error.filename or settings.DATA_DIR
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return FULL.format(place=place)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return NOT_WRITABLE.format(place=place, error=error.strerror)
    return ""


def database_sentence(error: DatabaseError) -> str:
    cause: Any = error
    while cause.__context__ is not None:  # that of the driver: Django wraps it once or twice
        cause = cause.__context__
    place = connection.settings_dict["NAME"]
    code = getattr(cause, "sqlite_errorcode", 0) & PRIMARY_CODE
    state = getattr(cause, "sqlstate", "")
    if code == sqlite3.SQLITE_FULL or state == DISK_FULL or (code and is_disk_full()):
        return FULL.format(place=place)
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
        return NOT_WRITABLE.format(place=place, error=cause)
    return NO_RIGHTS.format(error=cause) if state == INSUFFICIENT_PRIVILEGE else ""


def is_disk_full() -> bool:
    """Return whether SQLite has no space for the files beside its own, for which it has no code."""
    return shutil.disk_usage(settings.DATA_DIR).free < LEAST_FREE_BYTES


def refuse_missing_bucket() -> None:
    """
    Raise CommandError if the bucket of MEDIA_STORAGE does not exist. 1 request on S3.

    Any other failure does not stop the start: pages without media are answered meanwhile.
    """
    bucket: Any = getattr(default_storage, "bucket", None)
    if bucket is None:
        return
    from botocore.exceptions import BotoCoreError, ClientError  # only where the media are on S3

    try:
        bucket.meta.client.head_bucket(Bucket=bucket.name)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"404", "NoSuchBucket"}:
            raise CommandError(NO_BUCKET.format(bucket=bucket.name)) from error
    except BotoCoreError:
        pass


def refuse_silent_cache() -> None:
    """Raise CommandError if the shared cache of CACHE_URL does not answer."""
    ping = getattr(cache, "ping", None)
    if ping and not ping():
        raise CommandError(NO_CACHE)
