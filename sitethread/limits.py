"""How large what users send may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Characters of texts, numbers of items, bytes of bodies.

    Those of texts, tags and messages are constraints of the database, too; tests/database/test_limits.py compares them.
    """

    message: int = 100_000
    answer: int = 1_000_000
    title: int = 200
    website_name: int = 120
    brief: int = 4_000
    tags: int = 10
    tag: int = 40
    tool_calls: int = 200
    query: int = 200
    page_name: int = 80
    prompt_name: int = 80
    prompt: int = 10_000
    prompts: int = 100
    author: int = 60
    comment: int = 2_000
    publication_events: int = 1_000
    body: int = 1024 * 1024
    saved_chat: int = 8 * 1024 * 1024
    saved_messages: int = 10_000
    imported: int = 64 * 1024 * 1024
    account: int = 1024 * 1024 * 1024
    account_unpacked: int = 2 * 1024 * 1024 * 1024
    account_entries: int = 100_000
    file: int = 4 * 1024 * 1024
    texts: int = 4 * 1024 * 1024
    version: int = 20_000_000
    json_depth: int = 64
    json_values: int = 120_000
    page: int = 100
    bulk: int = 100
    messages_at_once: int = 1_000


LIMITS = Limits()
