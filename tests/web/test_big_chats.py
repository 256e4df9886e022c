"""A big chat is read in pages, exported and sent as one array while it is read, and few times at once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from flask import Flask

from sitethread import errors
from sitethread.database import Rows
from sitethread.large_reads import AT_ONCE as TURNS
from sitethread.large_reads import LARGE_BYTES, UNKNOWN_AT_ONCE, LargeReads
from tests.app_server import AppServer
from tests.chat_client import ChatClient
from tests.http_client import ApiClient
from tests.long_chats import add_chat
from tests.stacks import Person, Stack
from web.whole_chats import AT_ONCE

PAGE = 1_000_000
LONG = "x" * 90_000
MESSAGES = 40


@pytest.fixture
def website(as_alice: ApiClient) -> str:
    return str(as_alice.new_website()["id"])


@pytest.fixture
def chat(stack: Stack, alice: Person, website: str) -> str:
    return add_chat(stack, alice, MESSAGES, website=website, question=LONG, answer=LONG)


@pytest.mark.parametrize(
    "path",
    [
        "/api/chat/sessions/{}/messages",
        "/api/chat/sessions/{}/messages?limit=100",
        "/api/chat/messages?session_id={}",
        "/api/chat-messages?sessionId={}",
        "/api/chat/sessions/{}",
        "/api/chat-sessions/{}",
    ],
)
def test_a_page_ends_after_a_megabyte_of_text_and_its_cursor_leads_on(
    as_alice: ApiClient, chat: str, path: str
) -> None:
    found: list[int] = []
    address: str | None = path.format(chat)
    while address:
        page = as_alice.get(address)
        assert 1 <= sum(len(message["content"]) for message in page["messages"]) <= PAGE
        found = [message["seq"] for message in page["messages"]] + found
        cursor = page["next_cursor"]
        address = f"{path.format(chat)}{'&' if '?' in path else '?'}cursor={cursor}" if cursor else None
    assert found == list(range(1, MESSAGES + 1))


def test_an_array_has_all_of_a_big_chat(as_alice: ApiClient, chat: str, website: str) -> None:
    given = [
        {"role": ("assistant", "user")[number % 2], "content": f"{LONG}{number}"}
        for number in range(1, MESSAGES + 1)
    ]
    (found,) = as_alice.get("/api/hosting/chats", websiteId=website)["chats"]
    assert (found["id"], found["messages"]) == (chat, given)
    body = {"websiteId": website, "chatId": chat, "messages": given[:1]}
    assert as_alice.post("/api/hosting/chats", body, 200)["chat"]["messages"] == given
    other = {**body, "messages": [{"role": "user", "content": "Other"}]}
    diverged = as_alice.error("POST", "/api/hosting/chats", 409, json=other)
    assert (diverged["code"], diverged["chat"]["messages"]) == ("chat_diverged", given)


@pytest.mark.parametrize("format", ["json", "markdown"])
def test_an_export_reads_a_page_when_it_is_wanted(
    app: Flask, alice: Person, chat: str, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    pages = []
    read_page = Rows.read_page

    def counted(rows: Rows, function: str, params: dict[str, object], *, is_search: bool = False) -> object:
        page = read_page(rows, function, params, is_search=is_search)
        pages.append(sum(len(message["content"]) for message in page["messages"]))
        return page

    monkeypatch.setattr(Rows, "read_page", counted)
    headers = {"Authorization": f"Bearer {alice.access_token}"}
    with app.test_client() as client:
        response = client.get(f"/api/chat/sessions/{chat}/export?format={format}", headers=headers)
        pieces = iter(response.response)
        while len(pages) < 2:
            next(pieces)
        assert len(pages) == 2, "The chat itself, and the first messages"
        assert sum(len(piece) for piece in pieces) > (MESSAGES - 12) * len(LONG)
        response.close()
    assert len(pages) == 1 + -(-MESSAGES // 11) and max(pages) <= PAGE


@pytest.fixture
def exporting(app: Flask, alice: Person, chat: str) -> Iterator[list[Callable[[], None]]]:
    """As many exports of alice's as there may be, all under way; each can be ended."""
    client = app.test_client()
    headers = {"Authorization": f"Bearer {alice.access_token}"}
    responses = [client.get(f"/api/chat/sessions/{chat}/export", headers=headers) for _ in range(AT_ONCE)]
    assert [response.status_code for response in responses] == [200] * AT_ONCE
    yield [response.close for response in responses]
    for response in responses:
        response.close()


def test_few_whole_chats_are_sent_to_a_person_at_once(
    as_alice: ApiClient, as_charlie: ApiClient, chat: str, website: str, exporting: list[Callable[[], None]]
) -> None:
    export, array = f"/api/chat/sessions/{chat}/export", f"/api/hosting/chats?websiteId={website}"
    for path in (export, array):
        refused = as_alice.send("GET", path)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_reads")
        assert refused.headers["Retry-After"] == "5"
    assert as_alice.get(f"/api/chat/sessions/{chat}")["messages"], "Pages go on"
    own = as_charlie.new_session()["id"]
    assert as_charlie.send("GET", f"/api/chat/sessions/{own}/export").status_code == 200
    exporting[0]()
    assert as_alice.send("GET", export).status_code == 200
    assert as_alice.send("GET", export).status_code == 200, "What was sent no longer counts"


@pytest.mark.parametrize(
    "path", ["/api/chat/sessions/{chat}/export?format=json", "/api/hosting/chats?websiteId={website}"]
)
def test_what_breaks_off_does_not_look_complete(
    stack: Stack, server: AppServer, alice: Person, website: str, path: str
) -> None:
    # More than the buffers on the way hold.
    chat = add_chat(stack, alice, 600, website=website, question=LONG, answer=LONG)
    headers = {"Authorization": f"Bearer {alice.access_token}"}
    with (
        pytest.raises(httpx.RemoteProtocolError),
        httpx.stream(
            "GET", server.url + path.format(chat=chat, website=website), headers=headers
        ) as response,
    ):
        assert response.status_code == 200
        pieces = response.iter_raw()
        next(pieces)
        stack.sql("delete from chat_sessions where id = %s", chat)
        for _ in pieces:
            pass
    with ChatClient(server.url, alice.access_token) as client:
        assert client.get("/api/chat/sessions")["sessions"] == []


def most_at_once(reads: LargeReads, user_id: str, *, is_large: bool = False) -> int:
    """Return how many of eight reads, that end together, ran at once."""
    running, most = 0, 0
    lock, go_on = threading.Lock(), threading.Event()

    def read() -> None:
        nonlocal running, most
        with reads.turn(user_id, is_large=is_large):
            with lock:
                running += 1
                most = max(most, running)
                if running == 8:
                    go_on.set()
            go_on.wait(1)
            with lock:
                running -= 1

    with ThreadPoolExecutor(8) as threads:
        for reading in [threads.submit(read) for _ in range(8)]:
            reading.result()
    return most


def read_large(reads: LargeReads, user_id: str) -> None:
    with reads.turn(user_id) as read:
        read.bytes = LARGE_BYTES


def test_who_reads_large_pages_has_few_at_once_and_others_have_theirs() -> None:
    reads = LargeReads()
    assert most_at_once(reads, "alice", is_large=True) == TURNS
    assert most_at_once(reads, "alice") == UNKNOWN_AT_ONCE, "Nothing large was read"
    read_large(reads, "alice")
    assert most_at_once(reads, "alice") == TURNS
    with ExitStack() as all_of_alice:
        for _ in range(TURNS):
            all_of_alice.enter_context(reads.turn("alice"))
        assert most_at_once(reads, "charlie") == UNKNOWN_AT_ONCE


def test_who_waits_while_a_page_turns_out_to_be_large_waits_on() -> None:
    reads = LargeReads()
    with ThreadPoolExecutor(1) as elsewhere, ExitStack() as unknown, ExitStack() as large:
        first, *_ = [unknown.enter_context(reads.turn("alice")) for _ in range(UNKNOWN_AT_ONCE)]
        waiting = elsewhere.submit(read_large, reads, "alice")
        for _ in range(TURNS):
            large.enter_context(reads.turn("alice", is_large=True))
        first.bytes = LARGE_BYTES
        unknown.close()
        with pytest.raises(TimeoutError):
            waiting.result(0.1)
        large.close()
        waiting.result()


def test_a_search_in_a_chat_takes_one_of_few_turns(
    app: Flask, as_alice: ApiClient, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitethread.large_reads.WAIT_SECONDS", 0.01)
    session = as_alice.new_session()["id"]
    reads = app.extensions["database"].large_reads
    with reads.turn(alice.id, is_large=True), reads.turn(alice.id, is_large=True):
        refused = as_alice.refused("GET", f"/api/chat/sessions/{session}/messages?q=word")
        as_alice.get(f"/api/chat/sessions/{session}/messages")
    assert refused == (429, "too_many_reads")


def test_readers_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitethread.large_reads.REMEMBERED_SECONDS", 0)
    reads = LargeReads()
    for user_id in ("alice", "charlie", "alice"):
        read_large(reads, user_id)
        with reads.turn(user_id):
            pass
    assert most_at_once(reads, "alice") == UNKNOWN_AT_ONCE
    assert not reads._people


def test_who_waits_too_long_for_a_turn_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitethread.large_reads.WAIT_SECONDS", 0.01)
    reads = LargeReads()
    read_large(reads, "alice")
    with reads.turn("alice"), reads.turn("alice"):
        with pytest.raises(errors.TooManyReads), reads.turn("alice"):
            pass
        with reads.turn("charlie"):
            pass
    with reads.turn("alice"):
        pass
