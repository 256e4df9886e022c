"""The same key and body give the first result; the same key with another body is refused, whatever differs."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.http_client import ApiClient

CHATS = "/api/hosting/chats"
IMPORT = "/api/chat/import"
HELLO = [{"role": "user", "content": "Create a landing page"}]


@pytest.fixture
def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def ask(client: ApiClient, message: str, **more: Any) -> dict[str, str]:
    """Ask, watch the answer to its end, and return the ids of the chat, the question and the answer."""
    response = client.send("POST", "/api/chat", json={"message": message, **more})
    assert response.status_code == 200, response.text
    line = next(line for line in response.text.splitlines() if line.startswith("data: "))
    found: dict[str, str] = json.loads(line.removeprefix("data: "))
    return found


def file(*contents: str, title: str = "Brought along") -> dict[str, Any]:
    messages = [{"role": "user", "content": content} for content in contents]
    return {"format": "sitethread-chat", "version": 1, "session": {"title": title}, "messages": messages}


def how_many(client: ApiClient) -> int:
    return len(client.get("/api/chat/sessions")["sessions"])


def test_another_file_under_the_same_key_is_refused(as_alice: ApiClient, key: dict[str, str]) -> None:
    first = as_alice.post(IMPORT, file("One", "Two"), headers=key)["session"]
    website = as_alice.new_website()["id"]
    for path, other in (
        (IMPORT, file("One", "Three")),
        (IMPORT, file("One", "Two", "Three")),
        (IMPORT, file("One", "Two", title="Else")),
        (f"{IMPORT}?website_id={website}", file("One", "Two")),
    ):
        assert as_alice.error("POST", path, 422, json=other, headers=key)["code"] == "key_reused"
    assert as_alice.post(IMPORT, file("One", "Two"), headers=key)["session"] == first
    assert how_many(as_alice) == 1
    used = {quota["name"]: quota["used"] for quota in as_alice.get("/api/usage")["usage"]["quotas"]}
    assert used["running_imports"] == 0, "what was refused is not kept"


def test_another_question_under_the_same_id_is_refused(as_alice: ApiClient) -> None:
    first = ask(as_alice, "5 words, seed 1")
    second = ask(as_alice, "5 words, seed 2", session_id=first["session_id"])
    chat = first["session_id"]
    body = {"message": "5 words, seed 3", "message_id": str(uuid.uuid4()), "session_id": chat}
    asked = ask(as_alice, **body)
    for other in (
        {"kind": "design"},
        {"edits": first["user_message_id"]},
        {"after": first["message_id"]},
        {"after": second["message_id"]},
        {"session_id": None},
        {"helper": "seo"},
        {"message": "5 words, seed 4"},
        {"website_id": as_alice.new_website()["id"]},
    ):
        changed = {name: value for name, value in {**body, **other}.items() if value is not None}
        assert as_alice.error("POST", "/api/chat", 422, json=changed)["code"] == "key_reused", other
    assert ask(as_alice, **body) == asked
    for more in ({"edits": first["user_message_id"]}, {"after": first["message_id"], "kind": "copy"}):
        given = {**body, "message_id": str(uuid.uuid4()), **more}
        asked = ask(as_alice, **given)
        assert ask(as_alice, **given) == asked
        for left_out in more:
            less = {name: value for name, value in given.items() if name != left_out}
            assert as_alice.error("POST", "/api/chat", 422, json=less)["code"] == "key_reused", left_out


def test_a_question_may_come_again_with_the_chat_that_it_has_made(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    body = {"message": "5 words", "message_id": str(uuid.uuid4()), "website_id": website, "helper": "seo"}
    asked = ask(as_alice, **body)
    assert ask(as_alice, **body, session_id=asked["session_id"]) == asked


@pytest.mark.parametrize("path", ["/api/chat/messages", "/api/chat/sessions/ID/messages"])
def test_a_message_with_less_or_more_under_the_same_key_is_refused(
    as_alice: ApiClient, key: dict[str, str], path: str
) -> None:
    chat = as_alice.post("/api/chat/sessions", {})["session"]["id"]
    path = path.replace("ID", chat)
    where = {} if chat in path else {"session_id": chat}
    calls = [{"name": "look", "at": [1, 1.5, 1e30, True, None, {"a": "b"}]}]
    body = {
        **where, "role": "assistant", "content": "Done", "kind": "code", "model": "m-1", "prompt_tokens": 3,
        "completion_tokens": 0, "tool_calls": calls, "sources": [],
    }  # fmt: skip
    first = as_alice.post(path, body, headers=key)["message"]
    for name in ("kind", "model", "prompt_tokens", "completion_tokens", "tool_calls", "sources"):
        without = {**body, name: None}
        assert as_alice.error("POST", path, 422, json=without, headers=key)["code"] == "key_reused", name
    changed = {**body, "tool_calls": [{"name": "look", "at": [True, 1.5, 1e30, True, None, {"a": "b"}]}]}
    assert as_alice.error("POST", path, 422, json=changed, headers=key)["code"] == "key_reused"
    assert as_alice.post(path, body, headers=key)["message"] == first
    # JSON knows no difference between 1 and 1.0.
    rewritten = {**body, "tool_calls": [{"at": [1.0, 1.5, 10**30, True, None, {"a": "b"}], "name": "look"}]}
    assert as_alice.post(path, rewritten, headers=key)["message"] == first

    other = {"Idempotency-Key": "with less"}
    as_alice.post(path, {**where, "role": "user", "content": "Plain"}, headers=other)
    more = {**where, "role": "user", "content": "Plain", "model": "m-1"}
    assert as_alice.error("POST", path, 422, json=more, headers=other)["code"] == "key_reused"


def test_another_array_under_the_same_key_is_refused(as_alice: ApiClient, key: dict[str, str]) -> None:
    website = as_alice.new_website()["id"]
    body = {"websiteId": website, "messages": HELLO, "title": "Mine"}
    first = as_alice.post(CHATS, body, headers=key)["chat"]
    for other in (
        {"messages": [{"role": "user", "content": "Something else"}]},
        {"messages": [*HELLO, {"role": "assistant", "content": "More"}]},
        {"messages": []},
        {"title": "Yours"},
        {"title": None},
        {"chatId": first["id"]},
        {"replace": True},
        {"websiteId": as_alice.new_website()["id"]},
    ):
        refused = as_alice.error("POST", CHATS, 422, json={**body, **other}, headers=key)
        assert refused["code"] == "key_reused", other
    assert as_alice.post(CHATS, body, 200, headers=key)["chat"] == first
    assert as_alice.get(CHATS, websiteId=website)["chats"] == [first]


def test_a_key_also_holds_for_going_on_with_a_chat(as_alice: ApiClient, key: dict[str, str]) -> None:
    website = as_alice.new_website()["id"]
    chat = as_alice.post(CHATS, {"websiteId": website, "messages": HELLO})["chat"]["id"]
    more = [*HELLO, {"role": "assistant", "content": "More"}]
    body = {"websiteId": website, "messages": more, "chatId": chat}
    saved = as_alice.post(CHATS, body, 200, headers=key)["chat"]
    assert as_alice.post(CHATS, body, 200, headers=key)["chat"] == saved
    longer = {**body, "messages": [*more, {"role": "user", "content": "And more"}]}
    assert as_alice.error("POST", CHATS, 422, json=longer, headers=key)["code"] == "key_reused"


def test_sixty_four_identical_arrays_at_once_make_one_chat(as_alice: ApiClient, key: dict[str, str]) -> None:
    website = as_alice.new_website()["id"]
    body = {"websiteId": website, "messages": HELLO}

    def save(_: int) -> tuple[int, str]:
        response = as_alice.send("POST", CHATS, json=body, headers=key)
        return response.status_code, response.json()["chat"]["id"]

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(save, range(64)))
    assert sorted(status for status, _ in answers) == [200] * 63 + [201]
    assert len({id for _, id in answers}) == 1
    assert len(as_alice.get(CHATS, websiteId=website)["chats"]) == 1


def test_a_question_that_contradicts_its_chat_is_refused(as_alice: ApiClient) -> None:
    website, other = as_alice.new_website()["id"], as_alice.new_website("Other")["id"]
    chat = as_alice.post("/api/chat/sessions", {"website_id": website})["session"]["id"]
    body = {"message": "5 words", "session_id": chat}
    for wrong in ({"website_id": other}, {"website_id": str(uuid.uuid4())}, {"helper": "seo"}):
        refused = as_alice.error("POST", "/api/chat", 422, json={**body, **wrong})
        (field,) = wrong
        assert (refused["code"], refused["field"]) == ("invalid_field", field)
        assert refused["message"] == f"{field}: the chat has another one, and keeps it."
    assert as_alice.get(f"/api/chat/sessions/{chat}")["messages"] == []
    assert ask(as_alice, **body, website_id=website, helper="builder")["session_id"] == chat
    of_none = as_alice.post("/api/chat/sessions", {})["session"]["id"]
    assert ask(as_alice, "5 words", session_id=of_none, website_id=website)["session_id"] == of_none
