"""Who may do what: the access that the migrations are meant to give, read from the database's own tests.

Everything that isn't here must be refused to everyone, and what is in the database must be here.
"""

import re
from dataclasses import dataclass

from tests.database.pgtap import FOLDER


@dataclass(frozen=True)
class Access:
    """What `authenticated` may do with a table; `anon` may do nothing with any."""

    select: str
    insert: str = ""
    update: str = ""
    hidden: str = ""
    delete: bool = False

    def allowed(self, operation: str) -> set[str]:
        return set(getattr(self, operation).split())

    @property
    def columns(self) -> set[str]:
        return self.allowed("select") | self.allowed("hidden")


# What clients may neither read nor write.
_HIDDEN = {"chat_sessions": "thread_id", "chat_shares": "token_hash"}

_STORY = (FOLDER / "010-ground-rules.sql").read_text(encoding="utf-8")


def _rows_of(table: str) -> list[list[str]]:
    """Return the rows that the story inserts into one of its tables; adjacent literals are one text."""
    values = re.search(rf"insert into {table} values\n(.*?);\n", _STORY, re.DOTALL)
    assert values, table
    rows = re.findall(r"\((.*?)\)(?:,\n|$)", values[1], re.DOTALL)
    return [[re.sub(r"'\s+'", "", text).strip("' \n") for text in re.split(r",\s+", row)] for row in rows]


def _tables() -> dict[str, Access]:
    granted: dict[str, dict[str, str]] = {}
    for role, operation, table, columns in _rows_of("granted"):
        assert role == "authenticated"
        granted.setdefault(table, {})[operation] = columns
    return {
        table: Access(
            select=columns["select"],
            insert=columns.get("insert", ""),
            update=columns.get("update", ""),
            hidden=_HIDDEN.get(table, ""),
            delete="delete" in columns,
        )
        for table, columns in granted.items()
    }


def _functions() -> dict[str, set[str]]:
    callers: dict[str, set[str]] = {}
    for role, names in _rows_of("callable"):
        for name in names.split():
            callers.setdefault(name, set()).add(role)
    return callers


TABLES = _tables()

# Out of reach, but checked by the database as whoever writes a message.
CHECKS = {"is_visible": {"authenticated"}}

FUNCTIONS = {name: roles for name, roles in _functions().items() if name not in CHECKS}

# One value of the right type for each column that somebody might try to write.
SAMPLES: dict[str, object] = {
    "user_id": "00000000-0000-4000-8000-000000000001",
    "id": "00000000-0000-4000-8000-000000000002",
    "website_id": "00000000-0000-4000-8000-000000000003",
    "session_id": "00000000-0000-4000-8000-000000000004",
    "message_id": "00000000-0000-4000-8000-000000000005",
    "reply_to": "00000000-0000-4000-8000-000000000006",
    "running_answer_id": "00000000-0000-4000-8000-000000000007",
    "version_id": "00000000-0000-4000-8000-000000000008",
    "follows_id": "00000000-0000-4000-8000-00000000000a",
    "edit_of": "00000000-0000-4000-8000-00000000000b",
    "branched_from_session_id": "00000000-0000-4000-8000-00000000000c",
    "branched_from_message_id": "00000000-0000-4000-8000-00000000000d",
    "restored_from": "00000000-0000-4000-8000-000000000009",
    "name": "Another name",
    "title": "Another title",
    "title_source": "user",
    "helper": "seo",
    "role": "assistant",
    "kind": "design",
    "content": "Other words",
    "status": "complete",
    "source": "edit",
    "summary": "Summed up",
    "text": "Other text",
    "thread_id": "thread_1",
    "token_hash": "\\x00",
    "model": "a-model",
    "finish_reason": "stop",
    "error_code": "none",
    "last_message_preview": "Forged",
    "tags": ["one"],
    "files": {"index.html": "<!doctype html>"},
    "tool_calls": [],
    "sources": [],
    **dict.fromkeys(
        ("created_at", "updated_at", "last_message_at", "pinned_at", "archived_at", "deleted_at"),
        "2020-01-01T00:00:00Z",
    ),
    **dict.fromkeys(
        (
            "seq",
            "last_seq",
            "last_read_seq",
            "number",
            "version_number",
            "latest_version_number",
            "message_count",
        ),
        77,
    ),
    **dict.fromkeys(("prompt_tokens", "completion_tokens", "start_offset"), 7),
}
