"""A patient client, as a browser tab with an outbox is: it sends until acknowledged and reads until the end.

Whatever it sends, is told and is shown goes into the history that it shares with others.
"""

import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from httpx_sse import SSEError

from tests.chaos.histories import History
from tests.fake_model import words
from tests.http_client import HttpClient, connect


@dataclass
class Reading:
    """Where one reading of an answer stands."""

    message_id: str = ""
    session_id: str = ""
    answer_id: str = ""
    number: int = 0
    position: int = 0
    status: str = ""
    error_code: str | None = None
    is_gone: bool = False
    text: str = ""
    shown_at: float = field(default_factory=time.monotonic)
    ended_at: float = 0.0

    @property
    def is_over(self) -> bool:
        return bool(self.status) or self.is_gone


class Refused(Exception):
    """The server said no, and asking again would not help."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(f"{status} {code}")


class Device:
    """One tab of somebody who is signed in. `token` gives the access token to use now."""

    def __init__(self, url: str, token: Callable[[], str] | str, history: History) -> None:
        self.history = history
        self.client = HttpClient(connect(url), token)

    def close(self) -> None:
        self.client.close()

    def ask(
        self,
        count: int,
        seed: int,
        rate: int,
        *,
        patience: float = 60,
        leave_after: int | None = None,
        **fields: Any,
    ) -> Reading:
        """Ask for so many words at a pace and read them; `leave_after` so many characters, walk away."""
        message_id = str(uuid.uuid4())
        self.history.expect(message_id, "".join(words(seed, count)))
        content = f"{count} words, seed {seed}, {rate} a second: {message_id[:8]}"
        return self.send(content, message_id, patience=patience, leave_after=leave_after, **fields)

    def send(
        self,
        content: str,
        message_id: str | None = None,
        *,
        patience: float = 60,
        leave_after: int | None = None,
        **fields: Any,
    ) -> Reading:
        """Send any question, under an id of its own or one that others use too, and read the answer."""
        reading = Reading(message_id=message_id or str(uuid.uuid4()))
        self.history.send(reading.message_id, content)
        body = {"message": content, "message_id": reading.message_id, **fields}
        self.read(reading, patience, leave_after, body)
        return reading

    def follow(self, answer_id: str, after: int = 0, patience: float = 60) -> Reading:
        """Read an answer from some character on, as another tab does."""
        reading = Reading(answer_id=answer_id, position=after)
        reading.number = self.history.begin_reading(answer_id, after)
        self.read(reading, patience)
        return reading

    def read(
        self,
        reading: Reading,
        patience: float = 60,
        leave_after: int | None = None,
        body: dict[str, Any] | None = None,
    ) -> None:
        """Send what is not acknowledged and go on reading where the reading stands, until the end."""
        deadline = time.monotonic() + patience
        while not reading.is_over:
            try:
                self._connect(reading, body, leave_after)
            except (httpx.HTTPError, SSEError):
                time.sleep(random.uniform(0.1, 0.3))
            if leave_after is not None and reading.position >= leave_after:
                return
            if time.monotonic() > deadline:
                return

    def _connect(self, reading: Reading, body: dict[str, Any] | None, leave_after: int | None) -> None:
        headers = {}
        if reading.answer_id:
            method, path = "GET", f"/api/chat/messages/{reading.answer_id}/events"
            headers["Last-Event-ID"], body = str(reading.position), None
        else:
            method, path = "POST", "/api/chat"
        with self.client.events(method, path, headers=headers, json=body) as source:
            if source.response.status_code != 200:
                self._refused(reading, source.response)
                return
            for event in source.iter_sse():
                if not event.data:
                    continue  # A comment, which says no more than that somebody is still there.
                self._take(reading, event.event, event.json(), event.id)
                if leave_after is not None and reading.position >= leave_after:
                    return

    def _take(self, reading: Reading, name: str, data: dict[str, Any], event_id: str) -> None:
        if name == "session" and not reading.answer_id:
            reading.session_id, reading.answer_id = data["session_id"], data["message_id"]
            self.history.acknowledge(reading.message_id, reading.session_id, reading.answer_id)
            reading.number = self.history.begin_reading(reading.answer_id, 0)
            reading.shown_at = time.monotonic()
        elif name == "delta":
            offset = int(event_id) - len(data["text"])
            self.history.show(reading.answer_id, reading.number, offset, data["text"])
            reading.position = int(event_id)
            reading.text += data["text"]
            reading.shown_at = time.monotonic()
        elif name == "done":
            reading.status, reading.error_code = data["status"], data["error_code"]
            reading.ended_at = time.monotonic()
            self.history.end(reading.answer_id, reading.status)

    def _refused(self, reading: Reading, response: httpx.Response) -> None:
        status = response.status_code
        response.read()
        self.history.refuse(reading.message_id or reading.answer_id, status)
        is_ours = response.headers.get("Content-Type", "").startswith("application/json")
        code = str(response.json()["error"]["code"]) if is_ours else "somebody in between"
        if status == 404 and reading.answer_id:
            reading.is_gone = True
        elif status in (401, 409, 429, 503) or not is_ours:
            time.sleep(random.uniform(0.1, 0.3))
        else:
            raise Refused(status, code)


class Crowd:
    """Chats that go on and on, one thread each, until `leave`."""

    def __init__(self, url: str, tokens: list[str], chats: int, history: History, **order: Any) -> None:
        self.history = history
        self.order = {"count": 100, "rate": 40, **order}
        self.readings: list[Reading] = []
        self.errors: list[BaseException] = []
        self._is_over = threading.Event()
        self._devices = [Device(url, tokens[n % len(tokens)], history) for n in range(chats)]
        self._threads = [
            threading.Thread(target=self._chat, args=(n, device), daemon=True)
            for n, device in enumerate(self._devices)
        ]

    def come(self) -> None:
        """Start, and return once everybody reads."""
        for thread in self._threads:
            thread.start()
        deadline = time.monotonic() + 30
        while len({r.answer_id for r in self.readings if r.position}) < len(self._devices):
            assert time.monotonic() < deadline and not self.errors, (self.errors, "nobody reads")
            time.sleep(0.05)

    def leave(self, patience: float = 60) -> None:
        """Let everybody read their answer to its end."""
        self._is_over.set()
        deadline = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.1, deadline - time.monotonic()))
        assert not any(thread.is_alive() for thread in self._threads), "somebody never came to an end"
        assert not self.errors, self.errors

    def close(self) -> None:
        self._is_over.set()
        for device in self._devices:
            device.close()

    def _chat(self, number: int, device: Device) -> None:
        session: dict[str, str] = {}
        rounds = 0
        try:
            while not self._is_over.is_set():
                rounds += 1
                reading = self._ask(device, seed=1000 * number + rounds, **session)
                if reading.session_id:
                    session = {"session_id": reading.session_id}
                if not reading.is_over:
                    raise TimeoutError(f"the answer {reading.answer_id} never came to an end")
        except BaseException as error:  # noqa: BLE001
            self.errors.append(error)

    def _ask(self, device: Device, seed: int, **fields: Any) -> Reading:
        count = self.order["count"]
        reading = Reading(message_id=str(uuid.uuid4()))
        self.readings.append(reading)
        content = f"{count} words, seed {seed}, {self.order['rate']} a second"
        device.history.send(reading.message_id, content)
        device.history.expect(reading.message_id, "".join(words(seed, count)))
        device.read(reading, 60, None, {"message": content, "message_id": reading.message_id, **fields})
        return reading
