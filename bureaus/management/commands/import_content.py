from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureaus.management.commands.export_content import CONTENT
from bureaus.management.seal_lists import add_seals_argument, known_entries, replay_all


class Command(BaseCommand):
    help = (
        "export_content が書き出した内容を、画像・文書のファイルといっしょに読み込みます。"
        "使えないものがあれば、理由を示して全体を断り、何も変えません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="export_content が作ったフォルダー")
        add_seals_argument(parser)

    def handle(self, *, folder: Path, seals: list[Path], **options: Any) -> None:
        del options
        content = folder / CONTENT
        if not content.is_file():
            raise CommandError(
                f"「{folder}」に {CONTENT} がありません。export_content で作ったフォルダーを"
                "指定してください（backup の控えは、restore で戻します）。何も読み込んでいません。"
            )
        call_command("migrate", verbosity=0, interactive=False)
        sealed = known_entries(folder, seals, self.stdout.write)
        call_command("loaddata", str(content.resolve()), stdout=self.stdout, stderr=self.stderr)
        if sentence := replay_all(sealed):
            self.stdout.write(sentence)
            call_command("erase_sealed", stdout=self.stdout)
