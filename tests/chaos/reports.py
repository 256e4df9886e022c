"""How a scenario ends: with no violation, and with its figures on paper."""

import os
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from tests.chaos.histories import History, violations
from tests.chaos.snapshots import Snapshot
from tests.stacks import Stack

REPORT = "CHAOS_REPORT"


def sizes(short: int, long: int) -> list[object]:
    """Return parameters: the size that every test run affords, and the one for `make chaos`."""
    return [
        pytest.param(short, id=f"{short}"),
        pytest.param(long, id=f"{long}-long", marks=pytest.mark.chaos),
    ]


def assert_kept(history: History, stack: Stack, user_ids: Iterable[str]) -> Snapshot:
    """Compare the history with the database, and fail with the first things that are wrong."""
    snapshot = Snapshot.of(stack, user_ids)
    found = violations(history, snapshot)
    assert not found, f"{len(found)} violations, such as {found[:5]}"
    return snapshot


def report(scenario: str, **figures: object) -> None:
    """Print a scenario's figures, and append them to the file that CHAOS_REPORT names."""
    line = f"{scenario}: " + ", ".join(
        f"{name.replace('_', ' ')} {value:.3f}"
        if isinstance(value, float)
        else f"{name.replace('_', ' ')} {value}"
        for name, value in figures.items()
    )
    print(line)
    if file := os.environ.get(REPORT):
        with Path(file).open("a") as out:
            out.write(line + "\n")


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else max(values, default=0.0)
