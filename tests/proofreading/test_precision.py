"""How much of what the rules find in real pages was judged right."""

from collections import Counter, defaultdict

import pytest

from bureaus.proofreading import RULES, Level
from tests.helpers.corpus import PAGES, rows
from tests.helpers.faults import missed_faults
from tests.helpers.real_pages import Judged, judgements, manuscript_of

LIMITS = {Level.ERROR: 0.95, Level.WARNING: 0.7}


@pytest.mark.one_database
@pytest.mark.skipif(not PAGES.exists(), reason=f"there are no real pages at {PAGES}")
def test_what_is_found_in_real_pages_is_mostly_right() -> None:
    """Of what was read, and is still found: see docs/adr/0060."""
    verdicts = judgements()
    rules_by_page: dict[str, set[str]] = defaultdict(set)
    for judged in verdicts:
        if judged.rule in RULES:
            rules_by_page[judged.page].add(judged.rule)
    counts: Counter[tuple[str, bool]] = Counter()
    for row in rows():
        for name in rules_by_page.get(row["id"], ()):
            for finding in RULES[name](manuscript_of(row)):
                verdict = verdicts.get(Judged.of(row["id"], finding))
                if verdict is not None:
                    counts[name, verdict] += 1
    right = {
        name: counts[name, True] / (counts[name, True] + counts[name, False])
        for name, _ in counts
        if RULES[name].level in LIMITS
    }
    assert {name: share for name, share in right.items() if share < LIMITS[RULES[name].level]} == {}


@pytest.mark.one_database
def test_the_faults_of_the_list_are_found() -> None:
    missed, count = missed_faults()
    assert count > 150
    assert missed == []
