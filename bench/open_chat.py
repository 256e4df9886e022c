"""A chat with its last 30 messages, of 10, 1,000 and 10,000: through the app, and by the function alone."""

import asyncio

from bench.loads import Target, as_person, compare, report
from bench.servers import serving
from tests.app_server import AppServer
from tests.long_chats import add_chat
from tests.stacks import Person, Stack

MOST_TIME, LEAST_RATE = 2.2, 0.4
MOST_GROWTH = 1.1
SIZES = (10, 1_000, 10_000)
CLIENTS = 32
LIMIT = 30


def main() -> bool:
    """Print the ratios; tell whether all are within bounds."""
    with serving() as (stack, app):
        person = stack.sign_up()
        targets = [
            target
            for size in SIZES
            for target in ways(stack, app, person, add_chat(stack, person, size), min(size, LIMIT))
        ]
        # Of a chat of 10 messages there are fewer to send: as many of a longer one show what its length costs.
        targets.append(ways(stack, app, person, add_chat(stack, person, SIZES[-1]), SIZES[0])[1])
        stack.sql("analyze public.chat_messages")
        *measured, shorter = asyncio.run(compare(targets, CLIENTS, rounds=4, seconds=1))
    are_good = [
        report(f"open a chat of {size:,} messages", *measured[2 * n : 2 * n + 2], MOST_TIME, LEAST_RATE)
        for n, size in enumerate(SIZES)
    ]
    growth = shorter.seconds / measured[1].seconds
    few, many = SIZES[0], SIZES[-1]
    print(
        f"  the last {few} of {many:,} take {growth:.2f} as long as {few} of {few}  (at most {MOST_GROWTH})"
    )
    return all(are_good) and growth <= MOST_GROWTH


def ways(stack: Stack, app: AppServer, person: Person, session: str, limit: int) -> tuple[Target, Target]:
    """Return the cheapest request for a chat with its latest messages, and ours."""
    cheapest = as_person(
        f"{stack.supabase_url}/rest/v1/rpc/read_chat",
        stack,
        person,
        {"session_id": session, "page": limit},
    )
    return cheapest, as_person(f"{app.url}/api/chat/sessions/{session}?limit={limit}", stack, person)
