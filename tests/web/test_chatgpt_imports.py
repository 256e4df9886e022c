"""ChatGPT's conversations.json comes in: each conversation whole, or left out with the reason."""

import json
from typing import Any

import pytest

from tests.chatgpt_file import bakery, conversation, node, written
from tests.http_client import JSON, UNKNOWN, ApiClient
from tests.payloads import PAYLOADS
from tests.stacks import Stack

IMPORT = "/api/chat/import"


def send(caller: ApiClient, file: bytes, status: int = 201, query: str = "") -> Any:
    response = caller.send("POST", IMPORT + query, content=file, headers=JSON)
    assert response.status_code == status, response.text
    return response.json()


def test_a_conversation_comes_with_its_alternatives_and_without_what_was_hidden(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    made = send(as_alice, written(bakery()), query=f"?website_id={website}")
    assert (made["skipped"], made["skipped_count"], made["session"]) == ([], 0, made["sessions"][0])
    chat = as_alice.get(f"/api/chat/sessions/{made['session']['id']}")
    assert (chat["session"]["title"], chat["session"]["website_id"]) == ("Bakery page", website)
    texts = [message["content"] for message in chat["messages"]]
    assert texts[0] == "Make a page for a bakery"
    assert texts[1].startswith("Let me look around.\n\nHere it is:") and texts[1].endswith("From there.")
    assert texts[2:] == [
        "Make it red",
        "It is red.",
        "Make it blue",
        "It is blue.",
        "(a picture)\n\nLike this",
    ]
    ids = [message["id"] for message in chat["messages"]]
    follows = [message["follows_id"] for message in chat["messages"]]
    assert follows == [None, ids[0], ids[1], ids[2], ids[1], ids[4], ids[5]]
    assert chat["messages"][4]["edit_of"] == ids[2], "the alternative that was shown last is the newest"
    assert [chat["messages"][at]["reply_to"] for at in (1, 3, 5)] == [ids[0], ids[2], ids[4]]
    assert (chat["messages"][1]["model"], chat["messages"][0]["created_at"][:19]) == (
        "gpt-4o",
        "2023-11-14T22:13:21",
    )


def test_one_bad_conversation_is_left_out_and_the_others_come(as_alice: ApiClient) -> None:
    long = conversation("Long", [node("a", "client-created-root", "user", "x" * 100_001, 1)], "a")
    nul = conversation("Nul", [node("a", "client-created-root", "user", "a\0b", 1)], "a")
    hidden = conversation("Hidden", [node("a", "client-created-root", "tool", "x", 1)], "a")
    huge = {**bakery("Huge"), "filler": "x" * (8 * 1024 * 1024)}
    made = send(
        as_alice, written(bakery("One"), {"title": "No chat"}, long, nul, hidden, [], huge, bakery("Two"))
    )
    assert [session["title"] for session in made["sessions"]] == ["One", "Two"]
    assert [(one["place"], one["title"], one["code"]) for one in made["skipped"]] == [
        (f"conversations.{at}", title, "invalid_import")
        for at, title in [
            (1, "No chat"),
            (2, "Long"),
            (3, "Chat 4"),
            (4, "Hidden"),
            (5, "Chat 6"),
            (6, "Chat 7"),
        ]
    ]
    assert "at most 100000 characters" in made["skipped"][1]["message"]
    assert "8 MiB" in made["skipped"][-1]["message"]
    assert len(as_alice.get("/api/chat/sessions")["sessions"]) == 2


def test_the_same_conversation_comes_once(as_alice: ApiClient, as_charlie: ApiClient) -> None:
    (first,) = send(as_alice, written(bakery()))["sessions"]
    again = send(as_alice, written(bakery("New one"), bakery()))
    assert [session["title"] for session in again["sessions"]] == ["New one"]
    assert [one["code"] for one in again["skipped"]] == ["chat_imported"]
    nothing_new = send(as_alice, written(bakery()))
    assert (nothing_new["session"], nothing_new["sessions"], nothing_new["skipped_count"]) == (None, [], 1)
    (his,) = send(as_charlie, written(bakery()))["sessions"]
    assert his["id"] != first["id"]


@pytest.mark.parametrize(
    ("file", "place"),
    [
        (b"[]", "line 1, column 1"),
        (b'[\n{"title": "x"},\n oops]', "conversations.0"),
        (b"[1, 2]", "line 1, column 6"),
        (b'[{"a": "', "line 1, column 9"),
        (b'["a", "b"]', "line 1, column 10"),
        (b"[" * 70_000, "line 1, column 70001"),
        (b"[" + b" " * 70_000, "line 1, column 65537"),
    ],
)
def test_a_file_without_any_chat_is_refused_with_the_place_of_the_fault(
    as_alice: ApiClient, file: bytes, place: str
) -> None:
    error = send(as_alice, file, 422)["error"]
    assert (error["code"], error["place"]) == ("invalid_import", place)
    assert as_alice.get("/api/chat/sessions")["sessions"] == []


def test_a_file_that_breaks_off_brings_what_was_whole(as_alice: ApiClient, stack: Stack) -> None:
    made = send(as_alice, written(bakery("One"), bakery("Two"))[:-200])
    assert [session["title"] for session in made["sessions"]] == ["One"]
    assert [one["title"] for one in made["skipped"]] == ["The rest of the file"]
    assert stack.sql("select 1 from private.imports where user_id = auth.uid()") == []


def test_an_unknown_website_is_not_found(as_alice: ApiClient) -> None:
    error = send(as_alice, written(bakery("One"), bakery("Two")), 404, f"?website_id={UNKNOWN}")["error"]
    assert error["code"] == "not_found"
    assert as_alice.get("/api/chat/sessions")["sessions"] == []


def test_mappings_that_make_no_tree_end(as_alice: ApiClient) -> None:
    ring = bakery("Ring")
    ring["mapping"]["client-created-root"]["parent"] = "picture"
    odd = bakery("Odd")
    odd["mapping"]["ask"]["message"].update(author=7, content=[])
    odd["mapping"]["blue"]["message"]["content"]["parts"] = [None, {"text": 5}, ["x"]]
    odd["mapping"]["red"] = "nothing"
    odd.update(title=["x"], current_node={"a": 1})
    made = send(as_alice, written(ring, odd))
    assert [session["message_count"] for session in made["sessions"]] == [3]
    assert made["skipped"][0]["title"] == "Ring"


def test_hostile_titles_and_texts_are_kept_as_text(as_alice: ApiClient) -> None:
    nodes = [
        node("a", "client-created-root", "user", PAYLOADS[0], 1),
        node("b", "a", "assistant", PAYLOADS[1], 2),
    ]
    (session,) = send(as_alice, written(conversation(PAYLOADS[2], nodes, "b")))["sessions"]
    found = as_alice.get(f"/api/chat/sessions/{session['id']}")["messages"]
    assert [message["content"] for message in found] == PAYLOADS[:2]


def test_a_file_goes_on_after_a_day_whose_new_chats_are_used_up(as_alice: ApiClient, stack: Stack) -> None:
    nodes = [node("a", "client-created-root", "user", "Hi", 1)]
    file = written(*(conversation(f"Chat {number}", nodes, "a") for number in range(202)))
    made = send(as_alice, file)
    assert (len(made["sessions"]), made["skipped_count"]) == (200, 2)
    assert {one["code"] for one in made["skipped"]} == {"quota_exceeded"}
    assert json.loads(file)[200]["title"] == made["skipped"][0]["title"]
