"""Who may do what: the access matrix (supabase/tests/database/access.psql) as data.

Everything that isn't there must be refused to everyone, and what is in the database must be there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).parents[2] / "supabase" / "tests" / "database" / "access.psql"


@dataclass
class Access:
    """What `authenticated` may do with a table; `anon` may do nothing with any."""

    granted: dict[str, set[str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    def allowed(self, operation: str) -> set[str]:
        """Return the columns granted for `select`, `insert` or `update`."""
        return self.granted.get(operation, set())

    @property
    def may_delete(self) -> bool:
        return "delete" in self.granted

    @property
    def columns(self) -> set[str]:
        return self.allowed("select") | self.hidden


def _lines() -> Iterator[tuple[str, str, set[str], set[str]]]:
    """Yield object, operation, roles and columns."""
    text = FILE.read_text()
    for line in text[text.index("\ncopy ") : text.index("\n\\.\n")].splitlines()[2:]:
        name, operation, roles, columns = line.split("|")
        yield name, operation, set(roles.split()), set(columns.split())


TABLES: dict[str, Access] = {}
FUNCTIONS: dict[str, set[str]] = {}
for _object, _operation, _roles, _columns in _lines():
    if _operation == "execute":
        FUNCTIONS[_object] = _roles
    elif _roles == {"nobody"}:
        TABLES.setdefault(_object, Access()).hidden = _columns
    else:
        assert _roles == {"authenticated"}, _object
        TABLES.setdefault(_object, Access()).granted[_operation] = _columns

# Out of reach, but checked by the database as whoever writes a message.
CHECKS = {
    name.removeprefix("private."): FUNCTIONS.pop(name) for name in [*FUNCTIONS] if name.startswith("private.")
}

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
    "base_version_id": "00000000-0000-4000-8000-00000000000e",
    "part_of": "00000000-0000-4000-8000-00000000000e",
    "previous_version_id": "00000000-0000-4000-8000-00000000000f",
    "slug": "another-slug",
    "action": "unpublish",
    "proof_hash": "0" * 64,
    "facts": {},
    "domain": "another.example",
    "token": "another",
    "published_at": "2020-01-01T00:00:00Z",
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
    "token_hash": "\\x00",
    "model": "a-model",
    "finish_reason": "stop",
    "error_code": "none",
    "last_message_preview": "Forged",
    "tags": ["one"],
    "files": {"index.html": "<!doctype html>"},
    "manifest": {},
    "sha256": "0" * 64,
    "media_type": "text/plain",
    "tool_calls": [],
    "sources": [],
    "changes": {"places": [], "left_out": [], "tokens_saved": 0},
    "form": "contact",
    "page": "index.html",
    "fields": [],
    "marks": ["links"],
    "is_quarantined": True,
    "is_read": True,
    "mail_notice": "sent",
    "webhook_notice": "sent",
    "bytes": 2,
    "target": {},
    "share_id": "00000000-0000-4000-8000-00000000000f",
    "path": "index.html",
    "author": "Charlie",
    "host": "charlie.example",
    "day": "2026-12-01",
    "views": 7,
    **dict.fromkeys(("is_read", "is_resolved", "has_password", "has_all_pages"), True),
    **dict.fromkeys(
        (
            "created_at",
            "updated_at",
            "last_message_at",
            "pinned_at",
            "archived_at",
            "deleted_at",
            "shared_at",
            "expires_at",
        ),
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
    **dict.fromkeys(("prompt_tokens", "completion_tokens", "cached_tokens"), 7),
    **dict.fromkeys(("start_offset", "end_offset", "bytes", "size", "width", "height"), 7),
}
