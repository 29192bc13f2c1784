"""Erase what the database keeps of sealed content in its own files."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

from bureaus import search
from bureaus.models import Seal
from bureaus.publishing.sealing.files import stored_names
from bureaus.publishing.sealing.seal_list import keep_list
from bureaus.uploads.storage import delete_stored

TABLES = (
    "bureaus_acceptance",
    "bureaus_auditentry",
    "bureaus_autosave",
    "bureaus_checkedlink",
    "bureaus_contact",
    "bureaus_document",
    "bureaus_documenttext",
    "bureaus_draftcomment",
    "bureaus_earlierfile",
    "bureaus_edition",
    "bureaus_figure",
    "bureaus_filefinding",
    "bureaus_image",
    "bureaus_link",
    "bureaus_linkuse",
    "bureaus_readabilityreport",
    "bureaus_seal",
    "bureaus_searchrow",
)
BUSY = (
    "データベースがほかで使われているため、終わりませんでした（{error}）。サイトを止めるか、"
    "少したってから、もう一度実行してください。"
)
OLDER = "{wait}秒待ちましたが、消去より前から続いている接続があります: {others}"
# A transaction that began before ours anywhere in the cluster (also a prepared one), or a snapshot
# of this database, a standby or a slot that still sees what we deleted: VACUUM keeps dead rows
# for each of them. The first holds back our own snapshot too.
OLDER_TRANSACTIONS = """
    SELECT format('%%s（プロセス%%s）', coalesce(nullif(application_name, ''), backend_type), pid)
    FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND (
        age(backend_xid) > age(%(mark)s::text::xid)
        OR (datname = current_database() OR datname IS NULL)
            AND age(backend_xmin) > age(%(mark)s::text::xid))
    UNION ALL SELECT gid FROM pg_prepared_xacts
    WHERE age(transaction) > age(%(mark)s::text::xid)
    UNION ALL SELECT slot_name FROM pg_replication_slots
    WHERE age(xmin) > age(%(mark)s::text::xid)
"""


class Command(BaseCommand):
    help = (
        "消去したものが、データベースのファイル（空いたページ、索引、書き込みの記録）に残らないように"
        "します。消去したファイルが保存場所に残っていれば、それも消します。何度実行しても構いません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait",
            type=int,
            default=120,
            metavar="秒",
            help="先に始まった読み書きが終わるのを待つ秒数（PostgreSQL。既定は120）。",
        )

    def handle(self, *, wait: int, **options: Any) -> None:
        del options
        files = [name for file in sealed_files() for name in stored_names(file)]
        delete_stored(files)
        keep_list()
        try:
            search.optimise()
            ERASE[connection.vendor](wait)
        except DatabaseError as error:
            raise CommandError(BUSY.format(error=error)) from error
        self.stdout.write(
            f"消去した{Seal.objects.confirmed().count()}件のものを、データベースのファイルからも"
            f"消しました。保存場所に残っていたファイルは{len(files)}個です。"
        )


def sealed_files() -> list[str]:
    sealed = Seal.objects.confirmed().exclude(file="")
    return list(sealed.values_list("file", flat=True).distinct())


def erase_sqlite(wait: int) -> None:
    """Write the database anew, without its free pages, and empty the write-ahead log."""
    del wait  # wal_checkpoint reports a reader in the way at once
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone()
    if is_busy:
        raise CommandError(BUSY.format(error="wal_checkpoint"))


def erase_postgresql(wait: int) -> None:
    """
    Write the tables anew, without dead rows; each is locked while it is written.

    Raises CommandError where dead rows could not be dropped within `wait` seconds.
    """
    with connection.cursor() as cursor:
        wait_for_older_transactions(cursor, wait)
        for table in TABLES:
            cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")


def wait_for_older_transactions(cursor: CursorWrapper, seconds: int) -> None:
    cursor.execute("SELECT pg_current_xact_id()::xid::text")
    [mark] = cursor.fetchone()
    end = time.monotonic() + seconds
    while others := older_transactions(cursor, mark):
        if time.monotonic() > end:
            raise CommandError(
                BUSY.format(error=OLDER.format(wait=seconds, others="、".join(others)))
            )
        time.sleep(0.2)


def older_transactions(cursor: CursorWrapper, mark: str) -> list[str]:
    cursor.execute(OLDER_TRANSACTIONS, {"mark": mark})
    return [name for (name,) in cursor.fetchall()]


ERASE = {"sqlite": erase_sqlite, "postgresql": erase_postgresql}
