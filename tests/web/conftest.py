"""The app in this process, over a real Supabase; people speak to it through a test client."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from sitethread.settings import Settings
from tests.stacks import Person, Stack


class Caller:
    """Somebody who calls the API with their token; every answer must be JSON and no accident of ours."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        response = self.client.open(path, method=method, headers=headers, **options)
        assert response.status_code < 500, response.text
        return response

    def get(self, path: str, status: int = 200, **options: Any) -> Any:
        return self._json("GET", path, status, **options)

    def post(self, path: str, body: Any = None, status: int = 201, **options: Any) -> Any:
        return self._json("POST", path, status, json=body, **options)

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        return self._json("PATCH", path, status, json=body)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        return self._json("PUT", path, status, json=body)

    def delete(self, path: str, status: int = 200) -> Any:
        return self._json("DELETE", path, status)

    def refused(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        """Send something that must be refused; return the status and the code."""
        response = self.send(method, path, **options)
        body = response.get_json()
        assert body["success"] is False
        assert set(body["error"]) >= {"code", "message", "request_id"}
        return response.status_code, body["error"]["code"]

    def new_website(self, name: str = "Coffee Shop Website") -> dict[str, Any]:
        website: dict[str, Any] = self.post("/api/websites", {"name": name})["website"]
        return website

    def new_session(self, **values: Any) -> dict[str, Any]:
        session: dict[str, Any] = self.post("/api/chat/sessions", values)["session"]
        return session

    def new_message(self, session_id: str, content: str = "Hello", role: str = "user", **values: Any) -> Any:
        body = {"role": role, "content": content, **values}
        return self.post(f"/api/chat/sessions/{session_id}/messages", body)["message"]

    def _json(self, method: str, path: str, status: int, **options: Any) -> Any:
        response = self.send(method, path, **options)
        assert response.status_code == status, response.text
        body = json.loads(response.data)
        assert body["success"] is (status < 400)
        return body


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


@pytest.fixture
def make_app(stack: Stack) -> Iterator[Callable[..., Flask]]:
    """Make further apps, with other settings."""
    with ExitStack() as opened:
        yield lambda of=stack, **values: opened.enter_context(running_app(settings_for(of, **values)))


@pytest.fixture
def call(app: Flask) -> Callable[[Person | None], Caller]:
    return lambda person: Caller(app, person.access_token if person else None)


@pytest.fixture
def as_alice(app: Flask, alice: Person) -> Caller:
    return Caller(app, alice.access_token)


@pytest.fixture
def as_charlie(app: Flask, charlie: Person) -> Caller:
    return Caller(app, charlie.access_token)


@pytest.fixture
def as_nobody(app: Flask) -> Caller:
    return Caller(app, None)
