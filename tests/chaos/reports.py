"""What a scenario found: the violations in its history, and its figures."""

import os
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos.histories import History, Violation, violations
from tests.chaos.snapshots import Snapshot
from tests.stacks import Stack

REPORT = "CHAOS_REPORT"


def sizes(short: int, long: int) -> list[object]:
    """Return parameters: the size that every test run affords, and the one for `make chaos`."""
    return [
        pytest.param(short, id=f"{short}"),
        pytest.param(long, id=f"{long}-long", marks=pytest.mark.chaos),
    ]


@dataclass(frozen=True)
class Findings:
    """What is stored of some people, and all that contradicts what their clients were told and shown."""

    snapshot: Snapshot
    violations: list[Violation]

    def count(self, *kinds: str) -> int:
        """Count the violations of some kinds."""
        return sum(violation.kind in kinds for violation in self.violations)


def compare(history: History, stack: Stack, user_ids: Iterable[str]) -> Findings:
    """Compare a history with the database."""
    snapshot = Snapshot.of(stack, user_ids)
    return Findings(snapshot, violations(history, snapshot))


def assert_kept(history: History, stack: Stack, user_ids: Iterable[str]) -> None:
    """Compare a history with the database, and fail with the first things that are wrong."""
    _assert_none(compare(history, stack, user_ids).violations)


def report(scenario: str, findings: Findings | None = None, /, **figures: object) -> None:
    """Print a scenario's figures, append them to the file that CHAOS_REPORT names, and fail if there are violations."""
    if findings:
        figures["violations"] = len(findings.violations)
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
    _assert_none(findings.violations if findings else [])


def _assert_none(found: Sequence[Violation]) -> None:
    assert not found, f"{len(found)} violations, such as {found[:5]}"


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else max(values, default=0.0)
