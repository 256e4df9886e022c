"""Server-sent events on the wire. Source: the HTML standard, section 9.2."""

import re
from collections.abc import Iterable, Iterator

import gevent  # type: ignore[import-untyped]
import msgspec
from flask import Response, request
from pydantic import JsonValue

from sitethread import errors
from sitethread.answers.following import Event, Stream
from web.slow_clients import Connection

_OFFSET = re.compile(r"[0-9]{1,9}", re.ASCII)
# libev's EV_READ.
_READABLE = 1
_LINE_ENDS = re.compile("[\u0085\u2028\u2029]")
OFFSET_SCHEMA: dict[str, JsonValue] = {"pattern": f"^{_OFFSET.pattern}$"}


# A client that has gone answers the first comment with a reset: so often, after so many seconds, that is looked for.
_LOOKS = 5
_LOOK_SECONDS = 0.5


def respond(stream: Stream) -> Response:
    """Stream events. The headers keep proxies from buffering and compressing them."""
    connection = request.environ.get("gunicorn.socket")
    events = encoded(stream)
    if isinstance(connection, Connection):
        events = _while_followed(events, stream, connection)
    response = Response(events, mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def offset(text: str) -> int:
    """Parse the number of characters that the client has; raise BadCursor."""
    if not _OFFSET.fullmatch(text):
        raise errors.BadCursor
    return int(text)


def _while_followed(events: Iterator[bytes], stream: Stream, connection: Connection) -> Iterator[bytes]:
    """Yield the events until their client closes the connection, which writing alone would show after 20 seconds."""
    looking: list[gevent.Greenlet] = []
    # A greenlet that waits would take 25 KiB of each stream.
    watcher = gevent.get_hub().loop.io(connection.fileno(), _READABLE)

    def look() -> None:
        watcher.stop()
        looking.append(gevent.spawn(_look, stream, connection))

    watcher.start(look)
    try:
        yield from events
    finally:
        watcher.close()
        gevent.killall(looking)


def _look(stream: Stream, connection: Connection) -> None:
    try:
        for _ in range(_LOOKS):
            if not connection.is_at_end():
                return
            # A client may also have closed only its own side, and go on reading.
            stream.wake()
            gevent.sleep(_LOOK_SECONDS)
    except OSError:
        stream.end()


def encoded(events: Iterable[Event | None]) -> Iterator[bytes]:
    """Write events; None is a comment."""
    return (b": still here\n\n" if event is None else _encode(event) for event in events)


def _encode(event: Event) -> bytes:
    position = "" if event.id is None else f"id: {event.id}\n"
    data = msgspec.json.encode(event.data).decode()
    # Some clients split lines at U+0085, U+2028 and U+2029.
    data = _LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", data)
    return f"{position}event: {event.name}\ndata: {data}\n\n".encode()
