from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureaus.links.checking import NoNetwork, check_links, due_links
from bureaus.links.collection import collect_links
from bureaus.management.single_run import single_run

LIMIT, MINUTES = 2_000, 60
LOST = (
    "途中から、どのサイトも返事をしなくなったので、そこで止めました。それからのリンクの結果は変えて"
    "いません。続きは、次に実行したときに行います。"
)


class Command(BaseCommand):
    help = (
        "公開中のページのリンクを集め、ほかのサイトへのリンクが切れていないかを確かめます。"
        "1つのサイトには1秒に1回まで、1回に決めた数と時間までで、続きは次に実行したときに行います。"
        "結果は、管理画面の「切れたリンク」に出ます。2つ同時には動きません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=LIMIT, help="1回に確かめる数")
        parser.add_argument("--minutes", type=float, default=MINUTES, help="1回に使う時間（分）")

    def handle(self, *, limit: int, minutes: float, **options: Any) -> None:
        del options
        with single_run("check_links"):
            self.check_all(limit, minutes)

    def check_all(self, limit: int, minutes: float) -> None:
        editions = collect_links()
        try:
            totals = check_links(due_links(max(0, limit)), seconds=minutes * 60)
        except NoNetwork as error:
            raise CommandError(
                "ほかのサイトが1つも返事をしないので、この機械から外につながらないようです。"
                "結果は変えていません。ネットワークを確かめて、もう一度実行してください。"
            ) from error
        if totals.is_offline:
            self.stderr.write(LOST)
        self.stdout.write(
            f"公開中の{editions}ページのリンクを集め、ほかのサイトへのリンク{totals.checked}件を"
            f"確かめました。切れているものは{totals.broken}件です。"
        )
