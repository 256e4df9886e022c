"""What the gateway costs: a list page of /rest/v1 through it, and straight from PostgREST."""

import asyncio
import json
import tempfile
from pathlib import Path

from bench.loads import as_person, compare, report
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
        port = json.loads((stack.data / "ports.json").read_text())["postgrest"]
        straight = as_person(f"http://{HOST}:{port}/{PATH}", stack, person)
        through = as_person(f"{stack.supabase_url}/rest/v1/{PATH}", stack, person)
        measured = asyncio.run(compare([straight, through], CLIENTS, rounds=5, seconds=1.5))
    return report("gateway", *measured, MOST_TIME, LEAST_RATE)
