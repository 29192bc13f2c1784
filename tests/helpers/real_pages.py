"""What has been judged of the findings in real pages."""

import csv
import hashlib
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from bureaus.proofreading import Finding, Manuscript
from tests.helpers.paths import TEST_DATA

JUDGEMENTS = TEST_DATA / "judgements.csv"
DIGEST_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding in a real page: where it is, and a digest in the place of its words."""

    rule: str
    page: str
    field: str
    start: int
    end: int
    digest: str

    @classmethod
    def of(cls, page: str, finding: Finding) -> "Judged":
        place = finding.place
        words = hashlib.sha256(finding.quote.encode()).hexdigest()[:DIGEST_LENGTH]
        return cls(finding.rule, page, place.field, place.start, place.end, words)


def manuscript_of(row: dict[str, Any]) -> Manuscript:
    return Manuscript(
        title=row["title"],
        body="".join(f"<p>{escape(each, quote=False)}</p>" for each in row["paras"]),
        issued_on=date.fromisoformat(row["day"][:10]) if row["day"] else None,
    )


def judgements() -> dict[Judged, bool]:
    """Return the findings that somebody has read, and whether each is right."""
    with JUDGEMENTS.open(newline="") as lines:
        return {
            Judged(rule, page, field, int(start), int(end), digest): verdict == "right"
            for rule, page, field, start, end, digest, verdict in csv.reader(lines)
        }
