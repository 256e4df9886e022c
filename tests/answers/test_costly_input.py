"""Answers and pages that are made to cost: they hold nobody else up. One worker, so that everybody shares it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests import chat_file
from tests.app_server import AppServer
from tests.chat_client import ChatClient, Shown
from tests.fake_model import Call, FakeModel, Say
from tests.stacks import Person, Stack

# Of somebody else's stream, in seconds: its text comes every 50 ms. Far above what a busy machine brings.
LONGEST_GAP = 5


@pytest.fixture(scope="module")
def server(stack: Stack, model: FakeModel) -> Iterator[AppServer]:
    with AppServer(stack, model.base_url, workers=1) as running:
        yield running


@pytest.fixture
def other(server: AppServer, charlie: Person) -> Iterator[ChatClient]:
    with ChatClient(server.url, charlie.access_token) as connected:
        yield connected


@contextmanager
def undisturbed(other: ChatClient) -> Iterator[None]:
    """Have somebody else watch an answer during the block; fail if it stands still or is not theirs to the end."""
    shown, gaps, is_over = Shown(), [0.0], threading.Event()

    def watch() -> None:
        last = time.monotonic()
        for _ in other.asking(shown, "3000 words, 20 a second"):
            gaps.append(time.monotonic() - last)
            last = time.monotonic()
            if is_over.is_set():
                break

    watcher = threading.Thread(target=watch)
    watcher.start()
    while shown.position == 0:
        assert watcher.is_alive()
        time.sleep(0.02)
    try:
        yield
    finally:
        is_over.set()
        watcher.join()
    print(f"longest gap: {max(gaps):.2f} s")
    assert max(gaps) < LONGEST_GAP
    before = shown.position
    other.stop(shown.message_id)
    assert other.stored(shown.message_id, shown.session_id)["status"] == "stopped" and before > 0


def test_continuing_an_answer_of_unclosed_pages_holds_up_nobody(client, model, other) -> None:
    answer = {"role": "assistant", "content": "```html\n" * 40_000, "status": "interrupted", "reply_to": "1"}
    messages = [{"id": "1", "role": "user", "content": "A page"}, answer]
    document = {"format": "sitethread-chat", "version": 2, "session": {}, "messages": messages}
    headers = {"Content-Type": chat_file.TYPES[2]}
    body = chat_file.write(document, 2)
    session = client.json("POST", "/api/chat/import", 201, content=body, headers=headers)["session"]
    stored = client.messages(session["id"])[-1]
    with undisturbed(other):
        model.enqueue(Say("and so on"))
        shown = client.again(stored["id"], "continue")
    assert shown.done and shown.done["status"] == "complete"
    assert client.stored(stored["id"], session["id"])["content"] == answer["content"] + "and so on"


@pytest.mark.parametrize(
    ("page", "result"),
    [
        ("<style>" + "a " * 20_000, "findings"),
        ("<input id=a>" * 4_000, "findings"),
        ("<b>" * 4_000, "findings"),
        ("".join(f"<font size={number}><p>" for number in range(14_000)), "error"),
        ("x" * 300_001, "error"),
    ],
    ids=["CSS without braces", "fields without labels", "nested tags", "formatting", "too long"],
)
def test_checking_a_page_holds_up_nobody(stack, client, model, alice, other, page: str, result: str) -> None:
    website = client.new_website()["id"]
    store_version(stack, alice, website, page)
    with undisturbed(other):
        model.enqueue(Call("check_page"), Call("check_page"))
        model.enqueue(Say("Seen."))
        shown = client.ask("Review", website_id=website, helper="reviewer")
    assert shown.text == "Seen." and shown.done and shown.done["status"] == "complete"
    call = client.stored(shown.message_id, shown.session_id)["tool_calls"][0]
    assert list(json.loads(call["result"])) == [result]


@pytest.mark.parametrize("content", [5, True, ["<h1>"], {"a": 1}])
def test_a_page_that_is_not_text_is_refused(stack, client, model, alice, content: object) -> None:
    website = client.new_website()["id"]
    with pytest.raises(httpx.HTTPStatusError, match="422 invalid_field"):
        store_version(stack, alice, website, content)
    model.enqueue(Say("There is no page."))
    shown = client.ask("Review", website_id=website, helper="reviewer")
    assert shown.done and shown.done["status"] == "complete"
    assert "There is no page yet" in model.requests[-1]["messages"][0]["content"]


def store_version(stack: Stack, person: Person, website: str, content: object) -> None:
    """Store a page straight at PostgREST."""
    body = {"website_id": website, "files": {"index.html": content}}
    stack.rest("site_versions", person.access_token, "POST", json=body).raise_for_status()
