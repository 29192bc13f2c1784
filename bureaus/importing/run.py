"""The import of a plan, in batches, and the account of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bureaus.importing.media import Library, Preview, Store
from bureaus.importing.plan import Plan
from bureaus.importing.preparing import Options, Prepared, Preparer
from bureaus.importing.remarks import Level, Remark, Report
from bureaus.models import Action, AuditEntry, Edition
from bureaus.models.batches import batches
from bureaus.publishing import (
    Imported,
    ImportedPage,
    findings_reports,
    import_pages,
    store_finding_counts,
)
from bureaus.publishing.blockers.imports import import_blockers

# Pages stored in one transaction: officers who write wait for it, a second or so.
BATCH = 100
FAULTS_KEPT = 20  # for the screen; the report has all
Progress = Callable[[int, int, "Totals"], None]


@dataclass(slots=True)
class Totals:
    """How many pages had which result, and the first faults as sentences."""

    results: Counter[Level] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)  # keys of those imported, now or before

    def add(self, place: str, result: Level, remarks: Sequence[Remark]) -> None:
        self.results[result] += 1
        self.results[Level.DROPPED] += any(each.level == Level.DROPPED for each in remarks)
        found = [each for each in remarks if each.level == Level.FAULT]
        if len(self.faults) < FAULTS_KEPT:
            self.faults += [f"{place}：{each}" for each in found]


@dataclass(slots=True)
class Importer:
    """
    One run over a plan. It may be killed at any moment: a page is stored whole or not at all.

    Run again, it leaves alone what an earlier run has stored, as the audit entries say.
    """

    plan: Plan
    options: Options
    report: Report
    totals: Totals = field(default_factory=Totals)

    def run(self, progress: Progress) -> Totals:
        """Store the pages of the plan. About 45 queries for a hundred pages, without files."""
        preparer = Preparer(self.plan, self.options)
        store, preview = (
            Store(self.plan.source.files),
            Preview(self.plan.source.files, is_checking=False),
        )
        self.report_faults()
        done = 0
        for batch in batches(self.plan.pages, BATCH):
            digests = imported_digests([page.address for page in batch])
            prepared = []
            for page in batch:
                library: Library = preview if page.address in digests else store
                prepared.append(preparer.prepare(page, library))
            self.store(prepared, digests)
            done += len(batch)
            progress(done, len(self.plan.pages), self.totals)
        return self.totals

    def rehearse(self, progress: Progress) -> Totals:
        """Prepare and check every page of the plan and its files, and store nothing."""
        preparer = Preparer(self.plan, self.options)
        preview = Preview(self.plan.source.files)
        self.report_faults()
        ready: list[Prepared] = []
        digests: dict[str, tuple[int, str]] = {}
        for batch in batches(self.plan.pages, BATCH):
            digests |= imported_digests([page.address for page in batch])
            for page in batch:
                prepared = preparer.prepare(page, preview)
                if prepared.page is not None:
                    prepared.page = replace(prepared.page, body="")
                ready.append(prepared)
            progress(len(ready), len(self.plan.pages), self.totals)
        fresh = list(new_pages(ready, digests))
        blocked = {
            page.address: blockers
            for page, blockers in import_blockers(fresh, self.options.now)
            if blockers
        }
        self.account(ready, digests, Imported(blocked=blocked))
        return self.totals

    def report_faults(self) -> None:
        for entry, remarks in self.plan.faults:
            self.tell(entry.place, entry.address, Level.FAULT, remarks)

    def store(self, prepared: Sequence[Prepared], digests: dict[str, tuple[int, str]]) -> None:
        fresh = list(new_pages(prepared, digests))
        imported = import_pages(pages=fresh) if fresh else Imported()
        self.totals.pages += [edition.page_id for edition in imported.editions]
        self.totals.pages += [key for key, _ in digests.values()]
        self.account(prepared, digests, imported)

    def account(
        self,
        prepared: Sequence[Prepared],
        digests: dict[str, tuple[int, str]],
        imported: Imported,
    ) -> None:
        """Write into the report what became of each page."""
        for each in prepared:
            address = each.planned.address
            remarks = [*each.remarks, *blocked_remarks(each, imported)]
            result = result_of(each, remarks, digests)
            if result == Level.ALREADY and each.page is not None:
                remarks += changed_remarks(each.page, digests[address][1])
            self.tell(each.planned.entry.place, address, result, remarks)

    def tell(self, place: str, address: str, result: Level, remarks: Sequence[Remark]) -> None:
        self.totals.add(place, result, remarks)
        whole = [] if result == Level.FAULT else [Remark(result, "", "")]
        self.report.write(place, address, [*whole, *remarks])


def imported_digests(addresses: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Return the key and the digest of each page that an import has stored; 1 query a batch."""
    found: dict[str, tuple[int, str]] = {}
    for some in batches(addresses):
        entries = AuditEntry.objects.filter(
            action=Action.IMPORT, address__in=some, page__isnull=False, edition__isnull=False
        )
        for address, page, details in entries.values_list("address", "page", "details"):
            found[address] = (page, details.get("digest", ""))
    return found


def new_pages(
    prepared: Sequence[Prepared], digests: dict[str, tuple[int, str]]
) -> Iterator[ImportedPage]:
    for each in prepared:
        if each.page is not None and each.planned.address not in digests:
            yield each.page


def blocked_remarks(prepared: Prepared, imported: Imported) -> Iterator[Remark]:
    for blocker in imported.blocked.get(prepared.planned.address, ()):
        yield Remark(Level.FAULT, "", str(blocker))
    for path in prepared.planned.former:
        if path in imported.former:
            yield Remark(Level.NOTE, path, str(imported.former[path]))


def result_of(
    prepared: Prepared, remarks: Sequence[Remark], digests: dict[str, tuple[int, str]]
) -> Level:
    if prepared.planned.address in digests:
        return Level.ALREADY
    is_faulty = prepared.page is None or any(each.level == Level.FAULT for each in remarks)
    return Level.FAULT if is_faulty else Level.DONE


def changed_remarks(page: ImportedPage, digest: str) -> Iterator[Remark]:
    if page.digest != digest:
        yield Remark(
            Level.NOTE,
            page.address,
            "は前に取り込みましたが、そのときと内容が違います。書き換えていません。",
            "管理画面で新しい版を作ってください。",
        )


def count_findings(pages: Sequence[int], progress: Callable[[int, int], None]) -> None:
    """Count the findings of the proofreader in these pages, all of which are there by now."""
    done = 0
    for batch in batches(pages, BATCH):
        editions = list(Edition.objects.with_page().filter(page__in=batch))
        store_finding_counts(editions, findings_reports(editions))
        done += len(batch)
        progress(done, len(pages))
