from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management.base import BaseCommand, CommandParser

from bureaus.management.database_copies import database_copy
from bureaus.management.new_folders import UNFINISHED, new_folder
from bureaus.management.seal_lists import NAME as SEALS
from bureaus.management.seal_lists import entries_of_this_site
from bureaus.publishing.sealing.seal_list import written
from bureaus.uploads.storage import store, stored_files


class Command(BaseCommand):
    help = (
        "データベースと、画像・文書のファイルの控えを、新しいフォルダーに作ります。"
        "サイトは動いたままで構いません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="控えを置くフォルダー（まだないもの）")

    def handle(self, *, folder: Path, **options: Any) -> None:
        del options
        with new_folder(folder) as unfinished:
            count = fill(unfinished)
        self.stdout.write(f"「{folder}」に、データベースと{count}個のファイルの控えを作りました。")


def fill(folder: Path) -> int:
    """
    Copy everything into `folder` and return the number of files.

    Files are copied before the database and after it, so that one registered or deleted meanwhile
    is in the copy, whatever the copy of the database contains.
    """
    media = FileSystemStorage(location=folder / "media")
    count = copy_new(media)
    method = database_copy()
    method.save(folder / method.name)
    (folder / SEALS).write_bytes(written(entries_of_this_site()))
    return count + copy_new(media)


def copy_new(target: FileSystemStorage) -> int:
    count = 0
    for name in stored_files():
        if name.endswith(UNFINISHED) or target.exists(name):
            continue
        try:
            with default_storage.open(name) as stream:
                store(name, stream, storage=target)
        except FileNotFoundError:  # deleted meanwhile
            continue
        count += 1
    return count
