"""Helper chats: conversations per helper and project, with tool calls and hidden threads."""

import re
from typing import Any

import pytest

from tests.api.conftest import same_as_unknown
from tests.http_client import ApiClient
from tests.stacks import Stack

SESSIONS = "/api/chat/sessions"


def new_session(client: ApiClient, project: str, helper: str, title: str = "New Chat") -> Any:
    return client.post(SESSIONS, {"projectId": project, "helper": helper, "title": title})["session"]


def test_each_helper_and_project_has_its_own_sessions(as_alice: ApiClient) -> None:
    one, two = as_alice.new_website()["id"], as_alice.new_website()["id"]
    made = {
        (project, helper): new_session(as_alice, project, helper)["id"]
        for project in (one, two)
        for helper in ("seo", "copywriter")
    }
    for (project, helper), id in made.items():
        listed = as_alice.get(SESSIONS, helper=helper, projectId=project)["sessions"]
        assert [session["id"] for session in listed] == [id]


def test_a_session_list_shows_title_preview_and_last_activity(as_alice: ApiClient) -> None:
    id = new_session(as_alice, as_alice.new_website()["id"], "designer")["id"]
    body = {"role": "user", "content": "Make the header green, please"}
    as_alice.post(f"{SESSIONS}/{id}/messages", body)
    as_alice.post(f"{SESSIONS}/{id}/messages", {"role": "assistant", "content": "**Done.**"})
    (session,) = as_alice.get(SESSIONS, helper="designer")["sessions"]
    assert (session["title"], session["last_message_preview"]) == ("Make the header green, please", "Done.")
    assert session["last_message_at"] and session["message_count"] == 2


def test_tool_calls_are_saved_with_messages_and_come_back(as_alice: ApiClient) -> None:
    id = new_session(as_alice, as_alice.new_website()["id"], "reviewer")["id"]
    calls = [{"id": "call_1", "name": "check_page", "arguments": {"deep": True}, "result": {"findings": []}}]
    body = {"role": "assistant", "content": "All well.", "tool_calls": calls}
    saved = as_alice.post(f"{SESSIONS}/{id}/messages", body)["message"]
    assert saved["tool_calls"] == calls
    assert as_alice.get(f"{SESSIONS}/{id}/messages")["messages"] == [saved]
    camel = {"role": "assistant", "content": "Again.", "toolCalls": calls}
    assert as_alice.post(f"{SESSIONS}/{id}/messages", camel)["message"]["tool_calls"] == calls


def test_a_session_is_deleted_by_query_with_its_messages(as_alice: ApiClient, stack: Stack) -> None:
    id = new_session(as_alice, as_alice.new_website()["id"], "seo")["id"]
    as_alice.post(f"{SESSIONS}/{id}/messages", {"role": "user", "content": "Hi"})
    as_alice.delete(SESSIONS, id=id)
    as_alice.get(f"{SESSIONS}/{id}/messages", 404)
    assert stack.sql("select 1 from public.chat_messages where session_id = %s", id) == []


def test_the_thread_is_stored_and_never_shown(as_alice: ApiClient, stack: Stack) -> None:
    id = new_session(as_alice, as_alice.new_website()["id"], "seo")["id"]
    stack.sql(
        "insert into private.provider_threads select user_id, id, 'thread_secret' "
        "from public.chat_sessions where id = %s",
        id,
    )
    body = {"threadId": "undefined", "message": "3 words", "session_id": id}
    streamed = as_alice.send("POST", "/api/chat", json=body)
    assert streamed.status_code == 200
    trash_id = as_alice.delete(f"{SESSIONS}/{id}")["trash_id"]
    shown = [
        streamed.text,
        str(as_alice.get("/api/trash")),
        str(as_alice.post(f"/api/trash/{trash_id}/restore", None, 200)),
        str(as_alice.get(f"{SESSIONS}/{id}")),
        str(as_alice.get(SESSIONS)),
        str(as_alice.get(f"/api/chat-sessions/{id}")),
        as_alice.send("GET", f"{SESSIONS}/{id}/export?format=json").text,
    ]
    assert not [text for text in shown if re.search("thread_?id|thread_secret", text, re.IGNORECASE)]
    (stored,) = stack.sql("select sealed from private.provider_threads where session_id = %s", id)
    assert stored["sealed"] == "thread_secret", "kept, through the trash too"


@pytest.mark.parametrize("helper", ["", "chef", "Builder", "builder,seo", "eq.seo"])
def test_an_unknown_helper_is_refused(as_alice: ApiClient, helper: str) -> None:
    assert as_alice.error("GET", SESSIONS, 422, params={"helper": helper})["code"] == "invalid_field"
    assert as_alice.error("POST", SESSIONS, 422, json={"helper": helper})["code"] == "invalid_field"


def test_charlie_gets_of_alices_session_what_an_unknown_one_gives(
    as_alice: ApiClient, as_charlie: ApiClient
) -> None:
    project = as_alice.new_website()["id"]
    id = new_session(as_alice, project, "seo")["id"]
    same_as_unknown(as_charlie, "DELETE", SESSIONS, id, params={"id": "ID"})
    same_as_unknown(as_charlie, "GET", f"{SESSIONS}/ID/messages", id)
    message = {"role": "user", "content": "Hi", "tool_calls": []}
    same_as_unknown(as_charlie, "POST", f"{SESSIONS}/ID/messages", id, json=message)
    same_as_unknown(as_charlie, "POST", SESSIONS, project, json={"projectId": "ID", "helper": "seo"})
    assert as_charlie.get(SESSIONS, helper="seo", projectId=project)["sessions"] == []
    assert as_alice.get(f"{SESSIONS}/{id}")["messages"] == []
