"""A whole chat as one file, to keep or to read elsewhere."""

import json
import re
import unicodedata

from sitethread import helpers, messages
from sitethread.database import Rows
from sitethread.messages import Message
from sitethread.sessions import Session


def whole_chat(rows: Rows, session_id: str) -> tuple[Session, list[Message]]:
    """Return a chat and all of its messages, oldest first; raise NotFound."""
    session, found, cursor = messages.list_page(rows, session_id, None, None)
    pages = [found]
    while cursor:
        _, found, cursor = messages.list_page(rows, session_id, None, cursor)
        pages.append(found)
    return session, [message for page in reversed(pages) for message in page]


def as_json(session: Session, found: list[Message]) -> str:
    """Write a chat as JSON that can be read back."""
    document = {"format": "sitethread-chat", "version": 1, "session": session, "messages": found}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_markdown(session: Session, found: list[Message]) -> str:
    """Write a chat as Markdown for people."""
    helper = helpers.find(session["helper"]).label
    parts = [
        f"# {_heading(session['title'])}",
        f"A chat with {helper}, begun {_minute(session['created_at'])}.",
    ]
    for message in found:
        who = "You" if message["role"] == "user" else helper
        parts.append(f"## {who} · {_minute(message['created_at'])}")
        parts.append(message["content"].strip())
        if message["status"] != "complete":
            parts.append(f"_({message['status']})_")
    return "\n\n".join(part for part in parts if part) + "\n"


def file_name(title: str, extension: str) -> str:
    """Turn a title into a file name that every system takes."""
    name = re.sub(r"[^\w\- ]+", " ", unicodedata.normalize("NFC", title))
    return f"{'-'.join(name.split())[:80].strip('-.') or 'sitethread'}.{extension}"


def _heading(title: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", title)


def _minute(time: str) -> str:
    return f"{time[:10]} {time[11:16]} UTC"
