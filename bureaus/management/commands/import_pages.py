from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bureaus import search
from bureaus.importing import (
    Importer,
    Level,
    Options,
    Plan,
    Redirects,
    Report,
    Totals,
    UnreadableSource,
    count_findings,
    plan_import,
    read_source,
)
from bureaus.integrity import problems

PROBLEMS_SHOWN = 20


class Command(BaseCommand):
    help = (
        "ほかのサイトのページを取り込みます。CSVの表、CSVとファイルの入ったZIP、または集めた"
        "HTMLのフォルダー（かZIP）を渡します。途中で止まっても、同じ指定でもう一度実行すれば続きから"
        "始めます。例：import_pages 移す/pages.csv --dry-run"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", nargs="?", type=Path, help="CSV、ZIP、またはフォルダー")
        parser.add_argument("--redirects", type=Path, help="旧アドレスとページのアドレスのCSV")
        parser.add_argument(
            "--dry-run", action="store_true", help="何も書かずに、結果だけを示します"
        )
        parser.add_argument("--drafts", action="store_true", help="公開せず、下書きにします")
        parser.add_argument("--report", type=Path, help="報告のCSV（既定は、元のファイルの隣）")
        parser.add_argument("--site", default="", help="元のサイト。例：https://www.example.go.jp")
        parser.add_argument("--under", default="/", help="集めたHTMLを、このアドレスの下に置きます")
        parser.add_argument("--content", default="", help="本文を囲む要素の id")

    def handle(self, *, source: Path | None, redirects: Path | None, **options: Any) -> None:
        given = source or redirects
        if given is None:
            raise CommandError("取り込むファイルか --redirects を指定してください。")
        if not options["under"].startswith("/") or not options["under"].endswith("/"):
            raise CommandError(
                f"--under「{options['under']}」は使えません。「/menu/」のように書いてください。"
            )
        self.is_dry = options["dry_run"]
        report = options["report"]
        if report is None and not self.is_dry:
            report = given.resolve().with_name(f"{given.stem}.report.csv")
        try:
            totals = self.import_all(source, redirects, report, options)
        except UnreadableSource as error:
            raise CommandError(f"{error}") from error
        except OSError as error:
            raise CommandError(
                f"「{error.filename}」を読み書きできません（{error.strerror}）。"
                "名前と権限を確かめてください。"
            ) from error
        if report is not None:
            self.stdout.write(f"報告は「{report}」にあります。")
        self.finish(totals)

    def import_all(
        self,
        source: Path | None,
        redirects: Path | None,
        report_path: Path | None,
        options: dict[str, Any],
    ) -> list[Totals]:
        found = []
        with Report(report_path) as report:
            plan = None
            if source is not None:
                plan = plan_import(read_source(source, options["under"]), options["site"])
                found.append(self.import_pages(plan, report, options))
            if redirects is not None:
                planned = {page.address for page in plan.pages} if plan and self.is_dry else set()
                totals = Redirects(redirects, report, planned, self.is_dry).add()
                self.total("旧アドレス", totals)
                found.append(totals)
        return found

    def import_pages(self, plan: Plan, report: Report, options: dict[str, Any]) -> Totals:
        importer = Importer(
            plan,
            Options(timezone.now(), not options["drafts"], options["content"]),
            report,
        )
        if self.is_dry:
            totals = importer.rehearse(self.progress)
        else:
            totals = importer.run(self.progress)
            count_findings(totals.pages, self.progress_of_findings)
            search.analyse()
        self.total("ページ", totals)
        return totals

    def progress(self, done: int, whole: int, totals: Totals) -> None:
        results = totals.results
        self.stdout.write(
            f"{done:,}／{whole:,}ページ（取り込み{results[Level.DONE]:,}、"
            f"取り込み済み{results[Level.ALREADY]:,}、取り込めない{results[Level.FAULT]:,}）"
        )
        self.stdout.flush()

    def progress_of_findings(self, done: int, whole: int) -> None:
        self.stdout.write(f"校正 {done:,}／{whole:,}ページ")
        self.stdout.flush()

    def total(self, what: str, totals: Totals) -> None:
        for sentence in totals.faults:
            self.stderr.write(sentence)
        results = totals.results
        would = "取り込めます" if self.is_dry else "取り込みました"
        self.stdout.write(
            f"{what}：{results[Level.DONE]:,}件を{would}。取り込み済み{results[Level.ALREADY]:,}件、"
            f"取り込めないもの{results[Level.FAULT]:,}件、"
            f"落としたもののあるページ{results[Level.DROPPED]:,}件。"
        )

    def finish(self, found: list[Totals]) -> None:
        """Check the site after an import. Ends with 1 where something was not imported."""
        if self.is_dry:
            self.stdout.write("試しただけで、サイトには何も書いていません。")
        elif wrong := problems():
            for problem in wrong[:PROBLEMS_SHOWN]:
                self.stderr.write(str(problem))
            raise CommandError(f"check_site が{len(wrong)}件の問題を示しました。")
        if any(totals.results[Level.FAULT] for totals in found):
            raise SystemExit(1)
