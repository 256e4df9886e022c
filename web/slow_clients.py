"""Connections of clients that send or read too slowly are closed: each takes one of a worker's places."""

import errno
import socket
import time
from dataclasses import dataclass
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]

from sitethread.scheduling import give_way

_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Deadlines:
    """How long a connection may wait for a request's first byte (`idle`), for the rest of its line and headers
    (`head`), for its body or an upload, and for its client to take 64 KiB of a response (`piece`), all in seconds.

    A body must come at `bytes_per_second` from the 30th second on, too.
    """

    idle: float = 30
    head: float = 30
    body: float = 30
    upload: float = 300
    piece: float = 120
    bytes_per_second: float = 1000


DEADLINES = Deadlines()


class RequestTimeout(OSError):
    """The request did not come within its deadline."""


class Connection:
    """A client's socket, whose `recv` and `sendall` keep the deadlines."""

    def __init__(self, client: Any) -> None:
        self._socket = client
        self.expect_head()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def expect_head(self) -> None:
        """Wait for the next request."""
        self._request: Any = None
        self._start(DEADLINES.idle)

    def expect_body(self, request: Any) -> None:
        """Wait for the body of gunicorn's request, whose head has come."""
        self._request = request
        self._start(DEADLINES.body)

    def expect_upload(self) -> None:
        """Give the current body more time."""
        self._seconds = DEADLINES.upload

    def recv(self, size: int) -> bytes:
        """Receive; return nothing, as at the connection's end, when no head comes in time.

        Raise RequestTimeout when no body does.
        """
        try:
            data = self._receive(size)
        except TimeoutError:
            if self._request is not None:
                # What follows belongs to this body, not to another request.
                self._request.must_close = True
                raise RequestTimeout from None
            if self._received:
                util.write_error(self, 408, "", "")
            return b""
        if self._request is None and not self._received:
            self._start(DEADLINES.head)
        self._received += len(data)
        return data

    def sendall(self, data: bytes) -> None:
        """Send; raise BrokenPipeError when the client takes too little of it."""
        left = memoryview(data)
        self._socket.settimeout(DEADLINES.piece)
        try:
            while left:
                piece, left = left[:_PIECE_BYTES], left[_PIECE_BYTES:]
                # Nearly always all of it, and it costs half of what gevent's sendall does.
                sent = self._socket.send(piece)
                if sent < len(piece):
                    self._socket.sendall(piece[sent:])
        except TimeoutError:
            raise BrokenPipeError(errno.EPIPE, "the client does not read") from None

    def is_at_end(self) -> bool:
        """Whether a client whose socket is readable has closed its side; raise OSError when it closed both."""
        return not self._socket.recv(1, socket.MSG_PEEK)

    def _start(self, seconds: float) -> None:
        self._started, self._seconds, self._received = time.monotonic(), seconds, 0

    def _receive(self, size: int) -> bytes:
        if self._request is not None:
            # Let others run: a body in tiny chunks takes long to parse, even when all of it has arrived.
            give_way()
        earned = DEADLINES.body + self._received / DEADLINES.bytes_per_second
        left = self._started + min(self._seconds, earned) - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        data: bytes = self._socket.recv(size)
        return data


def expect_upload(connection: object) -> None:
    """Give the body of a request more time, by the connection that the WSGI server names."""
    if isinstance(connection, Connection):
        connection.expect_upload()
