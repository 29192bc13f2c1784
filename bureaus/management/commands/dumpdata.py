"""
Django's dumpdata, which writes the library's files beside the records that name them.

Without what follows from the rest: loading makes that anew.
"""

from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import dumpdata

from bureaus.loading.shapes import FOLLOWING
from bureaus.uploads.keeping import compared, named_files, put


class Command(dumpdata.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--media",
            metavar="DIR",
            help="画像と文書のファイルを、このフォルダーに写します。"
            "-o で書くファイルと同じ場所の media にすると、loaddata がそこから読みます",
        )

    def handle(self, *labels: str, **options: Any) -> None:
        """The files first: where one is missing or another is in its place, nothing is dumped."""
        if options["media"]:
            written = copy_files(FileSystemStorage(location=Path(options["media"]).resolve()))
            self.stderr.write(f"{written}個のファイルを「{options['media']}」に写しました。")
        options["exclude"] = [*options["exclude"], *FOLLOWING]
        super().handle(*labels, **options)


def copy_files(target: Storage) -> int:
    """Every file of the library that is not there yet. Raises CommandError."""
    missing = compared().missing
    if missing:
        raise CommandError(
            f"ファイル「{missing[0]}」など{len(missing)}個が保存場所にありません。"
            "check_site で確かめてください。何も書き出していません。"
        )
    written = 0
    for name in named_files():
        with default_storage.open(name) as stream:
            if not target.exists(name):
                put(name, stream, storage=target)
                written += 1
            elif not is_same(stream, target, name):
                raise CommandError(
                    f"「{name}」は、内容の違うものが写す先にあります。空のフォルダーを指定してください。"
                )
    return written


def is_same(stream: Any, target: Storage, name: str) -> bool:
    with target.open(name) as there:
        return bool(there.read() == stream.read())
