"""Writes a whole chat as one file, line by line while its messages are read from the database."""

import re
from collections.abc import Iterator
from itertools import chain

import msgspec

from sitethread import helpers, messages
from sitethread.database import Rows
from sitethread.messages import Message
from sitethread.scheduling import give_way
from sitethread.sessions import Session


def stored_session(rows: Rows, session_id: str) -> tuple[Session, Iterator[Message]]:
    """Return a chat and an iterator that reads its messages page by page, oldest first; raise NotFound."""
    session, _, _ = messages.list_page(rows, session_id, 1, None)
    return session, chain.from_iterable(messages.in_order(rows, session_id))


def as_json_lines(session: Session, found: Iterator[Message]) -> Iterator[bytes]:
    """Write a chat in format 2, which can be read back."""
    head = {"format": "sitethread-chat", "version": 2, "session": session}
    lines: Iterator[object] = chain((head,), found)
    for line in lines:
        yield msgspec.json.encode(line) + b"\n"
        # Other requests of this worker run.
        give_way()


def as_markdown(session: Session, found: Iterator[Message]) -> Iterator[str]:
    """Write a chat as Markdown for people."""
    yield markdown_head(session)
    for message in found:
        yield markdown_message(session, message)


def markdown_head(session: Session) -> str:
    helper = helpers.find(session["helper"]).label
    begun = _minute(session["created_at"])
    return f"# {_heading(session['title'])}\n\nA chat with {helper}, begun {begun}.\n"


def markdown_message(session: Session, message: Message) -> str:
    who = "You" if message["role"] == "user" else helpers.find(session["helper"]).label
    parts = [f"\n## {who} · {_minute(message['created_at'])}\n"]
    if content := message["content"].strip():
        parts.append(f"\n{content}\n")
    if message["status"] != "complete":
        parts.append(f"\n_({message['status']})_\n")
    return "".join(parts)


def _heading(title: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", title)


def _minute(time: str) -> str:
    return f"{time[:10]} {time[11:16]} UTC"
