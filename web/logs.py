"""Logs: one JSON object a line, with the request's id and never a token, a text or an e-mail address."""

import json
import logging
import secrets
import sys
import time
import traceback
from collections.abc import Mapping
from functools import lru_cache

from flask import Flask, Response, g, has_request_context, request

from sitethread.errors import DomainError

log = logging.getLogger("sitethread")


def init_app(app: Flask) -> None:
    handler = _Stderr()
    handler.setFormatter(_Lines())
    log.handlers[:] = [handler]
    log.setLevel(app.extensions["settings"].log_level)
    log.propagate = False
    # Its request lines hold full URLs, and so what people search for.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    app.before_request(_start_request)
    app.after_request(_log_request)


class _Stderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to the current sys.stderr, which gunicorn and tests replace."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            facts = {**facts, **_cause(error), "error": _trace(error)}
        return _line(record.created, record.levelname.lower(), record.getMessage(), facts)


def _line(seconds: float, level: str, event: str, facts: Mapping[str, object]) -> str:
    whole = int(seconds)
    line = {
        "time": f"{_second(whole)}.{int((seconds - whole) * 1000):03}Z",
        "level": level,
        "event": event,
        **facts,
    }
    if has_request_context():
        line["request_id"] = g.get("request_id")
        line["route"] = request.url_rule.rule if request.url_rule else None
    return _encode(line)


_encode = json.JSONEncoder(ensure_ascii=False).encode


@lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def _cause(error: BaseException) -> Mapping[str, object]:
    """Return what a service said about an error, or about the one that it was raised from."""
    if isinstance(error, DomainError) and error.cause:
        return error.cause
    return _cause(error.__cause__) if error.__cause__ else {}


def _trace(error: BaseException) -> list[str]:
    """Return types and places of an error and its causes, without messages: they may quote what people wrote."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    earlier = _trace(cause) if cause else []
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    return [*earlier, f"{type(error).__name__} at " + " < ".join(reversed(places))]


def _start_request() -> None:
    g.request_id = secrets.token_hex(12)
    g.started = time.perf_counter()


def _log_request(response: Response) -> Response:
    if log.isEnabledFor(logging.INFO):
        facts = {
            "method": request.method,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - g.started) * 1000, 1),
        }
        # Written directly: a log record costs more than the rest of the line.
        sys.stderr.write(_line(time.time(), "info", "request", facts) + "\n")
    response.headers["X-Request-Id"] = g.request_id
    return response
