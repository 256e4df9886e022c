"""Writes an answer on a thread of its own: generates its text, then stores how it ended."""

import logging
import time
from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

from sitethread import errors, metrics, prompts, versions
from sitethread.answers import leases, made_pages, stored
from sitethread.answers.flushing import Flusher
from sitethread.answers.generation import Generation
from sitethread.answers.leases import FinishResult, FinishValues
from sitethread.answers.running import RunningAnswer
from sitethread.answers.stored import Outcome
from sitethread.answers.threads import Thread
from sitethread.answers.turns import CurrentPage, StartedTurn
from sitethread.database import Rows
from sitethread.model.client import Model
from sitethread.model.events import ModelError

# How long the end of an answer is kept in memory while the database is unavailable.
FINISH_SECONDS = 900.0
# How often an answer follows a page that moves.
MOST_MOVES = 5

log = logging.getLogger("sitethread")


class _Moves(NamedTuple):
    """What became of an answer whose page has moved: what it makes `onto` which version, or `beside` which one."""

    made: made_pages.Made | None = None
    onto: str | None = None
    beside: str | None = None
    times: int = 0

    def values(self, made: made_pages.Made) -> FinishValues:
        if self.beside:
            return {"changes": {**made.changes, "beside": self.beside}}
        return {"tells_moved": True, **({"made_onto": self.onto} if self.onto else {})}


class Writer:
    """Writes one answer. `anonymous` rows store it, `owner` rows are those of the user it belongs to."""

    def __init__(
        self,
        anonymous: Rows,
        owner: Rows,
        model: Model,
        flusher: Flusher,
        answer: RunningAnswer,
        turn: StartedTurn,
        thread: Thread,
        finish_seconds: float = FINISH_SECONDS,
    ) -> None:
        self._anonymous = anonymous
        self._owner = owner
        self._model = model
        self._flusher = flusher
        self._answer = answer
        self._turn = turn
        self._finish_seconds = finish_seconds
        self._generation = Generation(model, flusher, answer, turn, thread, owner)
        self._end: FinishValues = {}
        self._omits_extras = False
        self._moves = _Moves()
        answer.on_stop = self._generation.abort

    def write(self) -> None:
        """Write the answer to its end; never raises. The flusher has the answer already."""
        answer = self._answer
        self._generate()
        answer.is_closing = True
        self._flusher.remove(answer)
        try:
            outcome = self._finish()
        except Exception:
            # Such as a reply that none of our functions makes. Whatever it is, readers must hear an end.
            log.exception("ending an answer failed", extra={"facts": {"answer_id": answer.id}})
            outcome = stored.interrupted(answer.id, "answer_lost")
        answer.end(outcome)
        metrics.ended_answers.labels(outcome["status"]).inc()
        self._log_end(outcome)

    def _generate(self) -> None:
        try:
            self._generation.run()
            self._end = self._end_values(self._complete_values())
        except ModelError as error:
            metrics.model_errors.labels(error.code).inc()
            facts = {"answer_id": self._answer.id, "error_code": error.code, **error.facts}
            log.warning("the model failed", extra={"facts": facts})
            self._end = self._end_values({"status": "failed", "error_code": error.code})
        except Exception:
            log.exception("writing an answer failed", extra={"facts": {"answer_id": self._answer.id}})
            self._end = self._end_values({"status": "failed", "error_code": "unexpected"})

    def _complete_values(self) -> FinishValues:
        if self._generation.misfit is None:
            return {"status": "complete"}
        facts = {"answer_id": self._answer.id, "error_code": self._generation.misfit.code}
        log.info("the changes of an answer don't fit", extra={"facts": facts})
        return {"status": "complete", "error_code": "changes_not_made"}

    def _end_values(self, otherwise: FinishValues) -> FinishValues:
        """Return the status and error of an answer that was stopped, or else the given ones."""
        match self._answer.stop_reason:
            case None:
                return otherwise
            case "stopped":
                return {**otherwise, "status": "stopped"}
            case "restart":
                return {"status": "interrupted", "error_code": "server_restart"}
            case "full":
                return {"status": "failed", "error_code": "answer_too_long"}
            case _:
                return {"status": "interrupted", "error_code": "answer_lost"}

    def _log_end(self, outcome: Outcome) -> None:
        facts = {
            "answer_id": self._answer.id,
            "session_id": self._turn["session"]["id"],
            "status": outcome["status"],
            "error_code": outcome["error_code"],
            "characters": self._answer.length,
        }
        log.info("answer", extra={"facts": facts})

    def _finish(self) -> Outcome:
        """Store the end, and retry while the database is unavailable; return how the answer ended."""
        facts = {"answer_id": self._answer.id}
        self._count_cached_tokens()
        deadline = time.monotonic() + self._finish_seconds
        wait, is_waiting = 0.1, False
        while time.monotonic() < deadline:
            try:
                outcome = self._store_end()
                if outcome is not None:
                    return outcome
            except errors.DomainError as error:
                if leases.is_permanent(error):
                    log.exception("the end of an answer was refused", extra={"facts": facts})
                    if self._omits_extras:
                        break
                    # Retry without tool calls, tokens and page, so that the text is stored.
                    self._omits_extras = True
                    continue
                if not is_waiting:
                    log.warning("the end of an answer waits", exc_info=error, extra={"facts": facts})
                is_waiting = True
            time.sleep(wait)
            wait = min(1.0, wait * 2)
        # What is stored stays; its owner's next read finds the lease expired and ends the answer.
        return stored.interrupted(self._answer.id, "answer_lost")

    def _count_cached_tokens(self) -> None:
        """Store what the provider told of its cache; the answer ends as well without it."""
        if self._generation.cached_tokens:
            with suppress(errors.DomainError):
                leases.count_cached_tokens(
                    self._anonymous, self._answer.id, self._answer.lease, self._generation.cached_tokens
                )

    def _store_end(self) -> Outcome | None:
        """Store the end; return how the answer ended, or None when it is to be sent again."""
        append = self._answer.pending()
        reply = leases.finish(self._anonymous, append, self._values())
        result = reply["result"]
        if result == "gap":
            self._answer.rewind(reply["written"])
            return None
        if result == "moved":
            self._move(reply)
            return None
        if result == "lost":
            exists = stored.may_exist(self._owner, self._answer.id)
            return stored.interrupted(self._answer.id, "answer_lost" if exists else "answer_deleted")
        message = reply["message"]
        has_expired = result == "ended" and message["error_code"] == "worker_lost"
        if has_expired and leases.reclaim(self._anonymous, self._answer.id, self._answer.lease):
            return None
        # An answer that had ended before may hold all the text: then the reply of an earlier call was lost.
        if message["content"].startswith(self._answer.text()):
            self._answer.mark_stored(append)
        return stored.outcome_of(message)

    def _values(self) -> FinishValues:
        values: FinishValues = {**({} if self._omits_extras else self._generation.values), **self._end}
        if values["status"] != "complete" and self._model.keeps_threads:
            # The provider's conversation lacks what was not generated: the next turn starts a new one.
            values["sealed_thread"] = ""
        made = self._moves.made or self._made
        if made and not self._omits_extras:
            values |= {"files": made.files, "changes": made.changes, **self._moves.values(made)}
            values["summary"] = prompts.summary_of(self._turn["history"])
        return values

    def _move(self, reply: FinishResult) -> None:
        """Make the answer's edits on the page that became current meanwhile; where they don't fit, keep both pages."""
        try:
            if self._made is None or self._moves.times >= MOST_MOVES:
                raise errors.Conflict
            made = made_pages.made_onto(self._with_target(reply), self._made, self._turn)
        except errors.DomainError as error:
            facts = {"answer_id": self._answer.id, "error_code": error.code}
            log.info("the page of an answer has moved", extra={"facts": facts})
            self._end = {"error_code": "page_moved", **self._end}
            self._moves = _Moves(None, None, reply["version_id"], self._moves.times)
        else:
            self._moves = _Moves(made, reply["version_id"], None, self._moves.times + 1)

    def _with_target(self, reply: FinishResult) -> CurrentPage | None:
        """Return the page that became current, also the file that the question points at."""
        page, target = reply["page"], self._turn.get("target")
        if page is None or target is None or target["path"] in page["files"]:
            return page
        text = versions.get_page(self._owner, reply["version_id"], target["path"])["page"]
        return {**page, "unseen": {target["path"]: text or ""}}

    @cached_property
    def _made(self) -> made_pages.Made | None:
        """What the answer makes of the page; of one that did not complete, whole pages alone."""
        if self._end["status"] == "complete":
            return self._generation.made
        return made_pages.whole_pages(self._answer.text(), self._turn)
