"""What the app costs: a page of chats through Flask, and straight from PostgREST behind the gateway."""

import asyncio
import tempfile
from pathlib import Path

from bench.loads import Target, compare
from tests.app_server import AppServer
from tests.stacks import Stack

MOST_TIME = 1.8
LEAST_RATE = 0.55
CLIENTS = 32
COLUMNS = (
    "id,website_id,helper,title,title_source,last_message_preview,last_message_at,message_count,"
    "running_answer_id,pinned_at,archived_at,tags,created_at,updated_at"
)
PATH = f"chat_sessions?select={COLUMNS}&archived_at=is.null&order=updated_at.desc,id.desc&limit=21"


def main() -> bool:
    """Print the ratios; tell whether both are within bounds."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack(Path(folder) / "data") as stack,
        AppServer(stack, stack.openai_base_url, LOG_LEVEL="WARNING") as app,
    ):
        person = stack.sign_up()
        for number in range(20):
            body = {"title": f"Chat {number}"}
            stack.rest("chat_sessions", person.access_token, "POST", json=body).raise_for_status()
        bearer = {"Authorization": f"Bearer {person.access_token}"}
        straight = Target(f"{stack.supabase_url}/rest/v1/{PATH}", {"apikey": stack.publishable_key, **bearer})
        through = Target(f"{app.url}/api/chat/sessions?limit=20", bearer)
        measured = asyncio.run(compare([straight, through], CLIENTS, rounds=5, seconds=1.5))
    return report(*measured)


def report(straight: tuple[float, float], through: tuple[float, float]) -> bool:
    time, rate = through[0] / straight[0], through[1] / straight[1]
    print("list of chats  one client    32 clients")
    print(f"  PostgREST  {straight[0] * 1000:8.2f} ms  {straight[1]:8.0f} /s")
    print(f"  the app    {through[0] * 1000:8.2f} ms  {through[1]:8.0f} /s")
    print(f"  ratio      {time:8.2f}     {rate:8.2f}       (aim: at most {MOST_TIME}, at least {LEAST_RATE})")
    return time <= MOST_TIME and rate >= LEAST_RATE
