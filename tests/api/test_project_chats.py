"""Project chats, `/api/chat-sessions`: the chats of a project, with camelCase times."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.conftest import same_as_unknown
from tests.http_client import UNKNOWN, ApiClient

SESSIONS, MESSAGES = "/api/chat-sessions", "/api/chat-messages"


def new_session(client: ApiClient, project: str, **more: object) -> Any:
    return client.post(SESSIONS, {"projectId": project, **more})["session"]


def add(client: ApiClient, session: str, content: str, role: str = "user") -> Any:
    return client.post(MESSAGES, {"chatSessionId": session, "role": role, "content": content})["message"]


def test_a_project_without_chats_gets_its_first(as_alice: ApiClient) -> None:
    project = as_alice.new_website()["id"]
    (session,) = as_alice.get(SESSIONS, projectId=project)["sessions"]
    assert session["name"] == "New Chat" and session["projectId"] == project
    assert session["createdAt"] and session["updatedAt"]
    assert as_alice.get(SESSIONS, projectId=project)["sessions"] == [session]


def test_two_tabs_that_open_a_project_at_once_make_one_chat(as_alice: ApiClient) -> None:
    project = as_alice.new_website()["id"]
    ready = threading.Barrier(6)

    def open_project(_: int) -> list[str]:
        ready.wait(10)
        found = as_alice.get(SESSIONS, projectId=project)["sessions"]
        return [session["id"] for session in found]

    with ThreadPoolExecutor(6) as pool:
        seen = list(pool.map(open_project, range(6)))
    assert all(ids == seen[0] and len(ids) == 1 for ids in seen)


def test_the_first_message_names_the_default_chat(as_alice: ApiClient) -> None:
    project = as_alice.new_website()["id"]
    (session,) = as_alice.get(SESSIONS, projectId=project)["sessions"]
    add(as_alice, session["id"], "Make the header blue")
    assert as_alice.get(f"{SESSIONS}/{session['id']}")["session"]["name"] == "Make the header blue"


def test_a_session_is_created_and_read_with_its_messages(as_alice: ApiClient) -> None:
    project = as_alice.new_website()["id"]
    session = new_session(as_alice, project, name="Header")
    assert session["name"] == "Header"
    assert new_session(as_alice, project)["name"] == "New Chat"
    asked = add(as_alice, session["id"], "Make it blue")
    answer = add(as_alice, session["id"], "Done.", "assistant")
    for message, role in ((asked, "user"), (answer, "assistant")):
        assert (message["role"], message["chatSessionId"]) == (role, session["id"])
        assert message["id"] and message["createdAt"]
    read = as_alice.get(f"{SESSIONS}/{session['id']}")
    assert read["session"]["messages"] == read["messages"] == [asked, answer]
    assert as_alice.get(MESSAGES, chatSessionId=session["id"])["messages"] == [asked, answer]


def test_sessions_of_a_project_are_its_own_the_last_changed_first(as_alice: ApiClient) -> None:
    project, other = as_alice.new_website()["id"], as_alice.new_website()["id"]
    first, second = (new_session(as_alice, project, name=name)["id"] for name in "ab")
    new_session(as_alice, other, name="elsewhere")
    add(as_alice, first, "Now on top")
    listed = as_alice.get(SESSIONS, projectId=project)["sessions"]
    assert [session["id"] for session in listed] == [first, second]


@pytest.mark.parametrize("field", ["name", "title"])
def test_a_session_is_renamed(as_alice: ApiClient, field: str) -> None:
    id = new_session(as_alice, as_alice.new_website()["id"])["id"]
    renamed = as_alice.patch(f"{SESSIONS}/{id}", {field: "Footer"})["session"]
    assert (renamed["name"], renamed["title"]) == ("Footer", "Footer")
    assert as_alice.get(f"/api/chat/sessions/{id}")["session"]["title"] == "Footer", "one store"


def test_deleting_a_session_takes_its_messages_and_deleting_the_project_its_sessions(
    as_alice: ApiClient,
) -> None:
    project = as_alice.new_website()["id"]
    gone, kept = (new_session(as_alice, project)["id"] for _ in range(2))
    add(as_alice, gone, "Hi")
    as_alice.delete(f"{SESSIONS}/{gone}")
    as_alice.get(f"{SESSIONS}/{gone}", 404)
    as_alice.get(MESSAGES, 404, chatSessionId=gone)
    as_alice.delete(f"/api/websites/{project}")
    as_alice.get(f"{SESSIONS}/{kept}", 404)


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("GET", f"{SESSIONS}/ID", {}),
        ("PATCH", f"{SESSIONS}/ID", {"json": {"name": "Mine"}}),
        ("DELETE", f"{SESSIONS}/ID", {}),
        ("GET", MESSAGES, {"params": {"chatSessionId": "ID"}}),
        ("POST", MESSAGES, {"json": {"chatSessionId": "ID", "role": "user", "content": "Hi"}}),
    ],
)
def test_charlie_gets_of_alices_session_what_an_unknown_one_gives(
    as_alice: ApiClient, as_charlie: ApiClient, method: str, path: str, options: dict[str, Any]
) -> None:
    id = new_session(as_alice, as_alice.new_website()["id"], name="Private")["id"]
    same_as_unknown(as_charlie, method, path, id, **options)
    assert as_alice.get(f"{SESSIONS}/{id}")["session"]["name"] == "Private"


def test_charlie_makes_no_chat_in_alices_project(as_alice: ApiClient, as_charlie: ApiClient) -> None:
    project = as_alice.new_website()["id"]
    same_as_unknown(as_charlie, "GET", SESSIONS, project, params={"projectId": "ID"})
    same_as_unknown(as_charlie, "POST", SESSIONS, project, json={"projectId": "ID"})
    assert as_alice.get("/api/chat/sessions")["sessions"] == []


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (SESSIONS, {"name": "a", "title": "b"}, "invalid_field"),
        (SESSIONS, {"projectId": UNKNOWN, "project_id": UNKNOWN[:-1] + "e"}, "invalid_field"),
        (SESSIONS, {"name": ""}, "invalid_field"),
        (SESSIONS, {"id": UNKNOWN}, "unknown_field"),
        (MESSAGES, {"role": "user", "content": "Hi"}, "missing_field"),
        (MESSAGES, {"chatSessionId": UNKNOWN, "role": "tool", "content": "Hi"}, "invalid_field"),
        (MESSAGES, {"chatSessionId": UNKNOWN, "role": "user", "content": " "}, "empty_message"),
    ],
)
def test_a_body_that_cannot_be_is_refused(
    as_alice: ApiClient, path: str, body: dict[str, Any], code: str
) -> None:
    assert as_alice.error("POST", path, 422, json=body)["code"] == code
