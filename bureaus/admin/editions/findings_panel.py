"""What the proofreader says, as officers see it: beside the form and on the approver's page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from bureaus.admin.editions.forms import EditionForms
from bureaus.models import Contact, Edition, Figure, Link
from bureaus.proofreading import Consent, Finding, Level
from bureaus.publishing import FindingsReport, findings_report

LISTED = 200  # findings of each sort; who has more begins with these
WORDS_SHOWN = 30
LEVELS = (Level.ERROR, Level.WARNING)


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding in the list; `name` is the field of the form in which it is to be mended."""

    finding: Finding
    name: str
    consent: Consent | None
    accept: str  # the address where it can be let stand; empty: it cannot

    @property
    def key(self) -> str:
        return " ".join(self.finding.key)

    @property
    def words(self) -> str:
        """What it is about, to be told from its likes."""
        words = self.finding.words.strip()
        return f"{words[:WORDS_SHOWN]}…" if len(words) > WORDS_SHOWN else words

    @property
    def mending(self) -> str:
        """What the button says that mends it; empty: nothing can safely be done."""
        new = self.finding.replacement
        if new is None:
            return ""
        return f"直す：「{new[:WORDS_SHOWN]}」にする" if new.strip() else "直す：取り除く"

    def as_json(self) -> dict[str, Any]:
        is_accepted = self.consent is not None
        return {**self.finding.as_json(is_accepted=is_accepted), "key": self.key, "name": self.name}


@dataclass(frozen=True, slots=True)
class FindingsPanel:
    """Errors first, then warnings, then what has been accepted; each in the order of the form."""

    counts: tuple[int, int]  # of errors and of warnings
    shown: Sequence[Entry]
    accepted: Sequence[Entry]

    @property
    def count(self) -> str:
        """How many there are, in words."""
        names = (level.label for level in LEVELS)
        told = [f"{name}{count}件" for name, count in zip(names, self.counts, strict=True) if count]
        return f"{'、'.join(told)}があります。" if told else "直すところは見つかりません。"

    @property
    def is_cut(self) -> bool:
        return len(self.shown) < sum(self.counts)


def findings_panel(
    edition: Edition,
    proof: FindingsReport,
    name_of: Callable[[str], str] = str,
    *,
    may_accept: bool = False,
) -> FindingsPanel:
    """`name_of` says which field of the form holds a field of the manuscript."""
    address = reverse("admin:edition-accept", args=[edition.pk])

    def entry(finding: Finding) -> Entry:
        consent = proof.consent_to(finding)
        can = may_accept and consent is None and finding.level is Level.WARNING
        asked = urlencode({"rule": finding.rule, "quote": finding.quote})
        name = name_of(finding.place.field)
        return Entry(finding, name, consent, f"{address}?{asked}" if can else "")

    accepted = [finding for finding in proof.findings if proof.is_accepted(finding)]
    errors, warnings = (proof.open(level) for level in LEVELS)
    return FindingsPanel(
        (len(errors), len(warnings)),
        [entry(finding) for finding in (*errors[:LISTED], *warnings[:LISTED])],
        [entry(finding) for finding in accepted[:LISTED]],
    )


def report_on_forms(forms: EditionForms) -> FindingsReport:
    """Of what can be stored of the form, or of what is stored where nothing was sent; 2 queries."""
    if forms.content.is_bound:
        return findings_report(forms.edited(), forms.parts)
    text = forms.stored
    return findings_report(
        text.edition, {Figure: text.figures, Link: text.links, Contact: text.contacts}
    )
