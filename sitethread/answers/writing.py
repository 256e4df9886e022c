"""Writes an answer on a thread of its own: has the model read, then stores how it ended."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from sitethread import errors, metrics, prompts
from sitethread.answers import flushing
from sitethread.answers.flushing import Flusher
from sitethread.answers.reading import Reading
from sitethread.answers.running import RunningAnswer
from sitethread.database import Database
from sitethread.model import Model, ModelError

FINISH_SECONDS = 900.0  # How long the end of an answer is kept in memory for a database that is away.

log = logging.getLogger("sitethread")


class Writer:
    """Writes one answer: `turn` is what `start_turn` (or a sibling) returned for it."""

    def __init__(
        self,
        database: Database,
        model: Model,
        flusher: Flusher,
        answer: RunningAnswer,
        turn: Mapping[str, Any],
        is_there: Callable[[], bool],
    ) -> None:
        self._database = database
        self._model = model
        self._flusher = flusher
        self._answer = answer
        self._turn = turn
        self._is_there = is_there
        self._reading = Reading(model, flusher, answer, turn)
        self._end: dict[str, Any] = {}
        self._is_bare = False
        answer.on_stop = self._reading.hang_up

    def write(self) -> None:
        """Run to the end; never raises. The flusher has been told of the answer already."""
        answer = self._answer
        try:
            self._reading.run()
            self._end["status"] = self._status()
        except ModelError as error:
            metrics.model_errors.labels(error.code).inc()
            self._end |= {"status": self._status("failed"), "error_code": error.code}
        except Exception:
            log.exception("writing an answer failed", extra={"facts": {"answer_id": answer.id}})
            self._end |= {"status": self._status("failed"), "error_code": "unexpected"}
        answer.is_closing = True
        self._flusher.leave(answer)
        outcome = self._finish()
        answer.end(outcome)
        metrics.ended_answers.labels(outcome["status"]).inc()
        self._log_end(outcome)

    def _log_end(self, outcome: Mapping[str, Any]) -> None:
        facts = {
            "answer_id": self._answer.id,
            "session_id": self._turn["session"]["id"],
            "status": outcome["status"],
            "error_code": outcome.get("error_code"),
            "characters": self._answer.length,
        }
        log.info("answer", extra={"facts": facts})

    def _status(self, otherwise: str = "complete") -> str:
        match self._answer.stop_reason:
            case None:
                return otherwise
            case "stopped":
                return "stopped"
            case "restart":
                self._end["error_code"] = "server_restart"
                return "interrupted"
            case "full":
                self._end["error_code"] = "answer_too_long"
                return "failed"
            case _:
                self._end["error_code"] = "answer_lost"
                return "interrupted"

    def _finish(self) -> Mapping[str, Any]:
        """Store the end, however long that takes; return the data of the `done` event."""
        deadline = time.monotonic() + FINISH_SECONDS
        wait = 0.1
        while time.monotonic() < deadline:
            try:
                return self._store_end()
            except errors.DomainError as error:
                if not flushing.is_final(error):
                    time.sleep(wait)
                    wait = min(1.0, wait * 2)
                    continue
                facts = {"answer_id": self._answer.id}
                log.exception("the end of an answer was refused", extra={"facts": facts})
                if self._is_bare:
                    break
                self._is_bare = True  # Its text must not be lost for what came along with it.
        # What is stored stays; its owner's next read finds the lease run out and ends the answer.
        return {
            "status": "interrupted",
            "message_id": self._answer.id,
            "usage": {},
            "error_code": "answer_lost",
        }

    def _store_end(self) -> Mapping[str, Any]:
        append = self._answer.pending()
        params: dict[str, Any] = (
            ({} if self._is_bare else self._reading.facts)
            | self._end
            | {
                "answer_id": append.answer_id,
                "lease": append.lease,
                "offset": append.offset,
                "text": append.text,
            }
        )
        if self._end["status"] != "complete" and self._model.settings.openai_api == "responses":
            # The provider's conversation misses what broke off: start a new one.
            params["sealed_thread"] = ""
        page = prompts.page_in(self._answer.text())
        if page and page != self._kept_page() and not self._is_bare:
            params |= {"files": {"index.html": page}, "summary": prompts.summary_of(self._turn["history"])}
        result = self._database.rpc(None, "finish_answer", params)
        was_given_up = result["result"] == "ended" and result["message"]["error_code"] == "worker_lost"
        if was_given_up and flushing.reclaim(self._database, self._answer):
            return self._store_end()
        if result["result"] == "gap":
            self._answer.rewind(result["written"])
            return self._store_end()
        if result["result"] not in ("finished", "ended"):
            if not self._is_there():
                return deleted(self._answer.id)
            return done({"id": self._answer.id, "status": "interrupted", "error_code": "answer_lost"})
        # It has ended before when the reply to that call was lost: readers still wait for the last text.
        if result["message"]["content"].startswith(self._answer.text()):
            self._answer.mark_stored(append)
        return done(result["message"])

    def _kept_page(self) -> str | None:
        return prompts.page_in(self._answer.kept) if self._answer.kept else None


def deleted(answer_id: str) -> dict[str, Any]:
    """Write the data of a `done` event for an answer that was deleted while it was written."""
    return done({"id": answer_id, "status": "interrupted", "error_code": "answer_deleted"})


def done(message: Mapping[str, Any]) -> dict[str, Any]:
    """Write the data of a `done` event for an answer that has ended."""
    return {
        "status": message["status"],
        "message_id": message["id"],
        "usage": {
            "prompt_tokens": message.get("prompt_tokens"),
            "completion_tokens": message.get("completion_tokens"),
        },
        "finish_reason": message.get("finish_reason"),
        "error_code": message.get("error_code"),
        "version_id": message.get("version_id"),
        "version_number": message.get("version_number"),
    }
