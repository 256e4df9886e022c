"""The same answers over the Responses API, whose conversation id is the chat's thread."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sitethread.sealing import Sealer
from tests.app_server import SECRET, AppServer
from tests.chat_client import ChatClient
from tests.fake_model import Call, Close, FakeModel, Say
from tests.stacks import Person, Stack


@pytest.fixture(scope="module")
def server(stack: Stack, model: FakeModel) -> Iterator[AppServer]:
    with AppServer(stack, model.base_url, workers=1, OPENAI_API="responses") as running:
        yield running


def test_a_chat_keeps_its_conversation_and_sends_only_what_is_new(client, model, stack, alice):
    first = client.ask("5 words, seed 1")
    thread = _thread(stack, alice, first.session_id)
    assert thread == f"conv_{model.conversations}"
    assert model.requests[-1]["conversation"] == thread
    assert model.requests[-1]["instructions"].endswith("There is no page yet.")

    second = client.ask("6 words, seed 2", session_id=first.session_id)
    assert second.done["status"] == "complete"
    assert model.requests[-1]["conversation"] == thread == _thread(stack, alice, first.session_id)
    assert [item["content"] for item in model.requests[-1]["input"]] == ["6 words, seed 2"]


def test_usage_and_sources_are_saved(client):
    shown = client.ask("5 words")
    stored = client.stored(shown.message_id, shown.session_id)
    assert stored["sources"] == [{"url": "https://example.com/", "title": "Example"}]
    assert (stored["prompt_tokens"], stored["completion_tokens"], stored["model"]) == (11, 22, "fake-1")
    assert stored["cached_tokens"] == 5


def test_after_an_answer_that_broke_off_a_new_conversation_gets_the_whole_history(
    client, model, stack, alice
):
    model.enqueue(Say("Half a "), Close())
    broken = client.ask("Say something")
    assert broken.done["error_code"] == "model_disconnected"
    assert _thread(stack, alice, broken.session_id) is None
    model.enqueue(Say("sentence."))
    assert client.again(broken.message_id, "continue").text == "Half a sentence."
    assert [item["content"] for item in model.requests[-1]["input"]][:2] == ["Say something", "Half a "]
    assert _thread(stack, alice, broken.session_id) == f"conv_{model.conversations}"


def test_tools_are_called_within_the_conversation(client, model):
    website = client.new_website("Luna")
    model.enqueue(Say("```html\n<!doctype html><html><body><h1>Luna</h1></body></html>\n```"))
    client.ask("A page", website_id=website["id"])
    model.enqueue(Call("check_page"))
    model.enqueue(Say("Checked."))
    shown = client.ask("Review", website_id=website["id"], helper="reviewer")
    assert shown.text == "Checked."
    [item] = model.requests[-1]["input"]
    assert (item["type"], item["call_id"]) == ("function_call_output", "call_1")
    assert model.requests[-1]["conversation"] == model.requests[-2]["conversation"]


def test_the_thread_is_never_shown(client):
    shown = client.ask("5 words")
    for path in (
        f"/api/chat/sessions/{shown.session_id}",
        "/api/chat/sessions",
        f"/api/chat/sessions/{shown.session_id}/export?format=json",
    ):
        assert "conv_" not in client.send("GET", path).text
    assert "conv_" not in str(shown.events)


def test_the_stored_thread_cannot_be_read(client, model, stack):
    sealed = _stored(stack, client.ask("5 words").session_id)
    assert sealed.startswith("v1.") and "conv_" not in sealed
    assert Sealer("another secret of 32 characters.").open(sealed, PURPOSE, "", "") is None


PURPOSE = "provider thread"


@dataclass(frozen=True)
class Chats:
    """A chat of alice's, and what is stored as the threads of others."""

    alice: Person
    id: str
    others_thread: str
    charlie: Person
    charlies_thread: str


# What somebody could store as the thread of a chat.
FOREIGN: dict[str, Callable[[Chats], str]] = {
    "planted": lambda chats: "conv_of_somebody",
    "planted in the sealed form": lambda chats: "v1." + "A" * 80,
    "of another chat": lambda chats: chats.others_thread,
    "of another person": lambda chats: chats.charlies_thread,
    "of another person with a chat of the same id": lambda chats: Sealer(SECRET).seal(
        "conv_1", PURPOSE, chats.charlie.id, chats.id
    ),
    "sealed with another secret": lambda chats: Sealer("another secret of 32 characters.").seal(
        "conv_1", PURPOSE, chats.alice.id, chats.id
    ),
}


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_thread_that_was_not_sealed_for_the_chat_is_dropped(
    server, client, model, stack, alice, charlie, make
):
    chat = client.ask("Nice to meet you: 3 words", helper="copywriter").session_id
    others = _stored(stack, client.ask("3 words").session_id)
    with ChatClient(server.url, charlie.access_token) as charlies_client:
        charlies = _stored(stack, charlies_client.ask("3 words").session_id)
    planted = make(Chats(alice, chat, others, charlie, charlies))
    Direct(stack, alice).end_a_turn(chat, planted)
    assert _stored(stack, chat) == planted

    asked_before = len(model.requests)
    asked = client.ask("4 words", session_id=chat)
    assert asked.done["status"] == "complete"
    own = f"conv_{model.conversations}"
    assert [request["conversation"] for request in model.requests[asked_before:]] == [own]
    sent = [item["content"] for item in model.requests[-1]["input"]]
    assert (sent[0], sent[-1], len(sent)) == ("Nice to meet you: 3 words", "4 words", 5), "the whole history"
    assert _thread(stack, alice, chat) == own
    (line,) = [
        line for line in server.said().splitlines() if "sealed thread dropped" in line and chat in line
    ]
    assert asked.done["message_id"] in line and '"cause": "not sealed' in line
    assert planted not in server.said()


def test_without_a_secret_no_thread_is_stored_or_used_again(stack, model, client, alice):
    chat = client.ask("3 words").session_id
    threads = []
    with AppServer(stack, model.base_url, OPENAI_API="responses", SITETHREAD_SECRET="") as off:
        assert off.said().count("SITETHREAD_SECRET is not set") == 1
        with ChatClient(off.url, alice.access_token) as without:
            for words in (4, 5):
                assert without.ask(f"{words} words", session_id=chat).done["status"] == "complete"
                threads.append(model.requests[-1]["conversation"])
                sent = [item["content"] for item in model.requests[-1]["input"]]
                assert (sent[0], sent[-1]) == ("3 words", f"{words} words")
                assert _stored(stack, chat) is None, "the one there was misses these turns"
        assert "sealed thread dropped" not in off.said()
    assert threads == [f"conv_{model.conversations - 1}", f"conv_{model.conversations}"]


class Direct:
    """A signed-in person who calls the database's functions without the app."""

    def __init__(self, stack: Stack, person: Person) -> None:
        self._stack, self._person = stack, person

    def end_a_turn(self, session_id: str, thread: str) -> None:
        """Ask and answer oneself, and store this as the chat's thread."""
        answer = {"answer_id": str(uuid.uuid4()), "lease": str(uuid.uuid4())}
        self._call("start_turn", message="Hi", message_id=str(uuid.uuid4()), session_id=session_id, **answer)
        end = {"status": "complete", "offset": 0, "text": "Hello", "sealed_thread": thread}
        assert self._call("finish_answer", **answer, **end)["result"] == "finished"

    def _call(self, function: str, **arguments: object) -> Any:
        response = self._stack.rest(f"rpc/{function}", self._person.access_token, "POST", json=arguments)
        return response.raise_for_status().json()


def _thread(stack: Stack, person: Person, session_id: str) -> str | None:
    sealed = _stored(stack, session_id)
    return Sealer(SECRET).open(sealed, PURPOSE, person.id, session_id) if sealed else None


def _stored(stack: Stack, session_id: str) -> str | None:
    rows = stack.sql("select sealed from private.provider_threads where session_id = %s", session_id)
    return rows[0]["sealed"] if rows else None
