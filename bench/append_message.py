"""A finished message added to chats of 10, 1,000 and 10,000: through the app, and inserted straight by PostgREST."""

import asyncio

from bench.loads import Target, as_person, compare, report
from bench.servers import serving
from tests.app_server import AppServer
from tests.long_chats import TEXT, add_chat
from tests.stacks import Person, Stack

MOST_TIME, LEAST_RATE = 1.8, 0.5
MOST_GROWTH = 1.1
SIZES = (10, 1_000, 10_000)
CLIENTS = 8


def main() -> bool:
    """Print the ratios; tell whether all are within bounds."""
    with serving() as (stack, app):
        person = stack.sign_up()
        targets = [
            target for size in SIZES for target in ways(stack, app, person, add_chat(stack, person, size))
        ]
        stack.sql("analyze public.chat_messages")
        measured = asyncio.run(compare(targets, CLIENTS, rounds=4, seconds=1))
    are_good = [
        report(f"append to {size:,} messages", *measured[2 * n : 2 * n + 2], MOST_TIME, LEAST_RATE)
        for n, size in enumerate(SIZES)
    ]
    growth = measured[-1].seconds / measured[1].seconds
    print(f"  the {SIZES[-1]:,}th takes {growth:.2f} as long as the {SIZES[0]}th  (at most {MOST_GROWTH})")
    return all(are_good) and growth <= MOST_GROWTH


def ways(stack: Stack, app: AppServer, person: Person, session: str) -> tuple[Target, Target]:
    """Return the cheapest request that adds a message, and ours."""
    message: dict[str, object] = {"role": "user", "content": TEXT}
    cheapest = as_person(
        f"{stack.supabase_url}/rest/v1/chat_messages", stack, person, {"session_id": session, **message}
    )
    return cheapest, as_person(f"{app.url}/api/chat/sessions/{session}/messages", stack, person, message)
