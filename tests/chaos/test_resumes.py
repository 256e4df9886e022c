"""Readers that come and go: from any character on, on any worker, many at once, and one that stops reading."""

import json
import random
import socket
import threading
import time
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.app_server import AppServer
from tests.chaos.devices import Device
from tests.chaos.reports import assert_kept, compare, p95, report, sizes
from tests.fake_model import Say, words
from tests.http_client import HttpClient, connect

RESUME_SECONDS = 0.3


@pytest.fixture(scope="module")
def elsewhere(stack, model) -> Iterator[AppServer]:
    """Another machine that serves the same app."""
    with AppServer(stack, model.base_url, workers=1) as running:
        yield running


def inside_of_characters(text: str) -> list[int]:
    """Return the offsets in the middle of what people see as one character."""
    return [
        i
        for i, c in enumerate(text)
        if c == "\u200d" or (i and text[i - 1] == "\u200d") or unicodedata.combining(c)
    ]


def first_event(device: Device, url: str, answer_id: str, after: int) -> tuple[float, int, str]:
    """Resume once; return how long the first text took, where it began, and that text."""
    path = f"{url}/api/chat/messages/{answer_id}/events"
    started = time.monotonic()
    with device.client.events("GET", path, headers={"Last-Event-ID": str(after)}) as source:
        for event in source.iter_sse():
            if event.event == "delta":
                text = event.json()["text"]
                return time.monotonic() - started, int(event.id) - len(text), text
    return time.monotonic() - started, after, ""


@pytest.mark.parametrize("resumes", sizes(short=60, long=1000))
def test_a_resume_from_any_character_goes_on_exactly_there(
    stack, server, elsewhere, history, people, device, in_time, resumes
):
    them = people(1)
    tab = device(server.url, them.tokens[0])
    seconds = max(4, resumes // 25)
    whole = "".join(words(11, 20 * seconds))
    reading = tab.ask(20 * seconds, 11, 20, leave_after=40)
    reader = threading.Thread(target=tab.read, args=(reading, seconds * 3), daemon=True)
    reader.start()
    rng = random.Random(resumes)
    visitor = device(server.url, them.tokens[0])
    took, inside, gaps, repeats = [], 0, 0, 0
    for _ in range(resumes):
        shown = reading.position
        special = [i for i in inside_of_characters(whole[:shown]) if i < shown]
        after = rng.choice(special) if special and rng.random() < 0.4 else rng.randrange(shown)
        inside += after in special
        url = rng.choice((server.url, elsewhere.url))
        seconds_taken, began, text = first_event(visitor, url, reading.answer_id, after)
        gaps, repeats = gaps + (began > after), repeats + (began < after)
        assert whole[began : after + len(text)] == text and len(text) >= shown - after
        took.append(seconds_taken)
    followers = [device(url, them.tokens[0]) for url in (server.url, elsewhere.url)]
    starts = [rng.randrange(reading.position) for _ in followers]
    ends = [tab.follow(reading.answer_id, start) for tab, start in zip(followers, starts, strict=True)]
    reader.join(seconds * 3)
    assert reading.text == whole
    assert [end.text for end in ends] == [whole[start:] for start in starts]
    report(
        f"random resumes ×{resumes}",
        compare(history, stack, them.ids),
        inside_of_characters=inside,
        gaps=gaps,
        repeats=repeats,
        p95_seconds=p95(took),
    )
    assert (gaps, repeats) == (0, 0)
    assert inside > 0
    in_time(p95(took), RESUME_SECONDS)


@pytest.mark.parametrize("readers", [2, 10])
def test_many_readers_on_both_machines_see_the_same(
    stack, server, elsewhere, history, people, device, readers
):
    them = people(1)
    tab = device(server.url, them.tokens[0])
    reading = tab.ask(60, 5, 30, leave_after=5)
    texts = []

    def follow(url: str) -> None:
        texts.append(device(url, them.tokens[0]).follow(reading.answer_id).text)

    threads = [
        threading.Thread(target=follow, args=((server.url, elsewhere.url)[n % 2],), daemon=True)
        for n in range(readers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert texts == ["".join(words(5, 60))] * readers
    assert_kept(history, stack, them.ids)


@pytest.mark.parametrize("seconds", sizes(short=5, long=60))
def test_a_reader_that_stops_reading_holds_nobody_up_and_misses_nothing(
    stack, server, model, history, people, device, seconds
):
    """The answer is larger than what lies in buffers on the way."""
    them = people(1)
    tab = device(server.url, them.tokens[0])
    whole = "🎉 0123456789\n" * 25_000
    model.enqueue(Say("Here: ", piece=6), Say(whole, piece=500))
    started = time.monotonic()
    reading = tab.send("A long one", leave_after=6)
    idle = StoppedReader(server.url, them.tokens[0], reading.answer_id)
    tab.read(reading, patience=60)
    took = time.monotonic() - started
    assert reading.status == "complete" and reading.text == "Here: " + whole
    time.sleep(max(0, seconds - took))
    seen = idle.read_all()
    with HttpClient(connect(server.url)) as other:
        assert other.send("GET", "/healthz").status_code == 200
    found, missed = compare(history, stack, them.ids), len(reading.text) - len(seen)
    report(f"a reader that stops for {seconds} s", found, missed=missed, others_done_after=took)
    assert seen == reading.text


class StoppedReader:
    """Asks for an answer's events over a connection with a tiny buffer, and then does not look."""

    def __init__(self, url: str, token: str, answer_id: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.connect((parts.hostname, parts.port))
        request = f"GET /api/chat/messages/{answer_id}/events HTTP/1.0\r\nHost: {parts.netloc}\r\n"
        self._socket.sendall(f"{request}Authorization: Bearer {token}\r\n\r\n".encode())

    def read_all(self) -> str:
        """Read everything and return the text."""
        self._socket.settimeout(60)
        data = bytearray()
        while piece := self._socket.recv(65536):
            data += piece
            if b"event: done" in data[-400:] and data.endswith(b"\n\n"):
                break
        self._socket.close()
        body = data.split(b"\r\n\r\n", 1)[1]
        events = body.decode().split("\n\n")
        deltas = [event.split("\ndata: ", 1)[1] for event in events if "event: delta" in event]
        return "".join(json.loads(delta)["text"] for delta in deltas)
