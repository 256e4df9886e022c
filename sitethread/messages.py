"""Messages: one row each, numbered from 1 in every session."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, NotRequired

from typing_extensions import TypedDict

from sitethread import pagination, sessions, texts
from sitethread.database import Rows, pick
from sitethread.limits import LIMITS
from sitethread.sessions import Session, SessionRow


class ChangedPlace(TypedDict):
    """[start, end) of a file in code points: of the new text, or of the old one where the change was left out."""

    path: str
    start: int
    end: int


class Target(TypedDict):
    """The part of a version's file that a question is about: [start, end) in code points."""

    version_id: str
    path: str
    start: int
    end: int


class AnswerChanges(TypedDict):
    """What an answer changed of its page; `tokens_saved` against writing whole pages.

    `also_changed`: sections besides those that the question names. `beside`: the version that became current while it
    was written, and that its changes didn't fit. `corrected`: the version by which its owner allowed or took back some.
    """

    places: list[ChangedPlace]
    left_out: list[ChangedPlace]
    tokens_saved: int
    also_changed: NotRequired[list[str]]
    beside: NotRequired[str]
    corrected: NotRequired[str]


class Message(TypedDict):
    id: str
    session_id: str
    seq: int
    role: str
    kind: str
    content: str
    status: str
    reply_to: str | None
    follows_id: str | None
    edit_of: str | None
    tool_calls: list[Any] | None
    sources: list[Any] | None
    model: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    cached_tokens: int | None
    finish_reason: str | None
    error_code: str | None
    version_id: str | None
    version_number: int | None
    changes: AnswerChanges | None
    target: Target | None
    created_at: str
    updated_at: str


class SessionMessages(NamedTuple):
    """A session and some of its messages, oldest first; `next_cursor` leads to older ones."""

    session: Session
    messages: list[Message]
    next_cursor: str | None


class _Chat(TypedDict):
    session: SessionRow
    messages: list[Message]
    next: int | None


class _Messages(TypedDict):
    messages: list[Message]
    next: int | None


def list_page(
    rows: Rows,
    session_id: str,
    limit: int | None,
    cursor: str | None,
    *,
    kind: str | None = None,
    query: str | None = None,
) -> SessionMessages:
    """Return a session with its latest messages, as many as 1 MB of text; without a limit, 1,000.

    `query` is text that a message contains; a page may be empty, and a next one not. Raise NotFound, InvalidPage,
    QueryTooLong, TooManyReads.
    """
    texts.check_query(query or "")
    params: dict[str, object] = {"session_id": session_id, "page": limit or LIMITS.messages_at_once}
    if cursor is not None:
        params["before"] = pagination.read_number_cursor(cursor)
    if kind:
        params["kind"] = kind
    if query:
        params["containing"] = query
    chat: _Chat = rows.read_page("read_chat", params, is_search=bool(query))
    next_cursor = None if chat["next"] is None else pagination.number_cursor(chat["next"])
    messages = [pick(message, Message) for message in reversed(chat["messages"])]
    return SessionMessages(sessions.from_row(chat["session"]), messages, next_cursor)


def in_order(
    rows: Rows, session_id: str, after: int = 0, until: int = pagination.BIGGEST_INTEGER
) -> Iterator[list[Message]]:
    """Read a session's messages between two numbers in pages of at most 1 MB of text, oldest first; raise NotFound."""
    start: int | None = after
    while start is not None:
        page: _Messages = rows.read_page(
            "read_messages", {"session_id": session_id, "after": start, "until": until}
        )
        yield [pick(message, Message) for message in page["messages"]]
        start = page["next"]


def get(rows: Rows, message_id: str) -> Message:
    """Return a finished message; raise NotFound."""
    return rows.select_one("chat_messages", [("id", f"eq.{message_id}")], Message)


def add(rows: Rows, values: Mapping[str, object]) -> Message:
    """Add a finished message to a session and return it. `values` are the parameters of add_message.

    With a `message_id` of the client's, adding the same again returns the first. Raise KeyReused for another message
    under that id, NotFound when there is no such session.
    """
    given = {name: value for name, value in values.items() if value is not None}
    return pick(rows.call("add_message", given), Message)


def current(rows: Rows, message: Message) -> Message:
    """Return a message as it stands; an answer still being written has its text so far.

    Reading it also ends an answer whose worker is gone.
    """
    if message["status"] != "streaming":
        return message
    read = rows.call("read_answer", {"answer_id": message["id"]})
    return pick({**read["answer"], "content": read["text"]}, Message)
