"""
Prove that every address answers at every moment: `python -m tests.drills.places [SEED]`.

A site of its own with the production settings, random changes of its tree, now and booked, and
then every address that ever existed at the moments around each of its boundaries, against an
oracle that shares no code with the site. TEST_DATABASE=postgresql: on a cluster of its own. The
exit status is 0 only where enough answers were compared and none differs.
"""

import sys
import time
from typing import TYPE_CHECKING

from tests.bench.pages import a_site, database

if TYPE_CHECKING:
    from tests.helpers.tree_drill import Drill

PAGES = 20_000
ACTIONS = 500
COMPARISONS = 60_000
SERVED = 1_000  # of them through the whole site
DIFFERENCES_LISTED = 20


def main(seed: int) -> int:
    with a_site(), database("drill"):
        from tests.helpers.tree_drill import Drill

        drill = Drill(size=PAGES, seed=seed)
        with drill.clock.set():
            return run(drill)


def run(drill: "Drill") -> int:
    from django.db import connection

    from tests.helpers.tree_answers import compare, compare_served, questions

    print(f"{connection.vendor}: {drill.size:,} pages, seed {drill.seed}", flush=True)
    began = time.process_time()
    drill.found()
    drill.check()
    lap("founded", began)
    drill.run(ACTIONS, lambda what: lap(what, began))
    drill.check()
    lap(f"{drill.done.total()} actions {dict(drill.done)}", began)
    print(f"  refused: {dict(drill.refused)}; cancelled without a trace: {drill.restored}")
    faults, now = drill.oracle.broken_invariants(), drill.clock.at
    count, differences = compare(
        drill.oracle, now, questions(drill.oracle, drill.dice), lambda what: lap(what, began)
    )
    served, unlike = compare_served(drill.oracle, drill.dice, now, SERVED)
    lap(f"{count:,} comparisons and {served:,} through the whole site", began)
    wrong = [*faults, *differences, *unlike]
    print(f"  {len(faults)} broken invariants, {len(differences) + len(unlike)} differences")
    print(*wrong[:DIFFERENCES_LISTED], sep="\n")
    return 0 if count >= COMPARISONS and not wrong else 1


def lap(what: str, began: float) -> None:
    print(f"  {what}: {time.process_time() - began:.0f} s of CPU", flush=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
