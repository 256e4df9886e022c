"""Messages: one row each, numbered from 1 in every chat."""

from typing import Any

from typing_extensions import TypedDict

from sitethread import cursors, filters, sessions
from sitethread.database import Rows
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


COLUMNS = ",".join(Message.__annotations__)


def list_page(
    rows: Rows,
    session_id: str,
    limit: int | None,
    cursor: str | None,
    *,
    kind: str | None = None,
    query: str | None = None,
) -> tuple[dict[str, Any], list[dict[str, Any]], str | None]:
    """Return a chat, its latest messages in the order they were written, and the cursor to older ones.

    One request brings both, so that a chat that is not there is NotFound rather than empty. Without a limit
    there are as many as Supabase gives at once.
    """
    size = limit or LIMITS.messages_at_once
    asked = min(size + 1, LIMITS.messages_at_once)
    found = rows.table("chat_sessions").select(f"{sessions.COLUMNS},chat_messages({COLUMNS})")
    found = found.eq("id", session_id)
    found = found.order("seq", desc=True, foreign_table="chat_messages")
    found = found.limit(asked, foreign_table="chat_messages")
    if cursor is not None:
        found = found.lt("chat_messages.seq", cursors.from_number(cursor))
    if kind:
        found = found.eq("chat_messages.kind", kind)
    if query:
        found = found.or_(filters.contains(("content",), query), reference_table="chat_messages")
    session = rows.fetch_one(found)
    newest = session.pop("chat_messages")
    page = newest[:size]
    has_older = len(newest) > size or (len(newest) == LIMITS.messages_at_once and newest[-1]["seq"] > 1)
    next_cursor = cursors.to_number(page[-1]["seq"]) if has_older else None
    return sessions.shown(session), [current(rows, message) for message in reversed(page)], next_cursor


def get(rows: Rows, message_id: str) -> dict[str, Any]:
    """Return a message; raise NotFound."""
    return current(rows, rows.fetch_one(rows.table("chat_messages").select(COLUMNS).eq("id", message_id)))


def add(rows: Rows, values: dict[str, Any]) -> dict[str, Any]:
    """Add a finished message to a chat and return it.

    With a `message_id` of the client's, adding the same again returns the first. Raise KeyReused for another message
    under that id, NotFound for a chat that is not there.
    """
    return shown(
        rows.call("add_message", {name: value for name, value in values.items() if value is not None})
    )


def current(rows: Rows, message: dict[str, Any]) -> dict[str, Any]:
    """Return a message as it stands; an answer still being written has its text so far.

    Reading it is also what ends an answer whose worker is gone.
    """
    if message["status"] != "streaming":
        return message
    read = rows.call("read_answer", {"answer_id": message["id"]})
    return shown({**read["answer"], "content": read["text"]})


def shown(stored: dict[str, Any]) -> dict[str, Any]:
    """Return a stored message as clients see it, whichever query or function it came from."""
    return {name: stored.get(name) for name in Message.__annotations__}
