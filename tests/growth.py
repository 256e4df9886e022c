"""How the cost of an input grows with its size: at linear cost, eight times as much for eight times the input."""

import gc
import time
from collections.abc import Callable

TIMES = 8
# Above what linear cost brings on a busy machine, far below the 64 of quadratic cost.
MOST = 24


def growth(run: Callable[[str], object], make: Callable[[int], str], size: int) -> float:
    """Return how many times as much as an input of an eighth of `size` one of `size` characters costs.

    Of each the fastest of three runs counts. They take turns: what else a machine does hits both.
    """
    small, large = make(size // TIMES), make(size)
    costs = [(_seconds(lambda: run(small)), _seconds(lambda: run(large))) for _ in range(3)]
    return min(cost for _, cost in costs) / max(min(cost for cost, _ in costs), 0.0005)


def _seconds(run: Callable[[], object]) -> float:
    """Return the CPU seconds of a run without Python's collector, as timeit does: it looks at all of the process."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        run()
        return time.process_time() - start
    finally:
        gc.enable()
