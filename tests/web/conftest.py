"""The app in this process, over a real Supabase; people speak to it through a test client."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from flask import Flask

from app import create_app
from sitethread.settings import Settings
from tests.fake_model import FakeModel
from tests.http_client import ApiClient, connect
from tests.stacks import Person, Stack
from tests.watched_server import WatchedServer


def settings_for(stack: Stack, **values: Any) -> Settings:
    known: dict[str, Any] = {
        "supabase_url": stack.supabase_url,
        "supabase_key": stack.publishable_key,
        "openai_base_url": stack.openai_base_url,
    }
    return Settings(**known | values)


@contextmanager
def running_app(settings: Settings) -> Iterator[Flask]:
    """Make an app and let go of its connections afterwards."""
    made = create_app(settings)
    try:
        yield made
    finally:
        made.extensions["answer_engine"].close(0)
        made.extensions["database"].close()


@pytest.fixture(scope="session")
def app(stack: Stack) -> Iterator[Flask]:
    with running_app(settings_for(stack)) as made:
        yield made


@pytest.fixture(scope="module")
def server(stack: Stack, model: FakeModel) -> Iterator[WatchedServer]:
    with WatchedServer(stack, model.base_url) as running:
        yield running


@pytest.fixture
def make_app(stack: Stack) -> Iterator[Callable[..., Flask]]:
    """Make further apps, with other settings."""
    with ExitStack() as opened:
        yield lambda of=stack, **values: opened.enter_context(running_app(settings_for(of, **values)))


@pytest.fixture
def call(app: Flask) -> Callable[[Person | None], ApiClient]:
    return lambda person: client_of(app, person)


@pytest.fixture
def as_alice(app: Flask, alice: Person) -> ApiClient:
    return client_of(app, alice)


@pytest.fixture
def as_charlie(app: Flask, charlie: Person) -> ApiClient:
    return client_of(app, charlie)


@pytest.fixture
def as_nobody(app: Flask) -> ApiClient:
    return client_of(app, None)


def client_of(app: Flask, person: Person | None) -> ApiClient:
    """Let somebody call an app within this process."""
    return ApiClient(connect(app=app), person.access_token if person else None)
