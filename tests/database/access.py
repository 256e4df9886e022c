"""Who may do what: the access that the migrations are meant to give, as data.

Everything that isn't here must be refused to everyone, and what is in the database must be here.
"""

from dataclasses import dataclass


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


TABLES = {
    "websites": Access(
        select="user_id id name latest_version_number created_at updated_at",
        insert="id name",
        update="name",
        delete=True,
    ),
    "chat_sessions": Access(
        select="user_id id website_id helper title title_source last_message_preview last_message_at message_count "
        "last_seq last_read_seq running_answer_id branched_from_session_id branched_from_message_id "
        "pinned_at archived_at tags created_at updated_at",
        insert="id website_id helper title tags",
        update="title website_id last_read_seq pinned_at archived_at tags",
        delete=True,
    ),
    "chat_messages": Access(
        select="user_id id session_id seq role kind content status reply_to follows_id edit_of tool_calls sources "
        "model prompt_tokens completion_tokens finish_reason error_code version_id version_number "
        "created_at updated_at",
        insert="id session_id role kind content reply_to tool_calls sources model prompt_tokens completion_tokens",
        update="kind content",
        delete=True,
    ),
    "message_chunks": Access(select="user_id message_id start_offset text"),
    "site_versions": Access(
        select="user_id id website_id number source summary files session_id message_id restored_from created_at",
        insert="id website_id source summary files restored_from",
    ),
    "chat_shares": Access(
        select="user_id id session_id last_seq created_at", hidden="token_hash", delete=True
    ),
    "trash": Access(select="user_id id kind session_id title message_count deleted_at", delete=True),
}

FUNCTIONS = {
    "add_message": {"authenticated"},
    "start_turn": {"authenticated"},
    "retry_answer": {"authenticated"},
    "continue_answer": {"authenticated"},
    "read_answer": {"authenticated"},
    "stop_answer": {"authenticated"},
    "restore_version": {"authenticated"},
    "branch_chat": {"authenticated"},
    "trash_chats": {"authenticated"},
    "clear_chat": {"authenticated"},
    "restore_trash": {"authenticated"},
    "save_chat": {"authenticated"},
    "read_saved_chats": {"authenticated"},
    "ensure_chat": {"authenticated"},
    "share_chat": {"authenticated"},
    # Whoever has a share's token may read what it opens.
    "read_share": {"anon", "authenticated"},
    "search_messages": {"authenticated"},
    "index_chats": {"authenticated"},
    "stage_import": {"authenticated"},
    "import_chat": {"authenticated"},
    "discard_import": {"authenticated"},
    "archive_chats": {"authenticated"},
    "read_usage": {"authenticated"},
    # Whoever holds an answer's lease may write it, with or without a token.
    "append_chunks": {"anon", "authenticated"},
    "finish_answer": {"anon", "authenticated"},
    "reclaim_answer": {"anon", "authenticated"},
}

# Out of reach, but checked by the database as whoever writes a message.
CHECKS = {
    "is_visible": {"authenticated"},
    "are_visible": {"authenticated"},
    "max_question_length": {"authenticated"},
    "max_answer_length": {"authenticated"},
    "max_attachment_size": {"authenticated"},
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
