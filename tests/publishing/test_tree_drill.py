"""Random changes of the tree, now and booked, against a naive oracle of every moment."""

import pytest
from django.db import connection

from tests.helpers.storms import AT_FULL_SIZE, size
from tests.helpers.tree_answers import compare, compare_served, questions, some_of
from tests.helpers.tree_drill import Drill

SERVED = 40  # requests of a citizen
COMPARED = size(1_200, full=100_000)
# Other changes on each database; all of them at full size.
SEEDS = range(12) if AT_FULL_SIZE else [0 if connection.vendor == "sqlite" else 1]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", SEEDS)
def test_every_address_answers_at_every_moment_as_a_naive_oracle_says(seed: int) -> None:
    drill = Drill(size=80, seed=seed)
    with drill.clock.set():
        drill.found()
        drill.check()
        drill.run(40)
        drill.check()
        assert drill.oracle.broken_invariants() == []
        asked = some_of(questions(drill.oracle, drill.dice), COMPARED, drill.dice)
        count, differences = compare(drill.oracle, drill.clock.at, asked)
        _, unlike = compare_served(drill.oracle, drill.dice, drill.clock.at, SERVED)
    assert differences[:3] == unlike[:3] == []
    print(f"seed {seed}: {count:,} comparisons after {dict(drill.done)}")
