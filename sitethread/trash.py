"""The trash: what was deleted, to be brought back within 30 days."""

from typing import Any

from typing_extensions import TypedDict

from sitethread import filters, searches, sessions
from sitethread.database import Rows


class TrashItem(TypedDict):
    id: str
    kind: str
    session_id: str
    title: str
    message_count: int
    deleted_at: str


COLUMNS = ",".join(TrashItem.__annotations__)


def list_page(rows: Rows, limit: int, cursor: str | None) -> tuple[list[Any], str | None]:
    """Return what was deleted last, and the cursor to what was deleted before."""
    query = filters.newest_first(rows.table("trash").select(COLUMNS), limit, cursor, by="deleted_at")
    return filters.split(rows.fetch(query), limit, by="deleted_at")


def delete_chats(rows: Rows, session_ids: list[str]) -> list[str]:
    """Put chats in the trash, all or none, and return the ids to bring them back by; raise NotFound."""
    items = rows.call("trash_chats", {"session_ids": session_ids})
    return [item["id"] for item in items]


def clear_chat(rows: Rows, session_id: str) -> str | None:
    """Put a chat's messages in the trash; return the id to bring them back by, if any; raise NotFound."""
    item: str | None = rows.call("clear_chat", {"session_id": session_id})["id"]
    return item


def restore(rows: Rows, trash_id: str) -> dict[str, Any]:
    """Bring back what was deleted and return its chat; raise NotFound, ChatInTrash."""
    restored = rows.call("restore_trash", {"trash_id": trash_id})
    searches.catch_up(rows)
    return sessions.shown(restored)


def delete_for_good(rows: Rows, trash_id: str) -> None:
    """Delete what is in the trash; raise NotFound."""
    rows.fetch_one(rows.table("trash").delete().eq("id", trash_id).select("id"))
