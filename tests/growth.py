"""How the cost of an input grows with its size: at linear cost, eight times as much for eight times the input."""

import time
from collections.abc import Callable

TIMES = 8
# Above what linear cost brings on a busy machine, far below the 64 of quadratic cost.
MOST = 24


def cost(run: Callable[[], object]) -> float:
    """Return the CPU seconds of the fastest of three runs."""
    return min(_seconds(run) for _ in range(3))


def growth(run: Callable[[str], object], make: Callable[[int], str], size: int) -> float:
    """Return how many times as much as an input of an eighth of `size` one of `size` characters costs."""
    small, large = make(size // TIMES), make(size)
    return cost(lambda: run(large)) / max(cost(lambda: run(small)), 0.0005)


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start
