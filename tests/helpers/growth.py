"""How processor time grows with the input. Times themselves are printed by `make bench`."""

import gc
import time
from collections.abc import Callable

FACTOR = 4  # between the two sizes that are compared
SLACK = 0.2  # seconds of what else a loaded machine does meanwhile


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the better of two runs, without the collection of what other tests left."""
    taken = []
    gc.disable()
    try:
        for _ in range(2):
            began = time.process_time()
            work()
            taken.append(time.process_time() - began)
    finally:
        gc.enable()
    return min(taken)


def assert_linear(work_at: Callable[[int], object], size: int) -> None:
    """Assert that `size` takes no more than twice what a quarter of it lets expect."""
    short = cpu_seconds(lambda: work_at(size // FACTOR))
    long = cpu_seconds(lambda: work_at(size))
    assert long < 2 * FACTOR * short + SLACK
