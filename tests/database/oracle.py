"""What the database should hold: a few dozen lines of Python that know nothing of SQL.

Each person has a store of their own; nothing one does can be seen in another's. An operation returns what the database
is meant to answer: a number of rows, an object, or a refusal.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refused:
    """A refusal: the HTTP status and the stable name, or the state when it has none."""

    status: int
    name: str


NOT_FOUND = Refused(404, "not_found")
TAKEN = Refused(409, "23505")
NO_PARENT = Refused(409, "23503")
RUNNING = Refused(409, "answer_running")


@dataclass
class Message:
    seq: int
    role: str
    content: str
    status: str = "complete"
    reply_to: str | None = None
    lease: str | None = None
    stored: str = ""
    is_told_to_stop: bool = False


@dataclass
class Chat:
    website: str | None
    title: str = "New chat"
    title_source: str = "auto"
    last_seq: int = 0
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def running(self) -> str | None:
        return next((key for key, message in self.messages.items() if message.status == "streaming"), None)

    @property
    def preview(self) -> str | None:
        said = [message for message in self.messages.values() if message.content]
        return _in_one_line(max(said, key=lambda message: message.seq).content)[:140] if said else None

    def add(self, key: str, message: Message) -> None:
        self.last_seq += 1
        message.seq = self.last_seq
        self.messages[key] = message
        if message.role == "user" and self.title_source == "auto" and self.title.lower() == "new chat":
            line = _in_one_line(message.content)
            self.title = line if len(line) <= 50 else line[:50] + "…"


@dataclass
class Website:
    name: str
    versions: dict[str, int] = field(default_factory=dict)
    latest: int = 0

    def save(self, key: str) -> int:
        self.latest += 1
        self.versions[key] = self.latest
        return self.latest


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


@dataclass
class Store:
    """Everything of one person."""

    websites: dict[str, Website] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)

    def make_website(self, key: str, name: str) -> int | Refused:
        if key in self.websites:
            return TAKEN
        self.websites[key] = Website(name)
        return 1

    def rename_website(self, key: str, name: str) -> int:
        if key in self.websites:
            self.websites[key].name = name
        return int(key in self.websites)

    def delete_website(self, key: str) -> int:
        self.chats = {name: chat for name, chat in self.chats.items() if chat.website != key}
        return int(self.websites.pop(key, None) is not None)

    def save_version(self, website: str, key: str) -> int | Refused:
        if website not in self.websites:
            return NOT_FOUND
        if any(key in other.versions for other in self.websites.values()):
            return TAKEN
        self.websites[website].save(key)
        return 1

    def restore_version(self, key: str) -> Website | Refused:
        """Return the website that gets one more version."""
        return next((website for website in self.websites.values() if key in website.versions), NOT_FOUND)

    def make_chat(self, key: str, website: str | None) -> int | Refused:
        if key in self.chats:
            return TAKEN
        if website is not None and website not in self.websites:
            return NO_PARENT
        self.chats[key] = Chat(website)
        return 1

    def rename_chat(self, key: str, title: str) -> int:
        if chat := self.chats.get(key):
            if title != chat.title:
                chat.title_source = "auto" if title.lower() == "new chat" else "user"
            chat.title = title
        return int(key in self.chats)

    def move_chat(self, key: str, website: str) -> int | Refused:
        if key not in self.chats:
            return 0
        if website not in self.websites:
            return NO_PARENT
        self.chats[key].website = website
        return 1

    def delete_chat(self, key: str) -> int:
        return int(self.chats.pop(key, None) is not None)

    def write(self, key: str, chat: str, role: str, content: str) -> int | Refused:
        if chat not in self.chats:
            return NOT_FOUND
        if self.chat_of(key):
            return TAKEN
        self.chats[chat].add(key, Message(0, role, content))
        return 1

    def edit(self, key: str, content: str) -> int | Refused:
        chat = self.chat_of(key)
        if not chat:
            return 0
        if chat.messages[key].status == "streaming":
            return RUNNING
        chat.messages[key].content = content
        return 1

    def delete_message(self, key: str) -> int:
        chat = self.chat_of(key)
        if chat:
            del chat.messages[key]
            for message in chat.messages.values():
                message.reply_to = None if message.reply_to == key else message.reply_to
        return int(chat is not None)

    def start_turn(self, question: str, answer: str, chat: str, content: str, lease: str) -> bool | Refused:
        """Return whether the same question had been asked before."""
        if asked_in := self.chat_of(question):
            replies = [
                m for m in asked_in.messages.values() if m.reply_to == question and m.role == "assistant"
            ]
            same = asked_in is self.chats.get(chat) and asked_in.messages[question].content == content
            return True if replies and same else Refused(422, "key_reused")
        if chat not in self.chats:
            return NOT_FOUND
        if self.chats[chat].running:
            return RUNNING
        if sum(other.running is not None for other in self.chats.values()) >= 8:
            return Refused(429, "quota_exceeded")
        if self.chat_of(answer) or answer == question:
            return TAKEN
        self.chats[chat].add(question, Message(0, "user", content))
        reply = Message(0, "assistant", "", "streaming", reply_to=question, lease=lease)
        self.chats[chat].add(answer, reply)
        return False

    def message(self, key: str) -> Message | None:
        chat = self.chat_of(key)
        return chat.messages[key] if chat else None

    def chat_of(self, message: str) -> Chat | None:
        return next((chat for chat in self.chats.values() if message in chat.messages), None)
