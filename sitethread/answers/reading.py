"""Reads a model into an answer: text as it comes, tools when it calls for them."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, wait
from typing import Any

from sitethread import prompts, tools
from sitethread.answers import running
from sitethread.answers.flushing import Flusher
from sitethread.answers.running import RunningAnswer
from sitethread.model import Finish, Model, ModelError, Sources, Stream, Text, Thread, ToolCall, Usage

TOOL_ROUNDS = 3  # How often a model may call tools before it has to speak.
HANG_UP_SECONDS = 0.5  # How long a reader has to notice that its connection was closed.


class Reading:
    """One answer's completions, as many as its tools take; `facts` is what is stored besides the text."""

    def __init__(
        self, model: Model, flusher: Flusher, answer: RunningAnswer, turn: Mapping[str, Any]
    ) -> None:
        self._model = model
        self._flusher = flusher
        self._answer = answer
        self._turn = turn
        self._stream: Stream | None = None
        self._tool_calls: list[dict[str, Any]] = []
        self._sources: list[dict[str, str]] = []
        self._end: dict[str, Any] = {"model": model.name}
        self._read: Future[None] = Future()
        self._is_over = threading.Event()

    @property
    def facts(self) -> dict[str, Any]:
        """Say what finish_answer stores of the model: its name, tokens, finish reason, tool calls, sources."""
        return {**self._end, "tool_calls": self._tool_calls or None, "sources": self._sources or None}

    def hang_up(self) -> None:
        """Close the connection to the model, so that nothing more is generated or paid for."""
        if self._stream is not None:
            self._stream.abort()
        self._is_over.set()

    def run(self) -> None:
        """Read until the model is done or the answer is stopped; raise ModelError when the model fails."""
        threading.Thread(target=self._run, name=f"model {self._answer.id}", daemon=True).start()
        self._is_over.wait()
        # A model that still thinks has given us no stream to close: its reader hangs up once it has.
        wait([self._read], HANG_UP_SECONDS if self._answer.stop_reason else None)
        if self._read.done():
            self._read.result()

    def _run(self) -> None:
        try:
            self._read_all()
            self._read.set_result(None)
        except BaseException as error:  # noqa: BLE001 - run() raises it
            self._read.set_exception(error)
        self._is_over.set()

    def _read_all(self) -> None:
        kept = self._answer.kept
        messages: list[dict[str, Any]] = [*prompts.messages_for(self._turn, partial=kept)]
        offered = [] if kept else tools.offered(self._turn)
        for _ in range(TOOL_ROUNDS):
            calls = self._read_round(messages, offered)
            if self._answer.stop_reason:
                return
            if not calls:
                break
            messages += self._carry_out(calls)
        else:
            self._read_round(messages, [])
        if self._answer.length == 0 and not self._answer.stop_reason:
            raise ModelError("model_said_nothing")

    def _read_round(
        self, messages: list[dict[str, Any]], offered: Sequence[Mapping[str, Any]]
    ) -> list[ToolCall]:
        """Read one completion to its end; return the tools it wants to be called before it goes on."""
        try:
            return self._read_stream(messages, offered)
        except ModelError as error:
            if error.code == "model_refused_request" and offered and not self._answer.length:
                return self._read_stream(messages, [])  # Some models know no tools.
            raise

    def _read_stream(
        self, messages: list[dict[str, Any]], offered: Sequence[Mapping[str, Any]]
    ) -> list[ToolCall]:
        calls: list[ToolCall] = []
        self._end.pop("finish_reason", None)
        self._stream = self._model.stream(messages, offered, self._thread_id())
        if self._answer.stop_reason:
            return []
        try:
            for event in self._stream:
                if self._answer.stop_reason:
                    self.hang_up()
                    return []
                if isinstance(event, ToolCall):
                    calls.append(event)
                else:
                    self._take(event)
        except ModelError:
            if not self._answer.stop_reason:
                raise
            return []  # It broke off because we hung up.
        if "finish_reason" not in self._end and not self._answer.stop_reason:
            raise ModelError("model_disconnected")
        return calls

    def _carry_out(self, calls: list[ToolCall]) -> list[dict[str, Any]]:
        """Call tools, show and keep what they said; return the messages that tell the model."""
        asked = [
            {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
            for c in calls
        ]
        told: list[dict[str, Any]] = [{"role": "assistant", "content": None, "tool_calls": asked}]
        for call in calls:
            result = tools.run(call.name, self._turn)
            kept = {"id": call.id, "name": call.name, "arguments": call.arguments, "result": result}
            self._tool_calls.append(kept)
            self._answer.notify("tool", {"tool_call": kept})
            told.append({"role": "tool", "tool_call_id": call.id, "content": result})
        return told

    def _thread_id(self) -> str | None:
        if "sealed_thread" in self._end:
            return str(self._end["sealed_thread"])
        thread_id: str | None = self._turn["sealed_thread"]
        return None if self._turn.get("restarts_thread") else thread_id

    def _take(self, event: Any) -> None:
        answer = self._answer
        match event:
            case Text(text):
                is_first = answer.length == len(answer.kept)
                answer.add(text)
                if is_first:
                    self._flusher.hurry()
                if answer.length > running.CHARACTERS:
                    answer.stop("full")
            case Sources(sources):
                self._sources += [s for s in sources if s not in self._sources]
            case Usage(prompt_tokens, completion_tokens):
                self._count("prompt_tokens", prompt_tokens)
                self._count("completion_tokens", completion_tokens)
            case Thread(thread_id):
                self._end["sealed_thread"] = thread_id
            case Finish(reason, model):
                self._end |= {"finish_reason": reason, "model": (model or self._model.name)[:200]}

    def _count(self, name: str, tokens: int | None) -> None:
        """Add up the tokens of all rounds; unknown ones stay unknown."""
        if tokens is not None:
            self._end[name] = (self._end.get(name) or 0) + tokens
