"""Supabase, called as the user who asks; the one module that imports its client libraries.

Each request makes one client over one shared connection pool: a client carries one user's token in its headers, so
users never share one, while the connections carry no token.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, cast

import httpx
from postgrest.exceptions import APIError
from supabase import Client, ClientOptions, create_client
from supabase_auth import SyncGoTrueClient
from supabase_auth.errors import AuthError
from typing_extensions import TypedDict

from sitethread import errors, supabase_errors, tokens
from sitethread.connections import ConnectionPool
from sitethread.large_reads import LargeReads
from sitethread.needs import NEEDS
from sitethread.rest import UNREACHABLE, Filters, RestClient, Row
from sitethread.settings import Settings
from sitethread.transport import PooledTransport

CONNECT_SECONDS = 2.0
READ_SECONDS = 5
LONG_CALL_SECONDS, LONG_CALL_CONNECTIONS = 60, 8


class RowId(TypedDict):
    """The row of a query that selects `id` alone."""

    id: str


class Database:
    """What all requests share: the address of Supabase, its publishable key and the connection pools."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.supabase_url
        self._key = settings.supabase_key
        self._pool = ConnectionPool(self._url, settings.database_pool, CONNECT_SECONDS, READ_SECONDS)
        self._long_pool = ConnectionPool(self._url, LONG_CALL_CONNECTIONS, CONNECT_SECONDS, LONG_CALL_SECONDS)
        self._http = _http_client(self._pool)
        self._rest = RestClient(self._url, self._key, self._pool)
        self.large_reads = LargeReads()
        self._long_call_rest = RestClient(self._url, self._key, self._long_pool)

    def close(self) -> None:
        self._http.close()
        self._long_pool.close()

    def as_user(self, access_token: str, user_id: str | None = None, *, long_calls: bool = False) -> "Rows":
        """Open the database as the owner of this token; with `long_calls` a call may take 60 s instead of 5 s.

        `user_id` saves reading the token for it.
        """
        return Rows(self, self._long_call_rest if long_calls else self._rest, access_token, user_id)

    def as_anonymous(self) -> "Rows":
        """Open the database as nobody, for functions that a lease or a share's token authorises."""
        return Rows(self, self._rest, None)

    def client(self, access_token: str | None) -> Client:
        """Make a supabase-py client for one user, or for nobody."""
        options = ClientOptions(
            headers={"Authorization": f"Bearer {access_token or self._key}"},
            httpx_client=self._http,
            auto_refresh_token=False,
            persist_session=False,
            # Its retries sleep for seconds inside the request; the person who asks decides instead.
            postgrest_client_retry=False,
        )
        return create_client(self._url, self._key, options)

    @contextmanager
    def auth(self) -> Iterator[SyncGoTrueClient]:
        """Lend a client of Supabase Auth, whose errors become domain errors."""
        client = SyncGoTrueClient(
            url=f"{self._url}/auth/v1",
            headers={"apiKey": self._key, "Authorization": f"Bearer {self._key}"},
            auto_refresh_token=False,
            persist_session=False,
            http_client=self._http,
        )
        try:
            yield client
        except AuthError as error:
            raise supabase_errors.from_auth(error.code, getattr(error, "status", None), error.name) from error
        except httpx.HTTPError as error:
            raise errors.AuthUnavailable from error

    def check_rows(self) -> None:
        """Raise DatabaseUnavailable unless PostgREST and Postgres respond and the app has all the rights it needs."""
        try:
            missing: list[str] = self.as_anonymous().call("readiness", {"needs": NEEDS})
        except errors.DatabaseUnavailable:
            raise
        except errors.DomainError as error:
            raise errors.DatabaseUnavailable("The database can't be used; apply the migrations.") from error
        if missing:
            lacks = ", ".join(missing[:5]) + (" and more" if len(missing) > 5 else "")
            raise errors.DatabaseUnavailable(f"The database lacks {lacks}; apply the migrations.")

    def check_auth(self) -> None:
        """Raise AuthUnavailable unless Supabase Auth responds."""
        try:
            response = self._http.get(f"{self._url}/auth/v1/health", headers={"apikey": self._key})
        except httpx.HTTPError as error:
            raise errors.AuthUnavailable from error
        if response.status_code != 200:
            raise errors.AuthUnavailable

    def signing_keys(self) -> list[Any]:
        """Return the public keys (JWKs) that Supabase Auth signs with; raise AuthUnavailable."""
        try:
            response = self._http.get(
                f"{self._url}/auth/v1/.well-known/jwks.json", headers={"apikey": self._key}
            )
            keys = response.json()["keys"] if response.status_code == 200 else None
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise errors.AuthUnavailable from error
        if not isinstance(keys, list):
            raise errors.AuthUnavailable
        return keys

    def check_token(self, access_token: str) -> None:
        """Raise InvalidToken or TokenExpired when PostgREST does not accept it."""
        self.as_user(access_token).select("websites", [("limit", "0")], RowId)


class Rows:
    """The database as one user sees it: row level security decides which rows there are.

    It may be kept for minutes and used from several threads. Every method raises what `supabase_errors` makes of a
    refusal, and DatabaseUnavailable when there is no reply.
    """

    def __init__(
        self, database: Database, rest: RestClient, access_token: str | None, user_id: str | None = None
    ) -> None:
        self._database = database
        self._rest = rest
        self._access_token = access_token
        self._user_id = user_id

    @property
    def user_id(self) -> str:
        """The id of the user, as their access token says; raise AuthRequired when there is none."""
        if self._access_token is None:
            raise errors.AuthRequired
        return self._user_id or tokens.user_id(self._access_token)

    def select(self, table: str, filters: Filters, row: type[Row]) -> list[Row]:
        """Return the rows of a table that pass, with the columns that `row` names."""
        return self._rest.rows(table, filters, self._access_token, row)

    def select_one(self, table: str, filters: Filters, row: type[Row]) -> Row:
        """Return the first row that passes; zero rows under row level security means NotFound."""
        return _first(self.select(table, filters, row))

    def call(self, function: str, params: Mapping[str, object]) -> Any:
        """Call a database function and return its JSON; the function's SQL comment gives its shape."""
        return self._rest.call(function, params, self._access_token)

    def read_page(self, function: str, params: Mapping[str, object], *, is_search: bool = False) -> Any:
        """Call a function whose JSON may have 1 MB of text, or that searches as much text as it may.

        Raise TooManyReads when too many of a person's wait.
        """
        with self._database.large_reads.turn(self.user_id, is_large=is_search) as read:
            page, read.bytes = self._rest.call_sized(function, params, self._access_token)
            return page

    def put_bytes(self, function: str, content: bytes, media_type: str) -> Any:
        """Call a function that takes the bytes of a content alone, and return its JSON."""
        return self._rest.put_bytes(function, content, media_type, self._access_token)

    def get_bytes(self, function: str, params: Mapping[str, object]) -> bytes:
        """Call a function that returns the bytes of a content."""
        return self._rest.get_bytes(function, params, self._access_token)

    def table(self, name: str) -> Any:
        """Start a query by supabase-py, for `fetch_one`: one that writes, or reads by a foreign key."""
        return self._client.table(name)

    def fetch_one(self, query: Any, row: type[Row]) -> Row:
        """Send a query and return its first row; zero rows under row level security means NotFound."""
        with self._mapped_errors():
            return _first(_rows(query.execute().data, row))

    @cached_property
    def _client(self) -> Client:
        return self._database.client(self._access_token)

    @contextmanager
    def _mapped_errors(self) -> Iterator[None]:
        try:
            yield
        except APIError as error:
            raise supabase_errors.from_postgres(
                error.code, error.message, error.details, self._access_token
            ) from error
        except httpx.HTTPError as error:
            raise errors.DatabaseUnavailable from error


def pick(row: Mapping[str, object], columns: type[Row]) -> Row:
    """Return a row with the columns that a TypedDict names: a database function may return more, or leave out nulls."""
    return cast(Row, {name: row.get(name) for name in columns.__annotations__})


def _rows(data: object, row: type[Row]) -> list[Row]:
    if not isinstance(data, list):
        # Something other than PostgREST replied.
        raise errors.Unexpected
    return cast(list[Row], data)


def _first(rows: list[Row]) -> Row:
    if not rows:
        raise errors.NotFound
    return rows[0]


def _http_client(pool: ConnectionPool) -> httpx.Client:
    return httpx.Client(
        transport=PooledTransport(pool),
        follow_redirects=False,
        # A cookie set in one user's response must not be sent with another's request.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        event_hooks={"response": [_raise_when_down]},
    )


def _raise_when_down(response: httpx.Response) -> None:
    """Treat a gateway's status for a server that is down like a refused connection."""
    if response.status_code in UNREACHABLE:
        raise httpx.RemoteProtocolError(f"upstream status {response.status_code}", request=response.request)
