"""Comments on elements of shared pages, by whoever has the link. The database checks what they are about."""

from collections.abc import Mapping
from typing import Any

from typing_extensions import TypedDict

from sitethread import errors, page_shares, pagination, websites
from sitethread.database import RowId, Rows, pick
from sitethread.pagination import Page

MOST_UNREAD = 100


class SharedComment(TypedDict):
    """What everybody with the link sees of a comment; `author` is null for the page's owner.

    `start` and `end` are code points of the page's source.
    """

    path: str
    start: int
    end: int
    author: str | None
    text: str
    is_resolved: bool
    created_at: str


class PageComment(SharedComment):
    """`share_id` is null once the link is gone."""

    id: str
    share_id: str | None
    website_id: str
    version_id: str
    version_number: int
    is_read: bool


class _StoredComment(TypedDict):
    id: str
    share_id: str | None
    website_id: str
    version_id: str
    version_number: int
    path: str
    start_offset: int
    end_offset: int
    author: str | None
    text: str
    is_read: bool
    is_resolved: bool
    created_at: str


def list_page(rows: Rows, website_id: str, limit: int, cursor: str | None) -> Page[PageComment]:
    """Return the comments on a website's pages, newest first; raise NotFound, InvalidPage."""
    websites.get(rows, website_id)
    filters = [
        ("website_id", f"eq.{website_id}"),
        *pagination.newest_first(limit, cursor, by="created_at"),
    ]
    page = pagination.page_of(rows.select("page_comments", filters, _StoredComment), limit, by="created_at")
    return Page([_comment(row) for row in page.items], page.next_cursor)


def count_unread(rows: Rows, website_id: str) -> int:
    """Return how many comments on a website's pages are unread, at most MOST_UNREAD."""
    filters = [
        ("website_id", f"eq.{website_id}"),
        ("is_read", "eq.false"),
        ("select", "id"),
        ("limit", str(MOST_UNREAD)),
    ]
    return len(rows.select("page_comments", filters, RowId))


def mark(rows: Rows, comment_id: str, marks: Mapping[str, bool]) -> PageComment:
    """Set `is_read` and `is_resolved` of a comment and return it; raise NotFound."""
    return _comment(
        rows.fetch_one(rows.table("page_comments").update(dict(marks)).eq("id", comment_id), _StoredComment)
    )


def reply(rows: Rows, comment_id: str, text: str) -> PageComment:
    """Say something about the same element, as the page's owner; raise NotFound, QuotaExceeded."""
    return _comment(rows.call("reply_to_comment", {"comment_id": comment_id, "text": text}))


def delete(rows: Rows, comment_id: str) -> None:
    """Delete a comment; raise NotFound."""
    rows.fetch_one(rows.table("page_comments").delete().eq("id", comment_id).select("id"), RowId)


def list_of_share(rows: Rows, token: str, ticket: str | None) -> list[SharedComment]:
    """Return the comments that came by a link, oldest first; raise LinkOver, SharePasswordRequired."""
    with page_shares.opening(token):
        found: list[SharedComment] = rows.call("read_shared_comments", {"token": token, "ticket": ticket})
    return found


def add(
    rows: Rows, token: str, ticket: str | None, place: tuple[str, int, int], author: str, text: str
) -> list[SharedComment]:
    """Comment on an element of a shared page, and return all comments as `list_of_share`.

    `place` is the page's path, and from where to where in its source. Raise LinkOver,
    SharePasswordRequired, InvalidField, TooManyComments.
    """
    path, start, end = place
    said = {"path": path, "start_offset": start, "end_offset": end, "author": author, "text": text}
    try:
        with page_shares.opening(token):
            found: list[SharedComment] = rows.call(
                "comment_on_page", {"token": token, "ticket": ticket, **said}
            )
    except errors.QuotaExceeded:
        # What the owner has stored is not the visitor's business.
        raise errors.TooManyComments from None
    return found


def _comment(row: Mapping[str, Any]) -> PageComment:
    return pick({**row, "start": row["start_offset"], "end": row["end_offset"]}, PageComment)
