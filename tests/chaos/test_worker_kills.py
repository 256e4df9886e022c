"""Workers die, are told to go, or are replaced in the middle of many answers: nothing anybody was shown is lost."""

import http.client
import random
import signal
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psutil
import pytest

from tests.app_server import AppServer
from tests.chaos.devices import Reading
from tests.chaos.reports import compare, report, sizes
from tests.chat_client import ChatClient

TERMINAL_SECONDS = 20
STREAMS = {True: 50, False: 12}


@pytest.fixture
def server(stack, model) -> Iterator[AppServer]:
    with AppServer(stack, model.base_url) as running:
        yield running


def wait_for_workers(server: AppServer, gone: int | None = None) -> None:
    """Wait until there are two workers that answer, none of them the one that must go."""
    deadline = time.monotonic() + 90
    while gone in (pids := server.worker_pids) or len(pids) < 2 or not all(answers(server, p) for p in pids):
        assert time.monotonic() < deadline, f"the workers are {pids}"
        time.sleep(0.1)


def answers(server: AppServer, pid: int) -> bool:
    """Tell whether this worker has clients, or serves one of a few requests."""
    # An idle worker accepts before a busy one.
    port = urlsplit(server.url).port
    try:
        served = psutil.Process(pid).net_connections("tcp")
    except psutil.Error:
        return False
    if any(peer.raddr and peer.laddr.port == port for peer in served):
        return True
    for _ in range(6):
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            mine = connection.sock.getsockname()[1]
            theirs = psutil.Process(pid).net_connections("tcp")
            if mine in {peer.raddr.port for peer in theirs if peer.raddr}:
                return True
        except (OSError, http.client.HTTPException, psutil.Error):
            return False
        finally:
            connection.close()
    return False


def longest_wait(readings: list[Reading]) -> float:
    """Return the longest time between the last shown character and being told that the answer has ended."""
    return max((r.ended_at - r.shown_at for r in readings if r.status == "interrupted"), default=0.0)


@pytest.mark.parametrize("rounds", sizes(short=2, long=100))
def test_killed_workers_lose_no_word_and_every_answer_ends(
    stack, server, history, people, crowd, in_time, rounds
):
    them = people(10)
    chats = crowd(server.url, them, STREAMS[rounds > 10])
    rng = random.Random(rounds)
    for _ in range(rounds):
        victim = rng.choice(server.worker_pids)
        server.kill_worker(victim)
        wait_for_workers(server, gone=victim)
        time.sleep(rng.uniform(0.2, 1.0))
    chats.leave()
    ends = [reading.status for reading in chats.readings]
    left_behind = [r for r in chats.readings if r.status == "interrupted"]
    waited = longest_wait(chats.readings)
    report(
        f"kill -9 of workers ×{rounds}",
        compare(history, stack, them.ids),
        answers=len(ends),
        interrupted=len(left_behind),
        shown_pieces=len(history.pieces),
        longest_until_ended=waited,
    )
    assert left_behind, "the workers that were killed wrote nothing"
    assert set(ends) <= {"complete", "interrupted"}
    in_time(waited, TERMINAL_SECONDS)
    assert_can_be_continued(server, them.tokens, left_behind[-1])


def assert_can_be_continued(server: AppServer, tokens: list[str], reading: Reading) -> None:
    for token in tokens:
        with ChatClient(server.url, token) as client:
            path = f"/api/chat/messages/{reading.answer_id}/events"
            if client.send("GET", path, params={"after": reading.position}).status_code == 200:
                going_on = client.again(reading.answer_id, "continue")
                assert going_on.done and going_on.done["status"] == "complete"
                assert going_on.text.startswith(reading.text) and len(going_on.text) > len(reading.text)
                return
    raise AssertionError("it is nobody's")


@pytest.mark.parametrize("rounds", sizes(short=2, long=100))
def test_workers_that_are_told_to_go_finish_their_answers_first(
    stack, server, history, people, crowd, device, rounds
):
    """Whoever closed the tab must find a whole answer, too."""
    them = people(10)
    chats = crowd(server.url, them, STREAMS[rounds > 10] - 4)
    absent: list[Reading] = []
    tab = device(server.url, them.tokens[0])
    rng = random.Random(rounds)
    for number in range(rounds):
        absent += [tab.ask(120, 7 * number + n, 40, leave_after=5) for n in range(4)]
        victim = rng.choice(server.worker_pids)
        server.kill_worker(victim, signal.SIGTERM)
        wait_for_workers(server, gone=victim)
    chats.leave()
    for reading in absent:
        tab.read(reading)
    assert_none_broken_off(
        f"SIGTERM of workers ×{rounds}", [*chats.readings, *absent], history, stack, them.ids
    )


def assert_none_broken_off(scenario, readings, history, stack, user_ids) -> None:
    broken = [reading.error_code for reading in readings if reading.status != "complete"]
    report(scenario, compare(history, stack, user_ids), answers=len(readings), broken_off=len(broken))
    assert broken == [], f"{len(broken)} answers were broken off"


@pytest.mark.parametrize("rounds", sizes(short=1, long=20))
def test_a_rolling_restart_breaks_nothing_off(stack, server, history, people, crowd, rounds):
    them = people(10)
    chats = crowd(server.url, them, STREAMS[rounds > 10])
    for _ in range(rounds):
        before = server.worker_pids
        server.reload()
        deadline = time.monotonic() + 60
        while set(before) & set(server.worker_pids) or len(server.worker_pids) < 2:
            assert time.monotonic() < deadline, "the old workers stay"
            time.sleep(0.1)
    chats.leave()
    assert_none_broken_off(f"HUP ×{rounds}", chats.readings, history, stack, them.ids)
