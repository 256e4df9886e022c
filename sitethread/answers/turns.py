"""Starts answers: the database says yes first, then the model is called."""

import logging
import secrets
import threading
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sitethread import errors, metrics, prompts
from sitethread.answers import following
from sitethread.answers.flushing import Flusher
from sitethread.answers.running import RunningAnswer
from sitethread.answers.writing import Writer
from sitethread.database import Database
from sitethread.model import Model
from sitethread.settings import Settings

SEND_SECONDS = 1.5  # How long whoever asks waits for the database's yes.
STOP_SECONDS = 1.5  # How long whoever presses stop waits for the answer to end.
STOP_POLL = 0.1
RESCUES = (0.2, 0.5, 1, 2, 4, 8)  # Pauses in seconds, about as long altogether as a lease lasts.

log = logging.getLogger("sitethread")


@dataclass(frozen=True)
class Turn:
    """A started (or found) answer: the rows as they stand, and the answer itself when this process writes it."""

    session: Mapping[str, Any]
    user_message: Mapping[str, Any]
    answer: Mapping[str, Any]
    is_replayed: bool


@dataclass(frozen=True)
class Order:
    """A call that starts an answer: `start_turn` or a sibling, with a lease of its own."""

    access_token: str = field(repr=False)
    user_id: str
    function: str
    params: Mapping[str, Any] = field(repr=False)
    restarts_thread: bool

    @property
    def answer_id(self) -> str:
        """The answer it starts."""
        return str(self.params.get("new_answer_id") or self.params["answer_id"])


class Answers:
    """All answers that this process is writing."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._model = Model(settings)
        self._flusher = Flusher(database)
        self._running: dict[str, RunningAnswer] = {}
        self.is_open = True

    def find(self, answer_id: str) -> RunningAnswer | None:
        """Find an answer that this process is writing."""
        return self._running.get(answer_id)

    def start(self, access_token: str, user_id: str, fields: Mapping[str, Any]) -> Turn:
        """Ask a question: `fields` are start_turn's message, message_id, session_id, website_id, helper, kind."""
        try:
            return self._begin(
                access_token, user_id, "start_turn", {**fields, "answer_id": str(uuid.uuid4())}
            )
        except errors.EmptyMessage:
            raise errors.EmptyMessage(field="message") from None
        except errors.InvalidField as error:
            if (field := error.extra.get("field")) is None:
                raise
            raise errors.InvalidField(
                f"{field}: the chat has another one, and keeps it.", field=field
            ) from None

    def retry(self, access_token: str, user_id: str, answer_id: str, new_answer_id: str) -> Turn:
        """Ask the same question again; the old answer is kept."""
        params = {"answer_id": answer_id, "new_answer_id": new_answer_id}
        return self._begin(access_token, user_id, "retry_answer", params, restarts_thread=True)

    def resume(self, access_token: str, user_id: str, answer_id: str) -> Turn:
        """Go on writing an answer that did not complete, after the text it kept."""
        return self._begin(
            access_token, user_id, "continue_answer", {"answer_id": answer_id}, restarts_thread=True
        )

    def stop(self, access_token: str, answer_id: str) -> Mapping[str, Any]:
        """Stop an answer, wherever it is written, and wait a moment for its end; returns the message as it stands.

        Of one that is `streaming` still, the text is to be read.
        """
        message: Mapping[str, Any] = self._database.rpc(access_token, "stop_answer", {"answer_id": answer_id})
        answer = self._running.get(answer_id)
        if answer is not None:
            answer.stop("stopped")
            answer.wait_for_end(STOP_SECONDS)
        elif message["status"] == "streaming":
            self._wait_for_end(access_token, answer_id)
        return message

    def _wait_for_end(self, access_token: str, answer_id: str) -> None:
        """Wait until the worker that writes an answer has noticed that it is to stop."""
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            time.sleep(STOP_POLL)
            if following.look_at(self._database, access_token, answer_id)["status"] != "streaming":
                return

    def close(self, seconds: float) -> None:
        """Take no new questions, give running answers this long to end, then end them as interrupted."""
        self.is_open = False
        deadline = time.monotonic() + seconds
        while self._running and time.monotonic() < deadline:
            time.sleep(0.05)
        for answer in list(self._running.values()):
            answer.stop("restart")
        deadline = time.monotonic() + 5
        while self._running and time.monotonic() < deadline:
            time.sleep(0.05)

    def __len__(self) -> int:
        return len(self._running)

    def _begin(
        self,
        access_token: str,
        user_id: str,
        function: str,
        params: Mapping[str, Any],
        restarts_thread: bool = False,
    ) -> Turn:
        if self._settings.model_problem:
            raise errors.ModelNotConfigured
        if not self.is_open:
            raise errors.ServerRestarting
        order = Order(access_token, user_id, function, {**params, **_budget()}, restarts_thread)
        sent: Future[Turn] = Future()
        threading.Thread(target=self._send, args=(order, sent), name="send", daemon=True).start()
        try:
            return sent.result(SEND_SECONDS)
        except TimeoutError:
            # Whoever sends again under the same id finds what this call may yet bring about.
            raise errors.DatabaseUnavailable from None

    def _send(self, order: Order, sent: Future[Turn]) -> None:
        try:
            sent.set_result(self._carry_out(order))
        except errors.DatabaseUnavailable as error:
            sent.set_exception(error)
            self._rescue(order)
        except errors.Unexpected:
            log.exception(
                "a call that starts an answer failed", extra={"facts": {"function": order.function}}
            )
            sent.set_exception(errors.DatabaseUnavailable())
            self._rescue(order)
        except BaseException as error:  # noqa: BLE001 - whatever it is, whoever asks waits for it
            sent.set_exception(error)

    def _carry_out(self, order: Order) -> Turn:
        turn = self._database.rpc(order.access_token, order.function, order.params)
        if not turn["replayed"]:
            self._write(order, turn)
        return Turn(turn["session"], turn["user_message"], turn["answer"], turn["replayed"])

    def _rescue(self, order: Order) -> None:
        """Write the answer after all when the call went well and only its reply was lost.

        Nobody else holds its lease: it would stay empty until that runs out.
        """
        held = {"answer_id": order.answer_id, "lease": order.params["lease"], "offset": 0, "text": ""}
        for pause in RESCUES:
            time.sleep(pause)
            try:
                [result] = self._database.rpc(None, "append_chunks", {"appends": [held]})
                if result["result"] != "lost":
                    self._carry_out(order)
                    return
            except errors.DomainError:
                continue  # It is still away.

    def _write(self, order: Order, turn: Mapping[str, Any]) -> None:
        row = turn["answer"]
        answer = RunningAnswer(row["id"], order.user_id, order.params["lease"], kept=row["content"])
        turn = {**turn, "restarts_thread": order.restarts_thread}
        is_there = partial(following.is_there, self._database, order.access_token, answer.id)
        writer = Writer(self._database, self._model, self._flusher, answer, turn, is_there)
        self._running[answer.id] = answer
        metrics.running_answers.inc()
        self._flusher.join(answer)
        threading.Thread(
            target=self._run, args=(writer, answer), name=f"answer {answer.id}", daemon=True
        ).start()

    def _run(self, writer: Writer, answer: RunningAnswer) -> None:
        try:
            writer.write()
        finally:
            self._running.pop(answer.id, None)
            metrics.running_answers.dec()


def _budget() -> dict[str, Any]:
    """Return what every call that starts an answer brings: a fresh lease, and how much the model may see."""
    return {"lease": secrets.token_urlsafe(32), "history_characters": prompts.HISTORY_CHARACTERS}
