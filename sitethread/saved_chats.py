"""Chats as one array of messages, for clients that save them whole; stored as rows like all others."""

from typing import Any

from typing_extensions import TypedDict

from sitethread import cursors, errors
from sitethread.database import Rows


class SavedMessage(TypedDict):
    role: str
    content: str


class SavedChat(TypedDict):
    id: str
    website_id: str
    user_id: str
    messages: list[SavedMessage]
    title: str
    created_at: str
    updated_at: str


def list_page(
    rows: Rows, website_id: str, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a website's chats last changed, and the cursor to the next ones; raise NotFound."""
    time, id = (None, None) if cursor is None else cursors.from_time(cursor)
    page = {"website_id": website_id, "page": limit, "before": time, "before_id": id}
    found = rows.call("read_saved_chats", page)
    return found["chats"], cursors.to_time(*found["next"]) if found["next"] else None


def get(rows: Rows, website_id: str, chat_id: str) -> dict[str, Any]:
    """Return a chat of a website; raise NotFound."""
    chats = rows.call("read_saved_chats", {"website_id": website_id, "chat_id": chat_id})["chats"]
    if not chats:
        raise errors.NotFound
    chat: dict[str, Any] = chats[0]
    return chat


def save(
    rows: Rows,
    website_id: str,
    messages: list[dict[str, str]],
    *,
    chat_id: str | None = None,
    new_id: str | None = None,
    title: str | None = None,
    replace: bool = False,
) -> tuple[dict[str, Any], bool]:
    """Append what is new to a chat, or start one; return it and whether it is new.

    The same again under its `new_id` changes nothing, anything else under it raises KeyReused. Raise NotFound,
    AnswerRunning, and ChatDiverged when a message differs from the stored one, unless it is
    to be replaced: then the stored messages from there on go to the trash.
    """
    given = {"website_id": website_id, "messages": messages, "chat_id": chat_id, "title": title}
    saved = rows.call("save_chat", {**given, "replace": replace, "new_id": new_id})
    chat = get(rows, website_id, saved["id"])
    if saved["result"] == "diverged":
        raise errors.ChatDiverged(chat=chat)
    return chat, saved["result"] == "created"
