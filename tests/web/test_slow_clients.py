"""Clients that send or read too slowly: their connections end within the deadlines, and others are served meanwhile."""

import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.http_client import ApiClient, connect
from tests.stacks import Person, Stack
from tests.watched_server import WatchedServer

DEADLINES = {"idle": 2.0, "head": 2.0, "body": 2.0, "upload": 5.0, "piece": 2.0, "bytes_per_second": 10_000.0}
# For a machine that does other things, too.
MARGIN = 15.0
PATHS = ["/sign-in", "/api/chat", "/api/chat/import", "/api/websites", "/api/hosting/chats", "/unknown"]


@pytest.fixture(scope="module")
def server(stack: Stack) -> Iterator[WatchedServer]:
    with WatchedServer(stack, stack.openai_base_url, workers=1, deadlines=DEADLINES) as running:
        yield running


class SlowClient:
    """A connection whose bytes are written by hand."""

    def __init__(self, url: str, sent: bytes, receive_buffer: int | None = None) -> None:
        parts = urlsplit(url)
        self.opened = time.monotonic()
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect((parts.hostname, parts.port))
        self.socket.settimeout(60)
        self.socket.sendall(sent)

    def drip(self, piece: bytes, every: float, most: float = 30) -> None:
        """Send a piece again and again until the server closes the connection."""
        while time.monotonic() < self.opened + most:
            try:
                self.socket.sendall(piece)
            except OSError:
                return
            time.sleep(every)
        raise AssertionError(f"still open after {most} s")

    def rest(self) -> bytes:
        """Return what the server sends until it closes the connection."""
        received = b""
        try:
            while piece := self.socket.recv(65_536):
                received += piece
        except ConnectionResetError:
            pass
        finally:
            self.socket.close()
        self.lasted = time.monotonic() - self.opened
        return received


def head(path: str, framing: str, token: str | None, kind: str | None = None) -> bytes:
    kind = kind or ("application/x-www-form-urlencoded" if path == "/sign-in" else "application/json")
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {kind}", framing]
    lines += [f"Authorization: Bearer {token}"] if token else ["Sec-Fetch-Site: same-origin"]
    return "\r\n".join((*lines, "", "")).encode()


BODIES = [("Content-Length: 1000", b"e"), ("Transfer-Encoding: chunked", b"3e8\r\ne")]


def test_a_body_that_never_comes_to_its_end_is_given_up(server: WatchedServer, alice: Person) -> None:
    tokens = {"alice": alice.access_token, "nobody": None, "a bad token": "e.e.e"}
    clients = {
        (path, who, framing): SlowClient(server.url, head(path, framing, token) + body)
        for path in PATHS
        for who, token in tokens.items()
        for framing, body in BODIES
    }
    for (path, who, framing), client in clients.items():
        received = client.rest()
        assert client.lasted < DEADLINES["upload"] + MARGIN, (path, who, framing)
        status = int(received.split(b" ")[1])
        if path == "/sign-in" or (who == "alice" and path != "/unknown"):
            assert status == 408 and b"\r\nConnection: close\r\n" in received, (path, who, framing)
            assert json.loads(received.partition(b"\r\n\r\n")[2])["error"]["code"] == "request_too_slow"
        else:
            # Nobody reads such a body: the answer comes at once.
            assert status in (401, 404), (path, who, framing)


def test_a_body_that_comes_byte_by_byte_is_given_up(server: WatchedServer, alice: Person) -> None:
    client = SlowClient(server.url, head("/api/websites", "Content-Length: 1000", alice.access_token))
    client.drip(b" ", every=0.1)
    assert client.rest().startswith(b"HTTP/1.1 408 ") or client.lasted < DEADLINES["body"] + MARGIN


def test_an_upload_may_take_longer_when_it_comes_fast_enough(server: WatchedServer, alice: Person) -> None:
    """It comes at eight times the least rate, for longer than other bodies may."""
    line = b'{"format": "sitethread-chat", "version": 2, "session": {"title": "Slow"}}'
    size = len(line) + 280_000
    kind = "application/jsonl"
    client = SlowClient(
        server.url, head("/api/chat/import", f"Content-Length: {size}", alice.access_token, kind) + line
    )
    for _ in range(35):
        client.socket.sendall(b"\n" * 8_000)
        time.sleep(0.1)
    assert time.monotonic() - client.opened > DEADLINES["body"]
    client.socket.shutdown(socket.SHUT_WR)
    assert client.rest().startswith(b"HTTP/1.1 422 ")


@pytest.mark.parametrize("sent", [b"", b"POST /sign", b"POST /sign-in HTTP/1.1\r\nHost: local"])
def test_a_head_that_never_comes_to_its_end_is_given_up(server: WatchedServer, sent: bytes) -> None:
    client = SlowClient(server.url, sent)
    received = client.rest()
    assert client.lasted < DEADLINES["idle"] + DEADLINES["head"] + MARGIN
    if not sent:
        assert received == b""
        return
    assert received.startswith(b"HTTP/1.1 408 ")
    assert json.loads(received.partition(b"\r\n\r\n")[2])["error"]["code"] == "request_too_slow"


def test_a_head_that_comes_byte_by_byte_is_given_up(server: WatchedServer) -> None:
    client = SlowClient(server.url, b"GET /healthz HTTP/1.1\r\nX: ")
    client.drip(b"x", every=0.1)
    assert not client.rest().startswith(b"HTTP/1.1 2")


def test_a_connection_that_is_kept_is_closed_when_nothing_comes(server: WatchedServer) -> None:
    client = SlowClient(server.url, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert client.rest().startswith(b"HTTP/1.1 200 ")
    assert client.lasted < DEADLINES["idle"] + MARGIN


@pytest.fixture
def big_export(server: WatchedServer, alice: Person) -> bytes:
    """Have a chat of 8 MB, more than lies in buffers on the way; return the request that exports it."""
    lines = [{"format": "sitethread-chat", "version": 2, "session": {"title": "Big"}}]
    lines += [{"id": str(n), "role": "user", "content": "x" * 100_000} for n in range(80)]
    file = "\n".join(map(json.dumps, lines)).encode() + b"\n"
    with ApiClient(connect(server.url), alice.access_token) as api:
        headers = {"Content-Type": "application/jsonl"}
        session = api.json("POST", "/api/chat/import", 201, content=file, headers=headers)["session"]["id"]
    path = f"/api/chat/sessions/{session}/export?format=json"
    token = f"Authorization: Bearer {alice.access_token}"
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{token}\r\n\r\n".encode()


def test_a_response_that_nobody_reads_is_given_up(server: WatchedServer, big_export: bytes) -> None:
    client = SlowClient(server.url, big_export, receive_buffer=4096)
    time.sleep(DEADLINES["piece"] + 4)
    received = client.rest()
    assert received.startswith(b"HTTP/1.1 200 ") and not received.endswith(b"0\r\n\r\n")


def test_a_slow_reader_gets_all_of_a_response(server: WatchedServer, big_export: bytes) -> None:
    """It takes longer for all of it than it may for a piece."""
    client = SlowClient(server.url, big_export, receive_buffer=65_536)
    size = 0
    while piece := client.socket.recv(262_144):
        size, end = size + len(piece), piece[-10:]
        time.sleep(len(piece) / 1_500_000)
    client.socket.close()
    assert size > 8_000_000 and end.endswith(b"0\r\n\r\n")
    assert time.monotonic() - client.opened > 2 * DEADLINES["piece"]


def test_others_are_served_while_many_slow_clients_hold_connections(
    server: WatchedServer, alice: Person
) -> None:
    slow = [SlowClient(server.url, head("/sign-in", "Content-Length: 1000", None) + b"e") for _ in range(300)]
    with ApiClient(connect(server.url), alice.access_token) as api:
        assert api.get("/api/websites")["websites"] == []
    for client in slow:
        assert client.rest().startswith((b"HTTP/1.1 408 ", b"HTTP/1.1 429 "))
        assert client.lasted < DEADLINES["body"] + 2 * MARGIN
