from typing import Any

from django.core.management.base import BaseCommand

from bureaus.integrity import problems
from bureaus.management.snapshots import one_snapshot
from bureaus.models import Edition, Page
from bureaus.uploads.storage import compare_with_storage


class Command(BaseCommand):
    help = (
        "サイト全体の整合性（木・アドレス・公開期間・検索の索引・画像と文書のファイル）を調べます。"
        "問題があれば終了コード1。"
    )

    def handle(self, **options: Any) -> None:
        del options
        with one_snapshot():
            self.examine()

    def examine(self) -> None:
        stored = compare_with_storage()
        found = [
            *map(str, problems()),
            *(f"/{name}：ファイルが保存場所にありません。" for name in stored.missing),
        ]
        for problem in found:
            self.stdout.write(problem)
        pages, editions = Page.objects.count(), Edition.objects.count()
        self.stdout.write(f"{pages}ページ・{editions}版を調べました。問題は{len(found)}件です。")
        if stored.orphaned:
            self.stdout.write(
                f"どの画像と文書のものでもないファイルが{len(stored.orphaned)}個あります"
                f"（{stored.orphaned[0]} など）。clean_media --dry-run で確かめられます。"
            )
        if found:
            raise SystemExit(1)
