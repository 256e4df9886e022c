"""Postgres and PostgREST die under load, and are started again: nothing acknowledged is lost or doubled."""

import random
import time
from collections.abc import Iterator

import httpx
import psutil
import psycopg
import pytest

from tests.chaos.conftest import lift_quotas
from tests.chaos.reports import compare, report
from tests.http_client import HttpClient, connect
from tests.stacks import Stack

SERVING_SECONDS = 5.0
BETWEEN_KILLS = 13  # The embedded Supabase gives up on a part that ends more than five times in a minute.


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("mortal")) as running:
        lift_quotas(running)
        yield running


def kill(stack: Stack, name: str) -> None:
    """Kill the part of the stack that runs this program."""
    parts = psutil.Process(stack.process.pid).children()
    [part] = [part for part in parts if part.name() == name]
    part.kill()


def wait_for(condition, seconds: float) -> float:
    """Return how long it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - started


def accepts(stack: Stack) -> bool:
    try:
        psycopg.connect(stack.db_url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def serves(url: str, token: str) -> bool:
    """Tell whether the app stores something."""
    try:
        with HttpClient(connect(url), token) as client:
            return client.send("POST", "/api/chat/sessions", json={}, timeout=5).status_code == 201
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize(
    ("part", "rounds"),
    [
        pytest.param("postgres", 1, id="postgres"),
        pytest.param("postgrest", 1, id="postgrest"),
        pytest.param("postgres", 20, id="postgres-long", marks=pytest.mark.chaos),
        pytest.param("postgrest", 20, id="postgrest-long", marks=pytest.mark.chaos),
    ],
)
def test_a_part_of_the_database_that_dies_costs_nobody_a_word(
    stack, server, history, people, crowd, in_time, part, rounds
):
    them, canary = people(5), people(1)
    chats = crowd(server.url, them, 30 if rounds > 1 else 8, count=60, rate=20)
    rng = random.Random(rounds)
    serving_after = []
    for _ in range(rounds):
        time.sleep(rng.uniform(0.5, 1.5) + (BETWEEN_KILLS if rounds > 1 else 0))
        kill(stack, part)
        wait_for(lambda: accepts(stack), 60)
        serving_after.append(wait_for(lambda: serves(server.url, canary.tokens[0]), 60))
    chats.leave(120)
    broken = [r.error_code for r in chats.readings if r.status != "complete"]
    report(
        f"kill -9 of {part} ×{rounds}",
        compare(history, stack, them.ids),
        answers=len(chats.readings),
        broken_off=len(broken),
        serving_again_after=max(serving_after),
    )
    assert broken == [], f"{len(broken)} answers were broken off"
    in_time(max(serving_after), SERVING_SECONDS)
