"""People who talk straight to PostgREST, past the app."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.stacks import Stack

Json = dict[str, Any]


def new_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Caller:
    """Somebody with a token, or nobody without one, over connections that stay open."""

    http: httpx.Client
    id: str | None = None
    token: str | None = None

    def send(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Send one request; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["authorization"] = f"Bearer {self.token}"
        return self.http.request(method, path, json=body, headers=sent)

    def rows(self, path: str) -> list[Json]:
        return list(expect(self.send("GET", path), 200))

    def insert(self, table: str, **values: object) -> Json:
        """Insert one row and return it."""
        made = self.send("POST", table, values, prefer="return=representation")
        return dict(expect(made, 201)[0])

    def update(self, path: str, **values: object) -> list[Json]:
        """Change rows and return them."""
        return list(expect(self.send("PATCH", path, values, prefer="return=representation"), 200))

    def delete(self, path: str) -> None:
        expect(self.send("DELETE", path), 204)

    def call(self, function: str, **arguments: object) -> httpx.Response:
        return self.send("POST", f"rpc/{function}", arguments)

    def called(self, function: str, **arguments: object) -> Any:
        """Call a function and return its result."""
        return expect(self.call(function, **arguments), 200)


def expect(response: httpx.Response, status: int) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Return the status and the message of an answer that must be a refusal."""
    assert response.status_code >= 400, response.text
    return response.status_code, response.json()["message"]


@contextmanager
def connections(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=f"{stack.supabase_url}/rest/v1/",
        headers={"apikey": stack.publishable_key},
        timeout=30,
        limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
    ) as http:
        yield http


def sign_up(stack: Stack, http: httpx.Client) -> Caller:
    person = stack.sign_up()
    return Caller(http, person.id, person.access_token)
