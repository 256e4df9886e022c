"""The database's functions for answers that are being written, in memory, for tests that last milliseconds.

What they return is what the real ones do: `tests/database/test_fake_database.py` runs one script against both. Verbs
make it fail: `database.lose_reply("finish_answer")` carries the next call out and says nothing.
"""

import contextlib
import threading
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sitethread import errors
from tests.chat_model import Chat, Lease, Message, World

Json = dict[str, Any]

# What finish_answer stores with a message.
FACTS = ("finish_reason", "model", "prompt_tokens", "completion_tokens", "tool_calls", "sources")


class FakeDatabase:
    """One person's chats, without websites. Any thread may call it; `calls` tells what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.world = World()
        self._facts: dict[str, Json] = {}
        self._titles: dict[str, str] = {}
        # Characters of running answers that are in the message already, not in chunks.
        self._kept: dict[str, int] = {}
        self.are_tokens_expired = False
        self._is_away = False
        self._lost_replies: Counter[str] = Counter()
        self._refused: list[str] = []
        self._busy: Counter[str] = Counter()
        self._garbled: dict[str, list[object]] = {}
        self._lock = threading.RLock()

    # As sitethread.database.Database

    def as_user(self, access_token: str, *, long_calls: bool = False) -> "FakeRows":
        return FakeRows(self, access_token)

    def as_anonymous(self) -> "FakeRows":
        return FakeRows(self, None)

    # What may go wrong

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Be out of reach for a while."""
        self._is_away = True
        try:
            yield
        finally:
            self._is_away = False

    def expire_tokens(self) -> None:
        """Refuse every token from now on."""
        self.are_tokens_expired = True

    def lose_reply(self, function: str) -> None:
        """Carry the next call of a function out, and lose the reply."""
        self._lost_replies[function] += 1

    def refuse(self, text: str) -> None:
        """Refuse every call that brings this text."""
        self._refused.append(text)

    def garble(self, function: str, reply: object, times: int = 1) -> None:
        """Reply to the next calls of a function with something else, as what stands in between may."""
        self._garbled[function] = [reply] * times

    def be_busy(self, answer_id: str) -> None:
        """Have somebody else hold the answer when text for it comes next."""
        self._busy[answer_id] += 1

    def fall_back(self, answer_id: str, length: int) -> None:
        """Forget what was stored of an answer beyond so many characters, as a standby that takes over may."""
        with self._lock:
            answer = self._answer(answer_id)
            answer.content = answer.content[:length]

    def give_up(self, answer_id: str) -> None:
        """Let the lease run out and the owner look: the answer ends as interrupted."""
        with self._lock:
            self.world.lease_of(answer_id).is_expired = True
            self._read_answer(answer_id)

    def move_on(self, answer_id: str) -> None:
        """Ask another question in the chat of an answer that was given up."""
        with self._lock:
            self._chat(answer_id).add(Message(str(uuid.uuid4()), "user", "Never mind"))

    def press_stop(self, answer_id: str) -> None:
        """Have the owner stop an answer."""
        with self._lock:
            self._stop_answer(answer_id)

    def delete(self, answer_id: str) -> None:
        """Delete the chat that an answer belongs to."""
        with self._lock:
            del self.world.chats[self._chat(answer_id).id]

    # What is stored

    def text(self, answer_id: str) -> str:
        with self._lock:
            return self._answer(answer_id).content

    def status(self, answer_id: str) -> str:
        with self._lock:
            return self._answer(answer_id).status

    # The functions

    def call(self, function: str, params: Mapping[str, Any]) -> Any:
        with self._lock:
            self.calls.append((function, params))
            if self._is_away:
                raise errors.DatabaseUnavailable
            if any(refused in str(params) for refused in self._refused):
                raise errors.InvalidField
            if self._garbled.get(function):
                return self._garbled[function].pop()
            result = getattr(self, f"_{function}")(**params)
            if self._lost_replies[function]:
                self._lost_replies[function] -= 1
                raise errors.DatabaseUnavailable
            return result

    def _start_turn(
        self,
        message: str,
        message_id: str,
        answer_id: str,
        lease: str,
        session_id: str | None = None,
        **_: Any,
    ) -> Json:
        found = [(c, m) for c in self.world.chats.values() for m in c.messages if m.reply_to == message_id]
        if found:
            chat, answer = found[0]
            return self._turn(chat, answer, is_theirs=self._held(answer.id, lease) is not None)
        if session_id is None:
            chat = Chat(str(uuid.uuid4()))
            self.world.chats[chat.id] = chat
            self._titles[chat.id] = message
        else:
            chat = self.world.chats[session_id]
            self.world.reap(chat)
            if chat.running:
                raise errors.AnswerRunning
        chat.add(Message(message_id, "user", message))
        answer = chat.add(Message(answer_id, "assistant", "", "streaming", message_id, message_id))
        self.world.grant(answer_id, lease)
        return self._turn(chat, answer, is_theirs=True)

    def _append_chunks(self, appends: list[Json]) -> list[Json]:
        if len({append["answer_id"] for append in appends}) < len(appends) or len(appends) > 500:
            raise errors.InvalidField
        return [self._append(**append) for append in appends]

    def _append(self, answer_id: str, lease: str, offset: int, text: str) -> Json:
        held = self._held(answer_id, lease)
        if held is None or held.has_ended:
            return {"answer_id": answer_id, "written": None, "result": "lost"}
        if self._busy[answer_id]:
            self._busy[answer_id] -= 1
            return {"answer_id": answer_id, "written": None, "result": "busy"}
        result = self.world.append(held, offset, text)
        return {"answer_id": answer_id, "written": len(self._answer(answer_id).content), "result": result}

    def _finish_answer(
        self,
        answer_id: str,
        lease: str,
        status: str,
        offset: int,
        text: str,
        error_code: str | None = None,
        **facts: Any,
    ) -> Json:
        held = self._held(answer_id, lease)
        if held is None:
            return {"result": "lost"}
        result = self.world.finish(held, offset, text, status, error_code)
        answer = self._answer(answer_id)
        if result == "gap":
            return {"result": "gap", "written": len(answer.content)}
        if result == "finished":
            self._facts[answer_id] = {name: facts.get(name) for name in FACTS}
        return {"result": result, "message": self._json(answer)}

    def _reclaim_answer(self, answer_id: str, lease: str) -> Json:
        held = self._held(answer_id, lease)
        if held is None or self.world.reclaim(held) == "lost":
            return {"result": "lost"}
        self._kept[answer_id] = len(self._answer(answer_id).content)
        return {"result": "written", "written": self._kept[answer_id]}

    def _read_answer(self, answer_id: str, after: int = 0) -> Json:
        answer, chat = self._answer(answer_id), self._chat(answer_id)
        self.world.reap(chat)
        message = self._json(answer)
        del message["content"]
        return {
            "answer": message,
            "text": answer.content[after:],
            "title": self._titles[chat.id],
            "length": len(answer.content),
        }

    def _stop_answer(self, answer_id: str) -> Json:
        answer = self._answer(answer_id)
        if answer.status == "streaming":
            self.world.reap(self._chat(answer_id))
            self.world.lease_of(answer_id).is_stopped = True
        return self._json(answer)

    def _chat(self, answer_id: str) -> Chat:
        chat = self.world.chat_of(answer_id)
        if chat is None:
            raise errors.NotFound
        return chat

    def _answer(self, answer_id: str) -> Message:
        return self._chat(answer_id).find(answer_id)

    def _held(self, answer_id: str, secret: str) -> Lease | None:
        """Find the lease of an answer that is there, if this is it."""
        if self.world.chat_of(answer_id) is None:
            return None
        lease = self.world.lease_of(answer_id)
        return lease if lease.secret == secret else None

    def _json(self, message: Message) -> Json:
        chat, content = self._chat(message.id), message.content
        if message.status == "streaming":
            content = content[: self._kept.get(message.id, 0)]
        return {
            "id": message.id,
            "session_id": chat.id,
            "seq": chat.messages.index(message) + 1,
            "role": message.role,
            "content": content,
            "status": message.status,
            "reply_to": message.reply_to,
            "error_code": message.error,
            **dict.fromkeys((*FACTS, "version_id", "version_number")),
            **self._facts.get(message.id, {}),
        }

    def _turn(self, chat: Chat, answer: Message, is_theirs: bool) -> Json:
        question = chat.find(answer.reply_to or "")
        session = {
            "id": chat.id,
            "title": self._titles[chat.id],
            "title_source": "auto",
            "helper": "builder",
            "website_id": None,
        }
        turn = {
            "replayed": not is_theirs,
            "sealed_thread": None,
            "session": session,
            "user_message": self._json(question),
            "answer": self._json(answer),
        }
        if not is_theirs:
            return turn
        history = [{"role": m.role, "content": m.content} for m in chat.path_to(question) if m.content]
        return {**turn, "history": history, "earlier": [], "website": None, "page": None}


class FakeRows:
    """The database as one user sees it, or as nobody does."""

    user_id = "alice"

    def __init__(self, database: FakeDatabase, access_token: str | None) -> None:
        self._database = database
        self._access_token = access_token

    def call(self, function: str, params: Mapping[str, Any]) -> Any:
        if self._access_token is None and function not in {
            "append_chunks",
            "finish_answer",
            "reclaim_answer",
        }:
            # A missing grant.
            raise errors.Unexpected
        if self._access_token and self._database.are_tokens_expired:
            raise errors.TokenExpired
        return self._database.call(function, params)
