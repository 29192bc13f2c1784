from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Exists, F, OuterRef, Q

from bureaus.models import Document, FileFinding, ReadabilityReport, Seal
from bureaus.publishing import store_examination
from bureaus.uploads.hidden.contents import HiddenContent
from bureaus.uploads.intake import accept_document

Judgement = dict[str, Any] | None


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
        delete_orphans()
        sealed = Seal.objects.confirmed().values("file")  # their files no longer exist
        documents = Document.objects.exclude(file__in=sealed).order_by("pk")
        if options["all"]:
            accepted = FileFinding.objects.exclude(reason="").values("document")
            documents = documents.exclude(pk__in=accepted)
        else:
            documents = documents.filter(~Q(examined_file=F("file")) | is_judged_before())
        total, failed, found = documents.count(), 0, 0
        for document in documents.iterator():
            try:
                hidden, judgement = contents_of(document)
            except Exception as error:  # noqa: BLE001 - each storage raises its own
                failed += 1
                self.stderr.write(f"{document.address}：調べられませんでした（{error}）。")
            else:
                found += len(hidden)
                self.store(document, hidden, judgement)
        self.stdout.write(
            f"{total}個の文書のうち{total - failed}個を調べ、{found}件の隠れた内容を見つけました。"
        )
        if failed:
            raise SystemExit(1)

    def store(
        self, document: Document, hidden: tuple[HiddenContent, ...], judgement: Judgement
    ) -> None:
        """Store what was found, and name the document where it was something."""
        is_stored = store_examination(
            document=document, file=str(document.file), hidden=hidden, judgement=judgement
        )
        if hidden and is_stored:
            self.stdout.write(f"{document.address} 「{document}」：{len(hidden)}件")


def is_judged_before() -> Exists:
    """The condition for documents with a report of another file than the one that they have."""
    reports = ReadabilityReport.of_any_file.filter(document=OuterRef("pk"))
    return Exists(reports.exclude(file=OuterRef("file")))


def delete_orphans() -> None:
    """Delete the findings of files that no longer exist, and the reports of deleted documents."""
    ReadabilityReport.of_any_file.exclude(document__in=Document.objects.all()).delete()
    current = FileFinding.objects.values("pk")
    FileFinding.of_any_file.exclude(pk__in=current).delete()


def contents_of(document: Document) -> tuple[tuple[HiddenContent, ...], Judgement]:
    """
    Return the hidden content of the stored file, and the judgement of a table.

    Raises what storages and the intake raise.
    """
    file = str(document.file)
    with default_storage.open(file) as stream, accept_document(stream, document.name) as taken:
        return taken.hidden, taken.readability
