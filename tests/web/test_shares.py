"""Shares: alice owns the chat, bob has her link, charlie has nothing."""

import re

import pytest
from flask import Flask

from tests.http_client import UNKNOWN, ApiClient, without_request_id
from tests.stacks import Person, Stack


def share(caller: ApiClient, session: str) -> str:
    token: str = caller.post(f"/api/chat/sessions/{session}/shares")["share"]["token"]
    return token


@pytest.fixture
def session(as_alice: ApiClient) -> str:
    id: str = as_alice.new_session()["id"]
    as_alice.new_message(id, "Make it blue")
    as_alice.new_message(
        id, "Done.", "assistant", sources=[{"url": "https://example.org"}], tool_calls=[{"x": 1}]
    )
    return id


@pytest.mark.parametrize(("method", "path"), [("POST", "/shares"), ("GET", "/shares")])
def test_charlie_neither_shares_nor_lists_what_is_alices(
    as_charlie: ApiClient, session: str, method: str, path: str
) -> None:
    foreign = as_charlie.send(method, f"/api/chat/sessions/{session}{path}")
    unknown = as_charlie.send(method, f"/api/chat/sessions/{UNKNOWN}{path}")
    assert foreign.status_code == 404
    assert without_request_id(foreign.content) == without_request_id(unknown.content)


def test_charlie_cannot_take_alices_share_back(
    as_alice: ApiClient, as_charlie: ApiClient, session: str
) -> None:
    share(as_alice, session)
    (made,) = as_alice.get(f"/api/chat/sessions/{session}/shares")["shares"]
    foreign = as_charlie.send("DELETE", f"/api/shares/{made['id']}")
    unknown = as_charlie.send("DELETE", f"/api/shares/{UNKNOWN}")
    assert foreign.status_code == 404
    assert without_request_id(foreign.content) == without_request_id(unknown.content)


def test_bob_reads_what_was_shared_and_learns_no_more(
    as_alice: ApiClient, as_nobody: ApiClient, as_charlie: ApiClient, alice: Person, session: str
) -> None:
    token = share(as_alice, session)
    for bob in (as_nobody, as_charlie, as_alice):
        chat = bob.get(f"/api/shared/{token}")["chat"]
        assert set(chat) == {"title", "helper", "shared_at", "messages"}
        assert (chat["title"], chat["helper"]) == ("Make it blue", "builder")
        assert [message["content"] for message in chat["messages"]] == ["Make it blue", "Done."]
        assert set(chat["messages"][0]) == {"seq", "role", "kind", "content", "sources", "created_at"}
        assert alice.id not in str(chat) and session not in str(chat)
    assert as_charlie.send("GET", f"/api/chat/sessions/{session}").status_code == 404


def test_what_is_said_later_is_not_shared(as_alice: ApiClient, as_nobody: ApiClient, session: str) -> None:
    token = share(as_alice, session)
    as_alice.new_message(session, "My password is hunter2")
    assert "hunter2" not in str(as_nobody.get(f"/api/shared/{token}"))
    assert "hunter2" in str(as_nobody.get(f"/api/shared/{share(as_alice, session)}"))


def test_a_share_that_is_taken_back_opens_nothing(
    as_alice: ApiClient, as_nobody: ApiClient, session: str
) -> None:
    token, other = share(as_alice, session), share(as_alice, session)
    _, oldest = as_alice.get(f"/api/chat/sessions/{session}/shares")["shares"]
    assert set(oldest) == {"id", "session_id", "title", "created_at", "shared_at"}, (
        "the token is shown only once"
    )
    as_alice.delete(f"/api/shares/{oldest['id']}")
    assert as_nobody.refused("GET", f"/api/shared/{token}") == (404, "not_found")
    assert as_nobody.get(f"/api/shared/{other}")["chat"]["title"] == "Make it blue"
    as_alice.delete(f"/api/chat/sessions/{session}")
    assert as_nobody.refused("GET", f"/api/shared/{other}") == (404, "not_found")


def test_a_restored_chat_is_not_shared_again(as_alice: ApiClient, as_nobody: ApiClient, session: str) -> None:
    token = share(as_alice, session)
    trash_id = as_alice.delete(f"/api/chat/sessions/{session}")["trash_id"]
    as_alice.post(f"/api/trash/{trash_id}/restore", status=200)
    assert as_nobody.refused("GET", f"/api/shared/{token}") == (404, "not_found")


@pytest.mark.parametrize(
    "token", ["x", "x" * 32, "..%2f" + "x" * 32, "%00", "a" * 5_000, "%F0%9F%8E%89", "'--"]
)
def test_a_link_that_was_never_given_opens_nothing(as_nobody: ApiClient, token: str) -> None:
    assert as_nobody.refused("GET", f"/api/shared/{token}") == (404, "not_found")
    assert as_nobody.refused("GET", f"/shared/{token}") == (404, "not_found")


def test_a_share_is_read_only(as_charlie: ApiClient, as_alice: ApiClient, session: str) -> None:
    token = share(as_alice, session)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert as_charlie.refused(method, f"/api/shared/{token}") == (405, "method_not_allowed")


def test_a_long_chat_is_paged(as_alice: ApiClient, as_nobody: ApiClient) -> None:
    session = as_alice.new_session()["id"]
    for number in range(7):
        as_alice.new_message(session, f"Message {number}")
    token = share(as_alice, session)
    seqs, cursor = [], ""
    while cursor is not None:
        page = as_nobody.get(f"/api/shared/{token}?limit=3{cursor and '&cursor=' + cursor}")
        seqs.append([message["seq"] for message in page["chat"]["messages"]])
        cursor = page["next_cursor"]
    assert seqs == [[5, 6, 7], [2, 3, 4], [1]]
    assert as_nobody.refused("GET", f"/api/shared/{token}?cursor=x") == (422, "invalid_page")


def test_a_chat_has_at_most_twenty_shares(as_alice: ApiClient, session: str) -> None:
    for _ in range(20):
        share(as_alice, session)
    refused = as_alice.refused("POST", f"/api/chat/sessions/{session}/shares")
    assert refused == (409, "too_many_shares")


def test_only_a_hash_of_the_token_is_stored(as_alice: ApiClient, session: str, stack: Stack) -> None:
    token = share(as_alice, session)
    (stored,) = stack.sql(
        "select to_jsonb(s)::text as row from public.chat_shares s where session_id = %s", session
    )
    assert token not in stored["row"]


def test_the_page_of_a_share_shows_text_as_text_and_is_not_listed(
    app: Flask, as_alice: ApiClient, session: str
) -> None:
    as_alice.new_message(session, "<script>alert(1)</script>")
    token = share(as_alice, session)
    page = app.test_client().get(f"/shared/{token}", headers={"Accept": "text/html"})
    assert page.status_code == 200 and "Make it blue" in page.text
    assert re.search(r"as it was on <time [^>]+>[A-Z][a-z]{2} \d{1,2}, \d{4}</time>", page.text)
    assert "<script>alert" not in page.text and "&lt;script&gt;alert" in page.text
    assert "noindex" in page.headers["X-Robots-Tag"] and page.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_later_changes_show_only_when_the_owner_updates_the_share(
    app: Flask, as_alice: ApiClient, as_nobody: ApiClient, as_charlie: ApiClient, session: str
) -> None:
    made = as_alice.post(f"/api/chat/sessions/{session}/shares")["share"]
    token, before = made["token"], as_nobody.get(f"/api/shared/{made['token']}")
    as_alice.send("PATCH", f"/api/chat/sessions/{session}", json={"title": "My divorce"})
    as_alice.new_message(session, "And green")
    assert as_nobody.get(f"/api/shared/{token}")["chat"] == before["chat"]
    page = app.test_client().get(f"/shared/{token}", headers={"Accept": "text/html"})
    assert "My divorce" not in page.text and "And green" not in page.text
    assert as_charlie.refused("POST", f"/api/shares/{made['id']}/update") == (404, "not_found")
    updated = as_alice.post(f"/api/shares/{made['id']}/update", status=200)["share"]
    assert updated["shared_at"] > updated["created_at"] and "token" not in updated
    chat = as_nobody.get(f"/api/shared/{token}")["chat"]
    assert chat["title"] == "My divorce" and chat["messages"][-1]["content"] == "And green"
