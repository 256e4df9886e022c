"""The model edge: the one module that imports `openai`.

Streams are read as raw lines: the client's typed stream costs four times the CPU, while
`with_streaming_response` keeps its retries and its errors.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
import openai

from sitethread.settings import Settings

CONNECT_SECONDS = 5.0
LINE_BYTES = 4 * 1024 * 1024
# More than the longest answer needs: a model that sends for ever, be it only comments, is hung up on.
STREAM_BYTES = 64 * 1024 * 1024
STREAM_SECONDS = 3600.0


class ModelError(Exception):
    """Why no (further) answer came; `code` is stored with the answer and explained by the page."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        super().__init__(detail or code)


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class ToolCall:
    """A whole call; `arguments` is the JSON text the model wrote."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Sources:
    """Citations: [{"url", "title"}]."""

    sources: list[dict[str, str]]


@dataclass(frozen=True)
class Usage:
    prompt_tokens: int | None
    completion_tokens: int | None


@dataclass(frozen=True)
class Thread:
    """The provider's id of the conversation, to be sent along with the next turn."""

    id: str


@dataclass(frozen=True)
class Finish:
    """The end the model itself declared; without one the stream was cut."""

    reason: str
    model: str | None = None


Event = Text | ToolCall | Sources | Usage | Thread | Finish


class Stream:
    """One running completion: iterate it for events; `abort` it from anywhere."""

    def __init__(self, events: Callable[["Stream"], Iterator[Event]]) -> None:
        self._events = events
        self._socket: socket.socket | None = None
        self.is_aborted = False

    def __iter__(self) -> Iterator[Event]:
        try:
            yield from self._events(self)
        except openai.APITimeoutError as error:
            raise ModelError("model_timeout") from error
        except openai.APIConnectionError as error:
            raise ModelError("model_unreachable") from error
        except openai.APIStatusError as error:
            raise ModelError(_status_code(error)) from error
        except (httpx2.TimeoutException, TimeoutError) as error:
            raise ModelError("model_timeout") from error
        except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
            raise ModelError("model_disconnected") from error
        except openai.OpenAIError as error:
            raise ModelError("model_error") from error

    def attach(self, response: Any) -> None:
        """Remember the connection, so that abort can wake a reader that waits on it."""
        network = response.http_response.extensions.get("network_stream")
        self._socket = network.get_extra_info("socket") if network is not None else None
        if self.is_aborted:
            self.abort()

    def abort(self) -> None:
        """Hang up. Shutting the socket down wakes the reader at once; closing alone would not."""
        self.is_aborted = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # It has ended by itself.


@dataclass
class Model:
    """Any OpenAI-compatible model, over chat completions or the Responses API."""

    settings: Settings
    _client: openai.OpenAI | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return self.settings.openai_model

    def stream(
        self,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]] = (),
        thread_id: str | None = None,
    ) -> Stream:
        """Ask for one completion. Iterating raises ModelError when it can't be had or breaks off."""
        if self.settings.openai_api == "responses":
            return Stream(lambda stream: self._responses(stream, messages, tools, thread_id))
        return Stream(lambda stream: self._chat(stream, messages, tools))

    @property
    def client(self) -> openai.OpenAI:
        if self._client is None:
            self._client = openai.OpenAI(
                api_key=self.settings.openai_api_key or "none",
                base_url=self.settings.openai_base_url,
                max_retries=1,
                # A model server must not send our key on to an address of its choice.
                http_client=httpx2.Client(
                    follow_redirects=False,
                    timeout=httpx2.Timeout(self.settings.model_timeout, connect=CONNECT_SECONDS),
                    limits=httpx2.Limits(max_connections=1000, max_keepalive_connections=50),
                ),
            )
        return self._client

    def _chat(
        self, stream: Stream, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]
    ) -> Iterator[Event]:
        options: dict[str, Any] = {
            "model": self.name,
            "messages": list(messages),
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if tools:
            options["tools"] = list(tools)
        with self.client.chat.completions.with_streaming_response.create(**options) as response:
            stream.attach(response)
            _refuse_redirect(response)
            yield from _chat_events(_json_events(response.iter_bytes()))

    def _responses(
        self,
        stream: Stream,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        thread_id: str | None,
    ) -> Iterator[Event]:
        history = list(messages[1:])
        if thread_id is None:
            thread_id = self.client.conversations.create().id
            yield Thread(thread_id)
        else:
            # The conversation holds what came before; only what is new since the last answer is sent.
            history = history[_last_answer(history) + 1 :]
        options: dict[str, Any] = {
            "model": self.name,
            "instructions": messages[0]["content"],
            "input": [_as_item(message) for message in history],
            "conversation": thread_id,
            "stream": True,
        }
        if tools:
            options["tools"] = [{"type": "function", **tool["function"]} for tool in tools]
        with self.client.responses.with_streaming_response.create(**options) as response:
            stream.attach(response)
            _refuse_redirect(response)
            yield from _response_events(_json_events(response.iter_bytes()))


def _as_item(message: Mapping[str, Any]) -> dict[str, Any]:
    """Write a chat completions message as an item of the Responses API."""
    if message["role"] == "tool":
        return {
            "type": "function_call_output",
            "call_id": message["tool_call_id"],
            "output": message["content"],
        }
    return dict(message)


def _last_answer(history: Sequence[Mapping[str, Any]]) -> int:
    return max((i for i, m in enumerate(history[:-1]) if m["role"] == "assistant"), default=-1)


def _refuse_redirect(response: Any) -> None:
    if response.http_response.status_code != 200:
        raise ModelError("model_error", f"status {response.http_response.status_code}")


def _json_events(chunks: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    """Read the JSON of server-sent events; split characters and lines are put together first."""
    for line in _lines(_bounded(chunks)):
        if not line.startswith(b"data:"):
            continue
        data = line[5:].strip()
        if data == b"[DONE]":
            return
        try:
            event = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise ModelError("model_garbage") from error
        if not isinstance(event, dict):
            raise ModelError("model_garbage")
        if event.get("error") and event.get("type") in (None, "error"):
            raise ModelError("model_error")
        yield event


def _bounded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    deadline, size = time.monotonic() + STREAM_SECONDS, 0
    for chunk in chunks:
        size += len(chunk)
        if size > STREAM_BYTES:
            raise ModelError("model_garbage", f"it sent more than {STREAM_BYTES} bytes")
        if time.monotonic() > deadline:
            raise ModelError("model_timeout", f"it took more than {STREAM_SECONDS} s")
        yield chunk


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        rest += chunk
        if b"\n" in chunk:
            *lines, rest = rest.split(b"\n")
            yield from (line.rstrip(b"\r") for line in lines)
        elif len(rest) > LINE_BYTES:
            raise ModelError("model_garbage")
    if rest and not rest.rstrip().endswith((b"}", b"[DONE]")):
        raise ModelError("model_disconnected")  # It broke off in the middle of a line.
    if rest:
        yield rest


def _chat_events(events: Iterator[dict[str, Any]]) -> Iterator[Event]:
    """Source: the chat completion chunk object of the OpenAI API."""
    calls: dict[int, dict[str, str]] = {}
    finish: str | None = None
    model: str | None = None
    try:
        for event in events:
            model = event.get("model") or model
            usage = event.get("usage")
            if usage:
                yield Usage(usage.get("prompt_tokens"), usage.get("completion_tokens"))
            for choice in event.get("choices") or ():
                delta = choice.get("delta") or {}
                for call in delta.get("tool_calls") or ():
                    _collect(calls, call)
                sources = [
                    _source(a["url_citation"]) for a in delta.get("annotations") or () if "url_citation" in a
                ]
                if sources:
                    yield Sources(sources)
                if delta.get("content"):
                    yield Text(str(delta["content"]))
                finish = choice.get("finish_reason") or finish
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError("model_garbage") from error
    for call in calls.values():
        yield ToolCall(call["id"], call["name"], call["arguments"])
    if finish:
        yield Finish(finish, model)


def _collect(calls: dict[int, dict[str, str]], piece: Mapping[str, Any]) -> None:
    function = piece.get("function") or {}
    call = calls.setdefault(int(piece.get("index", 0)), {"id": "", "name": "", "arguments": ""})
    call["id"] = piece.get("id") or call["id"]
    call["name"] += function.get("name") or ""
    call["arguments"] += function.get("arguments") or ""


def _response_events(events: Iterator[dict[str, Any]]) -> Iterator[Event]:
    """Source: the streaming events of the OpenAI Responses API."""
    try:
        for event in events:
            match event.get("type"):
                case "response.output_text.delta":
                    yield Text(str(event["delta"]))
                case "response.output_text.annotation.added":
                    if event["annotation"].get("type") == "url_citation":
                        yield Sources([_source(event["annotation"])])
                case "response.output_item.done":
                    item = event["item"]
                    if item.get("type") == "function_call":
                        yield ToolCall(item["call_id"], item["name"], item["arguments"])
                case "response.completed" | "response.incomplete":
                    response = event["response"]
                    usage = response.get("usage") or {}
                    yield Usage(usage.get("input_tokens"), usage.get("output_tokens"))
                    cut = event["type"] == "response.incomplete"
                    yield Finish("length" if cut else "stop", response.get("model"))
                    return
                case "response.failed" | "error":
                    raise ModelError("model_error")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError("model_garbage") from error


def _source(citation: Mapping[str, Any]) -> dict[str, str]:
    return {"url": str(citation.get("url", ""))[:2000], "title": str(citation.get("title", ""))[:300]}


def _status_code(error: openai.APIStatusError) -> str:
    match error.status_code:
        case 401 | 403:
            return "model_refused_key"
        case 429:
            return "model_busy"
        case 404:
            return "model_not_found"
        case 413 | 400 | 422:
            return "model_refused_request"
        case _:
            return "model_error"
