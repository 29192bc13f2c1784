"""The false alarms of each rule over correct texts, compared with its docstring."""

import re
from collections import Counter

import pytest

from bureaus.models import Edition
from bureaus.proofreading import RULES, Level, proofread
from bureaus.publishing import findings_reports
from tests.helpers import ordinary

CLAIM = re.compile(r"False alarms: (\d+) of 300; accepted: (\d+)\.$")


def claims() -> dict[str, tuple[int, int]]:
    stated = {}
    for name, rule in RULES.items():
        match = CLAIM.search(rule.check.__doc__ or "")
        assert match, f"{name} states no false alarms"
        stated[name] = (int(match[1]), int(match[2]))
    return stated


def test_the_paragraphs_are_three_hundred_and_all_different() -> None:
    assert len({paragraph.body for paragraph in ordinary.paragraphs()}) == ordinary.COUNT == 300


def test_each_rule_states_its_false_alarms_over_ordinary_paragraphs() -> None:
    measured: Counter[str] = Counter()
    for paragraph in ordinary.paragraphs():
        measured.update(finding.rule for finding in proofread(paragraph))
    assert {name: measured[name] for name in RULES} == {
        name: claim for name, (claim, _) in claims().items()
    }


def test_no_rule_that_blocks_submission_has_a_false_alarm() -> None:
    errors = [name for name, rule in RULES.items() if rule.level is Level.ERROR]
    assert {name: claims()[name][0] for name in errors} == dict.fromkeys(errors, 0)


@pytest.mark.usefixtures("ministry")
def test_each_rule_states_its_acceptances_on_the_sample_site(db: None) -> None:
    editions = list(Edition.objects.select_related("page"))
    found = Counter(
        finding.rule for proof in findings_reports(editions) for finding in proof.findings
    )
    assert {name: found[name] for name in RULES} == {
        name: claim for name, (_, claim) in claims().items()
    }


@pytest.mark.usefixtures("ministry")
def test_everything_found_on_the_sample_site_is_accepted(db: None) -> None:
    editions = list(Edition.objects.select_related("page"))
    assert [finding for proof in findings_reports(editions) for finding in proof.open()] == []
