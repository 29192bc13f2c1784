from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bureaus.text.formatting import file_size
from bureaus.uploads.storage import compare_with_storage, named_files

HOURS = 24


class Command(BaseCommand):
    help = "どの画像と文書のものでもないファイルを、保存場所から消します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="消さずに、示すだけにします")
        parser.add_argument(
            "--hours",
            type=int,
            default=HOURS,
            help=f"これより新しいファイルは、登録の途中かもしれないので残します（既定は{HOURS}時間）",
        )

    def handle(self, *, dry_run: bool, hours: int, **options: Any) -> None:
        del options
        orphaned = compare_with_storage().orphaned
        if orphaned and not dry_run and next(named_files(), None) is None:
            raise CommandError(
                "データベースに、画像も文書も1つもありません。別のデータベースにつながっていないか、"
                "DATABASE_URL と DATA_DIR を確かめてください。何も消していません。"
            )
        oldest = timezone.now() - timedelta(hours=hours)
        size = count = recent = 0
        for name in orphaned:
            if default_storage.get_modified_time(name) > oldest:
                recent += 1
                continue
            count += 1
            size += default_storage.size(name)
            self.stdout.write(name)
            if not dry_run:
                default_storage.delete(name)
        done = "消せます（消していません）" if dry_run else "消しました"
        self.stdout.write(
            f"{count}個のファイル（{file_size(size) if count else '0KB'}）を{done}。"
            f"{hours}時間以内の{recent}個は残しています。"
        )
