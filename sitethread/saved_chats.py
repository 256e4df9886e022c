"""Chats as one array of messages, for clients that save them whole; stored as rows like all sessions."""

from collections.abc import Iterator
from typing import NamedTuple

from typing_extensions import TypedDict

from sitethread import errors, messages, pagination
from sitethread.database import Rows, pick


class SavedMessage(TypedDict):
    role: str
    content: str


Rest = Iterator[list[SavedMessage]]


class SavedChat(TypedDict):
    """A chat as one array; that comes last, so that a response can go on with it."""

    id: str
    website_id: str
    user_id: str
    title: str
    created_at: str
    updated_at: str
    messages: list[SavedMessage]


class SavedChatPage(NamedTuple):
    """Some chats of a website. When the one on a page is long, `rest` reads its further messages page by page."""

    chats: list[SavedChat]
    rest: Rest | None
    next_cursor: str | None


class Saved(NamedTuple):
    """A chat as it is stored, whose further messages `rest` reads."""

    chat: SavedChat
    rest: Rest | None
    is_new: bool


class _Row(SavedChat):
    """A chat and what else of it `messages.in_order` is to read: the numbers after which and until which."""

    rest: list[tuple[int, int]] | None


def list_page(
    rows: Rows, website_id: str, limit: int, cursor: str | None, chat_id: str | None = None
) -> SavedChatPage:
    """Return a website's chats, the last changed first; raise NotFound, InvalidPage."""
    time, id = (None, None) if cursor is None else pagination.read_time_cursor(cursor)
    params = {"website_id": website_id, "chat_id": chat_id, "page": limit, "before": time, "before_id": id}
    page = rows.read_page("read_saved_chats", params)
    found: list[_Row] = page["chats"]
    rest = next((_rest(rows, row["id"], row["rest"]) for row in found if row["rest"]), None)
    next_cursor = pagination.time_cursor(*page["next"]) if page["next"] else None
    return SavedChatPage([pick(row, SavedChat) for row in found], rest, next_cursor)


def save(
    rows: Rows,
    website_id: str,
    messages: list[SavedMessage],
    *,
    chat_id: str | None = None,
    new_id: str | None = None,
    title: str | None = None,
    replace: bool = False,
) -> Saved:
    """Append the messages that are new to a chat, or create one, and return it.

    The same call with the same `new_id` changes nothing; another call with it raises KeyReused. With `replace`,
    stored messages go to the trash from the first one that differs; without it they raise ChatDiverged. Raise
    NotFound, AnswerRunning.
    """
    params = {"website_id": website_id, "messages": messages, "chat_id": chat_id, "title": title}
    saved = rows.call("save_chat", {**params, "replace": replace, "new_id": new_id})
    found, rest, _ = list_page(rows, website_id, 1, None, saved["id"])
    if not found:
        raise errors.NotFound
    if saved["result"] == "diverged":
        raise errors.ChatDiverged(found[0], rest)
    return Saved(found[0], rest, saved["result"] == "created")


def _rest(rows: Rows, chat_id: str, runs: list[tuple[int, int]]) -> Rest:
    for after, until in runs:
        for page in messages.in_order(rows, chat_id, after, until):
            yield [
                {"role": message["role"], "content": message["content"]}
                for message in page
                if message["status"] != "streaming" and message["content"]
            ]
