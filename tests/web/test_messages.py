"""Messages through the API."""

import uuid
from typing import Any

import pytest

from tests import chat_file
from tests.http_client import UNKNOWN, ApiClient
from tests.stacks import Person, Stack

MESSAGE_KEYS = {
    "id", "session_id", "seq", "role", "kind", "content", "status", "tool_calls", "sources", "model", "prompt_tokens",
    "cached_tokens", "completion_tokens", "created_at", "updated_at", "reply_to",
    "finish_reason", "error_code", "version_id",
}  # fmt: skip


def test_charlie_cannot_read_or_write_messages_of_alices_chat(
    as_alice: ApiClient, as_charlie: ApiClient
) -> None:
    id = as_alice.new_session()["id"]
    as_alice.new_message(id, "A secret")
    body = {"session_id": id, "role": "user", "content": "Let me in"}
    assert as_charlie.refused("GET", f"/api/chat/messages?session_id={id}") == (404, "not_found")
    assert as_charlie.refused("POST", "/api/chat/messages", json=body) == (404, "not_found")
    assert len(as_alice.get(f"/api/chat/sessions/{id}/messages")["messages"]) == 1


def test_charlie_may_use_alices_message_id_and_learns_nothing(
    as_alice: ApiClient, as_charlie: ApiClient
) -> None:
    hers = as_alice.new_message(as_alice.new_session()["id"], "A secret")
    his = as_charlie.new_message(as_charlie.new_session()["id"], "Mine", message_id=hers["id"])
    assert (his["id"], his["content"]) == (hers["id"], "Mine")


def test_a_message_keeps_all_that_came_with_it(as_alice: ApiClient) -> None:
    id = as_alice.new_session()["id"]
    sent: dict[str, Any] = {
        "role": "assistant",
        "content": "# Hi\n\n\u200d👩\u200d🚀 é\t",
        "kind": "review",
        "tool_calls": [
            {"id": "1", "name": "check_page", "arguments": {"deep": [1, 2.5, None, True, "\\u0041"]}}
        ],
        "sources": [{"url": "https://example.org", "title": "Ünï"}],
        "model": "some-model",
        "prompt_tokens": 12,
        "completion_tokens": 34,
    }
    saved = as_alice.post("/api/chat/messages", {"sessionId": id, **sent})["message"]
    assert set(saved) >= MESSAGE_KEYS and "user_id" not in saved
    assert {name: saved[name] for name in sent} == sent
    assert (saved["seq"], saved["status"]) == (1, "complete")
    assert as_alice.get(f"/api/chat/sessions/{id}/messages")["messages"] == [saved]


def test_the_seeds_names_for_fields_are_taken(as_alice: ApiClient) -> None:
    body = {
        "chatSessionId": as_alice.new_session()["id"], "role": "assistant", "content": "Hi", "type": "code",
        "tokens": 7, "toolCalls": [],
    }  # fmt: skip
    saved = as_alice.post("/api/chat/messages", body)["message"]
    assert (saved["kind"], saved["completion_tokens"], saved["tool_calls"]) == ("code", 7, [])


def test_the_first_message_names_the_chat_and_each_one_previews_it(as_alice: ApiClient) -> None:
    id = as_alice.new_session()["id"]
    as_alice.new_message(id, "Create a landing page for my coffee shop in the old harbour of Bergen")
    as_alice.new_message(id, "**Done.** See `it`.", "assistant")
    session = as_alice.get(f"/api/chat/sessions/{id}")["session"]
    assert session["title"].startswith("Create a landing page") and len(session["title"]) <= 51
    assert session["last_message_preview"].startswith("Done.")
    assert session["message_count"] == 2 and session["last_message_at"]


def test_messages_come_latest_page_first_each_in_the_order_of_writing(as_alice: ApiClient) -> None:
    id = as_alice.new_session()["id"]
    for number in range(1, 8):
        as_alice.new_message(id, f"Message {number}")
    pages, cursor = [], None
    while True:
        query = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        page = as_alice.get(f"/api/chat/sessions/{id}/messages", **query)
        pages.append([message["seq"] for message in page["messages"]])
        if (cursor := page["next_cursor"]) is None:
            break
    assert pages == [[5, 6, 7], [2, 3, 4], [1]]
    everything = as_alice.get(f"/api/chat/sessions/{id}")
    assert [m["seq"] for m in everything["messages"]] == [1, 2, 3, 4, 5, 6, 7] and everything[
        "next_cursor"
    ] is None


def test_1500_messages_are_all_reached_without_a_limit(
    as_alice: ApiClient, alice: Person, stack: Stack
) -> None:
    id = as_alice.new_session()["id"]
    stack.sql(
        "insert into public.chat_messages (user_id, session_id, role, content)"
        " select %s, %s, 'user', 'n ' || n from generate_series(1, 1500) n",
        alice.id,
        id,
    )
    first = as_alice.get(f"/api/chat/sessions/{id}")
    second = as_alice.get(f"/api/chat/messages?session_id={id}&cursor={first['next_cursor']}")
    assert [m["seq"] for m in second["messages"] + first["messages"]] == list(range(1, 1501))
    assert second["next_cursor"] is None
    exported = chat_file.read(as_alice.send("GET", f"/api/chat/sessions/{id}/export?format=json").text)
    assert [m["seq"] for m in exported["messages"]] == list(range(1, 1501))


def test_messages_are_filtered_by_kind_and_text(as_alice: ApiClient) -> None:
    id = as_alice.new_session()["id"]
    as_alice.new_message(id, "Plain (talk)")
    code = as_alice.new_message(id, "Some *code*", kind="code")

    def seqs(query: str) -> list[int]:
        return [m["seq"] for m in as_alice.get(f"/api/chat/messages?session_id={id}&{query}")["messages"]]

    assert seqs("kind=code") == seqs("type=code") == seqs("q=*CODE*") == [code["seq"]]
    assert seqs("q=(TALK)") == [1] and seqs("q=nowhere") == []


@pytest.mark.parametrize("by_header", [False, True])
def test_the_same_id_adds_once_and_another_text_under_it_is_refused(
    as_alice: ApiClient, by_header: bool
) -> None:
    id, key = as_alice.new_session()["id"], str(uuid.uuid4())
    path = f"/api/chat/sessions/{id}/messages"
    body = {"role": "user", "content": "Once", "kind": "code"}
    extra = {} if by_header else {"message_id": key}
    options: dict[str, Any] = {"headers": {"Idempotency-Key": key}} if by_header else {}
    first = as_alice.post(path, {**body, **extra}, **options)
    assert as_alice.post(path, {**body, **extra}, **options) == first
    other = {**body, **extra, "content": "Twice"}
    assert as_alice.refused("POST", path, json=other, **options) == (422, "key_reused")
    assert len(as_alice.get(path)["messages"]) == 1


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b", "\u00a0\u2003", "\ufeff\u200b\u2060", "\u200d\u200c"]
)
def test_a_message_that_shows_nothing_is_empty(as_alice: ApiClient, text: str) -> None:
    path = f"/api/chat/sessions/{as_alice.new_session()['id']}/messages"
    assert as_alice.refused("POST", path, json={"role": "user", "content": text}) == (422, "empty_message")


def test_a_question_that_shows_nothing_is_empty(as_alice: ApiClient) -> None:
    error = as_alice.send("POST", "/api/chat", json={"message": "\u200b\u0301"}).json()["error"]
    assert (error["code"], error["field"]) == ("empty_message", "message")


def test_an_answer_being_written_is_listed_with_its_text_so_far(
    as_alice: ApiClient, alice: Person, stack: Stack
) -> None:
    ids = {"message_id": str(uuid.uuid4()), "answer_id": str(uuid.uuid4())}
    turn = stack.rest(
        "rpc/start_turn", alice.access_token, "POST", json={"message": "Hi", "lease": "secret", **ids}
    ).json()
    append = {"answer_id": ids["answer_id"], "lease": "secret", "offset": 0, "text": "So far"}
    stack.rest("rpc/append_chunks", None, "POST", json={"appends": [append]}).raise_for_status()
    shown = as_alice.get(f"/api/chat/sessions/{turn['session']['id']}")
    assert shown["session"]["running_answer_id"] == ids["answer_id"]
    answer = shown["messages"][-1]
    assert (answer["content"], answer["status"], answer["reply_to"]) == (
        "So far",
        "streaming",
        ids["message_id"],
    )
    assert set(answer) >= MESSAGE_KEYS and "thread_id" not in shown["session"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"content": {"text": "hi"}}, "invalid_field"),
        ({"content": None}, "invalid_field"),
        ({"content": "x" * 100_001}, "invalid_field"),
        ({"role": "system"}, "invalid_field"),
        ({"kind": "Not a kind"}, "invalid_field"),
        ({"tool_calls": "none"}, "invalid_field"),
        ({"prompt_tokens": -1}, "invalid_field"),
        ({"prompt_tokens": 10**30}, "invalid_field"),
        ({"completion_tokens": True}, "invalid_field"),
        ({"message_id": "x"}, "invalid_field"),
        ({"user_id": UNKNOWN}, "unknown_field"),
        ({"seq": 1}, "unknown_field"),
        ({"created_at": "2020-01-01"}, "unknown_field"),
        ({"status": "streaming"}, "unknown_field"),
    ],
)
def test_a_field_that_cannot_be_is_named(as_alice: ApiClient, change: dict[str, Any], code: str) -> None:
    path = f"/api/chat/sessions/{as_alice.new_session()['id']}/messages"
    response = as_alice.send("POST", path, json={"role": "user", "content": "Hi", **change})
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (422, code)
    assert error["field"] == next(iter(change))


@pytest.mark.parametrize("missing", ["role", "content", "session_id"])
def test_a_field_that_is_missing_is_named(as_alice: ApiClient, missing: str) -> None:
    body = {"session_id": as_alice.new_session()["id"], "role": "user", "content": "Hi"}
    del body[missing]
    error = as_alice.send("POST", "/api/chat/messages", json=body).json()["error"]
    assert (error["code"], error["field"]) == ("missing_field", missing)


@pytest.mark.parametrize(
    "field",
    [
        {"sources": [None]},
        {"sources": ["https://example.com"]},
        {"sources": [{"url": 1}]},
        {"sources": [{"title": []}]},
        {"tool_calls": [None]},
        {"tool_calls": [{"name": 7}]},
        {"tool_calls": [{"function": "x"}]},
        {"tool_calls": [{"function": {"name": {}}}]},
    ],
)
def test_sources_and_tool_calls_are_objects_with_texts(as_alice: ApiClient, field: dict[str, object]) -> None:
    body = {"role": "assistant", "content": "Done", **field}
    path = f"/api/chat/sessions/{as_alice.new_session()['id']}/messages"
    assert as_alice.refused("POST", path, json=body) == (422, "invalid_field")
