"""A page of chats: through the app, and whole rows straight from PostgREST behind the gateway."""

import asyncio
from urllib.parse import urlencode

from bench.loads import Target, as_person, compare, report
from bench.servers import serving
from sitethread import pagination
from tests.app_server import AppServer
from tests.long_chats import add_chat
from tests.stacks import Person, Stack

MOST_TIME, LEAST_RATE = 1.8, 0.55
CLIENTS = 32
LIMIT = 20


def main() -> bool:
    """Print the ratios; tell whether both are within bounds."""
    with serving() as (stack, app):
        person = stack.sign_up()
        for number in range(LIMIT + 5):
            add_chat(stack, person, 0, f"Chat {number}")
        targets = list(ways(stack, app, person))
        measured = asyncio.run(compare(targets, CLIENTS, rounds=5, seconds=1.5))
    return report(f"list of {LIMIT} chats", *measured, MOST_TIME, LEAST_RATE)


def ways(stack: Stack, app: AppServer, person: Person) -> tuple[Target, Target]:
    """Return the cheapest request for a page of chats, and ours."""
    filters = urlencode(pagination.newest_first(LIMIT, None))
    cheapest = as_person(f"{stack.supabase_url}/rest/v1/chat_sessions?{filters}", stack, person)
    return cheapest, as_person(f"{app.url}/api/chat/sessions?limit={LIMIT}", stack, person)
