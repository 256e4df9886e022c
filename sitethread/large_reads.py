"""Reads of much text: each person has few at once in a process, so that nobody's long chat takes all there is."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sitethread import errors

AT_ONCE = 2
WAIT_SECONDS = 5


@dataclass
class _Person:
    turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))
    reads: int = 0


class LargeReads:
    """Gives each person a turn when fewer than AT_ONCE of theirs are taken. Any thread or greenlet may ask."""

    def __init__(self) -> None:
        self._people: dict[str, _Person] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, user_id: str) -> Iterator[None]:
        """Wait for a turn and take it for the block; raise TooManyReads when none comes in time."""
        with self._lock:
            person = self._people.setdefault(user_id, _Person())
            person.reads += 1
        try:
            if not person.turns.acquire(timeout=WAIT_SECONDS):
                raise errors.TooManyReads
            try:
                yield
            finally:
                person.turns.release()
        finally:
            with self._lock:
                person.reads -= 1
                if not person.reads:
                    del self._people[user_id]
