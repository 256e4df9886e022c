"""One person's big chat is read by many devices at once: what that takes in memory, and what others notice."""

import base64
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.app_server import AppServer
from tests.chaos.memory import MEBIBYTE, Memory
from tests.chaos.reports import report, sizes
from tests.chat_client import ChatClient
from tests.long_chats import add_chat
from tests.stacks import ROOT, Person, Stack

MEGABYTES_A_READER = 6
MESSAGE = 99_990
MOST_BYTES_A_READER = 50 * MEBIBYTE
OTHERS_SECONDS = 0.1


@pytest.fixture(scope="module")
def website(stack: Stack, server: AppServer) -> Callable[[Person], str]:
    def make(person: Person) -> str:
        with ChatClient(server.url, person.access_token) as client:
            return str(client.new_website()["id"])

    return make


WAYS = {
    "pages": "/api/chat/sessions/{chat}/messages",
    "exports": "/api/chat/sessions/{chat}/export?format=json",
    "arrays": "/api/hosting/chats?websiteId={website}",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("readers", sizes(short=3, long=20))
def test_many_readers_of_a_big_chat_take_little_memory_and_others_notice_nothing(
    stack, server, website, in_time, readers, way
):
    owner, other = stack.sign_up(), stack.sign_up()
    site = website(owner)
    text = base64.b64encode(os.urandom(MESSAGE * 3 // 4)).decode()
    messages = readers * MEGABYTES_A_READER * 10
    chat = add_chat(stack, owner, messages, website=site, question=text, answer=text)
    own = add_chat(stack, other, 10)
    path = WAYS[way].format(chat=chat, website=site)
    with Memory(stack, server) as memory, others(server, other, own) as waits:
        time.sleep(readers / 4)
        alone = waits.copy()
        waits.clear()
        began = time.monotonic()
        readings = read(server, owner, [path] * readers)
        took = time.monotonic() - began
    stack.sql("delete from auth.users where id = %s", owner.id)
    refused = sum((Counter(reading["refused"]) for reading in readings), Counter())
    p99 = percentile99(waits)
    report(
        f"{readers} readers of {messages * MESSAGE // 1_000_000} MB by {way}",
        rise=f"{memory.rise // MEBIBYTE} MiB",
        whole=sum(reading["is_whole"] for reading in readings),
        largest_page=f"{max(reading['largest'] for reading in readings):,} bytes",
        refused=dict(refused),
        seconds=took,
        others=len(waits),
        others_p99_without_readers=f"{percentile99(alone) * 1000:.0f} ms",
        others_p99=f"{p99 * 1000:.0f} ms",
        others_longest=f"{max(waits) * 1000:.0f} ms",
    )
    assert all(reading["is_whole"] for reading in readings)
    assert {reading["messages"] for reading in readings} == {messages}
    assert set(refused) <= {"429"}
    assert memory.rise < readers * MOST_BYTES_A_READER
    in_time(p99, OTHERS_SECONDS)


def percentile99(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)]


def read(server: AppServer, person: Person, paths: list[str], seconds: int = 600) -> list[dict[str, Any]]:
    """Have a process read all of these at once."""
    command = [
        sys.executable,
        "-m",
        "tests.chaos.readers",
        server.url,
        person.access_token,
        json.dumps(paths),
    ]
    done = subprocess.run(
        [*command, str(seconds)], cwd=ROOT, capture_output=True, text=True, timeout=seconds + 150
    )
    assert not done.returncode, done.stderr
    readings: list[dict[str, Any]] = json.loads(done.stdout)
    return readings


@contextmanager
def others(server: AppServer, person: Person, chat: str) -> Iterator[list[float]]:
    """Have somebody else list and open chats, some times a second, and note how long each request takes."""
    waits: list[float] = []
    is_over = threading.Event()

    def go_on() -> None:
        with ChatClient(server.url, person.access_token) as client:
            while not is_over.is_set():
                for path in ("/api/chat/sessions", f"/api/chat/sessions/{chat}?limit=30"):
                    began = time.monotonic()
                    client.http.get(path, headers={"Authorization": f"Bearer {person.access_token}"})
                    waits.append(time.monotonic() - began)
                    is_over.wait(0.05)

    threads = [threading.Thread(target=go_on, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    waits.clear()
    yield waits
    is_over.set()
    for thread in threads:
        thread.join(30)
