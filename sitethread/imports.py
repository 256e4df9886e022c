"""A chat that was exported comes back in, all or nothing."""

import threading
import uuid
from typing import Any

from sitethread import errors, searches, sessions
from sitethread.database import Rows

# A file takes many times its size in memory while it is read.
_one_at_a_time = threading.Lock()


def take_turn() -> None:
    """Take this process's turn to import; raise ImportBusy while somebody else has it."""
    if not _one_at_a_time.acquire(blocking=False):
        raise errors.ImportBusy


def end_turn() -> None:
    _one_at_a_time.release()


def check_ids(messages: list[dict[str, Any]]) -> None:
    """Raise InvalidImport when two messages have the same id: what refers to it would be ambiguous."""
    seen: set[str] = set()
    for number, message in enumerate(messages):
        id = message.get("id")
        if id in seen:
            place = f"messages.{number}.id"
            raise errors.InvalidImport(f"{place}: an earlier message has the same id.", place=place)
        if id is not None:
            seen.add(id)


def save(
    rows: Rows,
    chat: dict[str, Any],
    messages: list[dict[str, Any]],
    website_id: str | None,
    new_id: str | None = None,
) -> dict[str, Any]:
    """Make a chat of an exported one and return it, once for each `new_id`; raise NotFound for no such website."""
    check_ids(messages)
    given = {"chat": chat, "messages": messages, "website_id": website_id}
    made = rows.call("import_chat", {**given, "new_id": new_id or str(uuid.uuid4())})
    searches.catch_up(rows)
    return sessions.shown(made)
