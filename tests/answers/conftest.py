"""The app under gunicorn with two workers, and a model that does as told."""

from collections.abc import Iterator

import pytest

from tests.answers.sites import Site
from tests.app_server import AppServer
from tests.chat_client import ChatClient
from tests.fake_model import FakeModel
from tests.stacks import Person, Stack


@pytest.fixture(scope="module")
def server(stack: Stack, model: FakeModel) -> Iterator[AppServer]:
    with AppServer(stack, model.base_url, MODEL_TIMEOUT="2") as running:
        yield running


@pytest.fixture
def client(server: AppServer, alice: Person) -> Iterator[ChatClient]:
    with ChatClient(server.url, alice.access_token) as connected:
        yield connected


@pytest.fixture
def site(client: ChatClient, model: FakeModel) -> Site:
    return Site(client, model)
