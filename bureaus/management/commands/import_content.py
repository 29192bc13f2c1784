from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureaus.management.commands.export_content import CONTENT


class Command(BaseCommand):
    help = (
        "export_content が書き出した内容を、画像・文書のファイルといっしょに読み込みます。"
        "使えないものがあれば、理由を示して全体を断り、何も変えません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="export_content が作ったフォルダー")

    def handle(self, *, folder: Path, **options: Any) -> None:
        del options
        content = folder / CONTENT
        if not content.is_file():
            raise CommandError(
                f"「{folder}」に {CONTENT} がありません。export_content で作ったフォルダーを"
                "指定してください（backup の控えは、restore で戻します）。何も読み込んでいません。"
            )
        call_command("migrate", verbosity=0, interactive=False)
        call_command("loaddata", str(content.resolve()), stdout=self.stdout, stderr=self.stderr)
