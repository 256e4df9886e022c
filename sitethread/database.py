"""Supabase, reached as the person who asks; the one module that imports its client libraries.

One client per request over one shared pool: a client carries one user's token in its headers, so it is never
shared, while the connections beneath carry nobody's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Protocol

import httpx
from postgrest.exceptions import APIError
from supabase import Client, ClientOptions, create_client
from supabase_auth import SyncGoTrueClient
from supabase_auth.errors import AuthError

from sitethread import errors, supabase_errors
from sitethread.settings import Settings
from sitethread.transport import PooledTransport

CONNECT_SECONDS = 2.0
READ_SECONDS = 5
PATIENT_SECONDS, PATIENT_CONNECTIONS = 60, 8
_DOWN = frozenset({502, 503, 504, 520, 521, 522, 523, 524, 530})


class Query(Protocol):
    """A PostgREST query that is ready to be sent."""

    def execute(self) -> Any: ...


class Database:
    """Everything the process shares: where Supabase is, the publishable key and the connections."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.supabase_url
        self._key = settings.supabase_key
        self._http = _pool(settings.database_pool, READ_SECONDS)
        self._patient_http = _pool(PATIENT_CONNECTIONS, PATIENT_SECONDS)

    def close(self) -> None:
        self._http.close()
        self._patient_http.close()

    def as_user(self, access_token: str, *, patiently: bool = False) -> "Rows":
        """Open the database as the owner of this token, for one request; patiently: for calls that may take long."""
        return Rows(self.client(access_token, patiently=patiently), access_token)

    def client(self, access_token: str | None, *, patiently: bool = False) -> Client:
        """Make a client that speaks with this token (None: nobody's) over the shared pool."""
        options = ClientOptions(
            headers={"Authorization": f"Bearer {access_token or self._key}"},
            httpx_client=self._patient_http if patiently else self._http,
            auto_refresh_token=False,
            persist_session=False,
            # Its retries sleep for seconds inside the request; the person who asks decides instead.
            postgrest_client_retry=False,
        )
        return create_client(self._url, self._key, options)

    def rpc(self, access_token: str | None, name: str, params: Mapping[str, Any]) -> Any:
        """Call a database function and return its JSON; raise a domain error when it refuses."""
        return Rows(self.client(access_token), access_token).call(name, params)

    @contextmanager
    def auth(self) -> Iterator[SyncGoTrueClient]:
        """Lend a client of Supabase Auth; what it raises leaves as a domain error."""
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
        """Raise DatabaseUnavailable unless PostgREST and Postgres answer and the migrations are there."""
        try:
            # Nobody may read the table, so a database that is well refuses; one without it does not know it.
            Rows(self.client(None), None).fetch(self.client(None).table("websites").select("id").limit(1))
        except (errors.Forbidden, errors.AuthRequired):
            return
        except errors.DatabaseUnavailable:
            raise
        except errors.DomainError as error:
            raise errors.DatabaseUnavailable(
                "The database has no Sitethread tables; apply the migrations."
            ) from error

    def check_auth(self) -> None:
        """Raise AuthUnavailable unless Supabase Auth answers."""
        try:
            response = self._http.get(f"{self._url}/auth/v1/health", headers={"apikey": self._key})
        except httpx.HTTPError as error:
            raise errors.AuthUnavailable from error
        if response.status_code != 200:
            raise errors.AuthUnavailable

    def signing_keys(self) -> list[Any]:
        """Return the public keys (JWKs) that Supabase Auth signs with; raise AuthUnavailable."""
        try:
            answer = self._http.get(
                f"{self._url}/auth/v1/.well-known/jwks.json", headers={"apikey": self._key}
            )
            keys = answer.json()["keys"] if answer.status_code == 200 else None
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise errors.AuthUnavailable from error
        if not isinstance(keys, list):
            raise errors.AuthUnavailable
        return keys

    def check_token(self, access_token: str) -> None:
        """Raise InvalidToken or TokenExpired when PostgREST does not take it."""
        rows = self.as_user(access_token)
        rows.fetch(rows.table("websites").select("id").limit(0))


class Rows:
    """The database as one person sees it: row level security decides which rows there are."""

    def __init__(self, client: Client, access_token: str | None) -> None:
        self._client = client
        self._access_token = access_token

    def table(self, name: str) -> Any:
        """Start a query; hand it to `fetch`, `fetch_one` or `run`."""
        return self._client.table(name)

    def fetch(self, query: Query) -> list[dict[str, Any]]:
        """Send a query and return its rows."""
        with self._mapped_errors():
            data = query.execute().data
        if not isinstance(data, list):
            # Something that is no PostgREST answered for it.
            raise errors.Unexpected
        return data

    def fetch_one(self, query: Query) -> dict[str, Any]:
        """Send a query and return its first row; zero rows under row level security means NotFound."""
        rows = self.fetch(query)
        if not rows:
            raise errors.NotFound
        return rows[0]

    def call(self, function: str, params: Mapping[str, Any]) -> Any:
        """Call a database function and return its JSON."""
        with self._mapped_errors():
            return self._client.rpc(function, dict(params)).execute().data

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


def _pool(connections: int, seconds: int) -> httpx.Client:
    return httpx.Client(
        transport=PooledTransport(connections, CONNECT_SECONDS, seconds),
        follow_redirects=False,
        # A cookie set for one user's answer must not go out with another's request.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        event_hooks={"response": [_raise_when_down]},
    )


def _raise_when_down(response: httpx.Response) -> None:
    """Treat a gateway's "not now" like a refused connection, whatever body it came with."""
    if response.status_code in _DOWN:
        raise httpx.RemoteProtocolError(f"upstream answered {response.status_code}", request=response.request)
