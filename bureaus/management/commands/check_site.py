from typing import Any

from django.core.management.base import BaseCommand

from bureaus.integrity import problems
from bureaus.models import Edition, Page


class Command(BaseCommand):
    help = (
        "サイト全体の整合性（木・アドレス・公開期間・検索の索引）を調べます。"
        "問題があれば終了コード1。"
    )

    def handle(self, **options: Any) -> None:
        del options
        found = problems()
        for problem in found:
            self.stdout.write(str(problem))
        pages, editions = Page.objects.count(), Edition.objects.count()
        self.stdout.write(f"{pages}ページ・{editions}版を調べました。問題は{len(found)}件です。")
        if found:
            raise SystemExit(1)
