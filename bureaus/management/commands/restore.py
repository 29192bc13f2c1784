from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from bureaus.management.database_copies import database_copy
from bureaus.management.existing_content import account_count, page_count
from bureaus.management.running_site import stopped_site
from bureaus.management.seal_lists import add_seals_argument, known_entries, replay_all
from bureaus.publishing.sealing.seal_list import Entries
from bureaus.uploads.storage import store


class Command(BaseCommand):
    help = (
        "backup が作った控えから、データベースと、画像・文書のファイルを戻し、check_site で"
        "調べます。動いているサイトと、空でないサイトには、指定がなければ戻しません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="backup が作ったフォルダー")
        parser.add_argument(
            "--replace", action="store_true", help="いまの内容とアカウントを捨てて、戻します"
        )
        parser.add_argument(
            "--while-running",
            action="store_true",
            help="サイトが動いていても戻します。職員がその間にしたことは失われます",
        )

        add_seals_argument(parser)

    def handle(
        self,
        *,
        folder: Path,
        replace: bool,
        while_running: bool,
        seals: list[Path],
        **options: Any,
    ) -> None:
        del options
        refuse_other_folder(folder)
        with nullcontext() if while_running else stopped_site():
            if not replace:
                refuse_content()
            self.restore(folder, known_entries(folder, seals, self.stdout.write))

    def restore(self, folder: Path, sealed: Entries) -> None:
        """
        Restore the files first, so that the database names none that is missing. Repeatable.

        What was sealed after the copy was made, as `sealed` says, is sealed again.
        """
        name, _, load = database_copy()
        count = put_files(folder / "media")
        load(folder / name)
        self.stdout.write(f"「{folder}」から、データベースと{count}個のファイルを戻しました。")
        call_command("migrate", verbosity=0, interactive=False)
        if sentence := replay_all(sealed):
            self.stdout.write(sentence)
            call_command("erase_sealed", stdout=self.stdout)
        call_command("check_site", stdout=self.stdout)


def refuse_other_folder(folder: Path) -> None:
    """Raise CommandError unless `backup` made the folder, of a database of this kind."""
    name = database_copy().name
    if not (folder / name).is_file():
        raise CommandError(
            f"「{folder}」に {name} がありません。backup で作ったフォルダーを指定してください"
            "（SQLite の控えは SQLite に、PostgreSQL の控えは PostgreSQL に戻せます）。"
            "何も変えていません。"
        )


def refuse_content() -> None:
    """Raise CommandError where there is anything that the restore would discard."""
    try:
        found = f"{page_count()}ページと{account_count()}のアカウント"
        is_empty = not page_count() and not account_count()
    except DatabaseError as error:
        found, is_empty = f"読めない内容（{error}）", False
    if not is_empty:
        raise CommandError(
            f"いまのデータベースには、{found}があります。DATABASE_URL と DATA_DIR が正しければ、"
            "--replace を付けると、それを捨てて、控えの内容に入れ替えます。何も変えていません。"
        )


def put_files(folder: Path) -> int:
    """Store each file, replacing existing ones; return their number."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    for file in files:
        try:
            with file.open("rb") as stream:
                store(file.relative_to(folder).as_posix(), stream)
        except OSError as error:
            raise CommandError(
                f"ファイル「{file}」を戻せません（{error}）。空きと権限を確かめ、"
                "もう一度実行してください。データベースは変えていません。"
            ) from error
    return len(files)
