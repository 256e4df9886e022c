"""What the app needs of the database: the rights that its calls take, as `readiness` checks them."""

_FUNCTIONS = [
    "add_message",
    "archive_chats",
    "branch_chat",
    "clear_chat",
    "continue_answer",
    "correct_changes",
    "delete_account",
    "discard_import",
    "ensure_chat",
    "get_file",
    "import_chat",
    "import_messages",
    "import_prompts",
    "import_session",
    "import_version",
    "import_website",
    "index_chats",
    "put_file",
    "read_answer",
    "read_chat",
    "read_messages",
    "read_saved_chats",
    "read_usage",
    "read_version",
    "read_version_page",
    "read_versions",
    "restore_trash",
    "restore_version",
    "retry_answer",
    "save_chat",
    "save_edits",
    "search_messages",
    "share_chat",
    "share_page",
    "stage_import",
    "start_turn",
    "stop_answer",
    "trash_chats",
    "trash_website",
    "update_share",
]
_OPEN_FUNCTIONS = [
    "append_chunks",
    "finish_answer",
    "read_page_share",
    "read_share",
    "read_shared_file",
    "reclaim_answer",
]
_TABLES = {
    "websites": "select insert update",
    "chat_sessions": "select insert update",
    "chat_messages": "select",
    "site_versions": "select insert",
    "chat_shares": "select delete",
    "page_shares": "select delete",
    "prompts": "select insert update delete",
    "trash": "select delete",
}

FUNCTIONS = frozenset(_FUNCTIONS + _OPEN_FUNCTIONS)
TABLES = frozenset(_TABLES)
NEEDS = [
    *(f"authenticated execute {name}" for name in _FUNCTIONS),
    *(f"{role} execute {name}" for name in _OPEN_FUNCTIONS for role in ("anon", "authenticated")),
    *(f"authenticated {right} {table}" for table, rights in _TABLES.items() for right in rights.split()),
]
"""Each a role, an operation and a name."""
