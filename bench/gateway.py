"""What the gateway costs: a list page of /rest/v1 through it, and straight from PostgREST."""

import asyncio
import json
import tempfile
from pathlib import Path

from bench.loads import Target, compare
from embedded.ports import HOST
from tests.stacks import Stack

MOST_TIME = 1.3
LEAST_RATE = 0.7
CLIENTS = 32
PATH = "websites?select=id,name,created_at,updated_at&order=updated_at.desc,id.desc&limit=20"


def main() -> bool:
    """Print the ratios; tell whether both are within bounds."""
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder) / "data") as stack:
        person = stack.sign_up()
        for number in range(20):
            stack.rest(
                "websites", person.access_token, "POST", json={"name": f"Website {number}"}
            ).raise_for_status()
        headers = {"apikey": stack.publishable_key, "Authorization": f"Bearer {person.access_token}"}
        port = json.loads((stack.data / "ports.json").read_text())["postgrest"]
        straight = Target(f"http://{HOST}:{port}/{PATH}", headers)
        through = Target(f"{stack.supabase_url}/rest/v1/{PATH}", headers)
        measured = asyncio.run(compare([straight, through], CLIENTS, rounds=5, seconds=1.5))
    return report(*measured)


def report(straight: tuple[float, float], through: tuple[float, float]) -> bool:
    time, rate = through[0] / straight[0], through[1] / straight[1]
    print("gateway        one client    32 clients")
    print(f"  straight   {straight[0] * 1000:8.2f} ms  {straight[1]:8.0f} /s")
    print(f"  through    {through[0] * 1000:8.2f} ms  {through[1]:8.0f} /s")
    print(f"  ratio      {time:8.2f}     {rate:8.2f}       (at most {MOST_TIME}, at least {LEAST_RATE})")
    return time <= MOST_TIME and rate >= LEAST_RATE
