import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils import timezone

from bureaus.models import Edition
from bureaus.models.placements import pages_at
from bureaus.proofreading import Finding, Level, proofread, read_text
from bureaus.publishing import findings_reports, store_finding_counts

TOTALS = "{texts}件の文章を調べました。誤り{error}件、注意{warning}件、了承済み{accepted}件です。"
BATCH = 100  # editions, read with 4 queries


@dataclass(frozen=True, slots=True)
class Read:
    """A text that has been proofread, with its open findings."""

    name: str
    findings: Sequence[Finding]
    accepted: int = 0


class Command(BaseCommand):
    help = (
        "文章を校正します。引数がなければ、公開中・公開予約・作成中の版をすべて調べます。"
        "誤りがあれば終了コード1。例：proofread --branch /main_sosiki/joho_kokusai/、"
        "proofread --text 原稿.txt"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--branch", help="このアドレスとその下だけを調べます")
        source.add_argument("--text", help="ページになる前の文章のファイル。「-」なら標準入力")
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="表でなくJSONで出します"
        )

    def handle(
        self, *, branch: str | None, text: str | None, as_json: bool, **options: Any
    ) -> None:
        del options
        texts = [read_file(text)] if text is not None else self.read_site(branch)
        counts: Counter[str] = Counter(texts=0, error=0, warning=0, notice=0, accepted=0)
        reported: list[dict[str, Any]] = []
        for read in texts:
            count(read, counts)
            if as_json and read.findings:
                found = [finding.as_json() for finding in read.findings]
                reported.append({"name": read.name, "findings": found})
            elif read.findings:
                self.stdout.write("\n".join(lines_of(read)))
        if as_json:
            answer = {"totals": counts, "texts": reported}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(TOTALS.format(**counts))
        if counts["error"]:
            raise SystemExit(1)

    def read_site(self, branch: str | None) -> Iterator[Read]:
        """2 queries, then 4 for every hundred editions and 1 where counts change."""
        keys = list(editions_below(branch).values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            some = Edition.objects.with_page().in_bulk(keys[start : start + BATCH])
            editions = [some[key] for key in keys[start : start + BATCH] if key in some]
            reports = findings_reports(editions)
            store_finding_counts(editions, reports)
            for edition, report in zip(editions, reports, strict=True):
                found = report.open()
                name = f"{edition.page.url_path} 第{edition.number}版"
                accepted = sum(map(report.is_accepted, report.findings))
                yield Read(name, found, accepted)
            self.stderr.write(f"{min(start + BATCH, len(keys)):,}／{len(keys):,}版")


def editions_below(branch: str | None) -> QuerySet[Edition]:
    """Return the editions that are in work, in force or booked, siblings together."""
    now = timezone.now()
    editions = Edition.objects.not_ended(now).placed(now)
    editions = editions.order_by("placement__depth", "placement__path", "number")
    if branch is None:
        return editions
    page = pages_at([branch]).get(branch)
    if page is None:
        raise CommandError(
            f"「{branch}」というページはありません。「/main_sosiki/」のようなアドレスで"
            "指定してください。"
        )
    node = page.placement
    return editions.filter(placement__path__gte=node.path, placement__path__lt=node.branch_end)


def read_file(name: str) -> Read:
    try:
        source = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = source.decode("utf-8-sig")  # Windows' editors write a byte order mark
    except OSError as error:
        raise CommandError(
            f"「{name}」を読めません（{error.strerror}）。ファイルの名前を確かめてください。"
        ) from error
    except UnicodeDecodeError as error:
        raise CommandError(
            f"「{name}」は UTF-8 ではありません。UTF-8 で保存し直してください。"
        ) from error
    return Read(name, proofread(read_text(text)))


def count(read: Read, counts: Counter[str]) -> None:
    counts["texts"] += 1
    counts["accepted"] += read.accepted
    for level in Level:
        counts[level.value] += sum(finding.level is level for finding in read.findings)


def lines_of(read: Read) -> Iterator[str]:
    """Yield a table: level, rule, place, sentence and remedy."""
    yield read.name
    for finding in read.findings:
        fixed = finding.replacement
        fix = "" if fixed is None else f"（直せます：「{finding.words}」→「{fixed}」）"
        yield (
            f"  {finding.level.label}  {finding.rule:<18}  {finding.place.label}  "
            f"{finding.sentence}{finding.hint}{fix}"
        )
