from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandParser

from bureaus.models import Document, FileFinding
from bureaus.publishing import store_examination
from bureaus.uploads.intake import accept_document
from bureaus.uploads.invalid_upload import InvalidUpload


class Command(BaseCommand):
    help = (
        "文書に隠れた内容（黒塗りの下の文字、変更履歴、表示しないシートなど）がないかを調べ、"
        "指摘を文書の画面に出します。すでに調べたものは調べません。ファイルは変えません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="すでに調べたものも、了承のないものは調べ直します"
        )

    def handle(self, **options: Any) -> None:
        documents = Document.objects.order_by("pk")
        if options["all"]:
            accepted = FileFinding.objects.exclude(reason="").values("document")
            documents = documents.exclude(pk__in=accepted)
        else:
            documents = documents.filter(is_examined=False)
        total, failed, found = documents.count(), 0, 0
        for document in documents.iterator():
            try:
                found += self.examine(document)
            except (InvalidUpload, OSError) as error:
                failed += 1
                self.stderr.write(f"{document.address}：調べられませんでした（{error}）。")
        self.stdout.write(
            f"{total}個の文書のうち{total - failed}個を調べ、{found}件の隠れた内容を見つけました。"
        )
        if failed:
            raise SystemExit(1)

    def examine(self, document: Document) -> int:
        """Examine a stored file, and name it where something was found."""
        file = str(document.file)
        with default_storage.open(file) as stream, accept_document(stream, document.name) as taken:
            hidden = taken.hidden
        if hidden and store_examination(document=document, file=file, hidden=hidden):
            self.stdout.write(f"{document.address} 「{document}」：{len(hidden)}件")
        elif not hidden:
            store_examination(document=document, file=file, hidden=())
        return len(hidden)
