"""Clients of each form of the chats, over plain HTTP, against the app as it is deployed."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.app_server import AppServer
from tests.http_client import UNKNOWN, ApiClient, connect, without_request_id
from tests.stacks import Person


def same_as_unknown(client: ApiClient, method: str, path: str, id: str, **options: Any) -> None:
    """Check that an id of someone else's and one that nobody has get the same response, byte for byte."""
    responses = []
    for tried in (id, UNKNOWN):
        put_in = {
            name: {key: tried if part == "ID" else part for key, part in value.items()}
            for name, value in options.items()
        }
        response = client.send(method, path.replace("ID", tried), **put_in)
        responses.append((response.status_code, without_request_id(response.content)))
    assert responses[0] == responses[1]
    assert responses[0][0] == 404


@pytest.fixture
def as_alice(server: AppServer, alice: Person) -> Iterator[ApiClient]:
    with ApiClient(connect(server.url), alice.access_token) as client:
        yield client


@pytest.fixture
def as_charlie(server: AppServer, charlie: Person) -> Iterator[ApiClient]:
    with ApiClient(connect(server.url), charlie.access_token) as client:
        yield client
