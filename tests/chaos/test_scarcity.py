"""There is too little of what the database needs: connections, or room on its disk."""

import contextlib
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.app_server import AppServer
from tests.chaos.conftest import lift_quotas
from tests.chaos.reports import compare, report, sizes
from tests.stacks import Stack

POOL = 2


@pytest.fixture
def poor_stack(tmp_path: Path) -> Iterator[Stack]:
    """A Supabase whose PostgREST has two connections and soon gives up waiting for one."""
    with Stack(tmp_path / "poor") as stack:
        lift_quotas(stack)
        file = stack.data / "config" / "postgrest.conf"
        settings = re.sub(r"db-pool = \d+", f"db-pool = {POOL}", file.read_text())
        settings = re.sub(r"(acquisition-timeout) = \d+", r"\1 = 1", settings)
        file.write_text(settings)
        [postgrest] = [p for p in psutil.Process(stack.process.pid).children() if p.name() == "postgrest"]
        postgrest.kill()
        admin = json.loads((stack.data / "ports.json").read_text())["postgrest_admin"]
        deadline = time.monotonic() + 30
        while not _is_ready(admin):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield stack


def _is_ready(admin_port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{admin_port}/ready", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize("chats", sizes(short=10, long=100))
def test_two_connections_serve_everybody_in_the_end(poor_stack, model, history, device, chats):
    """The two are also held for a while, so that some are refused."""
    them = [poor_stack.sign_up() for _ in range(4)]
    with AppServer(poor_stack, model.base_url) as server:
        tabs = [device(server.url, them[n % 4].access_token) for n in range(chats)]
        readings = []
        threads = [
            threading.Thread(
                target=lambda tab=tab, n=n: readings.append(tab.ask(40, n, 20, patience=100)), daemon=True
            )
            for n, tab in enumerate(tabs)
        ]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        holders = [threading.Thread(target=_hold, args=(poor_stack,), daemon=True) for _ in range(POOL)]
        for holder in holders:
            holder.start()
        for thread in [*threads, *holders]:
            thread.join(120)
    ends = [reading.status for reading in readings]
    found = compare(history, poor_stack, [person.id for person in them])
    report(f"PostgREST with {POOL} connections, {chats} chats", found, complete=ends.count("complete"))
    assert ends == ["complete"] * chats


def _hold(stack: Stack) -> None:
    """Keep rows locked for three seconds that every start needs, so that its connection is kept, too."""
    import psycopg

    with psycopg.connect(stack.db_url) as owner:
        owner.execute("lock table private.quotas in access exclusive mode")
        time.sleep(1.5)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for a new database and little more."""
    if os.geteuid() != 0:
        pytest.fail("a full disk needs a small file system: run this as root, who may mount one")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=220m,mode=755", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"a full disk needs a small file system, and mount says: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.chaos
def test_a_full_disk_loses_nothing_that_was_acknowledged(small_disk, model, history, device):
    with Stack(small_disk / "data") as stack:
        lift_quotas(stack)
        person = stack.sign_up()
        with AppServer(stack, model.base_url) as server:
            tabs = [device(server.url, person.access_token) for _ in range(8)]
            readings = []
            threads = [
                threading.Thread(
                    target=lambda tab=tab, n=n: readings.append(tab.ask(400, n, 20, patience=150)),
                    daemon=True,
                )
                for n, tab in enumerate(tabs)
            ]
            for thread in threads:
                thread.start()
            time.sleep(3)
            ballast = small_disk / "ballast"
            # Until there is no room: how much there is changes while the answers are stored.
            with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(65_536))
            time.sleep(10)
            ballast.unlink()
            is_up = stack.process.poll() is None
            if not is_up:
                stack.start()
            for thread in threads:
                thread.join(160)
        found = compare(history, stack, [person.id])
        ends = sorted({reading.status for reading in readings})
        report("full disk for 10 s", found, answers=len(readings), ends=ends, stack_stayed_up=is_up)
