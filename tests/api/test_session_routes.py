"""Sessions and messages, `/api/chat/sessions`: type, tokens and model, and a chat that saves itself."""

import json
from typing import Any

import pytest

from tests.api.conftest import same_as_unknown
from tests.http_client import ApiClient

SESSIONS, MESSAGES = "/api/chat/sessions", "/api/chat/messages"


def new_session(client: ApiClient, **values: object) -> str:
    return str(client.post(SESSIONS, values)["session"]["id"])


def add(client: ApiClient, session: str, content: str, role: str = "user", **more: object) -> Any:
    body = {"sessionId": session, "role": role, "content": content, **more}
    return client.post(MESSAGES, body)["message"]


def contents(client: ApiClient, session: str, **query: object) -> list[str]:
    return [m["content"] for m in client.get(MESSAGES, session_id=session, **query)["messages"]]


def test_sessions_are_made_listed_read_updated_and_removed(as_alice: ApiClient) -> None:
    id = new_session(as_alice, title="Code review")
    (listed,) = as_alice.get(SESSIONS)["sessions"]
    assert (listed["id"], listed["title"], listed["is_active"]) == (id, "Code review", True)
    read = as_alice.get(f"{SESSIONS}/{id}")
    assert (read["session"], read["messages"]) == (listed, [])
    changed = as_alice.put(f"{SESSIONS}/{id}", {"title": "Review", "isActive": False})["session"]
    assert (changed["title"], changed["is_active"]) == ("Review", False)
    assert as_alice.put(f"{SESSIONS}/{id}", {"is_active": True})["session"]["is_active"] is True
    as_alice.delete(f"{SESSIONS}/{id}")
    assert as_alice.get(SESSIONS)["sessions"] == []
    as_alice.get(f"{SESSIONS}/{id}", 404)


def test_a_message_has_role_content_type_tokens_and_model(as_alice: ApiClient) -> None:
    id = new_session(as_alice)
    saved = add(as_alice, id, "Looks fine.", "assistant", type="code-review", tokens=42, model="gpt-x")
    assert (saved["role"], saved["content"], saved["kind"]) == ("assistant", "Looks fine.", "code-review")
    assert (saved["completion_tokens"], saved["model"]) == (42, "gpt-x")
    assert as_alice.get(MESSAGES, sessionId=id)["messages"] == [saved]


def test_messages_are_filtered_by_type_and_searched(as_alice: ApiClient) -> None:
    id = new_session(as_alice)
    for content, kind in (("Hello there", "chat"), ("def hello(): ...", "code"), ("Bye", "chat")):
        add(as_alice, id, content, type=kind)
    assert contents(as_alice, id, type="code") == ["def hello(): ..."]
    assert contents(as_alice, id, q="HELLO") == ["Hello there", "def hello(): ..."]
    assert contents(as_alice, id, q="hello", type="chat") == ["Hello there"]


def test_the_chat_saves_both_sides_and_makes_and_titles_a_session_by_itself(as_alice: ApiClient) -> None:
    response = as_alice.send("POST", "/api/chat", json={"message": "5 words, seed 3, for my new project"})
    assert response.headers["content-type"].startswith("text/event-stream")
    (session,) = as_alice.get(SESSIONS)["sessions"]
    assert session["title"] == "5 words, seed 3, for my new project"
    asked, answer = as_alice.get(MESSAGES, session_id=session["id"])["messages"]
    assert (asked["role"], asked["content"]) == ("user", "5 words, seed 3, for my new project")
    deltas = [line for line in response.text.splitlines() if line.startswith('data: {"text"')]
    assert answer["content"] == "".join(json.loads(line[6:])["text"] for line in deltas)
    assert (answer["role"], answer["model"], answer["completion_tokens"]) == ("assistant", "fake-1", 22)


def test_clearing_messages_keeps_the_session_and_can_be_undone(as_alice: ApiClient) -> None:
    id = new_session(as_alice, title="Keep me")
    for number in range(3):
        add(as_alice, id, f"Message {number}")
    before = as_alice.get(f"{SESSIONS}/{id}")
    trash_id = as_alice.delete(MESSAGES, session_id=id)["trash_id"]
    cleared = as_alice.get(f"{SESSIONS}/{id}")
    assert cleared["messages"] == [] and cleared["session"]["message_count"] == 0
    assert cleared["session"]["last_message_preview"] is None
    add(as_alice, id, "A fresh start")
    back = as_alice.post(f"/api/trash/{trash_id}/restore", None, 200)["session"]
    assert (back["title"], back["message_count"]) == ("Keep me", 4)
    restored = as_alice.get(f"{SESSIONS}/{id}")["messages"]
    assert restored[:3] == before["messages"] and restored[3]["content"] == "A fresh start"


def test_clearing_an_empty_session_is_fine(as_alice: ApiClient) -> None:
    assert as_alice.delete(MESSAGES, session_id=new_session(as_alice))["trash_id"] is None


def test_removing_a_session_takes_its_messages_along(as_alice: ApiClient) -> None:
    id = new_session(as_alice)
    add(as_alice, id, "Hi")
    as_alice.delete(f"{SESSIONS}/{id}")
    as_alice.get(MESSAGES, 404, session_id=id)


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("GET", f"{SESSIONS}/ID", {}),
        ("PUT", f"{SESSIONS}/ID", {"json": {"title": "Mine"}}),
        ("DELETE", f"{SESSIONS}/ID", {}),
        ("GET", MESSAGES, {"params": {"session_id": "ID"}}),
        ("DELETE", MESSAGES, {"params": {"session_id": "ID"}}),
        ("POST", MESSAGES, {"json": {"session_id": "ID", "role": "user", "content": "Hi"}}),
        ("POST", "/api/chat", {"json": {"session_id": "ID", "message": "Hi"}}),
    ],
)
def test_charlie_gets_of_alices_session_what_an_unknown_one_gives(
    as_alice: ApiClient, as_charlie: ApiClient, method: str, path: str, options: dict[str, Any]
) -> None:
    id = new_session(as_alice, title="Private")
    add(as_alice, id, "A secret")
    same_as_unknown(as_charlie, method, path, id, **options)
    kept = as_alice.get(f"{SESSIONS}/{id}")
    assert (kept["session"]["title"], len(kept["messages"])) == ("Private", 1)


def test_both_spellings_may_not_disagree(as_alice: ApiClient) -> None:
    one, two = new_session(as_alice), new_session(as_alice)
    body = {"session_id": one, "sessionId": two, "role": "user", "content": "Where to?"}
    assert as_alice.error("POST", MESSAGES, 422, json=body)["code"] == "invalid_field"
    twice = {"session_id": one, "role": "user", "content": "Hi", "type": "code", "kind": "chat"}
    assert as_alice.error("POST", MESSAGES, 422, json=twice)["code"] == "invalid_field"
    assert contents(as_alice, one) == contents(as_alice, two) == []
