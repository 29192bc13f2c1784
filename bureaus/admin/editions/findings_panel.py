"""The findings of the proofreader as a panel: beside the form and on the approval screen."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from bureaus.admin.editions.forms import EditionForms
from bureaus.models import Contact, Edition, Figure, Link
from bureaus.proofreading import Consent, Finding, Level, is_acceptable
from bureaus.publishing import FindingsReport, findings_report
from bureaus.publishing.findings import cache_reports

LISTED = 200  # findings of each level
WORDS_LENGTH = 30  # characters
LEVELS = (Level.ERROR, Level.WARNING)


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding in the list, and the name of the form field that it is about."""

    finding: Finding
    name: str
    consent: Consent | None
    accept_url: str  # empty where it cannot be accepted
    number: int = 0  # in the list that the editor's script gets
    alike: int = 0  # how many of its rule can be fixed at once; only with the first of them

    @property
    def key(self) -> str:
        return " ".join(self.finding.key)

    @property
    def words(self) -> str:
        """Return the words that it is about, shortened."""
        words = self.finding.words.strip()
        return f"{words[:WORDS_LENGTH]}…" if len(words) > WORDS_LENGTH else words

    @property
    def autofix_label(self) -> str:
        """Return the label of the autofix button; empty where there is no safe fix."""
        new = self.finding.replacement
        if new is None:
            return ""
        return f"直す：「{new[:WORDS_LENGTH]}」にする" if new.strip() else "直す：取り除く"

    def as_json(self) -> dict[str, Any]:
        is_accepted = self.consent is not None
        return {**self.finding.as_json(is_accepted=is_accepted), "key": self.key, "name": self.name}


@dataclass(frozen=True, slots=True)
class FindingsPanel:
    """Errors, warnings, notices, then accepted findings; each in the order of the form."""

    counts: tuple[int, int]  # of errors and of warnings
    entries: Sequence[Entry]
    notices: Sequence[Entry]
    accepted: Sequence[Entry]

    @property
    def count(self) -> str:
        """Say how many there are."""
        parts = [
            f"{level.label}{count}件"
            for level, count in zip(LEVELS, self.counts, strict=True)
            if count
        ]
        notices = f"参考が{len(self.notices)}件あります。" if self.notices else ""
        found = f"{'、'.join(parts)}があります。" if parts else "直すところは見つかりません。"
        return found + notices

    @property
    def marked(self) -> Sequence[Entry]:
        """Return what the editor marks, in the order of the numbers."""
        return (*self.entries, *self.notices)

    @property
    def is_cut(self) -> bool:
        return len(self.entries) < sum(self.counts)


def findings_panel(
    edition: Edition,
    report: FindingsReport,
    name_of: Callable[[str], str] = str,
    *,
    may_accept: bool = False,
) -> FindingsPanel:
    """Build the panel; `name_of` maps a field of the manuscript to a field of the form."""
    address = reverse("admin:edition-accept", args=[edition.pk])

    def entry(finding: Finding, number: int = 0) -> Entry:
        consent = report.consent_to(finding)
        can_accept = may_accept and consent is None and is_acceptable(finding)
        query = urlencode({"rule": finding.rule, "quote": finding.quote})
        name = name_of(finding.place.field)
        return Entry(finding, name, consent, f"{address}?{query}" if can_accept else "", number)

    accepted = [finding for finding in report.findings if report.is_accepted(finding)]
    errors, warnings, notices = (report.open(level) for level in (*LEVELS, Level.NOTICE))
    listed = [*errors[:LISTED], *warnings[:LISTED]]
    shown = [*listed, *notices[:LISTED]]
    alike = Counter(each.rule for each in (*errors, *warnings, *notices) if each.fix)
    entries = [
        replace(entry(finding, number), alike=alike.pop(finding.rule, 0) if finding.fix else 0)
        for number, finding in enumerate(shown)
    ]
    return FindingsPanel(
        (len(errors), len(warnings)),
        entries[: len(listed)],
        entries[len(listed) :],
        [entry(finding) for finding in accepted[:LISTED]],
    )


def report_on_forms(forms: EditionForms) -> FindingsReport:
    """
    Report on the storable fields of the form, or else on the stored draft. 1 query.

    The report on the stored draft is cached on it, as by `findings_report`.
    """
    if forms.content.is_bound:
        return findings_report(forms.edited(), forms.parts)
    text = forms.stored
    parts = {Figure: text.figures, Link: text.links, Contact: text.contacts}
    cache_reports([text.edition], parts)
    return findings_report(text.edition)
