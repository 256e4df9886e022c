"""Many connections that follow answers on a worker that doesn't write them."""

import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psutil
import pytest

from tests.app_server import AppServer
from tests.chat_client import ChatClient, Shown
from tests.fake_model import FakeModel, Hang, Say
from tests.stacks import Person, Stack

STREAMS = 45


@pytest.fixture(scope="module")
def elsewhere(stack: Stack, model: FakeModel) -> Iterator[AppServer]:
    with AppServer(stack, model.base_url, workers=1) as running:
        yield running


def follow(server: AppServer, token: str, answer_id: str) -> socket.socket:
    """Open a stream of an answer's events and wait for its first bytes."""
    parts = urlsplit(server.url)
    opened = socket.create_connection((parts.hostname, parts.port), timeout=30)
    request = f"GET /api/chat/messages/{answer_id}/events HTTP/1.1\r\nHost: localhost\r\n"
    opened.sendall(f"{request}Authorization: Bearer {token}\r\n\r\n".encode())
    assert opened.recv(65_536).startswith(b"HTTP/1.1 200 ")
    return opened


def transactions(stack: Stack) -> int:
    # The processes of Postgres tell every second, or when they have nothing to do.
    time.sleep(1.5)
    (row,) = stack.sql("select xact_commit from pg_stat_database where datname = current_database()")
    return int(row["xact_commit"])


def held(server: AppServer) -> int:
    """Count the connections that the workers have not closed."""
    port = urlsplit(server.url).port
    connections = [each for pid in server.worker_pids for each in psutil.Process(pid).net_connections("tcp")]
    return sum(each.laddr.port == port and each.status != psutil.CONN_LISTEN for each in connections)


def test_they_share_one_poll(server: AppServer, elsewhere: AppServer, stack: Stack, alice: Person) -> None:
    with ChatClient(server.url, alice.access_token) as client:
        shown = Shown()
        asking = client.asking(shown, "2000 words, seed 1, 20 a second")
        while not shown.text:
            next(asking)
        streams = [follow(elsewhere, alice.access_token, shown.message_id) for _ in range(STREAMS)]
        before = transactions(stack)
        time.sleep(2)
        count = transactions(stack) - before
        print(json.dumps({"streams": STREAMS, "transactions in 3.5 s": count}))
        # Storing the text takes ten a second at most, one poll seven. Each for itself they took 600 and more.
        assert count < 120
        for stream in streams:
            stream.close()
        client.post(f"/api/chat/messages/{shown.message_id}/stop", status=200)


@pytest.mark.parametrize("where", ["the server that writes it", "elsewhere"])
def test_they_end_with_their_clients_though_nothing_is_said(
    server: AppServer, elsewhere: AppServer, model: FakeModel, alice: Person, where: str
) -> None:
    followed = elsewhere if where == "elsewhere" else server
    with ChatClient(server.url, alice.access_token) as client:
        shown = Shown()
        model.enqueue(Say("Hello"), Hang())
        asking = client.asking(shown, "Say hello")
        while not shown.text:
            next(asking)
        before = held(followed)
        streams = [follow(followed, alice.access_token, shown.message_id) for _ in range(10)]
        assert held(followed) == before + 10
        for stream in streams:
            stream.close()
        closed = time.monotonic()
        # Writing alone shows it after the second comment, that is after 10 to 20 seconds.
        while held(followed) > before:
            assert time.monotonic() < closed + 8, f"{held(followed) - before} go on without their clients"
            time.sleep(0.1)
        print(f"ended after {time.monotonic() - closed:.1f} s")
        client.post(f"/api/chat/messages/{shown.message_id}/stop", status=200)


def test_a_client_that_closes_only_its_own_side_reads_on(
    server: AppServer, elsewhere: AppServer, alice: Person
) -> None:
    with ChatClient(server.url, alice.access_token) as client:
        shown = Shown()
        asking = client.asking(shown, "120 words, seed 1, 20 a second")
        while not shown.text:
            next(asking)
        stream = follow(elsewhere, alice.access_token, shown.message_id)
        stream.shutdown(socket.SHUT_WR)
        received = b""
        while b"event: done" not in received:
            piece = stream.recv(65_536)
            assert piece, "the stream ended"
            received += piece
        stream.close()
        assert b'"status":"complete"' in received
