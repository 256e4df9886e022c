"""Starts answers: the database agrees first, then the model is called."""

import logging
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from sitethread import errors, messages, metrics
from sitethread.answers import leases, stored
from sitethread.answers.flushing import Flusher
from sitethread.answers.leases import Append
from sitethread.answers.running import RunningAnswer
from sitethread.answers.threads import Thread
from sitethread.answers.turns import StartCall, StartedTurn
from sitethread.answers.writing import Writer
from sitethread.database import Rows, pick
from sitethread.messages import Message
from sitethread.model.client import Model
from sitethread.sealing import Sealer

# How long a request that starts an answer waits for the database.
START_SECONDS = 1.5
# How long a request that stops an answer waits for its end.
STOP_SECONDS = 1.5
STOP_POLL = 0.1
# Pauses in seconds before each retry; together about as long as a lease lasts.
RETRY_PAUSES = (0.2, 0.5, 1, 2, 4, 8)
CLOSE_SECONDS = 5.0

_NO_TARGET = "target: is no part of the file, or of one that is too long."

log = logging.getLogger("sitethread")


class AnswerEngine:
    """Starts and stops answers, and knows those that this process is writing.

    `anonymous` rows are for the calls that leases authorise; each method takes the rows of the user who asks.
    """

    def __init__(
        self,
        model: Model,
        anonymous: Rows,
        sealer: Sealer | None = None,
        *,
        start_seconds: float = START_SECONDS,
        retry_pauses: Sequence[float] = RETRY_PAUSES,
    ) -> None:
        self._model = model
        self._anonymous = anonymous
        self._sealer = sealer
        self._start_seconds = start_seconds
        self._retry_pauses = retry_pauses
        self._flusher = Flusher(anonymous)
        # By owner and id: two people may use one id.
        self._running: dict[tuple[str, str], RunningAnswer] = {}
        self.is_open = True

    def prepare(self) -> None:
        """Make the model's client, which takes 0.1 s, before there are requests to hold up."""
        self._model.prepare()

    def find(self, user_id: str, answer_id: str) -> RunningAnswer | None:
        """Return a user's answer that this process is writing."""
        return self._running.get((user_id, answer_id))

    def start(self, rows: Rows, question: Mapping[str, object]) -> StartedTurn:
        """Store a question and start its answer.

        `question` holds start_turn's message, message_id, session_id, website_id, helper, kind, edits, after and
        target. Raise NotFound, AnswerRunning, TargetStale, KeyReused, InvalidField, QuotaExceeded, and as `retry` and
        `resume` do ModelNotConfigured, ServerRestarting, DatabaseUnavailable.
        """
        try:
            return self._start(StartCall(rows, "start_turn", {**question, "answer_id": str(uuid.uuid4())}))
        except errors.EmptyMessage:
            raise errors.EmptyMessage(field="message") from None
        except errors.InvalidField as error:
            if (field := error.extra.get("field")) is None:
                raise
            if field == "target":
                raise errors.InvalidField(_NO_TARGET, field=field) from None
            raise errors.InvalidField(
                f"{field}: the chat has another one, and keeps it.", field=field
            ) from None

    def retry(self, rows: Rows, answer_id: str, new_answer_id: str) -> StartedTurn:
        """Start another answer to the same question, or to a question; raise what `start` raises, and NoQuestion."""
        params = {"answer_id": answer_id, "new_answer_id": new_answer_id}
        return self._start(StartCall(rows, "retry_answer", params))

    def resume(self, rows: Rows, answer_id: str) -> StartedTurn:
        """Continue an answer that did not complete; raise what `retry` raises, and AnswerComplete."""
        return self._start(StartCall(rows, "continue_answer", {"answer_id": answer_id}))

    def stop(self, rows: Rows, answer_id: str) -> Message:
        """Stop an answer, whichever process writes it, and wait 1.5 s for its end; return it as it stands then.

        Raise NotFound.
        """
        message = pick(rows.call("stop_answer", {"answer_id": answer_id}), Message)
        running = self.find(rows.user_id, answer_id)
        if running is not None:
            running.stop("stopped")
            running.wait_for_end(STOP_SECONDS)
        elif message["status"] == "streaming":
            deadline = time.monotonic() + STOP_SECONDS
            while time.monotonic() < deadline:
                time.sleep(STOP_POLL)
                if stored.read(rows, answer_id)["answer"]["status"] != "streaming":
                    break
        return messages.current(rows, message)

    def close(self, seconds: float) -> None:
        """Start no more answers, let those running end for so many seconds, then interrupt them."""
        self.is_open = False
        self._wait_until_empty(seconds)
        for answer in list(self._running.values()):
            answer.stop("restart")
        self._wait_until_empty(CLOSE_SECONDS)

    def __len__(self) -> int:
        return len(self._running)

    def _wait_until_empty(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self._running and time.monotonic() < deadline:
            time.sleep(0.05)

    def _start(self, call: StartCall) -> StartedTurn:
        if self._model.problem:
            raise errors.ModelNotConfigured
        if not self.is_open:
            raise errors.ServerRestarting
        turn: Future[StartedTurn] = Future()
        threading.Thread(target=self._send, args=(call, turn), name="start", daemon=True).start()
        try:
            return turn.result(self._start_seconds)
        except TimeoutError:
            # The call may still succeed; a client that sends it again under the same id finds the answer.
            raise errors.DatabaseUnavailable from None

    def _send(self, call: StartCall, turn: Future[StartedTurn]) -> None:
        try:
            turn.set_result(self._send_and_write(call))
        except errors.DatabaseUnavailable as error:
            turn.set_exception(error)
            self._retry_lost_reply(call)
        except errors.Unexpected as error:
            if "sqlstate" in error.cause:
                # Refused: there is no reply to wait for.
                turn.set_exception(error)
                return
            unavailable = errors.DatabaseUnavailable()
            unavailable.__cause__ = error
            turn.set_exception(unavailable)
            self._retry_lost_reply(call)
        # The request waits for it, whatever it is.
        except BaseException as error:  # noqa: BLE001
            turn.set_exception(error)

    def _send_and_write(self, call: StartCall) -> StartedTurn:
        turn = call.send()
        if not turn["replayed"]:
            self._write(call, turn)
        return turn

    def _retry_lost_reply(self, call: StartCall) -> None:
        """Write the answer if the call succeeded and only its reply was lost.

        Nobody else holds its lease: the answer would stay empty until that expires.
        """
        heartbeat = Append(call.answer_id, call.lease, 0, "")
        for pause in self._retry_pauses:
            time.sleep(pause)
            try:
                results = leases.append(self._anonymous, [heartbeat])
                if results[call.answer_id]["result"] != "lost":
                    self._send_and_write(call)
                    return
            except errors.DomainError:
                # The database is still unavailable.
                continue

    def _write(self, call: StartCall, turn: StartedTurn) -> None:
        answer = RunningAnswer(turn["answer"]["id"], call.lease, initial_text=turn["answer"]["content"])
        thread = Thread(self._sealer, call.rows, turn["session"]["id"], answer.id)
        if call.function == "start_turn":
            # The provider's thread lacks what a repeated or continued answer follows: those start a new one.
            thread.open(turn["sealed_thread"])
        writer = Writer(self._anonymous, call.rows, self._model, self._flusher, answer, turn, thread)
        key = (call.rows.user_id, answer.id)
        self._running[key] = answer
        metrics.running_answers.inc()
        self._flusher.add(answer)
        name = f"answer {answer.id}"
        threading.Thread(target=self._run, args=(writer, answer, key), name=name, daemon=True).start()

    def _run(self, writer: Writer, answer: RunningAnswer, key: tuple[str, str]) -> None:
        try:
            writer.write()
        finally:
            # It may have been continued in the meantime.
            if self._running.get(key) is answer:
                del self._running[key]
            metrics.running_answers.dec()
