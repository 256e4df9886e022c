"""A model at wire level: a real HTTP server that speaks both OpenAI APIs and misbehaves as told.

`model.enqueue(Say("Hello"), Close())` scripts the next request. Without a script it obeys the last user message:
"40 words, seed 7, 100 a second" streams `words(7, 40)` at that pace.
"""

import contextlib
import json
import random
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_ORDER = re.compile(r"(\d+) words(?:, seed (\d+))?(?:, (\d+) a second)?")
_WORDS = [
    *("alpha", "Bohne", "café", "花", "🎉", "👩\u200d👩\u200d👧", "naïve", "**bold**", "<b>tag</b>"),
    *("line\n- item", "zażółć", "مرحبا", "e\u0301"),
]


def words(seed: int, count: int) -> list[str]:
    """Make the deltas that an order with this seed streams."""
    rng = random.Random(seed)
    return [f"{rng.choice(_WORDS)}{index} " for index in range(count)]


@dataclass(frozen=True)
class Say:
    """Stream text, in pieces of some characters each."""

    text: str
    piece: int = 20


@dataclass(frozen=True)
class Pause:
    seconds: float


@dataclass(frozen=True)
class Raw:
    """Put bytes on the wire as they are."""

    data: bytes


@dataclass(frozen=True)
class Status:
    """Answer with an HTTP error instead."""

    code: int
    body: str = '{"error": {"message": "no", "type": "test"}}'
    location: str = ""


@dataclass(frozen=True)
class Close:
    """Hang up in the middle."""


@dataclass(frozen=True)
class Call:
    """Ask for a tool to be called, with the arguments in pieces."""

    name: str
    arguments: str = "{}"


@dataclass(frozen=True)
class Hang:
    """Say nothing more, and keep the connection open until the other side goes."""


@dataclass(frozen=True)
class Hold:
    """Say nothing more until the test calls `release`, or for a minute."""

    released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        self.released.set()


Step = Say | Pause | Raw | Status | Call | Close | Hang | Hold


class FakeModel:
    """Serves on a free port while it is entered; `requests` holds the bodies it was sent."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.conversations = 0
        self.hung_up_at: list[float] = []
        self._scripts: deque[tuple[Step, ...]] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def enqueue(self, *steps: Step) -> None:
        self._scripts.append(steps)

    def forget(self) -> None:
        """Drop the scripts that nobody asked for."""
        self._scripts.clear()

    def next_script(self, body: dict[str, Any]) -> tuple[Step, ...] | None:
        self.requests.append(body)
        return self._scripts.popleft() if self._scripts else None

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(model: FakeModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def do_POST(self) -> None:
            self.close_connection = True
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path.endswith("/conversations"):
                model.conversations += 1
                self._answer({"id": f"conv_{model.conversations}", "object": "conversation", "created_at": 1})
                return
            self._speaks_responses = self.path.endswith("/responses")
            script = model.next_script(body)
            try:
                if script is None:
                    self._obey(body.get("messages", body.get("input"))[-1]["content"])
                else:
                    self._play(script)
            except (BrokenPipeError, ConnectionResetError):
                model.hung_up_at.append(time.monotonic())

        def _play(self, script: tuple[Step, ...]) -> None:
            if script and isinstance(script[0], Status):
                self._refuse(script[0])
                return
            self._begin()
            for step in script:
                match step:
                    case Say(text, piece):
                        for start in range(0, len(text), piece):
                            self._delta(text[start : start + piece])
                    case Pause(seconds):
                        time.sleep(seconds)
                    case Raw(data):
                        self.wfile.write(data)
                        self.wfile.flush()
                    case Call(name, arguments):
                        self._call(name, arguments)
                        return
                    case Close():
                        return
                    case Hold(released):
                        released.wait(60)
                    case Hang():
                        self._wait_for_hang_up()
                        return
            self._end()

        def _obey(self, order: str) -> None:
            found = _ORDER.search(order)
            count, seed, rate = (int(n) if n else None for n in found.groups()) if found else (5, 0, None)
            self._begin()
            for word in words(seed or 0, count or 5):
                self._delta(word)
                if rate:
                    time.sleep(1 / rate)
            self._end()

        def _begin(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()

        def _refuse(self, status: Status) -> None:
            self.send_response(status.code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(status.body)))
            if status.location:
                self.send_header("Location", status.location)
            self.end_headers()
            self.wfile.write(status.body.encode())

        def _answer(self, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _delta(self, text: str) -> None:
            if self._speaks_responses:
                self._send({"type": "response.output_text.delta", "delta": text})
                return
            self._send({"choices": [{"index": 0, "delta": {"content": text}}]})

        def _call(self, name: str, arguments: str) -> None:
            if self._speaks_responses:
                item = {"type": "function_call", "call_id": "call_1", "name": name, "arguments": arguments}
                self._send({"type": "response.output_item.done", "item": item})
                self._send({"type": "response.completed", "response": {"model": "fake-1", "usage": {}}})
                return
            first = {"index": 0, "id": "call_1", "function": {"name": name, "arguments": ""}}
            self._send({"choices": [{"delta": {"tool_calls": [first]}}]})
            for piece in arguments:
                rest = {"index": 0, "function": {"arguments": piece}}
                self._send({"choices": [{"delta": {"tool_calls": [rest]}}]})
            self._send({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})

        def _end(self) -> None:
            if self._speaks_responses:
                cached = {"cached_tokens": 5}
                usage = {"input_tokens": 11, "output_tokens": 22, "input_tokens_details": cached}
                source = {"type": "url_citation", "url": "https://example.com/", "title": "Example"}
                self._send({"type": "response.output_text.annotation.added", "annotation": source})
                self._send({"type": "response.completed", "response": {"model": "fake-1", "usage": usage}})
                return
            self._send({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "model": "fake-1"})
            self._send({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 22}})
            self.wfile.write(b"data: [DONE]\n\n")

        def _send(self, event: dict[str, Any]) -> None:
            self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
            self.wfile.flush()

        def _wait_for_hang_up(self) -> None:
            self.connection.settimeout(60)
            with contextlib.suppress(OSError):
                self.connection.recv(1)
            model.hung_up_at.append(time.monotonic())

    return Handler
