"""Server-sent events on the wire. Source: the HTML standard, section 9.2."""

import re

import msgspec
from flask import Response
from pydantic import JsonValue

from sitethread import errors
from sitethread.answers.following import Event, Events

_OFFSET = re.compile(r"[0-9]{1,9}", re.ASCII)
_LINE_ENDS = re.compile("[\u0085\u2028\u2029]")
OFFSET_SCHEMA: dict[str, JsonValue] = {"pattern": f"^{_OFFSET.pattern}$"}


def respond(events: Events) -> Response:
    """Stream events. The headers keep proxies from buffering and compressing them."""
    stream = (b": still here\n\n" if event is None else _encode(event) for event in events)
    response = Response(stream, mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def offset(text: str) -> int:
    """Parse the number of characters that the client has; raise BadCursor."""
    if not _OFFSET.fullmatch(text):
        raise errors.BadCursor
    return int(text)


def _encode(event: Event) -> bytes:
    position = "" if event.id is None else f"id: {event.id}\n"
    data = msgspec.json.encode(event.data).decode()
    # Some clients split lines at U+0085, U+2028 and U+2029.
    data = _LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", data)
    return f"{position}event: {event.name}\ndata: {data}\n\n".encode()
