"""Files on their way into the app as it is deployed: large, broken off, several at once."""

import base64
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from flask import Flask

from tests.app_server import AppServer
from tests.http_client import HttpClient, connect
from tests.stacks import Person, Stack
from tests.web.conftest import client_of

MEBIBYTE = 1024 * 1024
HEAD = b'{"format": "sitethread-chat", "version": 2, "session": {"title": "Moved"}}\n'


@pytest.fixture
def send(server: AppServer, alice: Person) -> Iterator[Callable[..., httpx.Response]]:
    """Send alice's file, which may come piece by piece."""
    with HttpClient(connect(server.url), alice.access_token) as client:

        def post(file: bytes | Iterator[bytes], **headers: str) -> httpx.Response:
            sent = {"Content-Type": "application/jsonl", **headers}
            return client.send("POST", "/api/chat/import", content=file, headers=sent, timeout=110)

        yield post


def message(number: int, characters: int = 6_000) -> bytes:
    """Text that can't be compressed to nothing, as words can't."""
    text = base64.b64encode(os.urandom(characters * 3 // 4)).decode()
    given = {"id": str(number), "role": ("user", "assistant")[number % 2], "content": text}
    return json.dumps(given | ({"reply_to": str(number - 1)} if number % 2 else {})).encode() + b"\n"


def file(messages: int) -> bytes:
    return HEAD + b"".join(map(message, range(messages)))


def old_file(messages: int) -> bytes:
    """Return a file of format 1."""
    head = b'{"format": "sitethread-chat", "version": 1, "session": {"title": "Moved"}, "messages": ['
    return head + b",".join(map(message, range(messages))) + b"]}"


def rows(stack: Stack, person: Person, table: str) -> int:
    return int(stack.sql(f"select count(*) from {table} where user_id = %s", person.id)[0]["count"])


class HalfSent:
    """A file of which the second half is sent when somebody says so."""

    def __init__(self, messages: int = 400) -> None:
        self.data = file(messages)
        self.goes_on = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        half = len(self.data) // 2
        yield self.data[:half]
        assert self.goes_on.wait(60)
        yield self.data[half:]


def wait_until_staged(stack: Stack, person: Person, files: int) -> None:
    deadline = time.monotonic() + 60
    count = "select count(*) from private.imports where user_id = %s and messages > 0"
    while stack.sql(count, person.id)[0]["count"] < files:
        assert time.monotonic() < deadline, "no part of the file arrives"
        time.sleep(0.05)


def test_a_file_of_sixty_mebibytes_comes_in_and_takes_a_part_of_that_in_memory(
    send: Callable[..., httpx.Response], server: AppServer, stack: Stack, alice: Person
) -> None:
    data = file(10_000)
    assert 57 * MEBIBYTE < len(data) < 64 * MEBIBYTE
    before = peak(server)
    sent = send(data)
    assert sent.status_code == 201, sent.text
    session = sent.json()["session"]
    assert (session["title"], session["message_count"]) == ("Moved", 10_000)
    assert peak(server) - before < 48 * MEBIBYTE
    last = stack.sql(
        "select seq, length(content) as length, reply_to is not null as answers from chat_messages "
        "where user_id = %s order by seq desc limit 1",
        alice.id,
    )
    assert last == [{"seq": 10_000, "length": 6_000, "answers": True}]
    assert rows(stack, alice, "private.imports") == rows(stack, alice, "private.staged_messages") == 0


def test_a_file_of_format_1_of_eight_mebibytes_comes_in_and_takes_no_more_memory(
    send: Callable[..., httpx.Response], server: AppServer
) -> None:
    data = old_file(1_300)
    assert 7 * MEBIBYTE < len(data) < 8 * MEBIBYTE
    before = peak(server)
    assert send(data).json()["session"]["message_count"] == 1_300
    assert peak(server) - before < 48 * MEBIBYTE


def test_a_server_that_dies_in_the_middle_leaves_no_chat_and_what_it_leaves_expires(
    send: Callable[..., httpx.Response], server: AppServer, stack: Stack, alice: Person
) -> None:
    broken = HalfSent()
    with ThreadPoolExecutor() as threads:
        sending = threads.submit(send, iter(broken))
        wait_until_staged(stack, alice, 1)
        for pid in server.worker_pids:
            server.kill_worker(pid)
        broken.goes_on.set()
        assert isinstance(sending.exception(), httpx.TransportError)
    assert rows(stack, alice, "chat_sessions") == rows(stack, alice, "chat_messages") == 0
    assert rows(stack, alice, "private.imports") == 1
    stack.sql(
        "update private.imports set touched_at = now() - interval '16 minutes' where user_id = %s", alice.id
    )
    assert send(file(1)).status_code == 201
    assert rows(stack, alice, "private.imports") == rows(stack, alice, "private.staged_messages") == 0


def test_a_sender_who_gives_up_in_the_middle_leaves_no_chat(
    send: Callable[..., httpx.Response], stack: Stack, alice: Person
) -> None:
    def cut() -> Iterator[bytes]:
        yield file(400)[: 2 * MEBIBYTE]
        wait_until_staged(stack, alice, 1)
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        send(cut())
    deadline = time.monotonic() + 60
    while rows(stack, alice, "private.imports"):
        assert time.monotonic() < deadline, "what was staged stays"
        time.sleep(0.05)
    assert rows(stack, alice, "chat_sessions") == 0


def test_four_files_come_in_at_once_a_fifth_is_told_to_wait_and_none_gets_into_another(
    send: Callable[..., httpx.Response], stack: Stack, alice: Person
) -> None:
    halves = [HalfSent(400 + n) for n in range(4)]
    with ThreadPoolExecutor() as threads:
        sending = [threads.submit(send, iter(half)) for half in halves]
        wait_until_staged(stack, alice, 4)
        fifth = send(file(1))
        assert (fifth.status_code, fifth.json()["error"]["code"]) == (429, "quota_exceeded")
        assert fifth.headers["Retry-After"] == "30"
        for half in halves:
            half.goes_on.set()
        answers = [sent.result() for sent in sending]
    assert {sent.status_code for sent in answers} == {201}, [sent.text for sent in answers]
    assert [sent.json()["session"]["message_count"] for sent in answers] == [400, 401, 402, 403]
    assert rows(stack, alice, "chat_sessions") == 4
    assert send(file(1)).status_code == 201


def test_one_file_sent_twice_at_once_under_one_key_becomes_one_chat(
    send: Callable[..., httpx.Response], stack: Stack, alice: Person
) -> None:
    data = file(50)
    with ThreadPoolExecutor() as threads:
        sending = [threads.submit(send, data, **{"Idempotency-Key": "this file"}) for _ in range(3)]
        answers = [sent.result() for sent in sending]
    assert {sent.status_code for sent in answers} == {201}
    assert len({sent.json()["session"]["id"] for sent in answers}) == 1
    assert rows(stack, alice, "chat_sessions") == 1 and rows(stack, alice, "chat_messages") == 50


def peak(server: AppServer) -> int:
    """Return the most memory that any worker has had."""
    status = (Path(f"/proc/{pid}/status").read_text() for pid in server.worker_pids)
    return max(int(text.split("VmHWM:")[1].split()[0]) * 1024 for text in status)


def test_a_worker_reads_few_files_at_once(make_app: Callable[..., Flask], alice: Person) -> None:
    app = make_app()

    def post(body: bytes) -> httpx.Response:
        with client_of(app, alice) as client:
            return client.http.post(
                "/api/chat/import",
                content=body,
                headers={
                    "Content-Type": "application/jsonl",
                    "Authorization": f"Bearer {alice.access_token}",
                },
            )

    running = app.extensions["imports"] = threading.BoundedSemaphore(1)
    with running:
        refused = post(file(1) + b"\n" * 20_000_000)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "too_many_imports")
    assert refused.headers["Retry-After"] == "10"
    assert [post(file(1)).status_code for _ in range(2)] == [201, 201], "What ended no longer counts"
    app.extensions["imports"] = threading.BoundedSemaphore(8)
    app.extensions["importers"][alice.id] = 5
    assert post(file(1)).status_code == 503, "Five of a person's at once"
    app.extensions["importers"].clear()
    assert post(file(1)).status_code == 201
