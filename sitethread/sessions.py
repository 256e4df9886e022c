"""Sessions: chats with one helper, usually about one website. Automatic titles and previews are made in SQL."""

from collections.abc import Mapping
from datetime import UTC, datetime

from typing_extensions import TypedDict

from sitethread import errors, filters, pagination
from sitethread.database import Rows, pick
from sitethread.pagination import Page


class SessionRow(TypedDict):
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


class Session(SessionRow):
    is_active: bool
    is_unread: bool


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
) -> Page[Session]:
    """Return the sessions that match, the last changed first; raise InvalidPage, QueryTooLong.

    `query` is text that the title or preview contains.
    """
    wanted = pagination.newest_first(limit, cursor)
    if website_id:
        wanted.append(("website_id", f"eq.{website_id}"))
    if helper:
        wanted.append(("helper", f"eq.{helper}"))
    if tag:
        wanted.append(("tags", filters.has_item(tag)))
    if is_archived is not None:
        wanted.append(("archived_at", "not.is.null" if is_archived else "is.null"))
    if is_pinned is not None:
        wanted.append(("pinned_at", "not.is.null" if is_pinned else "is.null"))
    if query:
        wanted.append(("or", f"({filters.contains(('title', 'last_message_preview'), query)})"))
    page = pagination.page_of(rows.select("chat_sessions", wanted, SessionRow), limit)
    return Page([_shown(row) for row in page.items], page.next_cursor)


def create(rows: Rows, website_id: str | None, helper: str | None, title: str | None) -> Session:
    """Create a session and return it; raise NotFound when there is no such website."""
    values = {"website_id": website_id, "helper": helper, "title": title}
    given = {name: value for name, value in values.items() if value is not None}
    return from_row(rows.fetch_one(rows.table("chat_sessions").insert(given), SessionRow))


def get(rows: Rows, session_id: str) -> Session:
    """Return a session; raise NotFound."""
    return _shown(rows.select_one("chat_sessions", [("id", f"eq.{session_id}")], SessionRow))


def change(rows: Rows, session_id: str, changes: Mapping[str, object]) -> Session:
    """Set some of title, website_id, tags, last_read_seq, is_pinned and is_archived, and return the session.

    Raise NotFound, and MissingField when nothing is given.
    """
    values = {name: value for name, value in changes.items() if not name.startswith("is_")}
    for flag, column in (("is_pinned", "pinned_at"), ("is_archived", "archived_at")):
        if flag in changes:
            values[column] = datetime.now(UTC).isoformat() if changes[flag] else None
    if not values:
        raise errors.MissingField("Nothing to change was given.")
    query = rows.table("chat_sessions").update(values).eq("id", session_id)
    return from_row(rows.fetch_one(query, SessionRow))


def branch(rows: Rows, message_id: str) -> Session:
    """Create a session as a copy of another one up to a message; raise NotFound, AnswerRunning."""
    return from_row(rows.call("branch_chat", {"message_id": message_id}))


def archive(rows: Rows, session_ids: list[str], *, is_archived: bool) -> None:
    """Archive sessions or undo it, all or none; raise NotFound."""
    rows.call("archive_chats", {"session_ids": session_ids, "archived": is_archived})


def ensure_one(rows: Rows, website_id: str) -> None:
    """Create the session "New Chat" for a website that has none; raise NotFound."""
    rows.call("ensure_chat", {"website_id": website_id})


def from_row(row: SessionRow) -> Session:
    """Return a stored session as clients see it."""
    return _shown(pick(row, SessionRow))


def _shown(row: SessionRow) -> Session:
    """Add what clients see besides the columns."""
    return {
        **row,
        "is_active": row["archived_at"] is None,
        "is_unread": row["last_seq"] > row["last_read_seq"],
    }
