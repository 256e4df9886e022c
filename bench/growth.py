"""The same requests in an empty database, and beside 1,000,000 messages of others."""

import asyncio
import tempfile
from pathlib import Path

from bench import append_message, list_chats, open_chat
from bench.loads import Measured, Target, as_person, compare
from tests.app_server import AppServer
from tests.long_chats import add_chat
from tests.stacks import Person, Stack

MOST_RATIO = 1.1
PEOPLE, MESSAGES_EACH = 100, 10_000
CHAT = 1_000


def main() -> bool:
    """Print the ratios; tell whether all are within bounds. Two stacks take turns, one empty and one full."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack(Path(folder) / "empty") as empty,
        Stack(Path(folder) / "full") as full,
        AppServer(empty, empty.openai_base_url, LOG_LEVEL="WARNING") as app_of_empty,
        AppServer(full, full.openai_base_url, LOG_LEVEL="WARNING") as app_of_full,
    ):
        add_others(full, PEOPLE, MESSAGES_EACH)
        pairs = zip(requests(empty, app_of_empty), requests(full, app_of_full), strict=True)
        results = [
            (name, *asyncio.run(compare([alone, beside], 8, rounds=6, seconds=1)))
            for (name, alone), (_, beside) in pairs
        ]
    print(f"beside {PEOPLE * MESSAGES_EACH:,} messages of others  (at most {MOST_RATIO})")
    are_good = [report(*result) for result in results]
    return all(are_good)


def add_others(stack: Stack, people: int, messages: int) -> None:
    """Store a chat of so many messages for each of so many other people, and gather statistics."""
    for _ in range(people):
        add_chat(stack, stack.sign_up(), messages)
    stack.sql("analyze public.chat_sessions, public.chat_messages")


def requests(stack: Stack, app: AppServer) -> list[tuple[str, Target]]:
    person: Person = stack.sign_up()
    for number in range(25):
        add_chat(stack, person, 10, f"Chat {number}")
    session = add_chat(stack, person, CHAT)
    stack.sql("analyze public.chat_sessions, public.chat_messages")
    return [
        ("list", list_chats.ways(stack, app, person)[1]),
        ("open", open_chat.ways(stack, app, person, session, 30)[1]),
        ("append", append_message.ways(stack, app, person, session)[1]),
        ("import", import_of(stack, app, person)),
    ]


def import_of(stack: Stack, app: AppServer, person: Person) -> Target:
    """Return the import of a chat of two messages, which makes a new one each time."""
    stack.sql("update private.quotas set allowed = greatest(allowed, 1000000)")
    messages = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    file: dict[str, object] = {"format": "sitethread-chat", "version": 1, "session": {}, "messages": messages}
    return as_person(f"{app.url}/api/chat/import", stack, person, file)


def report(name: str, alone: Measured, beside: Measured) -> bool:
    ratio = beside.seconds / alone.seconds
    print(f"  {name:8} alone {alone}   beside {beside}   ratio {ratio:.2f}")
    return ratio <= MOST_RATIO
