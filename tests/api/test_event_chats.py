"""Event chats: the stream says first which session it belongs to."""

import json
from typing import Any

from tests.api.conftest import same_as_unknown
from tests.chat_client import Shown
from tests.http_client import ApiClient
from tests.stacks import Person, Stack

SESSIONS = "/api/chat/sessions"


def ask(client: ApiClient, message: str, **more: object) -> tuple[str, list[Any]]:
    """Send a message as that client does: read `data:` lines, take the session's id from the first."""
    body = {"message": message, **more}
    response = client.send("POST", "/api/chat", json=body)
    assert response.status_code == 200
    data = [json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: ")]
    return data[0]["session_id"], data


def test_the_first_event_names_the_session_and_the_next_message_continues_it(as_alice: ApiClient) -> None:
    session, data = ask(as_alice, "4 words, seed 1")
    assert data[-1]["status"] == "complete"
    again, _ = ask(as_alice, "4 words, seed 2", session_id=session)
    assert again == session
    detail = as_alice.get(f"{SESSIONS}/{session}")
    assert [m["role"] for m in detail["messages"]] == ["user", "assistant"] * 2
    assert detail["session"]["title"] == "4 words, seed 1"


def test_a_session_belongs_to_an_event_or_to_none(as_alice: ApiClient) -> None:
    event = as_alice.new_website("Ultra run")["id"]
    with_event, _ = ask(as_alice, "2 words", event_id=event)
    without, _ = ask(as_alice, "3 words", event_id=None)
    assert as_alice.get(f"{SESSIONS}/{with_event}")["session"]["website_id"] == event
    assert as_alice.get(f"{SESSIONS}/{without}")["session"]["website_id"] is None
    assert [s["id"] for s in as_alice.get(SESSIONS, event_id=event)["sessions"]] == [with_event]
    assert {s["id"] for s in as_alice.get(SESSIONS)["sessions"]} == {with_event, without}


def test_sessions_are_sorted_by_their_last_message_newest_first(as_alice: ApiClient) -> None:
    event = as_alice.new_website()["id"]
    first, second, third = (ask(as_alice, "2 words", event_id=event)[0] for _ in range(3))
    ask(as_alice, "2 words", session_id=second)
    listed = as_alice.get(SESSIONS, event_id=event)["sessions"]
    assert [session["id"] for session in listed] == [second, third, first]
    times = [session["updated_at"] for session in listed]
    assert times == sorted(times, reverse=True)


def test_a_title_is_the_first_message_cut_at_50_characters(as_alice: ApiClient) -> None:
    session, _ = ask(as_alice, "How should I pace the last twenty kilometres of a mountain race in August?")
    title = as_alice.get(f"{SESSIONS}/{session}")["session"]["title"]
    assert title.startswith("How should I pace the last twenty") and title.endswith("…") and len(title) <= 51


def test_answers_keep_their_sources(as_alice: ApiClient) -> None:
    id = as_alice.post(SESSIONS, {})["session"]["id"]
    sources = [{"title": "Pacing", "url": "https://example.org/pacing"}]
    body = {"role": "assistant", "content": "Slowly.", "sources": sources}
    as_alice.post(f"{SESSIONS}/{id}/messages", body)
    (message,) = as_alice.get(f"{SESSIONS}/{id}")["messages"]
    assert message["sources"] == sources


def test_a_session_has_all_its_messages_beyond_a_thousand_by_cursor(
    as_alice: ApiClient, alice: Person, stack: Stack
) -> None:
    id = as_alice.post(SESSIONS, {})["session"]["id"]
    stack.sql(
        "insert into public.chat_messages (user_id, session_id, role, content)"
        " select %s, %s, 'user', 'n ' || n from generate_series(1, 1100) n",
        alice.id,
        id,
    )
    newest = as_alice.get(f"{SESSIONS}/{id}")
    older = as_alice.get(f"{SESSIONS}/{id}", cursor=newest["next_cursor"])
    assert [m["seq"] for m in older["messages"] + newest["messages"]] == list(range(1, 1101))


def test_a_deleted_session_is_gone_with_its_messages(as_alice: ApiClient) -> None:
    id, _ = ask(as_alice, "2 words")
    as_alice.delete(f"{SESSIONS}/{id}")
    as_alice.get(f"{SESSIONS}/{id}", 404)
    assert as_alice.get(SESSIONS)["sessions"] == []


def test_deleting_a_session_ends_the_answer_being_written_and_keeps_what_it_said(as_alice: ApiClient) -> None:
    shown = Shown()
    body = {"message": "400 words, seed 5, 40 a second"}
    with as_alice.events("POST", "/api/chat", json=body) as source:
        for event in source.iter_sse():
            shown.take(event)
            if len(shown.text) > 50 and not source.response.is_closed:
                trash_id = as_alice.delete(f"{SESSIONS}/{shown.session_id}")["trash_id"]
                break
    as_alice.get(f"{SESSIONS}/{shown.session_id}", 404)
    as_alice.post(f"/api/trash/{trash_id}/restore", None, 200)
    answer = as_alice.get(f"{SESSIONS}/{shown.session_id}")["messages"][-1]
    assert answer["status"] == "stopped" and answer["content"].startswith(shown.text)
    assert as_alice.get(f"{SESSIONS}/{shown.session_id}")["session"]["running_answer_id"] is None


def test_charlie_gets_of_alices_session_and_event_what_unknown_ones_give(
    as_alice: ApiClient, as_charlie: ApiClient
) -> None:
    event = as_alice.new_website()["id"]
    id, _ = ask(as_alice, "2 words", event_id=event)
    same_as_unknown(as_charlie, "GET", f"{SESSIONS}/ID", id)
    same_as_unknown(as_charlie, "DELETE", f"{SESSIONS}/ID", id)
    same_as_unknown(as_charlie, "POST", "/api/chat", id, json={"message": "Hi", "session_id": "ID"})
    same_as_unknown(as_charlie, "POST", "/api/chat", event, json={"message": "Hi", "event_id": "ID"})
    assert as_charlie.get(SESSIONS, event_id=event)["sessions"] == []


def test_an_event_under_two_names_with_two_values_is_refused(as_alice: ApiClient) -> None:
    one, two = as_alice.new_website()["id"], as_alice.new_website()["id"]
    body = {"message": "Hi", "event_id": one, "eventId": two}
    assert as_alice.error("POST", "/api/chat", 422, json=body)["code"] == "invalid_field"
    assert as_alice.get(SESSIONS)["sessions"] == []


def test_stopping_an_answer_gives_what_it_says_so_far(as_alice: ApiClient) -> None:
    shown = Shown()
    body = {"message": "400 words, seed 6, 40 a second"}
    with as_alice.events("POST", "/api/chat", json=body) as source:
        for event in source.iter_sse():
            shown.take(event)
            if len(shown.text) > 50:
                stopped = as_alice.post(f"/api/chat/messages/{shown.message_id}/stop", None, 200)["message"]
                break
    assert stopped["content"].startswith(shown.text)


def test_an_error_names_the_field_that_was_sent(as_alice: ApiClient) -> None:
    refused = as_alice.error("POST", "/api/chat", 422, json={"message": " "})
    assert (refused["code"], refused["field"]) == ("empty_message", "message")
