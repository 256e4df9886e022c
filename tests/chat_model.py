"""What the database should hold, in plain Python: chats, their messages, and who may write which answer."""

from dataclasses import dataclass, field

BLANK = frozenset(" \n")


@dataclass
class Message:
    id: str
    role: str
    content: str
    status: str = "complete"
    reply_to: str | None = None
    follows: str | None = None
    error: str | None = None


@dataclass
class Lease:
    """A worker's right to write an answer; `is_known` until the worker has crashed."""

    answer_id: str
    secret: str
    is_known: bool = True
    is_expired: bool = False
    has_ended: bool = False
    is_stopped: bool = False
    is_replaced: bool = False


@dataclass
class Chat:
    id: str
    messages: list[Message] = field(default_factory=list)

    def find(self, message_id: str) -> Message:
        return next(m for m in self.messages if m.id == message_id)

    @property
    def running(self) -> Message | None:
        return next((m for m in self.messages if m.status == "streaming"), None)

    def add(self, message: Message) -> Message:
        """Put a message at the end; unless it says otherwise it follows the one before."""
        if message.follows is None and self.messages:
            message.follows = message.reply_to or self.messages[-1].id
        self.messages.append(message)
        return message

    def path_to(self, message: Message) -> list[Message]:
        """Return the conversation that leads to a message, that one included."""
        path = [message]
        while path[-1].follows:
            path.append(self.find(path[-1].follows))
        return path[::-1]


@dataclass
class World:
    """All chats of one person."""

    chats: dict[str, Chat] = field(default_factory=dict)
    leases: list[Lease] = field(default_factory=list)

    def chat_of(self, answer_id: str) -> Chat | None:
        return next((c for c in self.chats.values() if any(m.id == answer_id for m in c.messages)), None)

    def lease_of(self, answer_id: str) -> Lease:
        return next(lease for lease in reversed(self.leases) if lease.answer_id == answer_id)

    def grant(self, answer_id: str, secret: str) -> Lease:
        for old in self.leases:
            if old.answer_id == answer_id:
                old.is_replaced = True
        self.leases.append(Lease(answer_id, secret))
        return self.leases[-1]

    def reap(self, chat: Chat) -> None:
        """End the chat's answer when its lease has run out."""
        running = chat.running
        if running and self.lease_of(running.id).is_expired:
            running.status, running.error = "interrupted", "worker_lost"
            self.lease_of(running.id).has_ended = True

    def append(self, lease: Lease, offset: int, text: str) -> str:
        """Return the word that append_chunks has for this."""
        chat = self.chat_of(lease.answer_id)
        if chat is None or lease.is_replaced or lease.has_ended:
            return "lost"
        answer = chat.find(lease.answer_id)
        lease.is_expired = False
        if offset > len(answer.content):
            return "gap"
        answer.content += text[len(answer.content) - offset :]
        return "stopped" if lease.is_stopped else "written"

    def finish(self, lease: Lease, offset: int, text: str, status: str, error_code: str | None = None) -> str:
        """Return the word that finish_answer has for this."""
        chat = self.chat_of(lease.answer_id)
        if chat is None or lease.is_replaced:
            return "lost"
        if lease.has_ended:
            return "ended"
        answer = chat.find(lease.answer_id)
        if offset > len(answer.content):
            return "gap"
        answer.content += text[len(answer.content) - offset :]
        answer.status, answer.error = status, error_code
        if status == "complete" and set(answer.content) <= BLANK:
            answer.status, answer.error = "failed", "model_said_nothing"
        lease.has_ended = True
        return "finished"

    def reclaim(self, lease: Lease) -> str:
        """Return the word that reclaim_answer has for this."""
        chat = self.chat_of(lease.answer_id)
        if chat is None or lease.is_replaced:
            return "lost"
        answer = chat.find(lease.answer_id)
        if (answer.status, answer.error) != ("interrupted", "worker_lost"):
            return "lost"
        if chat.running or chat.messages[-1] is not answer:
            return "lost"
        answer.status, answer.error = "streaming", None
        lease.has_ended = lease.is_expired = False
        return "written"
