"""Gunicorn with less to do for each request."""

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.http import wsgi  # type: ignore[import-untyped]

from web.security_headers import ALWAYS_SAME

_http_date = util.http_date


class Response(wsgi.Response):  # type: ignore[misc]
    """A response whose head is sent together with the beginning of its body."""

    headers_sent: bool
    _head = b""

    def process_headers(self, headers: Sequence[tuple[str, str]]) -> None:
        """Keep headers; raise for those that may not be sent."""
        others = [header for header in headers if header not in ALWAYS_SAME]
        super().process_headers(others)
        self.headers += [header for header in headers if header in ALWAYS_SAME]

    def send_headers(self) -> None:
        """Keep the head until something is sent."""
        if not self.headers_sent:
            lines = [
                *self.default_headers(),
                *(f"{name}: {value}\r\n" for name, value in self.headers),
                "\r\n",
            ]
            self._head = "".join(lines).encode("latin-1")
            self.headers_sent = True

    def write(self, arg: bytes) -> None:
        super().write(arg)
        self._send()

    def close(self) -> None:
        super().close()
        self._send()

    def _emit_body(self, data: bytes) -> None:
        self._send(b"%X\r\n%b\r\n" % (len(data), data) if self.chunked else data)

    def _send(self, body: bytes = b"") -> None:
        head, self._head = self._head, b""
        if head or body:
            self.sock.sendall(head + body)


def http_date(timestamp: float | None = None) -> str:
    """Return the value of a `Date` header."""
    return _of_second(int(time.time() if timestamp is None else timestamp))


@lru_cache(maxsize=2)
def _of_second(second: int) -> str:
    return str(_http_date(second))


def base_environ(config: Any) -> dict[str, Any]:
    """Return what the environment of each request begins with."""
    return dict(_first_environ(config))


# The same configuration for as long as a worker lives.
_first_environ = lru_cache(maxsize=1)(wsgi.base_environ)


def install() -> None:
    """Have gunicorn use these."""
    wsgi.Response = Response
    wsgi.base_environ = base_environ
    util.http_date = http_date
