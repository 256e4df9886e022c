"""Reads of much text: each person has few at once in a process, so that nobody's long chat takes all there is."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sitethread import errors

AT_ONCE = 2
# Of those that may be large: the first ones of somebody who reads a long chat on many devices come together.
UNKNOWN_AT_ONCE = 4
WAIT_SECONDS = 5
# A page with so many bytes is large, and its reader's next ones will be.
LARGE_BYTES = 200_000
REMEMBERED_SECONDS = 30


@dataclass
class _Person:
    """Who reads now, or read a large page lately."""

    large_turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))
    other_turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(UNKNOWN_AT_ONCE))
    reads: int = 0
    large_until: float = 0

    def turns(self, *, is_large: bool) -> threading.Semaphore:
        """Return what gives the turns for a read; who read a large page lately will read another."""
        return self.large_turns if is_large or self.large_until >= time.monotonic() else self.other_turns


@dataclass
class Read:
    """One read; whoever makes it says how many bytes came."""

    bytes: int = 0


class LargeReads:
    """Gives who has just read a large page a turn when fewer than AT_ONCE of theirs are taken, others UNKNOWN_AT_ONCE.

    Nobody waits for somebody else. Any thread or greenlet may ask.
    """

    def __init__(self) -> None:
        self._people: dict[str, _Person] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, user_id: str, *, is_large: bool = False) -> Iterator[Read]:
        """Wait for a turn, if need be, and take it for the block; raise TooManyReads when none comes in time.

        `is_large` says before the read that it costs as much as a large page.
        """
        read = Read()
        with self._lock:
            person = self._people.setdefault(user_id, _Person())
            person.reads += 1
        try:
            turns = _taken(person, is_large=is_large)
            try:
                yield read
            finally:
                turns.release()
        finally:
            self._end(user_id, person, read)

    def _end(self, user_id: str, person: _Person, read: Read) -> None:
        with self._lock:
            person.reads -= 1
            now = time.monotonic()
            if read.bytes >= LARGE_BYTES:
                person.large_until = now + REMEMBERED_SECONDS
                self._forget(now)
            elif not person.reads and person.large_until < now:
                self._people.pop(user_id, None)

    def _forget(self, now: float) -> None:
        for user_id in [u for u, p in self._people.items() if not p.reads and p.large_until < now]:
            del self._people[user_id]


def _taken(person: _Person, *, is_large: bool) -> threading.Semaphore:
    turns = person.turns(is_large=is_large)
    while turns.acquire(timeout=WAIT_SECONDS):
        wanted = person.turns(is_large=is_large)
        if wanted is turns:
            return turns
        # A read that ended meanwhile was large.
        turns.release()
        turns = wanted
    raise errors.TooManyReads
