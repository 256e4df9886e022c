"""One answer that this process is writing."""

import bisect
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

CHARACTERS = 400_000  # An answer that grows beyond this is cut off; the database refuses 1,000,000.

PIECES = 100


@dataclass(frozen=True)
class Append:
    """Text on its way to the database, `offset` characters into the answer."""

    answer_id: str
    lease: str
    offset: int
    text: str


class RunningAnswer:
    """What the model has said so far: the stored part, which anyone may see, and the rest, which nobody may.

    Offsets count characters (code points) from the answer's first one. All methods may be called from any thread.
    """

    def __init__(self, answer_id: str, user_id: str, lease: str, kept: str = "") -> None:
        self.id = answer_id
        self.user_id = user_id
        self.lease = lease
        self.kept = kept
        self._changed = threading.Condition()
        self._stored = [kept] if kept else []
        self._ends = [len(kept)] if kept else []
        self._pending: list[str] = []
        self._missing_from: int | None = None
        self._half = ""
        self._length = len(kept)
        self._notices: list[tuple[str, Mapping[str, Any]]] = []
        self.stop_reason: str | None = None
        self.is_closing = False
        self.outcome: Mapping[str, Any] | None = None
        self.on_stop: Callable[[], None] = lambda: None

    @property
    def written(self) -> int:
        """Characters that are safe."""
        return self._ends[-1] if self._ends else 0

    @property
    def length(self) -> int:
        return self._length

    def add(self, text: str) -> None:
        """Take text from the model. Characters that no database stores are replaced or dropped."""
        with self._changed:
            text, self._half = _storable(self._half + text)
            self._pending.append(text)
            self._length += len(text)

    def notify(self, event: str, data: Mapping[str, Any]) -> None:
        """Tell readers on this worker of something besides text."""
        with self._changed:
            self._notices.append((event, data))
            self._changed.notify_all()

    def pending(self) -> Append:
        """Look at all the text that is not yet stored, or is no longer."""
        with self._changed:
            self._pending = ["".join(self._pending)] if self._pending else []
            start = self.written if self._missing_from is None else self._missing_from
            return Append(self.id, self.lease, start, self._stored_after(start) + "".join(self._pending))

    def rewind(self, written: int) -> None:
        """Send again what the database had stored and lost: it fell back to an earlier state of itself."""
        with self._changed:
            self._missing_from = min(written, self.written)

    def mark_stored(self, append: Append) -> None:
        """Show what an append brought to safety."""
        with self._changed:
            if self._missing_from is not None and append.offset <= self._missing_from:
                self._missing_from = None
            fresh = append.text[self.written - append.offset :] if append.offset <= self.written else ""
            if not fresh:
                return
            rest = "".join(self._pending)[len(fresh) :]
            self._pending = [rest] if rest else []
            self._stored.append(fresh)
            self._ends.append(self.written + len(fresh))
            if len(self._stored) > PIECES:
                # Ten pieces a second, for minutes, would take more memory than their text.
                self._stored, self._ends = ["".join(self._stored)], [self.written]
            self._changed.notify_all()

    def stop(self, reason: str) -> None:
        """Ask the writer to stop: `stopped` by its owner, `lost` its lease, `full`, `restart` of the server."""
        with self._changed:
            self.stop_reason = self.stop_reason or reason
        self.on_stop()

    def end(self, outcome: Mapping[str, Any]) -> None:
        """Let readers go, with the data of their `done` event."""
        with self._changed:
            self.outcome = outcome
            self._changed.notify_all()

    def wait_for_end(self, seconds: float) -> None:
        """Wait until readers were let go, or for so long."""
        with self._changed:
            self._changed.wait_for(lambda: self.outcome is not None, seconds)

    def text(self) -> str:
        """Put together everything, stored or not."""
        with self._changed:
            return "".join(self._stored) + "".join(self._pending)

    def read(
        self, after: int, notices_seen: int, timeout: float
    ) -> tuple[str, list[tuple[str, Mapping[str, Any]]], Mapping[str, Any] | None]:
        """Wait for stored text beyond `after`, a notice, or the end; returns (text, new notices, outcome)."""
        with self._changed:
            if self.written <= after and len(self._notices) <= notices_seen and self.outcome is None:
                self._changed.wait(timeout)
            return self._stored_after(after), self._notices[notices_seen:], self.outcome

    def _stored_after(self, after: int) -> str:
        first = bisect.bisect_right(self._ends, after)
        if first == len(self._stored):
            return ""
        start = self._ends[first - 1] if first else 0
        return self._stored[first][after - start :] + "".join(self._stored[first + 1 :])


def _storable(text: str) -> tuple[str, str]:
    """Drop or replace what no database stores; half a character at the end waits for its other half."""
    half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
    text = text[: len(text) - len(half)].replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text, half
