"""What a person gets when Supabase is away, slow, or answers nonsense."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from tests.http_client import ApiClient
from tests.stacks import Person, Stack


@contextmanager
def answering(reply: bytes) -> Iterator[str]:
    """Serve one raw reply to everybody; an empty one hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        is_open = True

        def serve() -> None:
            while is_open:
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(2)
                    connection.recv(65_536)
                    connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            is_open = False
            thread.join()


def reply(status: str, body: str, kind: str = "application/json", extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body.encode())}\r\n{extra}"
    return f"{head}Connection: close\r\n\r\n{body}".encode()


POOLER_DOWN = '{"code":"PGRST000","message":"Could not connect with the database","details":null,"hint":null}'
SHUTTING_DOWN = '{"code":"57P01","message":"terminating connection","details":null,"hint":null}'
TOO_MANY = '{"code":"53300","message":"sorry, too many clients already","details":null,"hint":null}'
LOST_SCHEMA = (
    '{"code":"42P01","message":"relation \\"public.secret\\" does not exist","details":null,"hint":null}'
)


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 503, "database_unavailable"),
        (b"nonsense\r\n\r\n", 503, "database_unavailable"),
        (reply("503 Service Unavailable", POOLER_DOWN), 503, "database_unavailable"),
        (reply("500 Internal Server Error", SHUTTING_DOWN), 503, "database_unavailable"),
        (reply("500 Internal Server Error", TOO_MANY), 503, "database_unavailable"),
        (reply("502 Bad Gateway", "<h1>Bad gateway</h1>", "text/html"), 503, "database_unavailable"),
        (reply("520 Unknown", '{"message": "x"}'), 503, "database_unavailable"),
        (reply("404 Not Found", LOST_SCHEMA), 500, "unexpected"),
        (reply("400 Bad Request", '{"message": "secret hint"}'), 500, "unexpected"),
        (reply("200 OK", "<h1>secret</h1>", "text/html"), 500, "unexpected"),
        (reply("302 Found", "", extra="Location: http://169.254.169.254/\r\n"), 500, "unexpected"),
    ],
)
def test_a_failing_database_is_coded_and_says_nothing_of_its_own(
    make_app: Callable[..., Flask], alice: Person, raw: bytes, status: int, code: str
) -> None:
    with answering(raw) as url:
        client = make_app(supabase_url=url).test_client()
        headers = {"Authorization": f"Bearer {alice.access_token}"}
        response = client.get("/api/websites", headers=headers)
    assert (response.status_code, response.get_json()["error"]["code"]) == (status, code)
    assert "secret" not in response.text
    assert ("Retry-After" in response.headers) is (status == 503)


def test_readyz_names_what_is_away_and_healthz_stays_well(make_app: Callable[..., Flask]) -> None:
    client = make_app(supabase_url="http://127.0.0.1:9").test_client()
    assert client.get("/healthz").get_json() == {"success": True, "status": "ok"}
    away = client.get("/readyz")
    assert away.status_code == 503 and away.headers["Retry-After"]
    assert away.get_json()["database"] != "ok" and away.get_json()["auth"] != "ok"
    unset = make_app(openai_base_url=None).test_client().get("/readyz")
    assert unset.status_code == 503 and "OPENAI_API_KEY" in unset.get_json()["model"]


def test_readyz_is_ready_on_a_whole_stack(app: Flask) -> None:
    response = app.test_client().get("/readyz")
    assert response.get_json() == {
        "success": True,
        "status": "ready",
        "database": "ok",
        "auth": "ok",
        "model": "ok",
        "worker": "ok",
    }


def test_an_unforeseen_error_is_logged_once_and_hidden(
    make_app: Callable[..., Flask],
    alice: Person,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    app = make_app()

    def broken(*_: object) -> None:
        raise RuntimeError("the secret word is swordfish")

    monkeypatch.setattr("sitethread.websites.list_page", broken)
    response = app.test_client().get(
        "/api/websites", headers={"Authorization": f"Bearer {alice.access_token}"}
    )
    assert (response.status_code, response.get_json()["error"]["code"]) == (500, "unexpected")
    logged = capfd.readouterr().err
    assert logged.count("RuntimeError at test_failures.py") == 1
    assert response.get_json()["error"]["request_id"] in logged
    assert "swordfish" not in response.text + logged and alice.access_token not in logged


def test_logs_hold_no_tokens_texts_or_addresses(
    as_alice: ApiClient, alice: Person, stack: Stack, capfd: pytest.CaptureFixture[str]
) -> None:
    as_alice.new_message(as_alice.new_session(title="My secret plan")["id"], "Nobody may know")
    as_alice.get("/api/chat/sessions?q=My+secret+search")
    logged = capfd.readouterr().err
    assert '"route": "/api/chat/sessions"' in logged
    for secret in ("secret", "Nobody", alice.email, alice.access_token, stack.publishable_key):
        assert secret not in logged


def test_who_asks_without_a_model_is_told_when_to_ask_again(
    make_app: Callable[..., Flask], alice: Person
) -> None:
    client = make_app(openai_base_url=None).test_client()
    headers = {"Authorization": f"Bearer {alice.access_token}"}
    refused = client.post("/api/chat", json={"message": "Hello"}, headers=headers)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (503, "model_not_configured")
    assert int(refused.headers["Retry-After"]) > 0
