"""Reads server-sent events from the bytes of a response, within limits.

Source: the HTML standard, section 9.2, and the OpenAI API's `data: [DONE]`.
"""

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from sitethread.model.events import JsonObject, ModelError, message_of

LINE_BYTES = 4 * 1024 * 1024
# More than the longest answer needs: a model that never stops sending, be it only comments, is cut off.
STREAM_BYTES = 64 * 1024 * 1024
STREAM_SECONDS = 3600.0


def json_events(chunks: Iterable[bytes]) -> Iterator[JsonObject]:
    """Yield the JSON object of each event; raise ModelError for anything else."""
    for line in _lines(_limited(chunks)):
        if not line.startswith(b"data:"):
            continue
        data = line[5:].strip()
        if data == b"[DONE]":
            return
        event = _parsed(data)
        if not isinstance(event, dict):
            raise ModelError("model_garbage")
        if event.get("error") and event.get("type") in (None, "error"):
            raise ModelError("model_error", message_of(event))
        yield event


def _parsed(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (ValueError, RecursionError):
        pass
    try:
        # Halves of surrogate pairs, and numbers that no float can hold.
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ModelError("model_garbage") from error


def _limited(chunks: Iterable[bytes]) -> Iterator[bytes]:
    deadline, size = time.monotonic() + STREAM_SECONDS, 0
    for chunk in chunks:
        size += len(chunk)
        if size > STREAM_BYTES:
            raise ModelError("model_garbage", f"it sent more than {STREAM_BYTES} bytes")
        if time.monotonic() > deadline:
            raise ModelError("model_timeout", f"it took more than {STREAM_SECONDS} s")
        yield chunk


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Join chunks, which may split lines and characters anywhere, and yield complete lines."""
    rest = bytearray()
    for chunk in chunks:
        *lines, last = chunk.split(b"\n")
        for line in lines:
            if rest:
                line = bytes(rest) + line
                rest.clear()
            yield line.rstrip(b"\r")
        rest += last
        if len(rest) > LINE_BYTES:
            raise ModelError("model_garbage")
    if rest and not rest.rstrip().endswith((b"}", b"[DONE]")):
        # The connection ended within a line.
        raise ModelError("model_disconnected")
    if rest:
        yield bytes(rest)
