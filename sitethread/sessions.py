"""Chat sessions: conversations with one helper, usually about one website."""

from datetime import UTC, datetime
from typing import Any

from typing_extensions import TypedDict

from sitethread import errors, filters
from sitethread.database import Rows


class Stored(TypedDict):
    id: str
    website_id: str | None
    helper: str
    title: str
    title_source: str
    last_message_preview: str | None
    last_message_at: str | None
    message_count: int
    last_seq: int
    last_read_seq: int
    running_answer_id: str | None
    branched_from_session_id: str | None
    branched_from_message_id: str | None
    pinned_at: str | None
    archived_at: str | None
    tags: list[str]
    created_at: str
    updated_at: str


class Session(Stored):
    is_active: bool
    is_unread: bool


COLUMNS = ",".join(Stored.__annotations__)


def list_page(
    rows: Rows,
    limit: int,
    cursor: str | None,
    *,
    website_id: str | None = None,
    helper: str | None = None,
    query: str | None = None,
    tag: str | None = None,
    is_archived: bool | None = None,
    is_pinned: bool | None = None,
) -> tuple[list[dict[str, Any]], str | None]:
    """Return the chats last changed that match, and the cursor to the next ones."""
    found = rows.table("chat_sessions").select(COLUMNS)
    if website_id:
        found = found.eq("website_id", website_id)
    if helper:
        found = found.eq("helper", helper)
    if tag:
        found = found.contains("tags", [tag])
    if is_archived is not None:
        found = found.not_.is_("archived_at", "null") if is_archived else found.is_("archived_at", "null")
    if is_pinned is not None:
        found = found.not_.is_("pinned_at", "null") if is_pinned else found.is_("pinned_at", "null")
    if query:
        found = found.or_(filters.contains(("title", "last_message_preview"), query))
    stored, next_cursor = filters.split(rows.fetch(filters.newest_first(found, limit, cursor)), limit)
    return [shown(session) for session in stored], next_cursor


def create(rows: Rows, website_id: str | None, helper: str | None, title: str | None) -> dict[str, Any]:
    """Start a chat and return it; raise NotFound for a website that is not there."""
    values = {"website_id": website_id, "helper": helper, "title": title}
    given = {name: value for name, value in values.items() if value is not None}
    return shown(rows.fetch_one(rows.table("chat_sessions").insert(given).select(COLUMNS)))


def get(rows: Rows, session_id: str) -> dict[str, Any]:
    """Return a chat; raise NotFound."""
    return shown(rows.fetch_one(rows.table("chat_sessions").select(COLUMNS).eq("id", session_id)))


def change(rows: Rows, session_id: str, changes: dict[str, Any]) -> dict[str, Any]:
    """Set title, website, tags, `last_read_seq`, `is_pinned` or `is_archived` of a chat; raise NotFound."""
    values: dict[str, Any] = {
        name: changes[name] for name in ("title", "website_id", "tags", "last_read_seq") if name in changes
    }
    for claim, column in (("is_pinned", "pinned_at"), ("is_archived", "archived_at")):
        if claim in changes:
            values[column] = datetime.now(UTC).isoformat() if changes[claim] else None
    if not values:
        raise errors.MissingField("Nothing to change was given.")
    update = rows.table("chat_sessions").update(values).eq("id", session_id)
    return shown(rows.fetch_one(update.select(COLUMNS)))


def branch(rows: Rows, message_id: str) -> dict[str, Any]:
    """Start a new chat as a copy of another one up to a message; raise NotFound, AnswerRunning."""
    return shown(rows.call("branch_chat", {"message_id": message_id}))


def archive(rows: Rows, session_ids: list[str], *, is_archived: bool) -> None:
    """Archive chats or bring them back, all or none; raise NotFound."""
    rows.call("archive_chats", {"session_ids": session_ids, "archived": is_archived})


def ensure_one(rows: Rows, website_id: str) -> None:
    """Give a website that has no chat its first, "New Chat"; raise NotFound."""
    rows.call("ensure_chat", {"website_id": website_id})


def shown(stored: dict[str, Any]) -> dict[str, Any]:
    """Return a stored chat as clients see it, whichever query or function it came from."""
    session = {name: stored[name] for name in Stored.__annotations__}
    return {
        **session,
        "is_active": stored["archived_at"] is None,
        "is_unread": stored["last_seq"] > stored["last_read_seq"],
    }
