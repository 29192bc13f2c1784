"""Erase what the database keeps of sealed content in its own files."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from bureaus import search
from bureaus.models import Seal
from bureaus.publishing.sealing.files import stored_names
from bureaus.publishing.sealing.seal_list import keep_list
from bureaus.uploads.storage import delete_stored

TABLES = (
    "bureaus_acceptance",
    "bureaus_auditentry",
    "bureaus_autosave",
    "bureaus_contact",
    "bureaus_document",
    "bureaus_documenttext",
    "bureaus_earlierfile",
    "bureaus_edition",
    "bureaus_figure",
    "bureaus_filefinding",
    "bureaus_image",
    "bureaus_link",
    "bureaus_readabilityreport",
    "bureaus_seal",
    "bureaus_searchrow",
)
BUSY = (
    "データベースがほかで使われているため、終わりませんでした（{error}）。サイトを止めるか、"
    "少したってから、もう一度実行してください。"
)


class Command(BaseCommand):
    help = (
        "消去したものが、データベースのファイル（空いたページ、索引、書き込みの記録）に残らないように"
        "します。消去したファイルが保存場所に残っていれば、それも消します。何度実行しても構いません。"
    )

    def handle(self, **options: Any) -> None:
        del options
        files = [name for file in sealed_files() for name in stored_names(file)]
        delete_stored(files)
        keep_list()
        try:
            search.optimise()
            ERASE[connection.vendor]()
        except DatabaseError as error:
            raise CommandError(BUSY.format(error=error)) from error
        self.stdout.write(
            f"消去した{Seal.objects.confirmed().count()}件のものを、データベースのファイルからも"
            f"消しました。保存場所に残っていたファイルは{len(files)}個です。"
        )


def sealed_files() -> list[str]:
    sealed = Seal.objects.confirmed().exclude(file="")
    return list(sealed.values_list("file", flat=True).distinct())


def erase_sqlite() -> None:
    """Write the database anew, without its free pages, and empty the write-ahead log."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone()
    if is_busy:
        raise CommandError(BUSY.format(error="wal_checkpoint"))


def erase_postgresql() -> None:
    """Write the tables anew, without dead rows; each is locked while it is written."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")


ERASE = {"sqlite": erase_sqlite, "postgresql": erase_postgresql}
