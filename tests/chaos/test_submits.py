"""One message sent many times at once, or again after a lost reply: one question, one answer, one call."""

import threading
import time
import uuid

import pytest

from tests.app_server import AppServer
from tests.chaos.fault_proxy import FaultProxy, Reset
from tests.chaos.reports import assert_kept, compare, report, sizes
from tests.http_client import ApiClient, connect

AT_ONCE = 64


class Counts:
    """How often each message was stored, answered and handed to the model."""

    def __init__(self) -> None:
        self.rounds: list[dict[str, int]] = []

    def add(self, stack, model, message_id: str, content: str) -> None:
        [rows] = stack.sql(
            "select count(*) filter (where id = %s) as questions, count(*) filter (where reply_to = %s) as answers"
            " from chat_messages",
            message_id,
            message_id,
        )
        calls = sum(request["messages"][-1]["content"] == content for request in model.requests)
        self.rounds.append({**rows, "model_calls": calls})

    @property
    def most(self) -> dict[str, int]:
        return {name: max(counts[name] for counts in self.rounds) for name in self.rounds[0]}

    def assert_one_each(self) -> None:
        assert all(counts == {"questions": 1, "answers": 1, "model_calls": 1} for counts in self.rounds)


@pytest.mark.parametrize("rounds", sizes(short=2, long=100))
def test_64_identical_submits_are_one(stack, server, model, history, people, device, rounds):
    them = people(1)
    tabs = [device(server.url, them.tokens[0]) for _ in range(AT_ONCE)]
    counts = Counts()
    for number in range(rounds):
        key, content = str(uuid.uuid4()), f"30 words, seed {number}, 60 a second: {uuid.uuid4()}"
        barrier = threading.Barrier(AT_ONCE)
        readings = []

        def submit(tab, key=key, content=content, barrier=barrier, readings=readings):
            barrier.wait(20)
            readings.append(tab.send(content, key))

        threads = [threading.Thread(target=submit, args=(tab,), daemon=True) for tab in tabs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(readings) == AT_ONCE
        assert len({(r.answer_id, r.text, r.status) for r in readings}) == 1
        assert readings[0].status == "complete"
        counts.add(stack, model, key, content)
    report(f"{AT_ONCE} identical submits ×{rounds}", compare(history, stack, them.ids), **counts.most)
    counts.assert_one_each()


def test_a_used_key_with_another_body_is_refused(server, people, device):
    them = people(1)
    tab = device(server.url, them.tokens[0])
    first = tab.ask(5, 1, 100)
    for body in (
        {"message": "Something else"},
        {"message": "5 words", "helper": "seo"},
        {"message": "5 words", "session_id": str(uuid.uuid4())},
    ):
        with ApiClient(connect(server.url), them.tokens[0]) as client:
            reused = client.refused("POST", "/api/chat", json={"message_id": first.message_id, **body})
        assert reused == (422, "key_reused")


@pytest.mark.parametrize("rounds", sizes(short=3, long=50))
def test_a_reply_lost_on_the_way_to_the_browser_is_asked_for_again(
    stack, model, history, people, device, rounds
):
    them, counts = people(1), Counts()
    with (
        # The link's port is not the server's.
        AppServer(stack, model.base_url, PUBLIC_URL="http://127.0.0.1") as server,
        FaultProxy(server.url) as link,
    ):
        tab = device(link.url, them.tokens[0])
        for number in range(rounds):
            content, key = f"10 words, seed {number}: {uuid.uuid4()}", str(uuid.uuid4())
            with link.away(Reset()):
                thread = threading.Thread(target=tab.send, args=(content, key), daemon=True)
                thread.start()
                time.sleep(0.4)
            thread.join(30)
            counts.add(stack, model, key, content)
    assert_kept(history, stack, them.ids)
    counts.assert_one_each()


@pytest.mark.parametrize("rounds", sizes(short=3, long=50))
def test_a_reply_lost_between_database_and_app_costs_no_answer(stack, model, history, people, device, rounds):
    them, counts = people(1), Counts()
    with (
        FaultProxy(stack.supabase_url) as link,
        AppServer(stack, model.base_url, SUPABASE_URL=link.url) as server,
    ):
        tab = device(server.url, them.tokens[0])
        slowest = 0.0
        for number in range(rounds):
            content, key = f"10 words, seed {number}: {uuid.uuid4()}", str(uuid.uuid4())
            started = time.monotonic()
            readings = []
            thread = threading.Thread(
                target=lambda c=content, k=key, r=readings: r.append(tab.send(c, k)), daemon=True
            )
            with link.away(Reset()):
                thread.start()
                time.sleep(0.3)
            thread.join(40)
            slowest = max(slowest, time.monotonic() - started)
            assert [reading.status for reading in readings] == ["complete"]
            counts.add(stack, model, key, content)
    found = compare(history, stack, them.ids)
    report(f"lost replies of the database ×{rounds}", found, **counts.most, slowest_answer=slowest)
    counts.assert_one_each()
