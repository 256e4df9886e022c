"""Search in all of a person's chats."""

import time
from typing import Any

from typing_extensions import TypedDict

from sitethread import errors, sessions
from sitethread.database import Rows
from sitethread.settings import LIMITS

_START, _STOP = "\ue000", "\ue001"


class Found(TypedDict):
    id: str
    session_id: str
    session_title: str
    website_id: str | None
    helper: str
    seq: int
    role: str
    kind: str
    created_at: str
    snippet: str
    matches: list[list[int]]


def catch_up(rows: Rows, seconds: float = 2) -> None:
    """Make what came in whole searchable, for a while; the next search goes on with it."""
    until = time.monotonic() + seconds
    while rows.call("index_chats", {}) and time.monotonic() < until:
        pass


def search(rows: Rows, query: str, limit: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the chats whose title, and the messages whose text, matches; raise QueryTooLong.

    A message's `matches` are the [start, end) places in its `snippet`, in characters.
    """
    if len(query) > LIMITS.query:
        raise errors.QueryTooLong
    if not query.strip():
        return [], []
    catch_up(rows, seconds=0)
    found = rows.call("search_messages", {"query": query.strip(), "page": limit})
    return [sessions.shown(session) for session in found["sessions"]], [
        {**message, **marked(message["snippet"])} for message in found["messages"]
    ]


def marked(snippet: str) -> dict[str, Any]:
    """Take the marks out of a snippet and say where they were."""
    text, matches = "", []
    for number, part in enumerate(snippet.split(_START)):
        hit, _, rest = part.partition(_STOP) if number else ("", "", part)
        if hit:
            matches.append([len(text), len(text) + len(hit)])
        text += hit + rest
    return {"snippet": text, "matches": matches}
