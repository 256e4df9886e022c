"""Turns of the processes that check pages: few at once for this worker, and one at a time for each person."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class NoTurn(Exception):
    """Nobody ended in time."""


class Turns:
    """Who waits for others waits for few of each person, so that nobody keeps all others waiting."""

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._running: set[str] = set()
        self._changed = threading.Condition()

    @contextmanager
    def take(self, person: str, seconds: float) -> Iterator[None]:
        """Wait for a turn, which ends with the block; raise NoTurn."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._is_free(person), seconds):
                raise NoTurn
            self._running.add(person)
        try:
            yield
        finally:
            with self._changed:
                self._running.discard(person)
                self._changed.notify_all()

    def _is_free(self, person: str) -> bool:
        return len(self._running) < self.at_once and person not in self._running
