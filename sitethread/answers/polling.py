"""Answers that other processes write, read from the database once for all who follow them in this one."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sitethread import errors
from sitethread.answers import stored
from sitethread.answers.running import Notice, Progress
from sitethread.answers.stored import Outcome
from sitethread.database import Rows

FASTEST_POLL = 0.15
SLOWEST_POLL = 0.6

log = logging.getLogger("sitethread")


class PolledAnswer:
    """The text of an answer from `start` characters on, as far as it was read; `rows` are a follower's."""

    def __init__(self, answer_id: str, rows: Rows, start: int) -> None:
        self.id = answer_id
        self.rows = rows
        self.followers = 0
        self.error: errors.DomainError | None = None
        self._changed = threading.Condition()
        self._start, self._text = start, ""
        self._notices: list[Notice] = []
        self._outcome: Outcome | None = None
        self._is_away = False

    @property
    def is_over(self) -> bool:
        return self._outcome is not None or self.error is not None

    def cover(self, position: int) -> None:
        """Have the text from a position on, which comes earlier when the database fell back to an earlier state."""
        with self._changed:
            if position < self._start:
                self._start, self._text = position, ""

    def read(self, after: int, notices_seen: int, timeout: float) -> Progress:
        """Do what RunningAnswer.read does; raise the error that ended the polling, such as TokenExpired."""
        with self._changed:
            if not self._text_after(after) and not self.is_over:
                self._changed.wait(timeout)
            if text := self._text_after(after):
                return Progress(text, [], None)
            if self.error:
                raise self.error
            return Progress("", self._notices[notices_seen:], self._outcome)

    def wake(self) -> None:
        """Have everybody who waits in `read` return."""
        with self._changed:
            self._changed.notify_all()

    def poll(self, fastest: float, slowest: float) -> None:
        """Read until the answer has ended, or nobody follows it; pauses are in seconds."""
        wait = fastest
        while True:
            time.sleep(wait)
            if not self.followers:
                return
            has_grown = self._poll_once()
            if self.is_over:
                return
            wait = fastest if has_grown else min(slowest, wait * 1.3)

    def _poll_once(self) -> bool:
        end = self._start + len(self._text)
        try:
            answer = stored.read(self.rows, self.id, end)
        except errors.DatabaseUnavailable as error:
            if not self._is_away:
                log.warning("following an answer waits for the database", exc_info=error)
            self._is_away = True
            return False
        except errors.NotFound:
            self._end(stored.interrupted(self.id, "answer_deleted"))
            return False
        except errors.DomainError as error:
            if error.status >= 500:
                log.error("following an answer failed", exc_info=error)
            # Else the token expired: the readers connect again and are told.
            self.error = error
            self.wake()
            return False
        self._is_away = False
        with self._changed:
            if end == self._start + len(self._text):
                self._text += answer["text"]
        state = answer["answer"]
        if state["status"] == "streaming":
            if answer["text"]:
                self.wake()
            return bool(answer["text"])
        self._notices = [("tool", {"tool_call": call}) for call in state["tool_calls"] or ()]
        self._end(stored.outcome_of(state))
        return True

    def _end(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self.wake()

    def _text_after(self, position: int) -> str:
        return self._text[position - self._start :]


class Polls:
    """The answers that are being polled, by owner and id: two people may use one id."""

    def __init__(self, fastest: float = FASTEST_POLL, slowest: float = SLOWEST_POLL) -> None:
        self._pauses = (fastest, slowest)
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, str], PolledAnswer] = {}

    @contextmanager
    def joined(self, rows: Rows, answer_id: str, position: int) -> Iterator[PolledAnswer]:
        """Poll an answer of this user's from a position on, together with all who do, until the block ends."""
        key = (rows.user_id, answer_id)
        with self._lock:
            answer = self._answers.get(key)
            is_new = answer is None or answer.is_over
            if answer is None or is_new:
                answer = self._answers[key] = PolledAnswer(answer_id, rows, position)
            answer.followers += 1
        # The newest follower's token lasts longest.
        answer.rows = rows
        answer.cover(position)
        if is_new:
            name = f"poll {answer_id}"
            threading.Thread(target=answer.poll, args=self._pauses, name=name, daemon=True).start()
        try:
            yield answer
        finally:
            with self._lock:
                answer.followers -= 1
                if not answer.followers and self._answers.get(key) is answer:
                    del self._answers[key]
