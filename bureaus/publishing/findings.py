"""What the proofreader says of an edition, and what of it has been accepted on its page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bureaus.models import Edition
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

KEPT = "_proof"
LINK_DEAD = "link-dead"
CONTENT = ("revision", "answer", "title", "lead", "body", "note", "change_note", "issued_on")


@dataclass(frozen=True, slots=True)
class FindingsReport:
    manuscript: Manuscript
    findings: tuple[Finding, ...]

    def is_accepted(self, finding: Finding) -> bool:
        return finding.key in self.manuscript.accepted

    def consent_to(self, finding: Finding) -> Consent | None:
        return self.manuscript.accepted.get(finding.key)

    def open(self, level: Level | None = None) -> list[Finding]:
        """What nobody has accepted; of one level, or of both."""
        return [
            finding
            for finding in self.findings
            if not self.is_accepted(finding) and level in {None, finding.level}
        ]


def findings_report(edition: Edition, parts: Parts | None = None) -> FindingsReport:
    """
    Return the proofreader's findings in one edition, saved or not; 2 queries.

    The stored parts of one object are read once, however many actions ask for its blockers: an
    action itself reads its edition, and so its parts, again.
    """
    if parts is not None:
        return findings_reports([edition], parts)[0]
    read_together([edition])
    proof: FindingsReport = vars(edition)[KEPT][1]
    return proof


def read_together(editions: Iterable[Edition]) -> None:
    """Keep the proofs of all of them for whoever asks about each; 2 queries."""
    unread = [edition for edition in editions if not is_read(edition)]
    for edition, proof in zip(unread, findings_reports(unread) if unread else (), strict=True):
        vars(edition)[KEPT] = (content_of(edition), proof)


def is_read(edition: Edition) -> bool:
    kept = vars(edition).get(KEPT)
    return kept is not None and kept[0] == content_of(edition)


def content_of(edition: Edition) -> tuple[object, ...]:
    return tuple(getattr(edition, name) for name in CONTENT)


def findings_reports(
    editions: Sequence[Edition], parts: Parts | None = None
) -> list[FindingsReport]:
    """Of many editions with their pages; 2 queries for all of them."""
    return [
        FindingsReport(manuscript, tuple(proofread(manuscript)))
        for manuscript in manuscripts_of(editions, parts)
    ]


def finding_blockers(edition: Edition) -> Iterator[Blocker]:
    """
    One reason for each error that has not been accepted, named by its rule.

    Links to what is not public are for `link_blockers`: it depends on when the edition begins.
    """
    for finding in findings_report(edition).open(Level.ERROR):
        if finding.rule != LINK_DEAD:
            yield finding_blocker(finding)


def finding_blocker(finding: Finding) -> Blocker:
    sentence = f"{finding.place.label}：{finding.sentence}{finding.hint}"
    code = BlockerCode.DEAD_LINK if finding.rule == LINK_DEAD else BlockerCode.FINDING
    return Blocker(code, sentence, finding.place.field, finding.rule)
