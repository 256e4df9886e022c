"""PostgREST by the shortest way: whole rows of a table, and functions, over the shared connections.

supabase-py makes a builder, a URL and two header objects a query, which costs more than the query itself; what that is
worth: docs/decisions/0012-the-short-way-to-postgrest.md.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from sitethread import errors, supabase_errors
from sitethread.connections import ConnectionPool, Response

Row = TypeVar("Row")
"""A TypedDict of columns."""

log = logging.getLogger("sitethread")

_JSON = {"Content-Type": "application/json"}

UNREACHABLE = frozenset({502, 503, 504, 520, 521, 522, 523, 524, 530})
"""Statuses of gateways whose server is down."""

Filters = Sequence[tuple[str, str]]
"""PostgREST's query parameters, such as `("id", "eq.…")` and `("order", "updated_at.desc")`:
https://postgrest.org/en/v12/references/api/tables_views.html"""


class RestClient:
    """Reads tables and calls functions as the owner of a token, or with the publishable key alone.

    Every method raises what `supabase_errors` makes of a refusal, and DatabaseUnavailable when there is no reply.
    """

    def __init__(self, url: str, key: str, pool: ConnectionPool) -> None:
        self._path = f"{urlsplit(url).path.rstrip('/')}/rest/v1/"
        self._key = key
        self._pool = pool

    def rows(self, table: str, filters: Filters, token: str | None, row: type[Row]) -> list[Row]:
        """Return rows of a table, with the columns that `row` names; raise Unexpected when they aren't of its types."""
        content = self._send("GET", table, f"{table}?{_query(filters)}", token)
        with suppress(msgspec.DecodeError, RecursionError):
            return msgspec.json.decode(content, type=list[row])  # type: ignore[valid-type]
        try:
            return msgspec.convert(_parse(content, table), list[row])  # type: ignore[valid-type]
        except msgspec.ValidationError as problem:
            raise _unreadable(content, problem, table) from None

    def call(self, function: str, params: Mapping[str, object], token: str | None) -> Any:
        """Call a function and return its JSON."""
        return self.call_sized(function, params, token)[0]

    def call_sized(self, function: str, params: Mapping[str, object], token: str | None) -> tuple[Any, int]:
        """Call a function and return its JSON, and how many bytes that was."""
        content = self.get_bytes(function, params, token)
        return _parse(content, function), len(content)

    def get_bytes(self, function: str, params: Mapping[str, object], token: str | None) -> bytes:
        """Call a function and return its result as it comes."""
        # With the names here PostgREST doesn't parse the body for them.
        target = f"rpc/{function}?columns={','.join(params)}" if params else f"rpc/{function}"
        return self._send("POST", function, target, token, msgspec.json.encode(params))

    def put_bytes(self, function: str, content: bytes, media_type: str, token: str | None) -> Any:
        """Call a function with one parameter, which has no name, and return its JSON."""
        headers = {"Content-Type": "application/octet-stream", "X-Media-Type": media_type}
        return _parse(self._send("POST", function, f"rpc/{function}", token, content, headers), function)

    def _send(
        self,
        method: str,
        query: str,
        target: str,
        token: str | None,
        body: bytes | None = None,
        headers: Mapping[str, str] = _JSON,
    ) -> bytes:
        try:
            return self._try(method, query, target, token, body, headers)
        except errors.DatabaseBusy as error:
            if error.cause.get("sqlstate") not in supabase_errors.ROLLED_BACK:
                raise
            log.warning("sent again", extra={"facts": error.cause})
        return self._try(method, query, target, token, body, headers)

    def _try(
        self,
        method: str,
        query: str,
        target: str,
        token: str | None,
        body: bytes | None,
        body_headers: Mapping[str, str],
    ) -> bytes:
        headers = {"apikey": self._key, "Authorization": f"Bearer {token or self._key}"}
        if body is not None:
            headers |= body_headers
        try:
            response = self._pool.send(method, self._path + target, headers, body)
        except OSError as error:
            raise errors.DatabaseUnavailable from error
        if 200 <= response.status < 300:
            return response.content
        raise _error_of(response, query, token)


def _query(filters: Filters) -> str:
    # Values that need no quoting, as most are with these, cost little.
    return "&".join(f"{name}={quote(value, safe=',:()')}" for name, value in filters)


def _error_of(response: Response, query: str, token: str | None) -> errors.DomainError:
    try:
        refusal = json.loads(response.content)
    except (ValueError, RecursionError):
        refusal = None
    is_away = response.status in UNREACHABLE
    if isinstance(refusal, dict) and isinstance(refusal.get("code"), str):
        message = refusal.get("message")
        error = supabase_errors.from_postgres(
            refusal["code"],
            message if isinstance(message, str) else None,
            refusal.get("details"),
            token,
            query,
        )
        if not (is_away and isinstance(error, errors.Unexpected)):
            return error
    # Something other than PostgREST replied: with a server's error, it is down or in between.
    error = errors.DatabaseUnavailable() if response.status >= 500 else errors.Unexpected()
    error.cause = {"status": response.status, "query": query}
    return error


def _parse(data: bytes, query: str) -> Any:
    if not data:
        return None
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        pass
    try:
        # Numbers that no float can hold.
        return json.loads(data)
    except (ValueError, RecursionError) as problem:
        # Something other than PostgREST replied, or a constraint is missing: what is stored can be read.
        raise _unreadable(data, problem, query) from None


def _unreadable(data: bytes, problem: Exception, query: str) -> errors.DomainError:
    error = errors.Unexpected()
    error.cause = {"unreadable_bytes": len(data), "problem": type(problem).__name__, "query": query}
    return error
