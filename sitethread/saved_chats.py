"""Chats as one array of messages, for clients that save them whole; stored as rows like all sessions."""

from typing_extensions import TypedDict

from sitethread import errors, pagination
from sitethread.database import Rows
from sitethread.pagination import Page


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


def list_page(rows: Rows, website_id: str, limit: int, cursor: str | None) -> Page[SavedChat]:
    """Return a website's chats, the last changed first; raise NotFound, InvalidPage."""
    time, id = (None, None) if cursor is None else pagination.read_time_cursor(cursor)
    params = {"website_id": website_id, "page": limit, "before": time, "before_id": id}
    page = rows.call("read_saved_chats", params)
    return Page(page["chats"], pagination.time_cursor(*page["next"]) if page["next"] else None)


def get(rows: Rows, website_id: str, chat_id: str) -> SavedChat:
    """Return a chat of a website; raise NotFound."""
    params = {"website_id": website_id, "chat_id": chat_id}
    chats: list[SavedChat] = rows.call("read_saved_chats", params)["chats"]
    if not chats:
        raise errors.NotFound
    return chats[0]


def save(
    rows: Rows,
    website_id: str,
    messages: list[SavedMessage],
    *,
    chat_id: str | None = None,
    new_id: str | None = None,
    title: str | None = None,
    replace: bool = False,
) -> tuple[SavedChat, bool]:
    """Append the messages that are new to a chat, or create one; return it and whether it is new.

    The same call with the same `new_id` changes nothing; another call with it raises KeyReused. With `replace`,
    stored messages go to the trash from the first one that differs; without it they raise ChatDiverged. Raise
    NotFound, AnswerRunning.
    """
    params = {"website_id": website_id, "messages": messages, "chat_id": chat_id, "title": title}
    saved = rows.call("save_chat", {**params, "replace": replace, "new_id": new_id})
    chat = get(rows, website_id, saved["id"])
    if saved["result"] == "diverged":
        raise errors.ChatDiverged(chat=chat)
    return chat, saved["result"] == "created"
