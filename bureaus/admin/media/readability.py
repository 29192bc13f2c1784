"""The judgement of a table by the rules on machine-readable data, on the document's screen."""

from collections.abc import Iterator
from dataclasses import dataclass

from bureaus.models import Document, ReadabilityReport
from bureaus.uploads.machine_readability.rules import RULES, TABLES, Rule

LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding; `rule` names number, level and whether software is certain."""

    rule: Rule
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ShownReport:
    """The findings by level; `rows` where only the first ones were judged."""

    findings: tuple[ShownFinding, ...]
    rows: int | None
    is_judged: bool
    has_table: bool = False

    @property
    def counts(self) -> list[tuple[int, int]]:
        """The number of findings of each level."""
        levels = [finding.rule.level for finding in self.findings]
        return [(level, levels.count(level)) for level in LEVELS]


def readability_of(document: Document) -> ShownReport | None:
    """Return the report of a table; None of another document. 1 query of a table."""
    if document.address.rpartition(".")[2].lower() not in TABLES:
        return None
    report = ReadabilityReport.objects.filter(document=document).first()
    if report is None:
        return ShownReport((), None, is_judged=False)
    return ShownReport(
        tuple(findings_in(report)), report.rows, is_judged=True, has_table=bool(report.names)
    )


def findings_in(report: ReadabilityReport) -> Iterator[ShownFinding]:
    for each in report.findings:
        if rule := RULES.get(each["rule"]):
            yield ShownFinding(rule, each["place"], each["sentence"])
