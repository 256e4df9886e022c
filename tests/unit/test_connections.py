"""The connections to Supabase: kept, given up when they are bad, and never believed when a response breaks off."""

import gc
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from sitethread.connections import ConnectionPool, Response
from tests.unit.scripted_server import ScriptedServer, scripted_server

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Seen: a\r\n\r\nhello"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as serving:
        yield serving


@pytest.fixture
def pool(server: ScriptedServer) -> Iterator[ConnectionPool]:
    made = ConnectionPool(server.url, connections=2, connect=1, read=0.3)
    yield made
    made.close()


def test_one_connection_serves_many_requests(server: ScriptedServer, pool: ConnectionPool) -> None:
    server.script = [HELLO] * 3
    for _ in range(3):
        assert pool.send("GET", "/x", {"A": "b"}).content == b"hello"
    assert len(server.connections) == 1
    assert server.requests[0].startswith(b"GET /x HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nA: b\r\n" in server.requests[0]
    assert b"Content-Length" not in server.requests[0]


@pytest.mark.parametrize(
    ("sent", "content"),
    [
        (HELLO, b"hello"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n<pause>3\r\nllo\r\n0\r\n\r\n",
            b"hello",
        ),
        (b"HTTP/1.1 200 OK\r\nX: 1\r\n\r\nhello<pause>close", b"hello"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
    ids=["with a length", "in chunks", "ended by hanging up", "without a body"],
)
def test_a_response_may_end_in_several_ways(
    server: ScriptedServer, pool: ConnectionPool, sent: bytes, content: bytes
) -> None:
    server.script = [sent, HELLO]
    assert pool.send("GET", "/", {}).content == content
    assert pool.send("GET", "/", {}) == Response(200, [("Content-Length", "5"), ("X-Seen", "a")], b"hello")


def test_a_response_is_gone_as_soon_as_nobody_has_it(server: ScriptedServer, pool: ConnectionPool) -> None:
    server.script = [HELLO, HELLO]
    gc.collect()
    gc.disable()
    try:
        pool.send("GET", "/", {})
        with closing(pool.stream("GET", "/", {})) as response:
            list(response)
        del response
        assert not [one for one in gc.get_objects() if type(one).__name__ == "_Reply"]
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel<pause>close",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n<pause>close",
        b"HTTP/1.1 200 OK\r\nConte<pause>close",
        b"close",
        b"nothing of the kind\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
    ],
    ids=["a body", "chunks", "headers", "everything", "the protocol", "the rest"],
)
def test_a_response_that_lacks_something_is_an_error_and_its_connection_given_up(
    server: ScriptedServer, pool: ConnectionPool, sent: bytes
) -> None:
    server.script = [sent, HELLO]
    with pytest.raises(OSError):
        pool.send("GET", "/", {})
    assert pool.send("GET", "/", {}).content == b"hello"
    assert len(server.connections) == 2


def test_a_connection_that_was_closed_meanwhile_is_not_used(
    server: ScriptedServer, pool: ConnectionPool
) -> None:
    server.script = [HELLO + b"<pause>close", HELLO]
    pool.send("GET", "/", {})
    while server.connections[0].fileno() != -1:
        time.sleep(0.01)
    assert pool.send("POST", "/", {}, b"{}").content == b"hello"
    assert len(server.connections) == 2


def test_what_comes_unasked_ends_a_connection(server: ScriptedServer, pool: ConnectionPool) -> None:
    server.script = [HELLO + b"<pause>HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nothers", HELLO]
    assert pool.send("GET", "/", {}).content == b"hello"
    time.sleep(0.3)
    assert pool.send("GET", "/", {}).content == b"hello"
    assert len(server.connections) == 2


def test_two_responses_at_once_are_an_error(server: ScriptedServer, pool: ConnectionPool) -> None:
    server.script = [HELLO + HELLO, HELLO]
    with pytest.raises(ConnectionError):
        pool.send("GET", "/", {})
    assert pool.send("GET", "/", {}).content == b"hello"
    assert len(server.connections) == 2


def test_no_more_connections_than_allowed(server: ScriptedServer, pool: ConnectionPool) -> None:
    slow = b"<pause>".join(HELLO[at : at + 5] for at in range(0, len(HELLO), 5))
    server.script = [slow, slow, HELLO]
    with ThreadPoolExecutor(2) as threads:
        slow_ones = [threads.submit(pool.send, "GET", "/", {}) for _ in range(2)]
        while len(server.requests) < 2:
            time.sleep(0.01)
        with pytest.raises(TimeoutError, match="no connection is free"):
            pool.send("GET", "/", {})
        assert [asked.result().content for asked in slow_ones] == [b"hello"] * 2
    assert pool.send("GET", "/", {}).content == b"hello"
    assert len(server.connections) == 2


@pytest.mark.parametrize("text", ["a\r\nX: y", "a\ny", "a\ry"])
def test_a_header_cannot_bring_another(server: ScriptedServer, pool: ConnectionPool, text: str) -> None:
    for arguments in (("GET", "/", {"A": text}), ("GET", f"/{text}", {}), ("GET", "/", {text: "b"})):
        with pytest.raises(ValueError):
            pool.send(*arguments)
    assert server.requests == []


def test_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(OSError):
        ConnectionPool(f"http://127.0.0.1:{port}", 1, 1, 1).send("GET", "/", {})


STREAM = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n<pause>3\r\nllo\r\n0\r\n\r\n"


def test_a_streamed_response_comes_as_it_is_sent(server: ScriptedServer, pool: ConnectionPool) -> None:
    server.script = [STREAM, HELLO]
    with closing(pool.stream("POST", "/", {}, b"{}")) as response:
        assert (response.status, list(response)) == (200, [b"he", b"llo"])
    assert pool.send("GET", "/", {}).content == b"hello"
    assert len(server.connections) == 1


def test_the_connection_of_a_response_that_was_not_read_whole_is_not_used_again(
    server: ScriptedServer, pool: ConnectionPool
) -> None:
    server.script = [STREAM] * 3 + [HELLO]
    for _ in range(3):
        with closing(pool.stream("GET", "/", {})) as response:
            assert next(iter(response)) == b"he"
    assert pool.send("GET", "/", {}).content == b"hello"
    assert len(server.connections) == 4


@pytest.mark.parametrize(
    "rest", [b"<pause>close", b"<pause>no chunk\r\n", b""], ids=["end", "garbage", "silence"]
)
def test_a_streamed_response_that_breaks_off_is_an_error(
    server: ScriptedServer, pool: ConnectionPool, rest: bytes
) -> None:
    server.script = [STREAM.partition(b"<pause>")[0] + rest]
    with closing(pool.stream("GET", "/", {})) as response, pytest.raises(OSError):
        list(response)


def test_headers_without_end_are_an_error(server: ScriptedServer, pool: ConnectionPool) -> None:
    server.script = [b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000, HELLO]
    with pytest.raises(ConnectionError, match="too long"):
        pool.stream("GET", "/", {})
    assert pool.send("GET", "/", {}).content == b"hello"


def test_a_hint_before_the_response_is_passed_over(server: ScriptedServer, pool: ConnectionPool) -> None:
    server.script = [b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n<pause>" + HELLO] * 2
    expected = pool.send("GET", "/", {})
    assert expected == Response(200, [("Content-Length", "5"), ("X-Seen", "a")], b"hello")
    with closing(pool.stream("GET", "/", {})) as response:
        assert (response.headers, b"".join(response)) == (expected.headers, b"hello")


def test_a_connection_that_was_idle_for_too_long_is_not_used(server: ScriptedServer) -> None:
    pool = ConnectionPool(server.url, connections=1, connect=1, read=1, idle=0)
    server.script = [HELLO] * 2
    for _ in range(2):
        assert pool.send("GET", "/", {}).content == b"hello"
        time.sleep(0.001)
    assert len(server.connections) == 2
    pool.close()
