"""The trash: deleted websites, chats and messages, which can be restored for 30 days."""

from typing_extensions import TypedDict

from sitethread import errors, pagination, searches, sessions
from sitethread.database import RowId, Rows, pick
from sitethread.pagination import Page
from sitethread.sessions import Session
from sitethread.websites import Website


class TrashItem(TypedDict):
    """A chat or some messages of it, or a website, whose title is its name."""

    id: str
    kind: str
    session_id: str | None
    website_id: str | None
    title: str
    message_count: int
    deleted_at: str


def list_page(rows: Rows, limit: int, cursor: str | None) -> Page[TrashItem]:
    """Return what is in the trash, the last deleted first; raise InvalidPage."""
    # The chats of a website come and go with it.
    filters = [("part_of", "is.null"), *pagination.newest_first(limit, cursor, by="deleted_at")]
    return pagination.page_of(rows.select("trash", filters, TrashItem), limit, by="deleted_at")


class Restored(TypedDict, total=False):
    """What was brought back: one of the two."""

    session: Session
    website: Website


def delete_website(rows: Rows, website_id: str) -> str:
    """Put a website with its versions and chats in the trash, and return its id there; raise NotFound."""
    item: str = rows.call("trash_website", {"website_id": website_id})["id"]
    return item


def delete_sessions(rows: Rows, session_ids: list[str]) -> list[str]:
    """Put sessions in the trash, all or none, and return their ids there; raise NotFound."""
    items = rows.call("trash_chats", {"session_ids": session_ids})
    if not items:
        # Another call has just put them there.
        raise errors.NotFound
    return [item["id"] for item in items]


def clear_session(rows: Rows, session_id: str) -> str | None:
    """Put a session's messages in the trash; return their id there, None without any; raise NotFound."""
    item: str | None = rows.call("clear_chat", {"session_id": session_id})["id"]
    return item


def restore(rows: Rows, trash_id: str) -> Restored:
    """Restore what was deleted and return it; of messages, their session.

    Raise NotFound, ChatInTrash, QuotaExceeded.
    """
    restored = rows.call("restore_trash", {"trash_id": trash_id})
    searches.catch_up(rows)
    if "website" in restored:
        return {"website": pick(restored["website"], Website)}
    return {"session": sessions.from_row(restored)}


def delete_for_good(rows: Rows, trash_id: str) -> None:
    """Delete something in the trash for good; raise NotFound."""
    rows.fetch_one(rows.table("trash").delete().eq("id", trash_id).select("id"), RowId)
