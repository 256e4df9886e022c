"""Messages: one row each, numbered from 1 in every session."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from typing_extensions import TypedDict

from sitethread import errors, filters, pagination, sessions
from sitethread.database import Rows, pick
from sitethread.sessions import Session, SessionRow
from sitethread.settings import LIMITS


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
    finish_reason: str | None
    error_code: str | None
    version_id: str | None
    version_number: int | None
    created_at: str
    updated_at: str


class SessionMessages(NamedTuple):
    """A session and some of its messages, oldest first; `next_cursor` leads to older ones."""

    session: Session
    messages: list[Message]
    next_cursor: str | None


class _SessionWithMessages(SessionRow):
    chat_messages: list[Message]


COLUMNS = ",".join(Message.__annotations__)
_COMPARED = (
    "session_id",
    "role",
    "content",
    "tool_calls",
    "sources",
    "model",
    "prompt_tokens",
    "completion_tokens",
)


def list_page(
    rows: Rows,
    session_id: str,
    limit: int | None,
    cursor: str | None,
    *,
    kind: str | None = None,
    query: str | None = None,
) -> SessionMessages:
    """Return a session with its latest messages; without a limit, as many as Supabase returns at once.

    `query` is text that a message contains. Raise NotFound, InvalidPage, QueryTooLong.
    """
    size = limit or LIMITS.messages_at_once
    limit = min(size + 1, LIMITS.messages_at_once)
    found = rows.table("chat_sessions").select(f"{sessions.COLUMNS},chat_messages({COLUMNS})")
    found = found.eq("id", session_id)
    found = found.order("seq", desc=True, foreign_table="chat_messages")
    found = found.limit(limit, foreign_table="chat_messages")
    if cursor is not None:
        found = found.lt("chat_messages.seq", pagination.read_number_cursor(cursor))
    if kind:
        found = found.eq("chat_messages.kind", kind)
    if query:
        found = found.or_(filters.contains(("content",), query), reference_table="chat_messages")
    # One query for both, so that a session that doesn't exist is NotFound instead of empty.
    session = rows.fetch_one(found, _SessionWithMessages)
    newest = session["chat_messages"]
    page = newest[:size]
    has_older = len(newest) > size or (len(newest) == LIMITS.messages_at_once and newest[-1]["seq"] > 1)
    next_cursor = pagination.number_cursor(page[-1]["seq"]) if has_older else None
    messages = [current(rows, message) for message in reversed(page)]
    return SessionMessages(sessions.from_row(session), messages, next_cursor)


def get(rows: Rows, message_id: str) -> Message:
    """Return a message; raise NotFound."""
    query = rows.table("chat_messages").select(COLUMNS).eq("id", message_id)
    return current(rows, rows.fetch_one(query, Message))


def add(rows: Rows, values: Mapping[str, object]) -> tuple[Message, bool]:
    """Add a finished message to a session; return it and whether it is new.

    With an `id` of the client's, adding the same again returns the first; another message under that id raises
    KeyReused. Raise NotFound when there is no such session.
    """
    given = {name: value for name, value in values.items() if value is not None}
    try:
        return rows.fetch_one(rows.table("chat_messages").insert(given).select(COLUMNS), Message), True
    except errors.Conflict:
        if "id" not in given:
            raise
    first = get(rows, str(given["id"]))
    asked = {name: given.get(name) for name in _COMPARED} | {"kind": given.get("kind", "chat")}
    stored: Mapping[str, object] = first
    if not all(_is_same(stored[name], value) for name, value in asked.items()):
        raise errors.KeyReused
    return first, False


def _is_same(stored: Any, given: Any) -> bool:
    """Compare JSON values; to Python true is 1, and the database writes 1e30 as a whole number."""
    if isinstance(stored, bool) or isinstance(given, bool):
        return stored is given
    if isinstance(stored, list) and isinstance(given, list):
        return len(stored) == len(given) and all(map(_is_same, stored, given))
    if isinstance(stored, dict) and isinstance(given, dict):
        return stored.keys() == given.keys() and all(_is_same(stored[name], given[name]) for name in stored)
    if isinstance(stored, int) and isinstance(given, float):
        return stored == Decimal(repr(given))
    return bool(stored == given)


def current(rows: Rows, message: Message) -> Message:
    """Return a message as it stands; an answer still being written has its text so far.

    Reading it also ends an answer whose worker is gone.
    """
    if message["status"] != "streaming":
        return message
    read = rows.call("read_answer", {"answer_id": message["id"]})
    return pick({**read["answer"], "content": read["text"]}, Message)
