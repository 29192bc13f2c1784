"""A table of old addresses and the pages that they lead to."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from bureaus.importing.columns import REDIRECT_NAMES
from bureaus.importing.links import old_path, reaches_pages, split
from bureaus.importing.remarks import Level, Remark, Report, UnreadableSource, fault
from bureaus.importing.run import Totals
from bureaus.importing.sources import with_slashes
from bureaus.importing.tables import SIZE, Row, read_rows
from bureaus.models.batches import batches
from bureaus.models.placements import pages_at
from bureaus.publishing import add_former_addresses
from bureaus.publishing.blockers.imports import former_address_blockers

IN_PROXY = "代理サーバー（nginx など）の設定で転送してください。"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, and the address of the page that it names."""

    row: Row
    address: str


@dataclass(slots=True)
class Redirects:
    """
    The old addresses of a CSV file, which are to lead to pages of this site.

    `planned`: the addresses of pages that a dry run would have imported.
    """

    path: Path
    report: Report
    planned: Collection[str] = ()
    is_dry: bool = False
    totals: Totals = field(default_factory=Totals)

    def add(self) -> Totals:
        """
        Store the old addresses as former addresses of the pages that the table names.

        They redirect there, after every move of the page too. Raises UnreadableSource.
        """
        lines: dict[str, Line] = {}  # by old path
        for row in redirect_rows(self.path):
            line = Line(row, page_address(row["address"]))
            old = old_path(row["old"])
            found = list(row_faults(row, old)) or list(twice(line, lines.get(old)))
            if found:
                self.tell(line, found)
            else:
                lines.setdefault(old, line)
        for batch in batches(lines):
            self.add_batch({old: lines[old] for old in batch})
        return self.totals

    def add_batch(self, lines: Mapping[str, Line]) -> None:
        pages = pages_at({line.address for line in lines.values()})
        keys = {old: pages[line.address].pk for old, line in lines.items() if line.address in pages}
        if self.is_dry:
            blocked = former_address_blockers(keys, timezone.now())
        else:
            blocked = add_former_addresses(addresses=keys)
        for old, line in lines.items():
            found = []
            if old in blocked:
                found = [Remark(Level.FAULT, "", str(blocked[old]))]
            elif old not in keys and line.address not in self.planned:
                remedy = "ページのアドレスを直してください。"
                found = [fault(line.address, "というページはありません。", remedy)]
            self.tell(line, found)

    def tell(self, line: Line, found: list[Remark]) -> None:
        result = Level.FAULT if found else Level.DONE
        place = f"{self.path.name} {line.row.line}行目"
        self.totals.add(place, result, found)
        self.report.write(place, line.address, found or [Remark(result, line.row["old"], "")])


def redirect_rows(path: Path) -> Iterator[Row]:
    if not path.is_file():
        raise UnreadableSource(f"「{path}」がありません。ファイルの名前を確かめてください。")
    if path.stat().st_size > SIZE:
        raise UnreadableSource(f"「{path.name}」が大きすぎます。いくつかに分けてください。")
    return read_rows(path.name, path.read_bytes(), REDIRECT_NAMES, required="old")


def page_address(address: str) -> str:
    parts = split(address)
    return with_slashes(parts.path if parts else address)


def row_faults(row: Row, old: str) -> Iterator[Remark]:
    written = row["old"]
    if "?" in written:
        reason = "のように「?」の付いた旧アドレスは、このサイトでは見分けられません。"
        yield fault(written, reason, IN_PROXY)
    elif not old:
        yield fault(
            written, "は旧アドレスに使えません。", "「/」で始まる1,000文字以内にしてください。"
        )
    elif not reaches_pages(old):
        yield fault(written, "には、このサイトのほかの機能が答えます。", IN_PROXY)


def twice(line: Line, first: Line | None) -> Iterator[Remark]:
    if first is not None and first.address != line.address:
        reason = f"と同じ旧アドレスの行が、ほかにもあります（{first.row.line}行目）。"
        yield fault(line.row["old"], reason, "どちらかの行を消してください。")
