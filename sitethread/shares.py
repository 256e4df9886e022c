"""Shares: links to a chat as it was when it was shared. What a link shows is decided in SQL, by `read_share`."""

import re
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from typing_extensions import TypedDict

from sitethread import errors, pagination
from sitethread.database import RowId, Rows, pick
from sitethread.versions import Asset

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


class Share(TypedDict):
    """A link; it shows the chat as it was at `shared_at`."""

    id: str
    session_id: str
    title: str
    created_at: str
    shared_at: str


class ShareWithToken(Share):
    token: str


class NewShare(ShareWithToken):
    url: str


class SharedMessage(TypedDict):
    seq: int
    role: str
    kind: str
    content: str
    sources: list[Any] | None
    created_at: str


class SharedChat(TypedDict):
    title: str
    helper: str
    shared_at: str
    messages: list[SharedMessage]


class _ReadShare(SharedChat):
    has_older: bool


class SharedPage(NamedTuple):
    """A shared chat with some of its messages, oldest first; `next_cursor` leads to older ones."""

    chat: SharedChat
    next_cursor: str | None


class _SessionShares(TypedDict):
    chat_shares: list[Share]


COLUMNS = ",".join(Share.__annotations__)


def create(rows: Rows, session_id: str) -> ShareWithToken:
    """Share a session as it is now; only its hash is stored of the token. Raise NotFound, TooManyShares."""
    token = secrets.token_urlsafe(24)
    share: Share = rows.call("share_chat", {"session_id": session_id, "token": token})
    return {**share, "token": token}


def list_of_session(rows: Rows, session_id: str) -> list[Share]:
    """Return a session's shares, the newest first; raise NotFound."""
    query = rows.table("chat_sessions").select(f"id,chat_shares({COLUMNS})").eq("id", session_id)
    query = query.order("created_at", desc=True, foreign_table="chat_shares")
    return rows.fetch_one(query, _SessionShares)["chat_shares"]


def update(rows: Rows, share_id: str) -> Share:
    """Have a share show its chat as it is now, under the same link; raise NotFound."""
    share: Share = rows.call("update_share", {"share_id": share_id})
    return share


def revoke(rows: Rows, share_id: str) -> None:
    """Delete a share, so that its link stops working; raise NotFound."""
    rows.fetch_one(rows.table("chat_shares").delete().eq("id", share_id).select("id"), RowId)


def is_token(text: str) -> bool:
    """Whether a text has the form of a share's token."""
    return _TOKEN.fullmatch(text) is not None


def read(rows: Rows, token: str, limit: int, cursor: str | None) -> SharedPage:
    """Return the chat that a token shares, to anybody who has the token; raise LinkOver, InvalidPage."""
    before = None if cursor is None else pagination.read_number_cursor(cursor)
    found = _read(rows, token, before, limit)
    next_cursor = pagination.number_cursor(found["messages"][0]["seq"]) if found["has_older"] else None
    return SharedPage(pick(found, SharedChat), next_cursor)


def read_message(rows: Rows, token: str, seq: int) -> SharedMessage:
    """Return one message of the chat that a token shares; raise LinkOver, NotFound."""
    found = _read(rows, token, min(seq, pagination.BIGGEST_INTEGER - 1) + 1, 1)["messages"]
    if not found or found[0]["seq"] != seq:
        raise errors.NotFound
    return found[0]


def files_of_message(rows: Rows, shown: Mapping[str, object]) -> list[Asset]:
    """Return what a page in a message of a shared chat shows, as it did when that was shared; raise NotFound.

    `shown` are the chat's token, the `seq` of the message, and the page's path.
    """
    found: list[Asset] = rows.call("read_shared_chat_files", shown)
    return found


def _read(rows: Rows, token: str, before: int | None, limit: int) -> _ReadShare:
    if not is_token(token):
        raise errors.LinkOver
    try:
        found: _ReadShare = rows.call("read_share", {"token": token, "before": before, "page": limit})
    except errors.NotFound:
        raise errors.LinkOver from None
    return found
