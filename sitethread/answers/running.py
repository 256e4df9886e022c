"""An answer that this process is writing."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Literal, NamedTuple

from sitethread.answers.leases import Append
from sitethread.answers.stored import Outcome
from sitethread.answers.stored_text import StoredText

# A longer answer is cut off; the database refuses 1,000,000.
MAX_CHARACTERS = 400_000

StopReason = Literal["stopped", "restart", "lost", "full", "refused", "busy", "gap"]
Notice = tuple[str, Mapping[str, object]]


class Progress(NamedTuple):
    """What is new of an answer: text, events besides text (name, data), and how it ended."""

    text: str
    notices: list[Notice]
    outcome: Outcome | None


class RunningAnswer:
    """The text so far: the stored part, which readers see, and the pending part, which they don't see yet.

    Offsets count characters (code points) from the answer's first one. All methods may be called from any thread.
    `initial_text` is what an answer that is being continued already has.
    """

    def __init__(self, answer_id: str, lease: str, initial_text: str = "") -> None:
        self.id = answer_id
        self.lease = lease
        self.initial_text = initial_text
        self._lock = threading.Lock()
        self._waiting: list[threading.Lock] = []
        self._stored = StoredText(initial_text)
        self._pending: list[str] = []
        self._missing_from: int | None = None
        self._high_surrogate = ""
        self._length = len(initial_text)
        self._notices: list[Notice] = []
        self.stop_reason: StopReason | None = None
        self.is_closing = False
        self.outcome: Outcome | None = None
        self.on_stop: Callable[[], None] = lambda: None

    @property
    def stored_length(self) -> int:
        return self._stored.length

    @property
    def length(self) -> int:
        return self._length

    @property
    def is_unseen(self) -> bool:
        """Whether readers have seen nothing of it yet but what it had before."""
        return self.stored_length == len(self.initial_text)

    def add(self, text: str) -> None:
        """Add text from the model; characters that Postgres can't store are replaced or dropped."""
        with self._lock:
            text, self._high_surrogate = _storable(self._high_surrogate + text)
            self._pending.append(text)
            self._length += len(text)

    def notify(self, event: str, data: Mapping[str, object]) -> None:
        """Send readers in this process an event besides text."""
        with self._lock:
            self._notices.append((event, data))
            self._wake_all()

    def pending(self) -> Append:
        """Return all the text that the database doesn't have."""
        with self._lock:
            self._pending = ["".join(self._pending)] if self._pending else []
            start = self.stored_length if self._missing_from is None else self._missing_from
            return Append(self.id, self.lease, start, self._stored.after(start) + "".join(self._pending))

    def rewind(self, length: int) -> None:
        """Send again what comes after so many characters: the database lost it by falling back to an earlier state."""
        with self._lock:
            self._missing_from = min(length, self.stored_length)

    def mark_stored(self, append: Append) -> None:
        """Show readers the text of an append that was stored."""
        with self._lock:
            if self._missing_from is not None and append.offset <= self._missing_from:
                self._missing_from = None
            new = (
                append.text[self.stored_length - append.offset :]
                if append.offset <= self.stored_length
                else ""
            )
            if not new:
                return
            rest = "".join(self._pending)[len(new) :]
            self._pending = [rest] if rest else []
            self._stored.append(new)
            self._wake_all()

    def stop(self, reason: StopReason) -> None:
        """Stop writing: its owner asked to (`stopped`), the server stops (`restart`), it is too long (`full`), or the
        database no longer takes its text (the other reasons)."""
        with self._lock:
            self.stop_reason = self.stop_reason or reason
        self.on_stop()

    def end(self, outcome: Outcome) -> None:
        """Tell readers how it ended."""
        with self._lock:
            self.outcome = outcome
            self._wake_all()

    def wake(self) -> None:
        """Have everybody who waits in `read` return."""
        with self._lock:
            self._wake_all()

    def wait_for_end(self, seconds: float) -> None:
        """Wait for `end`, at most so long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and self.outcome is None:
            self._wait_unless(lambda: self.outcome is not None, left)

    def text(self) -> str:
        """Return all the text, stored or not."""
        with self._lock:
            return self._stored.after(0) + "".join(self._pending)

    def read(self, after: int, notices_seen: int, timeout: float) -> Progress:
        """Wait for stored text after so many characters, a notice, or the end; return what there is by then."""

        def is_new() -> bool:
            return self.stored_length > after or len(self._notices) > notices_seen or self.outcome is not None

        self._wait_unless(is_new, timeout)
        with self._lock:
            return Progress(self._stored.after(after), self._notices[notices_seen:], self.outcome)

    def _wait_unless(self, is_so: Callable[[], bool], timeout: float) -> None:
        """Wait for the next change unless something is so already.

        A condition variable does the same, at twice the cost under gevent: each reader waits so for each flush.
        """
        woken = threading.Lock()
        woken.acquire()
        with self._lock:
            if is_so() or timeout <= 0:
                return
            self._waiting.append(woken)
        if not woken.acquire(timeout=timeout):
            with self._lock, suppress(ValueError):
                self._waiting.remove(woken)

    def _wake_all(self) -> None:
        waiting, self._waiting = self._waiting, []
        for woken in waiting:
            woken.release()


def _storable(text: str) -> tuple[str, str]:
    """Drop or replace what Postgres can't store; return the text, and a high surrogate that ends it separately."""
    if text.isascii() and "\0" not in text:
        return text, ""
    high = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
    text = text[: len(text) - len(high)].replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text, high
