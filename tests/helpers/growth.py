"""How processor time grows with the input. Times themselves are printed by `make bench`."""

import gc
import time
from collections.abc import Callable

FACTOR = 4  # between the two sizes that are compared
SLACK = 0.2  # seconds of what else a loaded machine does meanwhile


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the better of two runs, without the collection of what other tests left."""
    return min(one_run(work) for _ in range(2))


def one_run(work: Callable[[], object]) -> float:
    gc.disable()
    try:
        began = time.process_time()
        work()
        return time.process_time() - began
    finally:
        gc.enable()


def assert_linear(work_at: Callable[[int], object], size: int) -> None:
    """
    Assert that `size` takes no more than twice what a quarter of it lets expect.

    A quarter is measured where the whole takes longer than the slack alone allows, and the whole
    a second time where it still takes too long: the better run counts.
    """
    long = one_run(lambda: work_at(size))
    if long < SLACK:
        return
    short = cpu_seconds(lambda: work_at(size // FACTOR))
    limit = 2 * FACTOR * short + SLACK
    if long >= limit:
        long = min(long, one_run(lambda: work_at(size)))
    assert long < limit
