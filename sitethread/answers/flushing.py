"""Brings the text of all of this worker's answers to safety, in one call at most every 100 ms."""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

from sitethread import errors, metrics
from sitethread.answers.running import Append, RunningAnswer
from sitethread.database import Database

INTERVAL = 0.1
HEARTBEAT = (
    0.5  # How long a stop pressed elsewhere, or a lost lease, may go unnoticed while the model is silent.
)
BATCH_ANSWERS = 500
BATCH_CHARACTERS = 400_000
SHORTEST_WAIT = 0.02
LONGEST_WAIT = 1.0

log = logging.getLogger("sitethread")


class Flusher:
    """The one that stores; answers join when they start and leave before they are finished."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._answers: dict[str, RunningAnswer] = {}
        self._beaten: dict[str, float] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def join(self, answer: RunningAnswer) -> None:
        with self._lock:
            self._answers[answer.id] = answer
            self._beaten[answer.id] = time.monotonic()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="flusher", daemon=True)
                self._thread.start()

    def leave(self, answer: RunningAnswer) -> None:
        with self._lock:
            self._answers.pop(answer.id, None)
            self._beaten.pop(answer.id, None)

    def hurry(self) -> None:
        """Flush now: there is an answer whose first text has come."""
        self._wake.set()

    def _run(self) -> None:
        wait = INTERVAL
        while True:
            self._wake.wait(wait)
            self._wake.clear()
            with self._lock:
                if not self._answers:
                    self._thread = None
                    return
                answers = list(self._answers.values())
            began = time.monotonic()
            try:
                for batch in _batches(self._due(answers)):
                    self._store(batch)
                # From one beginning to the next: text must not wait longer because there is much of it.
                wait = max(SHORTEST_WAIT, INTERVAL - (time.monotonic() - began))
            except errors.DatabaseUnavailable:
                # The text stays in memory, unseen, and goes out with the next call that succeeds.
                metrics.failed_flushes.inc()
                wait = min(LONGEST_WAIT, max(INTERVAL, wait * 2))
            except Exception:
                # A fault of ours must not keep every other answer of this worker from being stored.
                log.exception("a flush failed")
                wait = LONGEST_WAIT

    def _due(self, answers: Iterable[RunningAnswer]) -> list[Append]:
        now = time.monotonic()
        appends = [answer.pending() for answer in answers if not answer.is_closing]
        return [a for a in appends if a.text or now - self._beaten.get(a.answer_id, now) >= HEARTBEAT]

    def _store(self, appends: list[Append]) -> None:
        try:
            results = self._append(appends)
        except errors.DatabaseUnavailable:
            raise
        except errors.DomainError as error:
            if len(appends) > 1:
                self._store_singly(appends)
                return
            if not is_final(error):
                raise errors.DatabaseUnavailable from error
            log.exception("an append was refused", extra={"facts": {"answer_id": appends[0].answer_id}})
            results = {appends[0].answer_id: {"result": "refused"}}
        now = time.monotonic()
        for append in appends:
            self._settle(append, results.get(append.answer_id, {"result": "lost"}), now)

    def _store_singly(self, appends: list[Append]) -> None:
        """Store one by one: the text of one answer is refused, and the others must not suffer for it."""
        unavailable: errors.DatabaseUnavailable | None = None
        for append in appends:
            try:
                self._store([append])
            except errors.DatabaseUnavailable as error:
                unavailable = error
        if unavailable is not None:
            raise unavailable

    def _append(self, appends: list[Append]) -> dict[str, Mapping[str, Any]]:
        rows = [
            {"answer_id": a.answer_id, "lease": a.lease, "offset": a.offset, "text": a.text} for a in appends
        ]
        metrics.flush_answers.observe(len(rows))
        with metrics.flush_seconds.time():
            results = self._database.rpc(None, "append_chunks", {"appends": rows})
        if not isinstance(results, list):
            raise errors.Unexpected  # Something that is no PostgREST answered for it.
        return {result["answer_id"]: result for result in results}

    def _settle(self, append: Append, told: Mapping[str, Any], now: float) -> None:
        result = told["result"]
        if result == "busy":
            return  # As it was: the text, or the heartbeat, goes out with the next call.
        with self._lock:
            answer = self._answers.get(append.answer_id)
            if answer is None:
                return
            self._beaten[append.answer_id] = now
        if answer.is_closing:
            return  # Its last text is on the way with finish_answer.
        if result in ("written", "stopped"):
            answer.mark_stored(append)
        if result == "gap":
            answer.rewind(told["written"])
            return  # All the text goes out with the next call.
        if result == "lost" and reclaim(self._database, answer):
            return
        if result != "written":
            answer.stop(result)


def is_final(error: errors.DomainError) -> bool:
    """Whether a refusal is about what was sent; any other may come from somebody in between, and pass."""
    return error.status in {400, 409, 413, 422}


def reclaim(database: Database, answer: RunningAnswer) -> bool:
    """Take an answer back that was ended as interrupted while this worker was only out of touch."""
    params = {"answer_id": answer.id, "lease": answer.lease}
    is_ours = bool(database.rpc(None, "reclaim_answer", params)["result"] == "written")
    if is_ours:
        metrics.reclaimed_answers.inc()
    return is_ours


def _batches(appends: list[Append]) -> Iterable[list[Append]]:
    batch: list[Append] = []
    characters = 0
    for append in appends:
        if batch and (len(batch) >= BATCH_ANSWERS or characters + len(append.text) > BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(append)
        characters += len(append.text)
    if batch:
        yield batch
