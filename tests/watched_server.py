"""The app under gunicorn with a stall detector: ends with an error when a worker's event loop stood still."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.app_server import AppServer
from tests.chaos.reports import report

MOST_SECONDS = 0.5


@dataclass(frozen=True)
class Stall:
    """A time in which a worker served nobody, and places where its code was then, innermost first."""

    seconds: float
    pid: int
    at: list[str]


class WatchedServer(AppServer):
    """`deadlines` are those of web/slow_clients.py that differ; `most_seconds` is how long an event loop may stand."""

    config = "tests/watched.conf.py"

    def __init__(
        self,
        stack: Any,
        openai_base_url: str,
        workers: int = 2,
        *,
        deadlines: dict[str, float] | None = None,
        most_seconds: float = MOST_SECONDS,
        **environment: str,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._file = Path(self._folder.name) / "stalls"
        self._most_seconds = most_seconds
        watched = {"STALLS": str(self._file), "DEADLINES": json.dumps(deadlines or {})}
        super().__init__(stack, openai_base_url, workers, **watched, **environment)

    def stalls(self) -> list[Stall]:
        """Return what was noted so far, longest first."""
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        found = [Stall(**json.loads(line)) for line in lines]
        return sorted(found, key=lambda stall: -stall.seconds)

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        stalls = self.stalls()
        self._folder.cleanup()
        long = sum(stall.seconds > 0.05 for stall in stalls)
        report("event loops", longest_gap=stalls[0].seconds if stalls else "below 0.02", over_50_ms=long)
        for stall in stalls[:5]:
            print(stall)
        assert not stalls or stalls[0].seconds <= self._most_seconds, stalls[0]
