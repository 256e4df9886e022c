"""An embedded Supabase for tests, in a process of its own."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import psycopg
from psycopg.rows import dict_row

from tests.http_client import HttpClient, connect

ROOT = Path(__file__).parent.parent
PASSWORD = "correct horse battery"


@dataclass
class Person:
    """Somebody who signed up, with the tokens of their session."""

    id: str
    email: str
    password: str
    access_token: str
    refresh_token: str


@dataclass
class Stack:
    """A running embedded Supabase. As a context manager it ends with the block; its data stay in `data`."""

    data: Path
    options: list[str] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)

    def start(self) -> Self:
        command = [sys.executable, "-m", "embedded", "up", "--stop-with-parent", "--data", str(self.data)]
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            [*command, *self.options],
            cwd=ROOT,
            env={**os.environ, "PASSWORD_ROUNDS": "4"},
            stdout=subprocess.PIPE,
            stderr=self.errors,
        )
        assert self.process.stdout
        is_ready, _, _ = select.select([self.process.stdout], [], [], 60)
        line = self.process.stdout.readline() if is_ready else b""
        if not line:
            self.stop()
            said = self.said()
            # Nobody leaves a block that was never entered.
            self.errors.close()
            raise AssertionError(f"the embedded Supabase doesn't start: {said}")
        self.addresses = json.loads(line)
        return self

    def said(self) -> str:
        """Return what it wrote to stderr so far."""
        self.errors.seek(0)
        return self.errors.read().decode()

    def stop(self) -> int:
        """Stop it as Ctrl-C does and return its exit code."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            if self.process.stdout:
                self.process.stdout.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()
        self.errors.close()

    @property
    def supabase_url(self) -> str:
        return self.addresses["SUPABASE_URL"]

    @property
    def publishable_key(self) -> str:
        return self.addresses["SUPABASE_PUBLISHABLE_KEY"]

    @property
    def db_url(self) -> str:
        """The owner's address: role `postgres`, which isn't a superuser but bypasses row level security."""
        return self.addresses["SUPABASE_DB_URL"]

    @property
    def openai_base_url(self) -> str:
        return self.addresses["OPENAI_BASE_URL"]

    def sign_up(self, email: str | None = None, password: str = PASSWORD) -> Person:
        """Make a user and sign them in."""
        email = email or f"{uuid.uuid4().hex}@example.com"
        body = self.auth("signup", {"email": email, "password": password}).raise_for_status().json()
        user = body["user"]
        return Person(user["id"], user["email"], password, body["access_token"], body["refresh_token"])

    def auth(
        self, path: str, body: dict[str, Any] | None = None, token: str | None = None, method: str = "POST"
    ) -> httpx.Response:
        """Send one request to the auth service."""
        return self.request(method, f"/auth/v1/{path}", token, json=body)

    def rest(
        self, path: str, token: str | None = None, method: str = "GET", **options: Any
    ) -> httpx.Response:
        """Send one request straight to PostgREST, behind the gateway."""
        return self.request(method, f"/rest/v1/{path}", token, **options)

    def request(self, method: str, path: str, token: str | None = None, **options: Any) -> httpx.Response:
        """Send one request with the publishable key, as somebody or as nobody."""
        with HttpClient(connect(self.supabase_url, apikey=self.publishable_key), token) as client:
            return client.send(method, path, **options)

    def bare(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request with nothing added."""
        with HttpClient(connect(self.supabase_url)) as client:
            return client.send(method, path, **options)

    def sql(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Run one statement as the owner and return its rows."""
        with psycopg.connect(self.db_url, row_factory=dict_row) as connection:
            cursor = connection.execute(query, values or None)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []
