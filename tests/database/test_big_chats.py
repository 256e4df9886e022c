"""What is read of a big chat straight at PostgREST is bounded in bytes, whoever asks for it and however much."""

import json

import httpx
import psycopg
import pytest

from tests.database.callers import Caller, expect, new_id
from tests.long_chats import add_chat
from tests.stacks import Person, Stack

PAGE = 1_000_000
LONG = "x" * 90_000
MESSAGES = 60


@pytest.fixture
def chat(stack: Stack, alice: Caller) -> str:
    return add_chat(stack, person(alice), MESSAGES, question=LONG, answer=LONG)


def person(caller: Caller) -> Person:
    assert caller.id
    return Person(caller.id, "", "", "", "")


def text(messages: list[dict[str, str]]) -> int:
    return sum(len(message["content"].encode()) for message in messages)


def test_a_page_ends_after_a_megabyte_and_the_next_one_goes_on(alice: Caller, chat: str) -> None:
    seqs, before = [], None
    for _ in range(MESSAGES):
        page = alice.called("read_chat", session_id=chat, page=1000, before=before)
        assert len(page["messages"]) >= 1 and text(page["messages"]) <= PAGE
        seqs += [message["seq"] for message in page["messages"]]
        before = page["next"]
        if before is None:
            break
    assert seqs == list(range(MESSAGES, 0, -1))


def test_pages_in_the_order_of_writing_end_after_a_megabyte_too(alice: Caller, chat: str) -> None:
    seqs, after = [], 0
    while after is not None:
        page = alice.called("read_messages", session_id=chat, after=after, until=50)
        assert len(page["messages"]) >= 1 and text(page["messages"]) <= PAGE
        seqs += [message["seq"] for message in page["messages"]]
        after = page["next"]
    assert seqs == list(range(1, 51))


@pytest.mark.parametrize("function", ["read_chat", "read_messages"])
def test_what_a_message_brings_besides_its_text_counts(alice: Caller, function: str) -> None:
    chat = alice.insert("chat_sessions")["id"]
    for _ in range(8):
        # Compressed to nothing where it is stored.
        attached = {"tool_calls": [{"name": "a" * 250_000}], "sources": [{"title": "b" * 250_000}]}
        alice.insert("chat_messages", session_id=chat, role="assistant", content="x", **attached)
    assert len(alice.called(function, session_id=chat)["messages"]) == 1


def test_one_message_of_more_than_a_page_is_a_page(alice: Caller) -> None:
    chat = alice.insert("chat_sessions")["id"]
    for _ in range(2):
        content = "🎉" * 300_000
        expect(
            alice.send(
                "POST", "chat_messages", {"session_id": chat, "role": "assistant", "content": content}
            ),
            201,
        )
    page = alice.called("read_chat", session_id=chat)
    assert (len(page["messages"]), page["next"]) == (1, 2)


def test_a_search_in_a_big_chat_looks_at_so_much_a_page(stack: Stack, alice: Caller) -> None:
    chat = add_chat(stack, person(alice), 200, question=LONG, answer=LONG)
    pages, before, found = 0, None, []
    while True:
        page = alice.called("read_chat", session_id=chat, containing="X1", page=2, before=before)
        pages, found, before = pages + 1, found + page["messages"], page["next"]
        if before is None or found:
            break
    assert found[0]["seq"] == 199 and found[0]["content"].endswith("x199")
    page = alice.called("read_chat", session_id=chat, containing="nowhere")
    assert page["messages"] == [] and page["next"] is not None
    assert (
        alice.called("read_chat", session_id=chat, containing="nowhere", before=page["next"])["next"] is None
    )


def test_saved_chats_come_a_megabyte_at_a_time(stack: Stack, alice: Caller) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    for _ in range(3):
        add_chat(stack, person(alice), 8, website=website, question=LONG, answer=LONG)
    chats, before, before_id = [], None, None
    for _ in range(3):
        page = alice.called("read_saved_chats", website_id=website, before=before, before_id=before_id)
        assert sum(text(chat["messages"]) for chat in page["chats"]) <= PAGE
        chats += page["chats"]
        before, before_id = page["next"] or (None, None)
    assert [len(chat["messages"]) for chat in chats] == [8, 8, 8] and before is None


def test_a_saved_chat_of_many_megabytes_names_its_rest(stack: Stack, alice: Caller, chat: str) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    stack.sql("update chat_sessions set website_id = %s where id = %s", website, chat)
    stack.sql("delete from chat_messages where session_id = %s and seq = 40", chat)
    (found,) = alice.called("read_saved_chats", website_id=website)["chats"]
    assert text(found["messages"]) <= PAGE and len(found["messages"]) == 11
    assert found["rest"] == [[11, 39], [40, MESSAGES]]


def test_the_table_itself_gives_four_megabytes_a_request(alice: Caller, chat: str) -> None:
    assert len(alice.rows(f"chat_messages?session_id=eq.{chat}&order=seq.desc&limit=40")) == 40
    assert error(alice.send("GET", f"chat_messages?session_id=eq.{chat}")) == (413, "too_much_text")
    # However little of each message is asked for.
    assert error(alice.send("GET", f"chat_messages?session_id=eq.{chat}&select=id")) == (413, "too_much_text")
    assert len(alice.rows("chat_sessions?select=id")) == 1, "A refusal counts for one request"


def versions_of(alice: Caller, owner: psycopg.Connection, count: int, size: int) -> str:
    """Make versions that count as so large: no manifest is."""
    website: str = alice.insert("websites", name="Luna")["id"]
    for _ in range(count):
        alice.insert("site_versions", website_id=website, files={"index.html": "x"})
    owner.execute("update public.site_versions set size = %s where website_id = %s", (size, website))
    return website


@pytest.fixture
def large_versions(alice: Caller, owner: psycopg.Connection) -> str:
    return versions_of(alice, owner, 3, 3_000_000)


def test_the_table_of_versions_gives_four_megabytes_a_request(alice: Caller, large_versions: str) -> None:
    versions = f"site_versions?website_id=eq.{large_versions}"
    assert len(alice.rows(f"{versions}&number=eq.2&select=manifest")) == 1
    for columns in ("manifest", "id"):
        assert error(alice.send("GET", f"{versions}&select={columns}")) == (413, "too_much_text")
    assert error(alice.send("GET", f"{versions}&limit=2")) == (413, "too_much_text")


@pytest.mark.parametrize(
    "path",
    [
        "websites?select=site_versions(manifest)",
        "site_versions?number=eq.1&select=websites(site_versions(number))",
        "websites?select=site_versions(number,websites(site_versions(number,manifest)))",
    ],
)
def test_embedding_versions_counts_them_each_time(alice: Caller, large_versions: str, path: str) -> None:
    assert error(alice.send("GET", path)) == (413, "too_much_text")


def test_a_small_version_embedded_again_and_again_counts_each_time(
    alice: Caller, owner: psycopg.Connection
) -> None:
    versions_of(alice, owner, 8, 100_000)
    assert len(alice.rows("site_versions?select=number,manifest")) == 8
    # Eight times eight are 6.4 MB.
    nested = "site_versions?select=number,websites(site_versions(manifest))"
    assert error(alice.send("GET", nested)) == (413, "too_much_text")


def test_the_functions_for_versions_read_any_number(alice: Caller, large_versions: str) -> None:
    assert [v["number"] for v in alice.called("read_versions", website_id=large_versions)] == [3, 2, 1]
    (first,) = alice.rows(f"site_versions?website_id=eq.{large_versions}&number=eq.1&select=id")
    assert alice.called("restore_version", version_id=first["id"])["number"] == 4


def test_the_model_sees_the_end_of_a_big_chat_and_little_is_read_for_it(stack: Stack, alice: Caller) -> None:
    chat = add_chat(stack, person(alice), 400, question="A question ", answer="y" * 150_000)
    turn = ask(alice, chat)
    assert [len(entry["content"]) for entry in turn["history"]] == [11_997, 3]
    stack.sql(
        "update chat_messages set version_number = 1 where session_id = %s and role = 'assistant'", chat
    )
    stack.sql(
        "update chat_messages set content = '```html' || chr(10) || '<!doctype html>' || content || chr(10) || '```'"
        " where session_id = %s and role = 'assistant'",
        chat,
    )
    history = ask(alice, add_copy(stack, chat))["history"]
    # Pages are left out, but to find them they are read.
    assert 40 <= len(history) <= 60
    marks = [entry["content"] for entry in history if entry["role"] == "assistant"]
    # The chat is about no website: its newest page is nowhere else.
    assert set(marks[:-1]) == {"[page: version 1]"} and len(marks[-1]) > 150_000


def add_copy(stack: Stack, chat: str) -> str:
    """The same chat, without the answer that is being written."""
    stack.sql(
        "delete from chat_messages where session_id = %s and (status = 'streaming' or content = 'So?')", chat
    )
    return chat


def ask(alice: Caller, chat: str) -> dict[str, list[dict[str, str]]]:
    ids = {"message_id": new_id(), "answer_id": new_id(), "lease": new_id()}
    return dict(alice.called("start_turn", message="So?", session_id=chat, **ids))


def error(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, json.loads(response.content)["message"]
