"""A client of the chat API that remembers every character it was shown."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from httpx_sse import ServerSentEvent

from tests.http_client import ApiClient, connect


@dataclass
class Shown:
    """What one reader saw of an answer."""

    session_id: str = ""
    message_id: str = ""
    user_message_id: str = ""
    text: str = ""
    position: int = 0
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def done(self) -> dict[str, Any] | None:
        return next((data for name, data in self.events if name == "done"), None)

    def take(self, event: ServerSentEvent) -> None:
        data = event.json()
        self.events.append((event.event, data))
        if event.event == "session":
            self.session_id, self.message_id = data["session_id"], data["message_id"]
            self.user_message_id = data["user_message_id"]
        if event.event == "delta":
            self.text += data["text"]
            self.position += len(data["text"])
            assert int(event.id) == self.position, "an event's id counts the characters shown with it"


class ChatClient(ApiClient):
    """One signed-in person's connection to the app."""

    def __init__(self, url: str, access_token: str) -> None:
        self.url, self.access_token = url, access_token
        super().__init__(connect(url), access_token)

    def on_another_device(self) -> "ChatClient":
        """Open connections of one's own, which any worker may take."""
        return ChatClient(self.url, self.access_token)

    def ask(self, message: str, **fields: Any) -> Shown:
        """Send a message and watch its answer to the end."""
        shown = Shown()
        for _ in self.asking(shown, message, **fields):
            pass
        return shown

    def asking(self, shown: Shown, message: str, **fields: Any) -> Iterator[Shown]:
        """Send a message and yield after every event."""
        yield from self._watch(shown, "POST", "/api/chat", json={"message": message, **fields})

    def follow(self, answer_id: str, after: int = 0) -> Shown:
        """Watch an answer from some character on to the end."""
        shown = Shown(message_id=answer_id, position=after)
        for _ in self.following(shown):
            pass
        return shown

    def following(self, shown: Shown) -> Iterator[Shown]:
        """Go on watching where `shown` stands."""
        headers = {"Last-Event-ID": str(shown.position)}
        yield from self._watch(shown, "GET", f"/api/chat/messages/{shown.message_id}/events", headers=headers)

    def again(self, answer_id: str, verb: str) -> Shown:
        """`continue` or `retry` an answer and watch."""
        shown = Shown()
        for _ in self._watch(shown, "POST", f"/api/chat/messages/{answer_id}/{verb}"):
            pass
        return shown

    def retrying(self, shown: Shown, answer_id: str, new_id: str) -> Iterator[Shown]:
        """Have an answer made again, under an id of one's own, and yield after every event."""
        headers = {"Idempotency-Key": new_id}
        yield from self._watch(shown, "POST", f"/api/chat/messages/{answer_id}/retry", headers=headers)

    def stop(self, answer_id: str) -> httpx.Response:
        return self.send("POST", f"/api/chat/messages/{answer_id}/stop")

    def messages(self, session_id: str) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.get(f"/api/chat/sessions/{session_id}/messages")["messages"]
        return messages

    def stored(self, answer_id: str, session_id: str) -> dict[str, Any]:
        return next(m for m in self.messages(session_id) if m["id"] == answer_id)

    def _watch(self, shown: Shown, method: str, path: str, **options: Any) -> Iterator[Shown]:
        with self.events(method, path, **options) as source:
            if source.response.status_code == 200:
                for event in source.iter_sse():
                    # A comment, which keeps the connection alive, is read as an event without data.
                    if event.data:
                        shown.take(event)
                        yield shown
                return
            source.response.read()
        # Under its own id a question may be sent again: a machine at its limits refuses some at first.
        if source.response.status_code != 503 or "message_id" not in options.get("json", {}):
            source.response.raise_for_status()
        time.sleep(float(source.response.headers["Retry-After"]))
        yield from self._watch(shown, method, path, **options)
