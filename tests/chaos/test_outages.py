"""Supabase is away, or the way to it is bad, while answers are written: all of them complete."""

import threading
import time
import uuid
from collections.abc import Iterator

import pytest

from tests.app_server import AppServer
from tests.chaos.devices import Device, Reading
from tests.chaos.fault_proxy import (
    BlackHole,
    Fault,
    FaultProxy,
    HalfClose,
    Latency,
    Refusing,
    Reset,
    Script,
    ServerError,
    Slices,
    SlowLoris,
)
from tests.chaos.reports import assert_kept, compare, report, sizes
from tests.http_client import HttpClient, connect

REFUSED_SECONDS = 2.0


@pytest.fixture(scope="module")
def link(stack) -> Iterator[FaultProxy]:
    """Stand between app and Supabase."""
    with FaultProxy(stack.supabase_url) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def server(stack, model, link) -> Iterator[AppServer]:
    with AppServer(stack, model.base_url, SUPABASE_URL=link.url) as running:
        yield running


class Send(threading.Thread):
    """Somebody who asks during the outage, once."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(daemon=True)
        self.url, self.token = url, token
        self.status, self.retry_after, self.took = 0, "", 0.0

    def run(self) -> None:
        body = {"message": "Are you there?", "message_id": str(uuid.uuid4())}
        with HttpClient(connect(self.url), self.token) as client:
            started = time.monotonic()
            response = client.send("POST", "/api/chat", json=body)
            self.took = time.monotonic() - started
        self.status = response.status_code
        self.retry_after = response.headers.get("Retry-After", "")


class Tab(threading.Thread):
    """One answer, read patiently."""

    def __init__(self, tab: Device, count: int, seed: int) -> None:
        super().__init__(daemon=True)
        self.tab, self.count, self.seed = tab, count, seed
        self.reading = Reading()

    def run(self) -> None:
        self.reading = self.tab.ask(self.count, self.seed, 20, patience=200)


def complete(tabs: list[Tab]) -> int:
    """Count the answers that were told to be complete."""
    return sum((tab.reading.status, tab.reading.error_code) == ("complete", None) for tab in tabs)


# While one of these is over the link, answers go on, begin to end, and none of it may be missing afterwards.
AWAY = [Refusing(), BlackHole(), ServerError(500), ServerError(503), Reset()]


@pytest.mark.parametrize("seconds", sizes(short=9, long=60))
def test_answers_outlast_a_supabase_that_is_away(
    stack, server, link, history, people, device, in_time, seconds
):
    them = people(3)
    tabs = [
        Tab(device(server.url, them.tokens[n % 2]), count=20 * (2 + n * seconds // 8), seed=n)
        for n in range(10)
    ]
    for tab in tabs:
        tab.start()
    time.sleep(1.5)
    sends: list[Send] = []
    stranger = them.tokens[2]
    for fault in AWAY:
        with link.away(fault):
            time.sleep(0.2)
            sends += [Send(server.url, stranger) for _ in range(2)]
            for send in sends[-2:]:
                send.start()
            time.sleep(seconds / len(AWAY) - 0.2)
            for send in sends[-2:]:
                send.join(10)
    for tab in tabs:
        tab.join(120)
    slowest = max(send.took for send in sends)
    report(
        f"Supabase away for {seconds} s, {len(AWAY)} ways",
        compare(history, stack, them.ids[:2]),
        answers=len(tabs),
        complete=complete(tabs),
        slowest_refusal=slowest,
    )
    assert complete(tabs) == len(tabs)
    assert {send.status for send in sends} == {503}
    assert all(send.retry_after for send in sends)
    in_time(slowest, REFUSED_SECONDS)


BAD: list[Fault] = [
    Latency(0.05),
    Reset(after=300),
    Slices(16),
    HalfClose(after=200),
    ServerError(502),
    SlowLoris(3000),
]


@pytest.mark.parametrize("chats", sizes(short=6, long=60))
def test_a_bad_way_to_supabase_loses_nothing(stack, model, history, people, device, chats):
    them = people(3)
    script = Script(seed=chats, faults=tuple(BAD), share=0.3)
    with (
        FaultProxy(stack.supabase_url, script) as link,
        AppServer(stack, model.base_url, SUPABASE_URL=link.url) as server,
    ):
        tabs = [Tab(device(server.url, them.tokens[n % 3]), count=60, seed=n) for n in range(chats)]
        for tab in tabs:
            tab.start()
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            time.sleep(0.5)
            link.cut()  # New connections draw new faults.
        for tab in tabs:
            tab.join(90)
        faults = len(link.faults)
    found = compare(history, stack, them.ids)
    report(f"bad way to Supabase, seed {chats}", found, answers=chats, complete=complete(tabs), faults=faults)
    assert complete(tabs) == chats
    assert faults > 0


@pytest.mark.parametrize("chats", sizes(short=6, long=60))
def test_a_bad_way_to_the_browser_loses_nothing(stack, model, history, people, device, chats):
    them = people(3)
    faults = (
        Latency(0.05),
        Reset(after=900),
        Slices(),
        HalfClose(after=700),
        BlackHole(after=20_000),
        ServerError(502),
    )
    with (
        AppServer(stack, model.base_url, PUBLIC_URL="http://127.0.0.1") as server,
        FaultProxy(server.url, Script(seed=chats, faults=faults, share=0.6)) as link,
    ):
        tabs = [Tab(device(link.url, them.tokens[n % 3]), count=60, seed=n) for n in range(chats)]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join(90)
    found, faults = compare(history, stack, them.ids), len(link.faults)
    report(
        f"bad way to the browser, seed {chats}", found, answers=chats, complete=complete(tabs), faults=faults
    )
    assert complete(tabs) == chats
    assert faults > 0


@pytest.mark.parametrize("chats", sizes(short=8, long=60))
def test_a_bad_way_to_the_model_is_told_and_keeps_what_came(stack, model, history, people, device, chats):
    them = people(3)
    faults = (
        Latency(0.05),
        Reset(after=900),
        Slices(),
        HalfClose(after=700),
        BlackHole(after=2000),
        ServerError(500),
    )
    script = Script(seed=chats, faults=faults, share=0.7)
    with (
        FaultProxy(model.base_url, script) as link,
        AppServer(stack, f"{link.url}/v1", MODEL_TIMEOUT="2") as server,
    ):
        tabs = [Tab(device(server.url, them.tokens[n % 3]), count=60, seed=n) for n in range(chats)]
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join(90)
    ends = {(tab.reading.status, tab.reading.error_code) for tab in tabs}
    assert ends <= {
        ("complete", None),
        *(
            ("failed", f"model_{why}")
            for why in ("disconnected", "timeout", "error", "unreachable", "garbage")
        ),
    }
    assert len(ends) > 1 and len(link.faults) > 0
    found = compare(history, stack, them.ids)
    report(f"bad way to the model, seed {chats}", found, answers=chats, faults=len(link.faults))


def test_what_a_database_forgot_when_it_fell_back_is_stored_again(stack, model, history, people, device):
    """A standby that takes over may miss the last moments: what was shown is still in the worker's memory."""
    them = people(1)
    with AppServer(stack, model.base_url, workers=1) as server:
        tab = device(server.url, them.tokens[0])
        reading = tab.ask(160, 4, 20, leave_after=40)
        forget = (
            "with gone as ("
            "delete from message_chunks where message_id = %s and start_offset >= 20 returning start_offset)"
            " update private.answer_leases set written = (select min(start_offset) from gone)"
            " where message_id = %s and exists (select 1 from gone) returning written"
        )
        [left] = stack.sql(forget, reading.answer_id, reading.answer_id)
        assert left["written"] < reading.position
        tab.read(reading)
    assert reading.status == "complete"
    assert_kept(history, stack, them.ids)
