import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bureaus import search
from bureaus.text.formatting import TOKYO


class Command(BaseCommand):
    help = (
        "承認済みの版をすべて検索の索引に入れ直します。その間もサイトは動き、検索もできます。"
        "途中で止めても、もう一度始められます。"
    )

    def handle(self, *, verbosity: int, **options: Any) -> None:
        del options
        begin = time.monotonic()

        def report(done: int, total: int) -> None:
            if verbosity:
                self.stdout.write(f"{total:,}版のうち{done:,}版を入れました。")

        total = search.rebuild(report)
        pruned = search.prune_zero_results(timezone.localdate(timezone=TOKYO))
        if verbosity:
            self.stdout.write(
                f"{total:,}版を索引に入れました"
                f"（{search.byte_size() / 2**20:.1f}MB、{time.monotonic() - begin:.1f}秒）。"
                f"古くなった「見つからなかった検索」の記録{pruned}件を消しました。"
            )
