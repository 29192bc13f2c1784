from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureaus.management.database_copies import database_copy
from bureaus.uploads.storage import store


class Command(BaseCommand):
    help = (
        "backup が作った控えから、データベースと、画像・文書のファイルを戻し、check_site で"
        "調べます。控えより後の内容は失われます。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="backup が作ったフォルダー")

    def handle(self, *, folder: Path, **options: Any) -> None:
        """Restore the files first, so that the database names none that is missing. Repeatable."""
        del options
        name, _, load = database_copy()
        if not (folder / name).is_file():
            raise CommandError(
                f"「{folder}」に {name} がありません。backup で作ったフォルダーを指定してください"
                "（SQLite の控えは SQLite に、PostgreSQL の控えは PostgreSQL に戻せます）。"
                "何も変えていません。"
            )
        count = put_files(folder / "media")
        load(folder / name)
        self.stdout.write(f"「{folder}」から、データベースと{count}個のファイルを戻しました。")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("check_site", stdout=self.stdout)


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
