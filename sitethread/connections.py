"""Connections to Supabase: a pool that sends one request at a time over each, and reads responses by httptools' parser.

Clients that do more (urllib3, httpx) take longer to send a request than PostgREST takes to answer it:
docs/decisions/0012-the-short-way-to-postgrest.md.
"""

import socket
import ssl
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser

_PIECE_BYTES = 256 * 1024


class Response(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    content: bytes


class ConnectionPool:
    """At most `connections` persistent connections to the host of an address; no retries, redirects or cookies.

    `connect` and `read` are timeouts in seconds, of each attempt to connect and of each wait for more of a response;
    waiting for a free connection may take as long as reading. Any thread or greenlet may use it.
    """

    def __init__(self, url: str, connections: int, connect: float, read: float) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._host_header = parts.netloc.rpartition("@")[2]
        self._connect_seconds, self._read_seconds = connect, read
        self._places = _Places(connections)
        self._idle: list[socket.socket] = []
        # Also when nobody calls it.
        self.close = weakref.finalize(self, _close, self._idle)

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Response:
        """Send a request and return its whole response; raise OSError when none comes, ValueError for line breaks."""
        lines = [f"{method} {target}", f"Host: {self._host_header}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a header with a line break")
        lines[0] += " HTTP/1.1"
        request = "\r\n".join((*lines, "", "")).encode("latin-1") + (body or b"")
        self._places.take(self._read_seconds)
        try:
            return self._exchange(request)
        finally:
            self._places.give_back()

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
            self._idle.append(connection)
        else:
            connection.close()
        return reply.response()

    def _take(self) -> socket.socket:
        with suppress(IndexError):
            while True:
                connection = self._idle.pop()
                if _is_quiet(connection):
                    connection.settimeout(self._read_seconds)
                    return connection
                # The other side closed it.
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

    def response(self) -> Response:
        return Response(self._parser.get_status_code(), self._headers, b"".join(self._pieces))

    def on_message_begin(self) -> None:
        self._begun += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_body(self, piece: bytes) -> None:
        self._pieces.append(piece)

    def on_message_complete(self) -> None:
        self.is_complete = True
        self.may_be_followed = self._parser.should_keep_alive()

    def _end_with_connection(self) -> None:
        names = {name.lower() for name, _ in self._headers}
        if not self._headers or names & {"content-length", "transfer-encoding"}:
            raise ConnectionError("the response breaks off")
        self.is_complete = True


def _close(connections: list[socket.socket]) -> None:
    while connections:
        connections.pop().close()


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
