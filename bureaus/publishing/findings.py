"""The findings of the proofreader in an edition, and which of them are accepted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bureaus.models import Edition
from bureaus.models.events import EVENT_FIELDS
from bureaus.proofreading import (
    Consent,
    Finding,
    Level,
    Manuscript,
    manuscripts_of,
    proofread,
)
from bureaus.proofreading.loader import Parts
from bureaus.publishing.blockers.blocker import Blocker, BlockerCode

CACHE_ATTRIBUTE = "_findings_report"
LINK_DEAD = "link-dead"
PROOFREAD_FIELDS = (
    "revision",
    "answer",
    "title",
    "lead",
    "body",
    "note",
    "change_note",
    "issued_on",
    *EVENT_FIELDS,
)


@dataclass(frozen=True, slots=True)
class FindingsReport:
    manuscript: Manuscript
    findings: tuple[Finding, ...]

    def is_accepted(self, finding: Finding) -> bool:
        return finding.key in self.manuscript.accepted

    def consent_to(self, finding: Finding) -> Consent | None:
        return self.manuscript.accepted.get(finding.key)

    def open(self, level: Level | None = None) -> list[Finding]:
        """Return what nobody has accepted: of one level, or the errors and warnings."""
        levels = {level} if level else {Level.ERROR, Level.WARNING}
        return [
            finding
            for finding in self.findings
            if finding.level in levels and not self.is_accepted(finding)
        ]


def findings_report(edition: Edition, parts: Parts | None = None) -> FindingsReport:
    """
    Return the proofreader's findings in one edition, saved or not; 2 queries.

    The report is cached on the object, for the blockers of several actions: an action itself
    reads its edition, and so its parts, again.
    """
    if parts is not None:
        return findings_reports([edition], parts)[0]
    cache_reports([edition])
    report: FindingsReport = vars(edition)[CACHE_ATTRIBUTE][1]
    return report


def cache_reports(editions: Iterable[Edition], stored: Parts | None = None) -> None:
    """Cache the reports on all of `editions`; 2 queries, 1 where their `stored` parts are read."""
    unread = [edition for edition in editions if not has_report(edition)]
    reports = findings_reports(unread, stored) if unread else ()
    for edition, report in zip(unread, reports, strict=True):
        vars(edition)[CACHE_ATTRIBUTE] = (content_of(edition), report)


def has_report(edition: Edition) -> bool:
    cached = vars(edition).get(CACHE_ATTRIBUTE)
    return cached is not None and cached[0] == content_of(edition)


def content_of(edition: Edition) -> tuple[object, ...]:
    return tuple(getattr(edition, name) for name in PROOFREAD_FIELDS)


def findings_reports(
    editions: Sequence[Edition], parts: Parts | None = None
) -> list[FindingsReport]:
    """Return the reports of editions that have their pages; 2 queries for all of them."""
    return [
        FindingsReport(manuscript, tuple(proofread(manuscript)))
        for manuscript in manuscripts_of(editions, parts)
    ]


def finding_blockers(edition: Edition) -> Iterator[Blocker]:
    """
    Yield a blocker for each error that is not accepted: code `finding`, with its rule in `rule`.

    Dead links depend on the start of the edition: see `publishing.blockers.links`.
    """
    for finding in findings_report(edition).open(Level.ERROR):
        if finding.rule != LINK_DEAD:
            yield finding_blocker(finding)


def finding_blocker(finding: Finding) -> Blocker:
    sentence = f"{finding.place.label}：{finding.sentence}{finding.hint}"
    code = BlockerCode.DEAD_LINK if finding.rule == LINK_DEAD else BlockerCode.FINDING
    return Blocker(code, sentence, finding.place.field, finding.rule)
