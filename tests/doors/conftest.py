"""Clients of each form of the chats, over plain HTTP, against the app as it is deployed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.app_server import AppServer
from tests.stacks import Person

UNKNOWN = "00000000-0000-4000-8000-00000000dead"


@dataclass(frozen=True)
class Client:
    """Somebody's script."""

    http: httpx.Client

    def get(self, path: str, status: int = 200, **query: object) -> Any:
        return self.send("GET", path, status, params=query)

    def post(self, path: str, body: object, status: int = 201, **options: Any) -> Any:
        return self.send("POST", path, status, json=body, **options)

    def put(self, path: str, body: object, status: int = 200) -> Any:
        return self.send("PUT", path, status, json=body)

    def patch(self, path: str, body: object, status: int = 200) -> Any:
        return self.send("PATCH", path, status, json=body)

    def delete(self, path: str, status: int = 200, **query: object) -> Any:
        return self.send("DELETE", path, status, params=query)

    def send(self, method: str, path: str, status: int, **options: Any) -> Any:
        response = self.http.request(method, path, **options)
        assert response.status_code == status, response.text
        body = response.json()
        assert body["success"] is (status < 400)
        return body

    def error(self, method: str, path: str, status: int, **options: Any) -> dict[str, Any]:
        """Send something that is refused; return the error without its request id."""
        error: dict[str, Any] = self.send(method, path, status, **options)["error"]
        assert error.pop("request_id")
        return error

    def new_website(self, name: str = "Coffee Shop Website") -> str:
        return str(self.post("/api/websites", {"name": name})["website"]["id"])


def same_as_unknown(client: Client, method: str, path: str, id: str, **options: Any) -> None:
    """Check that an id of someone else's and one that nobody has get the same answer, byte for byte."""
    answers = []
    for tried in (id, UNKNOWN):
        put_in = {
            name: {key: tried if part == "ID" else part for key, part in value.items()}
            for name, value in options.items()
        }
        response = client.http.request(method, path.replace("ID", tried), **put_in)
        request_id = response.json()["error"]["request_id"]
        answers.append((response.status_code, response.content.replace(request_id.encode(), b"")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def _client(server: AppServer, person: Person) -> Iterator[Client]:
    headers = {"Authorization": f"Bearer {person.access_token}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as http:
        yield Client(http)


@pytest.fixture
def as_alice(server: AppServer, alice: Person) -> Iterator[Client]:
    yield from _client(server, alice)


@pytest.fixture
def as_charlie(server: AppServer, charlie: Person) -> Iterator[Client]:
    yield from _client(server, charlie)
