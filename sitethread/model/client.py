"""The client of the model; the one module that imports `openai`.

Streams are read as raw lines: the client's typed stream costs four times the CPU, while `with_streaming_response`
keeps its retries and its errors.
"""

import socket
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai

from sitethread.connections import ConnectionPool
from sitethread.model import chat_completions, responses
from sitethread.model.event_stream import json_events
from sitethread.model.events import ChatMessage, Event, Function, JsonObject, ModelError, Thread, message_of
from sitethread.model.redaction import without_what_was_sent
from sitethread.model.transport import Body, ModelTransport
from sitethread.settings import Settings

CONNECT_SECONDS = 5.0
CONNECTIONS = 1000
# Longer than between the calls of one answer; what lies between may forget a connection that is idle for long.
IDLE_SECONDS = 5.0
_OPENAI_URL = "https://api.openai.com/v1"
_ERROR_CODES = {
    **{401: "model_refused_key", 403: "model_refused_key", 404: "model_not_found", 429: "model_busy"},
    **dict.fromkeys((400, 413, 422), "model_refused_request"),
}


class Stream:
    """One running completion: iterate it for events; `abort` it from any thread."""

    def __init__(
        self, events: Callable[["Stream"], Iterator[Event]], redact: Callable[[str], str] = lambda _: ""
    ) -> None:
        self._events = events
        self._redact = redact
        self._socket: socket.socket | None = None
        self.is_aborted = False

    def __iter__(self) -> Iterator[Event]:
        try:
            yield from self._read_events()
        except ModelError as error:
            error.message = self._redact(error.message)
            raise

    def _read_events(self) -> Iterator[Event]:
        try:
            yield from self._events(self)
        except (openai.APITimeoutError, httpx2.TimeoutException, TimeoutError) as error:
            raise ModelError("model_timeout") from error
        except openai.APIConnectionError as error:
            raise ModelError("model_unreachable") from error
        except openai.APIStatusError as error:
            code = _ERROR_CODES.get(error.status_code, "model_error")
            raise ModelError(code, message_of(error.body), error.status_code) from error
        except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
            raise ModelError("model_disconnected") from error
        except openai.OpenAIError as error:
            raise ModelError("model_error") from error

    def read(self, response: Any) -> Iterator[JsonObject]:
        """Read the response's events, and remember its connection for `abort`."""
        network = response.http_response.extensions.get("network_stream")
        self._socket = network.get_extra_info("socket") if network is not None else None
        if self.is_aborted:
            self.abort()
        if response.http_response.status_code != 200:
            raise ModelError("model_error", status=response.http_response.status_code)
        is_plain = "content-encoding" not in response.http_response.headers
        try:
            yield from json_events(
                network if isinstance(network, Body) and is_plain else response.iter_bytes()
            )
        finally:
            # Its connection may be another answer's next.
            self._socket = None

    def abort(self) -> None:
        """Disconnect. Shutting the socket down wakes a thread that reads from it; closing it would not."""
        self.is_aborted = True
        if self._socket is not None:
            # It may have ended by itself.
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class Model:
    """Any OpenAI-compatible model, over chat completions or the Responses API."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.name = settings.openai_model
        self.keeps_threads = settings.openai_api == "responses"
        self.makes_edits = settings.openai_edits == "on"
        self.sees_pictures = settings.openai_vision == "on"

    @property
    def problem(self) -> str | None:
        """Say what is missing before a model can be asked; None when nothing is."""
        return self._settings.model_problem

    def prepare(self) -> None:
        """Make the client, which the first question would do."""
        if not self.problem:
            _ = self._client.chat.completions, self._client.responses

    def stream(
        self, messages: Sequence[ChatMessage], tools: Sequence[Function] = (), thread_id: str | None = None
    ) -> Stream:
        """Ask for one completion; iterating it raises ModelError when there is none or it breaks off."""
        key = self._settings.openai_api_key

        def redact(message: str) -> str:
            return without_what_was_sent(message, messages, key)

        if self.keeps_threads:
            return Stream(lambda stream: self._responses(stream, messages, tools, thread_id), redact)
        return Stream(lambda stream: self._chat(stream, messages, tools), redact)

    @cached_property
    def _client(self) -> openai.OpenAI:
        return openai.OpenAI(
            api_key=self._settings.openai_api_key or "none",
            base_url=self._settings.openai_base_url,
            max_retries=1,
            # A model server must not redirect our key to an address of its choice.
            http_client=httpx2.Client(
                transport=self._transport(),
                follow_redirects=False,
                timeout=httpx2.Timeout(self._settings.model_timeout, connect=CONNECT_SECONDS),
                limits=httpx2.Limits(max_connections=CONNECTIONS, max_keepalive_connections=50),
            ),
        )

    def _transport(self) -> httpx2.BaseTransport | None:
        """Return our own transport, whose reading costs a third; None where only httpx2's knows the way."""
        url = self._settings.openai_base_url or _OPENAI_URL
        if _is_behind_proxy(url):
            return None
        timeout = self._settings.model_timeout
        return ModelTransport(ConnectionPool(url, CONNECTIONS, CONNECT_SECONDS, timeout, IDLE_SECONDS))

    def _chat(
        self, stream: Stream, messages: Sequence[ChatMessage], tools: Sequence[Function]
    ) -> Iterator[Event]:
        body = chat_completions.request(self.name, messages, tools)
        with self._client.chat.completions.with_streaming_response.create(**body) as response:
            yield from chat_completions.read(stream.read(response))

    def _responses(
        self,
        stream: Stream,
        messages: Sequence[ChatMessage],
        tools: Sequence[Function],
        thread_id: str | None,
    ) -> Iterator[Event]:
        is_new = thread_id is None
        if thread_id is None:
            thread_id = self._client.conversations.create().id
            yield Thread(thread_id)
        body = responses.request(self.name, messages, tools, thread_id, is_new=is_new)
        with self._client.responses.with_streaming_response.create(**body) as response:
            yield from responses.read(stream.read(response))


def _is_behind_proxy(url: str) -> bool:
    """Whether the environment names a proxy for an address."""
    parts, proxies = urlsplit(url), urllib.request.getproxies()
    if not proxies.keys() & {parts.scheme, "all"}:
        return False
    return not urllib.request.proxy_bypass(parts.netloc)
