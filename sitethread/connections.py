"""Connections to Supabase and to the model: a pool that sends one request at a time over each, and reads responses by
httptools' parser.

Clients that do more (urllib3, httpx) take longer to send a request than PostgREST takes to answer it, and to read a
piece of a model's stream than all else that is done with it: docs/decisions/0012-the-short-way-to-postgrest.md.
"""

import socket
import ssl
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser

_PIECE_BYTES = 256 * 1024
# What is read as it comes has some hundred bytes: a larger buffer for each would cost more than reading.
_STREAM_PIECE_BYTES = 16 * 1024
_HEAD_BYTES = 256 * 1024


class Response(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    content: bytes


class ConnectionPool:
    """At most `connections` persistent connections to the host of an address; no retries, redirects or cookies.

    `connect` and `read` are timeouts in seconds, of each attempt to connect and of each wait for more of a response;
    waiting for a free connection may take as long as reading. A connection that was idle for more than `idle` seconds
    is not used again. Any thread or greenlet may use the pool.
    """

    def __init__(
        self, url: str, connections: int, connect: float, read: float, idle: float = float("inf")
    ) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._host_header = parts.netloc.rpartition("@")[2]
        self._connect_seconds, self._read_seconds, self._idle_seconds = connect, read, idle
        self._places = _Places(connections)
        # Each with the time of its last use.
        self._idle: list[tuple[socket.socket, float]] = []
        # Also when nobody calls it.
        self.close = weakref.finalize(self, _close, self._idle)

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Response:
        """Send a request and return its whole response; raise OSError when none comes, ValueError for line breaks."""
        request = self._request(method, target, headers, body)
        self._places.take(self._read_seconds)
        try:
            return self._exchange(request)
        finally:
            self._places.give_back()

    def stream(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> "StreamedResponse":
        """Send a request and return its response when the head has come; raise what `send` raises."""
        request = self._request(method, target, headers, body)
        self._places.take(self._read_seconds)
        try:
            connection = self._take()
            reply = _Reply()
            try:
                connection.sendall(request)
                reply.read_head(connection)
            except BaseException:
                connection.close()
                raise
        except BaseException:
            self._places.give_back()
            raise
        return StreamedResponse(self, connection, reply)

    def give_back(self, connection: socket.socket, *, may_be_used_again: bool) -> None:
        """End what `stream` began."""
        if may_be_used_again:
            self._idle.append((connection, time.monotonic()))
        else:
            connection.close()
        self._places.give_back()

    def _request(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
        lines = [f"{method} {target}", f"Host: {self._host_header}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a header with a line break")
        lines[0] += " HTTP/1.1"
        return "\r\n".join((*lines, "", "")).encode("latin-1") + (body or b"")

    def _exchange(self, request: bytes) -> Response:
        connection = self._take()
        try:
            connection.sendall(request)
            reply = _Reply()
            while not reply.is_complete:
                reply.feed(connection.recv(_PIECE_BYTES))
        except BaseException:
            connection.close()
            raise
        if reply.may_be_followed:
            self._idle.append((connection, time.monotonic()))
        else:
            connection.close()
        return reply.response()

    def _take(self) -> socket.socket:
        with suppress(IndexError):
            while True:
                connection, used = self._idle.pop()
                if time.monotonic() - used <= self._idle_seconds and _is_quiet(connection):
                    connection.settimeout(self._read_seconds)
                    return connection
                # The other side closed it, or may have.
                connection.close()
        connection = socket.create_connection((self._host, self._port), self._connect_seconds)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_hostname=self._host)
            connection.settimeout(self._read_seconds)
        except BaseException:
            connection.close()
            raise
        return connection


class StreamedResponse:
    """A response whose body is read as it comes; iterate it for pieces, and close it.

    Iterating raises OSError when the body breaks off. Shutting `connection` down from another thread ends a wait.
    """

    def __init__(self, pool: ConnectionPool, connection: socket.socket, reply: "_Reply") -> None:
        self.connection = connection
        self.status, self.headers, _ = reply.response()
        self._pool = pool
        self._reply = reply
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        reply, receive = self._reply, self.connection.recv
        while True:
            if piece := reply.take():
                yield piece
            if reply.is_complete:
                return
            reply.feed(receive(_STREAM_PIECE_BYTES))

    def close(self) -> None:
        """Have the connection used again when the whole body was read, else close it."""
        if self._is_open:
            self._is_open = False
            self._pool.give_back(self.connection, may_be_used_again=self._reply.may_be_followed)


class _Places:
    """A semaphore that costs next to nothing while a place is free."""

    def __init__(self, count: int) -> None:
        # Taking from a list and adding to it need no lock.
        self._free: list[None] = [None] * count
        self._waiting = 0
        self._changed = threading.Condition()

    def take(self, seconds: float) -> None:
        """Take a place; raise TimeoutError when none is free in time."""
        if self._took():
            return
        with self._changed:
            self._waiting += 1
            try:
                if not self._changed.wait_for(self._took, seconds):
                    raise TimeoutError("no connection is free")
            finally:
                self._waiting -= 1

    def give_back(self) -> None:
        self._free.append(None)
        # Whoever begins to wait after this finds the place.
        if self._waiting:
            with self._changed:
                self._changed.notify()

    def _took(self) -> bool:
        try:
            self._free.pop()
        except IndexError:
            return False
        return True


class _Reply:
    """One response, as httptools' parser tells it."""

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._headers: list[tuple[str, str]] = []
        self._pieces: list[bytes] = []
        self._begun = 0
        self._status = 0
        self.has_head = False
        self.is_complete = False
        self.may_be_followed = False

    def feed(self, data: bytes) -> None:
        """Take what was received, b"" for the end; raise ConnectionError for anything but a response."""
        if not data:
            self._end_with_connection()
            return
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            raise ConnectionError("not an HTTP response") from error
        if self._begun > 1:
            raise ConnectionError("more than one response")
        if self.is_complete:
            # The parser has methods of this object: such a circle keeps the body until Python next looks for circles.
            del self._parser

    def read_head(self, connection: socket.socket) -> None:
        """Feed what comes until the headers are complete; raise ConnectionError when they are too long."""
        received = 0
        while not self.has_head:
            data = connection.recv(_STREAM_PIECE_BYTES)
            received += len(data)
            if received > _HEAD_BYTES:
                raise ConnectionError("the headers are too long")
            self.feed(data)

    def take(self) -> bytes:
        """Return what came of the body since the last call."""
        pieces, self._pieces = self._pieces, []
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def response(self) -> Response:
        return Response(self._status, self._headers, b"".join(self._pieces))

    def on_message_begin(self) -> None:
        self._begun += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()
        self.has_head = self._status >= 200

    def on_body(self, piece: bytes) -> None:
        self._pieces.append(piece)

    def on_message_complete(self) -> None:
        if not self.has_head:
            # Such as 103: the response follows.
            self._begun -= 1
            self._headers.clear()
            return
        self.is_complete = True
        self.may_be_followed = self._parser.should_keep_alive()

    def _end_with_connection(self) -> None:
        names = {name.lower() for name, _ in self._headers}
        if not self.has_head or names & {"content-length", "transfer-encoding"}:
            raise ConnectionError("the response breaks off")
        self.is_complete = True


def _close(connections: list[tuple[socket.socket, float]]) -> None:
    while connections:
        connection, _ = connections.pop()
        connection.close()


def _is_quiet(connection: socket.socket) -> bool:
    """Whether an idle connection is open, with nothing to read."""
    connection.settimeout(0)
    try:
        if isinstance(connection, ssl.SSLSocket):
            connection.read(1)
        else:
            connection.recv(1, socket.MSG_PEEK)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    return False
