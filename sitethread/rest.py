"""PostgREST by the shortest way: whole rows of a table, and functions, over the shared connections.

supabase-py makes a builder, a URL and two header objects a query, which costs more than the query itself; what that is
worth: docs/decisions/0012-the-short-way-to-postgrest.md.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from sitethread import errors, supabase_errors
from sitethread.connections import ConnectionPool

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

    def get(self, table: str, filters: Filters, token: str | None) -> Any:
        """Return the JSON of a table's rows."""
        return self._send("GET", f"{table}?{urlencode(filters)}", token)

    def call(self, function: str, params: Mapping[str, object], token: str | None) -> Any:
        """Call a function and return its JSON."""
        return self._send("POST", f"rpc/{function}", token, msgspec.json.encode(params))

    def _send(self, method: str, target: str, token: str | None, body: bytes | None = None) -> Any:
        headers = {"apikey": self._key, "Authorization": f"Bearer {token or self._key}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            response = self._pool.send(method, self._path + target, headers, body)
        except OSError as error:
            raise errors.DatabaseUnavailable from error
        if 200 <= response.status < 300:
            return _parse(response.content) if response.content else None
        if response.status in UNREACHABLE:
            raise errors.DatabaseUnavailable
        refusal = _parse(response.content)
        if not isinstance(refusal, dict):
            raise errors.Unexpected
        raise supabase_errors.from_postgres(
            refusal.get("code"), refusal.get("message"), refusal.get("details"), token
        )


def _parse(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError:
        pass
    try:
        # Numbers that no float can hold.
        return json.loads(data)
    except ValueError:
        # Something other than PostgREST replied.
        raise errors.Unexpected from None
