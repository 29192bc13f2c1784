import io
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from bureaus.management.new_folders import new_folder
from bureaus.management.snapshots import one_snapshot

CONTENT, MEDIA = "content.json", "media"


class Command(BaseCommand):
    help = (
        "ページ、版、画像・文書などの内容を、ほかのサイトに移すために、新しいフォルダーに書き出します。"
        "サイトは動いたままで構いません。import_content で読み込みます。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="書き出すフォルダー（まだないもの）")
        parser.add_argument(
            "--accounts",
            action="store_true",
            help="アカウント（パスワードの要約）、グループ、担当、入力中の内容も書き出します",
        )

    def handle(self, *, folder: Path, accounts: bool, **options: Any) -> None:
        """Write one moment: the same content gives the same bytes on either database."""
        del options
        labels = ["bureaus", "auth.user"] if accounts else ["bureaus"]
        with new_folder(folder) as unfinished, one_snapshot():
            call_command(
                "dumpdata",
                *labels,
                use_natural_primary_keys=True,
                use_natural_foreign_keys=True,
                indent=2,
                output=str(unfinished / CONTENT),
                media=str(unfinished / MEDIA),
                stderr=io.StringIO(),
            )
        accounts_note = "アカウントも入っています。" if accounts else "アカウントは入っていません。"
        self.stdout.write(f"内容を「{folder}」に書き出しました。{accounts_note}")
