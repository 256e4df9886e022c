"""The same answers over the Responses API, whose conversation id is the chat's thread."""

from collections.abc import Iterator

import pytest

from tests.app_server import AppServer
from tests.fake_model import Call, Close, FakeModel, Say
from tests.stacks import Stack


@pytest.fixture(scope="module")
def server(stack: Stack, model: FakeModel) -> Iterator[AppServer]:
    with AppServer(stack, model.base_url, workers=1, OPENAI_API="responses") as running:
        yield running


def test_a_chat_keeps_its_conversation_and_sends_only_what_is_new(client, model, stack):
    first = client.ask("5 words, seed 1")
    thread = _thread(stack, first.session_id)
    assert thread == f"conv_{model.conversations}"
    assert model.requests[-1]["conversation"] == thread
    assert model.requests[-1]["instructions"].endswith("There is no page yet.")

    second = client.ask("6 words, seed 2", session_id=first.session_id)
    assert second.done["status"] == "complete"
    assert model.requests[-1]["conversation"] == thread == _thread(stack, first.session_id)
    assert [item["content"] for item in model.requests[-1]["input"]] == ["6 words, seed 2"]


def test_usage_and_sources_are_saved(client):
    shown = client.ask("5 words")
    stored = client.stored(shown.message_id, shown.session_id)
    assert stored["sources"] == [{"url": "https://example.com/", "title": "Example"}]
    assert (stored["prompt_tokens"], stored["completion_tokens"], stored["model"]) == (11, 22, "fake-1")


def test_after_an_answer_that_broke_off_a_new_conversation_gets_the_whole_history(client, model, stack):
    model.enqueue(Say("Half a "), Close())
    broken = client.ask("Say something")
    assert broken.done["error_code"] == "model_disconnected"
    assert _thread(stack, broken.session_id) is None
    model.enqueue(Say("sentence."))
    assert client.again(broken.message_id, "continue").text == "Half a sentence."
    assert [item["content"] for item in model.requests[-1]["input"]][:2] == ["Say something", "Half a "]
    assert _thread(stack, broken.session_id) == f"conv_{model.conversations}"


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


def _thread(stack: Stack, session_id: str) -> str | None:
    [row] = stack.sql("select thread_id from chat_sessions where id = %s", session_id)
    return row["thread_id"]
