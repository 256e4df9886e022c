"""Stores the text of all of this process's answers, in one call at most every 60 ms."""

import logging
import threading
import time
from collections.abc import Iterable

from sitethread import errors, metrics
from sitethread.answers import leases
from sitethread.answers.leases import Append, AppendResult
from sitethread.answers.running import RunningAnswer
from sitethread.database import Rows

INTERVAL_SECONDS = 0.06
# While the model is silent, this is how late a stop from elsewhere, or a lost lease, is noticed.
HEARTBEAT_SECONDS = 0.5
BATCH_ANSWERS = 500
BATCH_CHARACTERS = 400_000
SHORTEST_WAIT = 0.02
LONGEST_WAIT = 1.0

log = logging.getLogger("sitethread")


class Flusher:
    """The thread that stores text: add an answer when it starts, remove it before it is finished."""

    def __init__(
        self, rows: Rows, interval: float = INTERVAL_SECONDS, heartbeat: float = HEARTBEAT_SECONDS
    ) -> None:
        self._rows = rows
        self._interval = interval
        self._heartbeat = heartbeat
        # By lease: two people may use one id.
        self._answers: dict[str, RunningAnswer] = {}
        self._stored_at: dict[str, float] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, answer: RunningAnswer) -> None:
        with self._lock:
            self._answers[answer.lease] = answer
            self._stored_at[answer.lease] = time.monotonic()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="flusher", daemon=True)
                self._thread.start()

    def remove(self, answer: RunningAnswer) -> None:
        with self._lock:
            self._answers.pop(answer.lease, None)
            self._stored_at.pop(answer.lease, None)

    def wake(self) -> None:
        """Flush now, because the first text of an answer has come."""
        self._wake.set()

    def _run(self) -> None:
        shortest = min(SHORTEST_WAIT, self._interval)
        started, wait, is_failing = 0.0, self._interval, False
        next_round = time.monotonic() + wait
        while True:
            self._wake.wait(max(0.0, next_round - time.monotonic()))
            # When many answers begin at once, their first texts are stored together.
            time.sleep(max(0.0, started + shortest - time.monotonic()))
            self._wake.clear()
            with self._lock:
                if not self._answers:
                    self._thread = None
                    return
                answers = list(self._answers.values())
            started = time.monotonic()
            is_round = started >= next_round
            try:
                # Between rounds the answers that begin cost one another, and those that go on, nothing.
                for batch in _batches(self._due(a for a in answers if is_round or a.is_unseen)):
                    self._store(batch)
                wait, is_failing = self._interval, False
            except errors.DatabaseUnavailable as error:
                # The text stays in memory, unseen, until a call succeeds.
                metrics.failed_flushes.inc()
                if not is_failing:
                    log.warning("answers wait to be stored", exc_info=error)
                is_round, is_failing = True, True
                wait = min(LONGEST_WAIT, max(self._interval, wait * 2))
                started = time.monotonic()
            except Exception:
                # A bug of ours must not keep the other answers of this process from being stored.
                log.exception("a flush failed")
                is_round, wait = True, LONGEST_WAIT
                started = time.monotonic()
            if is_round:
                # The interval counts from start to start, so that much text doesn't have to wait longer.
                next_round = max(started + wait, time.monotonic() + shortest)

    def _due(self, answers: Iterable[RunningAnswer]) -> list[Append]:
        """Return the appends of answers with new text, or last sent HEARTBEAT_SECONDS ago."""
        now = time.monotonic()
        appends = [answer.pending() for answer in answers if not answer.is_closing]
        return [a for a in appends if a.text or now - self._stored_at.get(a.lease, now) >= self._heartbeat]

    def _store(self, appends: list[Append]) -> None:
        try:
            metrics.flush_answers.observe(len(appends))
            with metrics.flush_seconds.time():
                results = leases.append(self._rows, appends)
        except errors.DatabaseUnavailable:
            raise
        except errors.DomainError as error:
            if len(appends) > 1:
                self._store_one_by_one(appends)
                return
            if not leases.is_permanent(error):
                raise errors.DatabaseUnavailable from error
            answer_id = appends[0].answer_id
            log.exception("an append was refused", extra={"facts": {"answer_id": answer_id}})
            results = {answer_id: {"answer_id": answer_id, "result": "refused"}}
        now = time.monotonic()
        for append in appends:
            lost: AppendResult = {"answer_id": append.answer_id, "result": "lost"}
            self._apply(append, results.get(append.answer_id, lost), now)

    def _store_one_by_one(self, appends: list[Append]) -> None:
        """Store the others although the text of one answer is refused."""
        unavailable: errors.DatabaseUnavailable | None = None
        for append in appends:
            try:
                self._store([append])
            except errors.DatabaseUnavailable as error:
                unavailable = error
        if unavailable is not None:
            raise unavailable

    def _apply(self, append: Append, reply: AppendResult, now: float) -> None:
        result = reply["result"]
        if result == "busy":
            # The text, or the heartbeat, is sent again with the next call.
            return
        with self._lock:
            answer = self._answers.get(append.lease)
            if answer is None:
                return
            self._stored_at[append.lease] = now
        if answer.is_closing:
            # Its last text is being sent by finish_answer.
            return
        if result in ("written", "stopped"):
            answer.mark_stored(append)
        if result == "gap":
            # All the missing text is sent with the next call.
            answer.rewind(reply["written"])
            return
        if result == "lost" and leases.reclaim(self._rows, answer.id, answer.lease):
            return
        if result != "written":
            answer.stop(result)


def _batches(appends: list[Append]) -> Iterable[list[Append]]:
    """Yield what one call each stores: it tells answers apart by their ids alone."""
    batch: dict[str, Append] = {}
    characters = 0
    for append in appends:
        is_full = len(batch) >= BATCH_ANSWERS or characters + len(append.text) > BATCH_CHARACTERS
        if batch and (is_full or append.answer_id in batch):
            yield list(batch.values())
            batch, characters = {}, 0
        batch[append.answer_id] = append
        characters += len(append.text)
    if batch:
        yield list(batch.values())
