"""What a person gets when Supabase is away, slow, or answers nonsense."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask

from sitethread import errors, rest
from sitethread.connections import ConnectionPool
from tests.http_client import ApiClient
from tests.stacks import Person, Stack


@contextmanager
def answering(*replies: bytes) -> Iterator[str]:
    """Serve raw replies in turn, the last one to everybody else; an empty one hangs up."""
    waiting = list(replies)
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
                    connection.sendall(waiting.pop(0) if len(waiting) > 1 else waiting[0])

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
        (
            reply("503 Service Unavailable", '{"code": "GATEWAY", "message": "x"}'),
            503,
            "database_unavailable",
        ),
        # Of somebody in between, such as a gateway: PostgREST's own errors are JSON with a code.
        (reply("500 Internal Server Error", "<h1>Error</h1>", "text/html"), 503, "database_unavailable"),
        (reply("500 Internal Server Error", "[" * 100_000), 503, "database_unavailable"),
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


@contextmanager
def as_owner(stack: Stack, broken: str, mended: str) -> Iterator[None]:
    """Break a right of the database for a while; PostgREST reads its schema again."""
    with psycopg.connect(stack.db_url, autocommit=True) as owner:
        owner.execute(broken)
        try:
            yield
        finally:
            owner.execute(mended)


def failures_logged(said: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return [line for line in lines if line["level"] in ("warning", "error")]


def test_a_missing_grant_is_our_fault_and_logged_once_with_its_cause(
    app: Flask, alice: Person, stack: Stack, capfd: pytest.CaptureFixture[str]
) -> None:
    client = app.test_client()
    with as_owner(
        stack,
        "revoke execute on function public.read_usage() from authenticated",
        "grant execute on function public.read_usage() to authenticated",
    ):
        refused = client.get("/api/usage", headers={"Authorization": f"Bearer {alice.access_token}"})
        ready = client.get("/readyz")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (500, "unexpected")
    assert "permission" not in refused.text and "read_usage" not in refused.text
    first, *_ = found = failures_logged(capfd.readouterr().err)
    assert (first["sqlstate"], first["query"], first["level"]) == ("42501", "read_usage", "error")
    assert first["database_message"] == "permission denied for function read_usage"
    assert first["request_id"] == refused.get_json()["error"]["request_id"]
    assert sum(line.get("sqlstate") == "42501" for line in found) == 1
    assert ready.status_code == 503
    assert "lacks authenticated execute read_usage" in ready.get_json()["database"]
    assert client.get("/readyz").get_json()["database"] == "ok"


def test_readyz_sees_a_lost_table_right_and_a_missing_function(app: Flask, stack: Stack) -> None:
    with as_owner(
        stack,
        "revoke delete on public.trash from authenticated",
        "grant delete on public.trash to authenticated",
    ):
        assert "authenticated delete trash" in app.test_client().get("/readyz").get_json()["database"]
    with as_owner(
        stack,
        "alter function public.append_chunks(json) rename to renamed",
        "alter function public.renamed(json) rename to append_chunks",
    ):
        assert "anon execute append_chunks" in app.test_client().get("/readyz").get_json()["database"]


REFUSALS = {
    "timeout": '{"code":"57014","message":"canceling statement due to statement timeout","details":null,"hint":null}',
    "deadlock": '{"code":"40P01","message":"deadlock detected","details":"Process 1 …","hint":null}',
    "parse": '{"code":"PGRST100","message":"\\"failed to parse filter (eq.hunter2)\\" (line 1, column 4)",'
    '"details":"unexpected hunter2","hint":null}',
}


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        ("timeout", 503, "database_busy"),
        ("deadlock", 503, "database_busy"),
        ("parse", 500, "unexpected"),
    ],
)
def test_faults_of_ours_are_5xx_and_logged_without_values(
    make_app: Callable[..., Flask],
    alice: Person,
    capfd: pytest.CaptureFixture[str],
    refusal: str,
    status: int,
    code: str,
) -> None:
    with answering(reply("500 Internal Server Error", REFUSALS[refusal])) as url:
        client = make_app(supabase_url=url).test_client()
        response = client.get("/api/websites", headers={"Authorization": f"Bearer {alice.access_token}"})
    assert (response.status_code, response.get_json()["error"]["code"]) == (status, code)
    assert ("Retry-After" in response.headers) is (status == 503)
    said = capfd.readouterr().err
    (logged,) = [line for line in failures_logged(said) if line["event"] == code]
    assert logged["sqlstate"] == json.loads(REFUSALS[refusal])["code"] and logged["query"] == "websites"
    assert "hunter2" not in said + response.text and alice.access_token not in said


@pytest.mark.parametrize("deadlocks", [1, 2])
def test_a_query_that_was_rolled_back_for_another_is_sent_once_more(
    monkeypatch: pytest.MonkeyPatch, deadlocks: int
) -> None:
    said: list[object] = []
    monkeypatch.setattr(rest.log, "warning", lambda message, extra: said.append((message, extra["facts"])))
    deadlock = reply("500 Internal Server Error", REFUSALS["deadlock"])
    with answering(*[deadlock] * deadlocks, reply("200 OK", "[]")) as url:
        client = rest.RestClient(url, "key", ConnectionPool(url, 1, 2, 5))
        if deadlocks == 1:
            assert client.rows("websites", [], None, dict) == []
        else:
            with pytest.raises(errors.DatabaseBusy):
                client.rows("websites", [], None, dict)
    cause = {"sqlstate": "40P01", "database_message": "deadlock detected", "query": "websites"}
    assert said == [("sent again", cause)]
