"""Shares: links with which whoever has one reads a chat as it was when it was shared."""

import re
import secrets
from typing import Any

from typing_extensions import TypedDict

from sitethread import cursors, errors
from sitethread.database import Database, Rows

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


class Share(TypedDict):
    id: str
    session_id: str
    created_at: str


class NewShare(Share):
    token: str
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


COLUMNS = ",".join(Share.__annotations__)


def create(rows: Rows, session_id: str) -> dict[str, Any]:
    """Share a chat as it is now; only this answer has the token. Raise NotFound, TooManyShares."""
    token = secrets.token_urlsafe(24)
    return {**rows.call("share_chat", {"session_id": session_id, "token": token}), "token": token}


def list_of_chat(rows: Rows, session_id: str) -> list[dict[str, Any]]:
    """Return a chat's shares, the newest first; raise NotFound."""
    query = rows.table("chat_sessions").select(f"id,chat_shares({COLUMNS})").eq("id", session_id)
    shares = rows.fetch_one(query.order("created_at", desc=True, foreign_table="chat_shares"))["chat_shares"]
    return list(shares)


def revoke(rows: Rows, share_id: str) -> None:
    """Take a share back: its link opens nothing any more; raise NotFound."""
    rows.fetch_one(rows.table("chat_shares").delete().eq("id", share_id).select("id"))


def read(database: Database, token: str, limit: int, cursor: str | None) -> tuple[dict[str, Any], str | None]:
    """Return what a token opens, its latest messages in order, and the cursor to older ones; raise NotFound."""
    if not _TOKEN.fullmatch(token):
        raise errors.NotFound
    before = None if cursor is None else cursors.from_number(cursor)
    chat = database.rpc(None, "read_share", {"token": token, "before": before, "page": limit})
    newest = chat["messages"][-limit:]
    has_older = len(chat["messages"]) > limit
    return {**chat, "messages": newest}, cursors.to_number(newest[0]["seq"]) if has_older else None
