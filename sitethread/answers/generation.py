"""Generates an answer's text with the model, which may call tools in between."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, wait
from functools import cache
from typing import Literal

from sitethread import edit_prompts, errors, prompts, tools
from sitethread.answers import made_pages, running
from sitethread.answers.flushing import Flusher
from sitethread.answers.leases import FinishValues, ToolResult
from sitethread.answers.running import RunningAnswer
from sitethread.answers.threads import Thread
from sitethread.answers.turns import StartedTurn, unseen_in
from sitethread.database import Rows
from sitethread.limits import LIMITS
from sitethread.model import events
from sitethread.model.client import Model, Stream
from sitethread.model.events import ChatMessage, Event, Function, ModelError, Source, ToolCall
from sitethread.seen_pictures import pictures_of

# How often a model may call tools before it has to write text.
TOOL_ROUNDS = 3
# How often an answer goes on by itself where the model's length limit cut it off.
CONTINUATIONS = 3
# How long the thread that reads the stream has to notice that it was closed.
ABORT_SECONDS = 0.5


class Generation:
    """The completions of one answer, as many as its tool calls take."""

    def __init__(
        self,
        model: Model,
        flusher: Flusher,
        answer: RunningAnswer,
        turn: StartedTurn,
        thread: Thread,
        owner: Rows,
    ) -> None:
        self._model = model
        self._flusher = flusher
        self._answer = answer
        self._turn = turn
        self._thread = thread
        self._owner = owner
        self._stream: Stream | None = None
        self._tool_calls: list[ToolResult] = []
        self._sources: list[Source] = []
        # The page doesn't change meanwhile, so that a tool that is called again gives the same result.
        self._run_tool = cache(lambda name: tools.run(name, turn, owner.user_id))
        self._values: FinishValues = {"model": model.name}
        # What the answer makes of the page, or why its edits weren't made.
        self.made: made_pages.Made | None = None
        self.misfit: errors.DomainError | None = None
        # Of the tokens of all completions, those that the provider read from its cache.
        self.cached_tokens = 0
        self._result: Future[None] = Future()
        self._is_over = threading.Event()

    @property
    def values(self) -> FinishValues:
        """Return what finish_answer stores of the model's work besides the text."""
        return {**self._values, "tool_calls": self._tool_calls or None, "sources": self._sources or None}

    def abort(self) -> None:
        """Close the connection to the model, so that it generates, and bills, nothing more."""
        if self._stream is not None:
            self._stream.abort()
        self._is_over.set()

    def run(self) -> None:
        """Generate until the model is done or the answer is stopped; raise ModelError when the model fails."""
        threading.Thread(target=self._run, name=f"model {self._answer.id}", daemon=True).start()
        self._is_over.wait()
        # Before its first byte a model's stream can't be aborted: the thread does that once there is one.
        wait([self._result], ABORT_SECONDS if self._answer.stop_reason else None)
        if self._result.done():
            self._result.result()

    def _run(self) -> None:
        try:
            self._generate()
            self._result.set_result(None)
        # run() raises it.
        except BaseException as error:  # noqa: BLE001
            self._result.set_exception(error)
        self._is_over.set()

    def _generate(self) -> None:
        messages = prompts.messages_for(self._turn, makes_edits=self._model.makes_edits)
        if self._model.sees_pictures and (pictures := pictures_of(self._owner, self._turn)):
            messages[-1]["pictures"] = pictures
        if self._answer.initial_text:
            self._complete(prompts.going_on(messages, self._answer.initial_text), [])
        else:
            self._complete_with_tools(messages)
        self._continue_cut_off(messages)
        if self._answer.length == 0 and not self._answer.stop_reason:
            raise ModelError("model_said_nothing")
        self._make_page(messages)

    def _complete_with_tools(self, messages: list[ChatMessage]) -> None:
        """Generate text, and add the tools that were called for it to the messages."""
        offered = tools.offered(self._turn)
        for _ in range(TOOL_ROUNDS):
            calls = self._complete(messages, offered)
            if self._answer.stop_reason or not calls:
                return
            messages += self._run_tools(calls)
        self._complete(messages, [])

    def _continue_cut_off(self, messages: Sequence[ChatMessage]) -> None:
        for _ in range(CONTINUATIONS):
            is_cut_off = self._values.get("finish_reason") == "length" and self._answer.length
            if self._answer.stop_reason or not is_cut_off:
                return
            self._complete(prompts.going_on(messages, self._answer.text()), [])

    def _make_page(self, messages: Sequence[ChatMessage]) -> None:
        """Make the answer's edits; what doesn't fit goes back to the model once, then the whole page is asked for."""
        can_ask = self._model.makes_edits and not made_pages.is_unseen(self._turn)
        requests = [edit_prompts.ask_for_edits, edit_prompts.ask_for_page] if can_ask else []
        if unseen_in(self._turn["page"]):
            # Nor can it write a page whole of which it sees a part.
            requests = requests[:1]
        # An answer that is continued may have been asked already.
        requests = requests[made_pages.tries_in(self._answer.initial_text) :]
        while not self._answer.stop_reason:
            try:
                self.made, self.misfit = made_pages.made(self._answer.text(), self._turn), None
                return
            except errors.DomainError as error:
                self.misfit = error
            if not requests:
                return
            said = self._answer.text()
            self._answer.add(made_pages.mark(said, self.misfit))
            self._complete(prompts.going_on(messages, said, requests.pop(0)(self.misfit)), [])
            self._continue_cut_off(messages)

    def _complete(self, messages: Sequence[ChatMessage], offered: list[Function]) -> list[ToolCall]:
        """Read one completion to its end; return the tool calls whose results the model waits for."""
        try:
            return self._read_stream(messages, offered)
        except ModelError as error:
            if error.code == "model_refused_request" and offered and not self._answer.length:
                # Some models don't accept tools.
                return self._read_stream(messages, [])
            raise

    def _read_stream(self, messages: Sequence[ChatMessage], offered: list[Function]) -> list[ToolCall]:
        calls: list[ToolCall] = []
        self._values.pop("finish_reason", None)
        self._stream = self._model.stream(messages, offered, self._thread.id)
        if self._answer.stop_reason:
            return []
        try:
            for event in self._stream:
                if self._answer.stop_reason:
                    self.abort()
                    return []
                if isinstance(event, ToolCall):
                    if len(calls) == LIMITS.tool_calls:
                        raise ModelError("model_garbage", "it called more tools than an answer may")
                    calls.append(event)
                else:
                    self._take(event)
        except ModelError:
            if not self._answer.stop_reason:
                raise
            # The stream ended because it was aborted.
            return []
        if "finish_reason" not in self._values and not self._answer.stop_reason:
            raise ModelError("model_disconnected")
        return calls

    def _run_tools(self, calls: list[ToolCall]) -> list[ChatMessage]:
        """Run tools, show and keep their results; return the messages that give them to the model."""
        requested = [
            {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
            for c in calls
        ]
        messages: list[ChatMessage] = [{"role": "assistant", "content": None, "tool_calls": requested}]
        for call in calls:
            result = self._run_tool(call.name)
            kept: ToolResult = {
                "id": call.id,
                "name": call.name,
                "arguments": call.arguments,
                "result": result,
            }
            self._tool_calls.append(kept)
            self._answer.notify("tool", {"tool_call": kept})
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
        return messages

    def _take(self, event: Event) -> None:
        answer = self._answer
        match event:
            case events.Text(text):
                is_first = answer.length == len(answer.initial_text)
                answer.add(text)
                if is_first:
                    self._flusher.wake()
                if answer.length > running.MAX_CHARACTERS:
                    answer.stop("full")
            case events.Sources(sources):
                new = [s for s in sources if s not in self._sources]
                self._sources += new[: LIMITS.tool_calls - len(self._sources)]
            case events.Usage(prompt_tokens, completion_tokens, cached_tokens):
                self.cached_tokens += cached_tokens or 0
                self._count("prompt_tokens", prompt_tokens)
                self._count("completion_tokens", completion_tokens)
            case events.Thread(thread_id):
                self._thread.id = thread_id
                self._values["sealed_thread"] = self._thread.sealed()
            case events.Finish(reason, model):
                self._values["finish_reason"] = reason
                self._values["model"] = (model or self._model.name)[:200]

    def _count(self, name: Literal["prompt_tokens", "completion_tokens"], tokens: int | None) -> None:
        """Add up the tokens of all completions; unknown ones stay unknown."""
        if tokens is not None:
            self._values[name] = (self._values.get(name) or 0) + tokens
