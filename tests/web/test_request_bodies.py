"""Malformed request bodies: each gets its error code, and nothing is stored."""

import gzip
import io
import json
import uuid
from typing import Any

import pytest
from flask import Flask

from tests.hostile_bodies import HOSTILE
from tests.http_client import JSON, ApiClient
from tests.stacks import Person

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(("body", "status", "code"), HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_a_hostile_body_gets_its_code(as_alice: ApiClient, body: bytes, status: int, code: str) -> None:
    refused = as_alice.refused("POST", "/api/websites", content=body, headers=JSON)
    assert refused == (status, code)
    assert as_alice.get("/api/websites")["websites"] == []


@pytest.mark.parametrize("value", [b"[],", b"{},", b"0,", b'"",', b'{"":[]},'])
def test_more_values_than_can_be_read_at_once_are_too_many(as_alice: ApiClient, value: bytes) -> None:
    many = b'{"name": [' + value * (1_000_000 // len(value)) + b"0]}"
    refused = as_alice.refused("POST", "/api/websites", content=many, headers=JSON)
    assert refused == (413, "body_too_large")


@pytest.mark.parametrize("text", ["1,2,", "{}[]", '"",', '\\"'])
def test_what_is_said_in_a_text_counts_as_one_value(as_alice: ApiClient, text: str) -> None:
    session = as_alice.new_session()["id"]
    content = text * (100_000 // len(text))
    tool_call = {"x": text * 50_000}
    body = {"role": "user", "content": content, "tool_calls": [tool_call]}
    assert as_alice.send("POST", f"/api/chat/sessions/{session}/messages", json=body).status_code == 201


def test_a_chat_of_ten_thousand_messages_is_not_too_many_values(as_alice: ApiClient) -> None:
    messages = [{"role": ("user", "assistant")[n % 2], "content": f"{n}"} for n in range(10_000)]
    body = {"websiteId": as_alice.new_website()["id"], "messages": messages}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    # A busy machine may take longer than a request waits for the database: ask again, as clients do.
    for _ in range(20):
        saved = as_alice.send("POST", "/api/hosting/chats", json=body, headers=key)
        if saved.status_code != 503:
            break
    assert saved.status_code == 201, saved.text
    assert len(saved.json()["chat"]["messages"]) == 10_000


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/api/chat/sessions/bulk", {"action": "delete", "session_ids": []},
         "session_ids: should have at least 1 item."),
        ("/api/chat/sessions", {"title": "x" * 201}, "title: should have at most 200 characters."),
        ("/api/chat/sessions", {"title": 5}, "title: should be text."),
        ("/api/hosting/chats", {"messages": [5]}, "messages.0: should be an object."),
        ("/api/hosting/chats", {"messages": {}}, "messages: should be a list."),
        ("/api/chat", {"message": "a", "kind": "A b"}, "kind: is not in a form that is known here."),
        ("/api/chat", {"message": "a" * 100_001}, "message: should have at most 100,000 characters."),
        ("/api/chat/sessions", {"helper": "chef"},
         "helper: should be 'builder', 'copywriter', 'designer', 'seo' or 'reviewer'."),
    ],
)  # fmt: skip
def test_an_error_is_said_in_plain_words(as_alice: ApiClient, path: str, body: Any, words: str) -> None:
    if path == "/api/hosting/chats":
        body = {"website_id": as_alice.new_website()["id"], **body}
    error = as_alice.send("POST", path, json=body).json()["error"]
    assert (error["code"], error["message"]) == ("invalid_field", words)


@pytest.mark.parametrize("with_length", [True, False])
def test_one_byte_over_the_limit_is_too_large(app: Flask, alice: Person, with_length: bool) -> None:
    over = b'{"name": "' + b"x" * (MEGABYTE + 1 - 12) + b'"}'
    assert len(over) == MEGABYTE + 1
    assert refused_stream(app, alice, **sent(over, with_length)) == (413, "body_too_large")
    at = over[:10] + over[11:]
    assert refused_stream(app, alice, **sent(at, with_length)) == (422, "invalid_field")


def test_a_stream_without_an_end_is_cut_off(app: Flask, alice: Person) -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            self.taken += len(buffer)
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    endless = Endless()
    unbounded = {"wsgi.input": endless, "wsgi.input_terminated": True}
    assert refused_stream(app, alice, environ_overrides=unbounded) == (413, "body_too_large")
    assert endless.taken < 64 * MEGABYTE


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/jsonx"},
        {},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": "application/json", "Content-Encoding": "br, gzip"},
    ],
)
def test_anything_but_plain_json_is_an_unsupported_type(as_alice: ApiClient, headers: dict[str, str]) -> None:
    body = json.dumps({"name": "a"}).encode()
    if "gzip" in headers.get("Content-Encoding", ""):
        body = gzip.compress(b"x" * 10 * MEGABYTE)
    status, code = as_alice.refused("POST", "/api/websites", content=body, headers=headers)
    assert (status, code) == (415, "unsupported_media_type")


def test_bidi_overrides_and_piles_of_marks_do_not_reach_a_title(as_alice: ApiClient) -> None:
    title = as_alice.new_session(title="Menu \u202egnp.exe\u202c\u2066 \u200f")["title"]
    assert title == "Menu gnp.exe"
    piled = {"title": "a" + "\u0301" * 10_000}
    assert as_alice.refused("POST", "/api/chat/sessions", json=piled) == (422, "invalid_field")


def test_a_body_is_read_only_from_someone_who_may_send_it(as_nobody: ApiClient) -> None:
    refused = as_nobody.refused("POST", "/api/websites", content=b"[" * 50_000, headers=JSON)
    assert refused == (401, "auth_required")


def sent(body: bytes, with_length: bool) -> dict[str, Any]:
    if with_length:
        return {"data": body}
    return {"input_stream": io.BytesIO(body), "environ_overrides": {"wsgi.input_terminated": True}}


def refused_stream(app: Flask, person: Person, **options: Any) -> tuple[int, str]:
    """Send a body as a WSGI server hands it over; return the status and the code."""
    headers = {"Authorization": f"Bearer {person.access_token}", **JSON}
    response = app.test_client().post("/api/websites", headers=headers, **options)
    return response.status_code, response.get_json()["error"]["code"]
