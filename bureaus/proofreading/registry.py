"""The registry of rules, and the proofreading of a manuscript with all of them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from bureaus.proofreading.findings import Finding, Fix, Level, Remark
from bureaus.proofreading.manuscript import Manuscript

Check = Callable[[Manuscript], Iterable[Remark]]
FINDINGS_LIMIT = 1_000  # of one rule in one text; further ones are found after these are fixed
AUTOFIX_ROUNDS = 10  # a fix may reveal a finding of another rule


@dataclass(frozen=True, slots=True)
class Rule:
    """A function that checks a manuscript, with what is the same for all its findings."""

    id: str
    name: str
    level: Level
    hint: str
    source: str
    check: Check
    is_acceptable: bool = False  # an error that may stay, with a reason
    signs: frozenset[str] = frozenset()  # a text without any of them has no such fault

    def __call__(self, manuscript: Manuscript) -> Iterator[Finding]:
        for remark in islice(self.check(manuscript), FINDINGS_LIMIT):
            yield Finding(
                self.id,
                self.level,
                remark.sentence,
                self.hint,
                self.source,
                remark.place,
                remark.words,
                remark.quote,
                remark.fix,
                remark.replacement,
            )


RULES: dict[str, Rule] = {}


def rule(
    name: str,
    title: str,
    level: Level,
    *,
    hint: str,
    source: str,
    is_acceptable: bool = False,
    signs: str = "",
) -> Callable[[Check], Rule]:
    """Register a function. Raises ValueError where its id is taken."""

    def register(check: Check) -> Rule:
        if name in RULES:
            raise ValueError(name)
        RULES[name] = Rule(name, title, level, hint, source, check, is_acceptable, frozenset(signs))
        return RULES[name]

    return register


def is_acceptable(finding: Finding) -> bool:
    """Return whether it may stay with a reason: no error, or an error of certain rules."""
    return finding.level is not Level.ERROR or RULES[finding.rule].is_acceptable


def proofread(manuscript: Manuscript) -> list[Finding]:
    """Return all findings in the order of the form. No query; some 100 ms for 20,000 characters."""
    order = {field: number for number, field in enumerate(manuscript.fields())}
    characters = manuscript.characters
    right = right_words(manuscript)
    findings = [
        finding
        for each in RULES.values()
        if not each.signs or not characters.isdisjoint(each.signs)
        for finding in each(manuscript)
        if not (right and is_about_words(finding) and is_in_any(finding, right))
    ]
    findings.sort(key=lambda each: (order.get(each.place.field, len(order)), each.place.start))
    return findings


def right_words(manuscript: Manuscript) -> dict[str, list[range]]:
    """Return by field where a word stands that the site writes as it is."""
    words = [entry.written for entry in manuscript.house_words if not entry.preferred]
    if not words:
        return {}
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return {
        passage.field: [range(*match.span()) for match in passage.search(pattern)]
        for passage in manuscript.passages
    }


def is_about_words(finding: Finding) -> bool:
    """Return whether a word of the house answers it: no error, and nothing about a person."""
    return finding.level is not Level.ERROR and not finding.rule.startswith("privacy-")


def is_in_any(finding: Finding, places: Mapping[str, Iterable[range]]) -> bool:
    """Return whether it is about nothing but a part of one of the places in its field."""
    place = finding.place
    return place.end > place.start and any(
        place.start in each and place.end - 1 in each for each in places.get(place.field, ())
    )


def autofix(manuscript: Manuscript) -> Manuscript:
    """Return the manuscript with every safe fix applied. Pure and idempotent."""
    for _ in range(AUTOFIX_ROUNDS):
        fixes = [finding.fix for finding in proofread(manuscript) if finding.fix is not None]
        if not fixes:
            break
        manuscript = apply_fixes(manuscript, fixes)
    return manuscript


def apply_fixes(manuscript: Manuscript, fixes: Iterable[Fix]) -> Manuscript:
    """Apply fixes that do not overlap, from last to first, so that positions stay valid."""
    applied_from: dict[str, int] = {}
    for fix in sorted(fixes, key=lambda fix: (fix.start, fix.end), reverse=True):
        if fix.end > applied_from.get(fix.field, fix.end):
            continue
        value = manuscript.value_of(fix.field)
        changed = value[: fix.start] + fix.new + value[fix.end :]
        manuscript = manuscript.with_value(fix.field, changed)
        applied_from[fix.field] = fix.start
    return manuscript
