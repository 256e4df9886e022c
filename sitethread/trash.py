"""The trash: deleted chats and messages, which can be restored for 30 days."""

from typing_extensions import TypedDict

from sitethread import pagination, searches, sessions
from sitethread.database import RowId, Rows
from sitethread.pagination import Page
from sitethread.sessions import Session


class TrashItem(TypedDict):
    id: str
    kind: str
    session_id: str
    title: str
    message_count: int
    deleted_at: str


def list_page(rows: Rows, limit: int, cursor: str | None) -> Page[TrashItem]:
    """Return what is in the trash, the last deleted first; raise InvalidPage."""
    filters = pagination.newest_first(limit, cursor, by="deleted_at")
    return pagination.page_of(rows.select("trash", filters, TrashItem), limit, by="deleted_at")


def delete_sessions(rows: Rows, session_ids: list[str]) -> list[str]:
    """Put sessions in the trash, all or none, and return their ids there; raise NotFound."""
    items = rows.call("trash_chats", {"session_ids": session_ids})
    return [item["id"] for item in items]


def clear_session(rows: Rows, session_id: str) -> str | None:
    """Put a session's messages in the trash; return their id there, None without any; raise NotFound."""
    item: str | None = rows.call("clear_chat", {"session_id": session_id})["id"]
    return item


def restore(rows: Rows, trash_id: str) -> Session:
    """Restore what was deleted and return its session; raise NotFound, ChatInTrash."""
    restored = rows.call("restore_trash", {"trash_id": trash_id})
    searches.catch_up(rows)
    return sessions.from_row(restored)


def delete_for_good(rows: Rows, trash_id: str) -> None:
    """Delete something in the trash for good; raise NotFound."""
    rows.fetch_one(rows.table("trash").delete().eq("id", trash_id).select("id"), RowId)
