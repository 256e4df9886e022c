"""Stop, from another machine and in the very moment in which the answer completes."""

import random
import threading
import time
from collections.abc import Iterator

import pytest

from tests.app_server import AppServer
from tests.chaos.devices import Reading
from tests.chaos.fault_proxy import BlackHole, FaultProxy, Script
from tests.chaos.reports import compare, report, sizes
from tests.chat_client import ChatClient
from tests.fake_model import Hang, Say

STOP_SECONDS = 1.0


@pytest.fixture(scope="module")
def elsewhere(stack, model) -> Iterator[AppServer]:
    """Another machine that serves the same app."""
    with AppServer(stack, model.base_url, workers=1) as running:
        yield running


@pytest.mark.parametrize("rounds", sizes(short=4, long=100))
def test_a_stop_elsewhere_hangs_up_on_the_model_within_a_second(
    stack, server, elsewhere, model, history, people, device, in_time, rounds
):
    them = people(1)
    tab = device(server.url, them.tokens[0])
    took, texts = [], []
    with ChatClient(elsewhere.url, them.tokens[0]) as other:
        for _ in range(rounds):
            model.enqueue(Say("Once upon a time, 🎉"), Hang())
            reading = tab.send("Tell me a story", leave_after=5)
            hung_up, stopped_at = len(model.hung_up_at), time.monotonic()
            assert other.stop(reading.answer_id).status_code == 200
            tab.read(reading)
            assert reading.status == "stopped"
            texts.append(reading.text)
            while len(model.hung_up_at) == hung_up:
                assert time.monotonic() - stopped_at < 5, "the model goes on for nobody"
                time.sleep(0.01)
            took.append(model.hung_up_at[-1] - stopped_at)
    kept = texts.count("Once upon a time, 🎉")
    found = compare(history, stack, them.ids)
    report(f"stop elsewhere ×{rounds}", found, slowest_hang_up=max(took), partial_kept=kept)
    assert kept == rounds
    in_time(max(took), STOP_SECONDS)


@pytest.mark.parametrize("rounds", sizes(short=30, long=500))
def test_a_stop_that_races_with_completion_has_one_outcome(
    stack, server, elsewhere, history, people, device, rounds
):
    them = people(1)
    tab = device(server.url, them.tokens[0])
    rng = random.Random(rounds)
    ends: dict[str, str] = {}
    with ChatClient(elsewhere.url, them.tokens[0]) as far, ChatClient(server.url, them.tokens[0]) as near:
        for number in range(rounds):
            reading = tab.ask(8, number, 100, leave_after=1)
            time.sleep(rng.uniform(0, 0.12))
            assert rng.choice((far, near)).stop(reading.answer_id).status_code == 200
            tab.read(reading)
            ends[reading.answer_id] = reading.status
    found = compare(history, stack, them.ids)
    counts = {status: list(ends.values()).count(status) for status in sorted(set(ends.values()))}
    report(f"stop racing completion ×{rounds}", found, **counts)
    stored = {m.id: m.status for m in found.snapshot.messages if m.role == "assistant"}
    assert stored == ends
    assert set(ends.values()) == {"complete", "stopped"}, "no race: all ended alike"


def test_a_stop_reaches_a_model_that_is_still_thinking(stack, model, people, device, in_time):
    """No header has come from it, so there is no stream to close yet."""
    them = people(1)
    with (
        FaultProxy(model.base_url, Script(faults=(BlackHole(),))) as link,
        AppServer(stack, f"{link.url}/v1") as server,
        ChatClient(server.url, them.tokens[0]) as client,
    ):
        tab = device(server.url, them.tokens[0])
        ended: list[Reading] = []
        thread = threading.Thread(
            target=lambda: ended.append(tab.send("Think hard", patience=20)), daemon=True
        )
        thread.start()
        deadline = time.monotonic() + 10
        while not (told := list(tab.history.acknowledged.values())) or not link.faults:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.3)
        stopped_at = time.monotonic()
        assert client.stop(told[0].answer_id).status_code == 200
        thread.join(20)
        took = time.monotonic() - stopped_at
        assert [reading.status for reading in ended] == ["stopped"]
    report("stop while the model thinks", seconds=took)
    in_time(took, STOP_SECONDS)
