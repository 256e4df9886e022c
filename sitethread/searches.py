"""Search in all of a user's chats."""

import time
from typing import NamedTuple

from typing_extensions import TypedDict

from sitethread import sessions, texts
from sitethread.database import Rows
from sitethread.sessions import Session

# Around each match in a snippet of search_messages.
_START, _STOP = "\ue000", "\ue001"


class FoundMessage(TypedDict):
    """`matches` are [start, end) places in `snippet`, in characters.

    `matches_in_chat` counts the messages of its chat that were found.
    """

    id: str
    session_id: str
    session_title: str
    website_id: str | None
    helper: str
    matches_in_chat: int
    seq: int
    role: str
    kind: str
    created_at: str
    snippet: str
    matches: list[list[int]]


class SearchResult(NamedTuple):
    """Sessions whose title matches, the last changed first, and messages whose text does, the best first.

    With `newest_only`, older messages may match, too: the words are so common that only the newest were looked at.
    """

    sessions: list[Session]
    messages: list[FoundMessage]
    newest_only: bool


def catch_up(rows: Rows, seconds: float = 2) -> None:
    """Index imported and restored messages for at most this many seconds; the next search goes on with it."""
    until = time.monotonic() + seconds
    while rows.call("index_chats", {}) and time.monotonic() < until:
        pass


def search(
    rows: Rows, query: str, limit: int, *, everything: bool = False, per_chat: bool = False
) -> SearchResult:
    """Return at most `limit` sessions and messages that match; raise QueryTooLong.

    `everything` looks for common words in older messages, too, which may take a second in a long history.
    `per_chat` returns the best message of each chat, and none that a branch has copied from another.
    """
    texts.check_query(query)
    if not query.strip():
        return SearchResult([], [], False)
    catch_up(rows, seconds=0)
    params = {"query": query.strip(), "page": limit, "everything": everything, "per_chat": per_chat}
    found = rows.call("search_messages", params)
    for message in found["messages"]:
        message["snippet"], message["matches"] = unmark(message["snippet"])
    named = [sessions.from_row(row) for row in found["sessions"]]
    return SearchResult(named, found["messages"], found["newest_only"])


def unmark(snippet: str) -> tuple[str, list[list[int]]]:
    """Remove the marks of a snippet; return it and the [start, end) places that they enclosed."""
    text, matches = "", []
    for number, part in enumerate(snippet.split(_START)):
        hit, _, rest = part.partition(_STOP) if number else ("", "", part)
        if hit:
            matches.append([len(text), len(text) + len(hit)])
        text += hit + rest
    return text, matches
