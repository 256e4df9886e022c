"""The app as it is deployed, real Chromium, and a place where nothing may arrive."""

from collections.abc import Iterator

import pytest

from tests.fake_model import FakeModel
from tests.security.canary import Canary
from tests.stacks import Stack
from tests.watched_server import WatchedServer


@pytest.fixture(scope="package")
def model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture(scope="package")
def server(stack: Stack, model: FakeModel) -> Iterator[WatchedServer]:
    with WatchedServer(stack, model.base_url) as running:
        yield running


@pytest.fixture
def canary() -> Iterator[Canary]:
    with Canary() as listening:
        yield listening
