"""What a model calls on while it answers."""

import json

import pytest

from tests.fake_model import Call, Say, Status

FAULTY = (
    "<!doctype html>\n<html><head><title>Luna</title></head><body><h1>Luna</h1><img src='x'></body></html>"
)


@pytest.fixture
def website_id(client, model):
    website = client.new_website("Luna")
    model.enqueue(Say(f"```html\n{FAULTY}\n```"))
    client.ask("A page", website_id=website["id"])
    return website["id"]


def test_the_reviewer_checks_the_page_before_it_speaks(client, model, website_id):
    model.enqueue(Call("check_page"))
    model.enqueue(Say("Two things are wrong."))
    shown = client.ask("Review", website_id=website_id, helper="reviewer")
    assert shown.text == "Two things are wrong."
    call = next(data["tool_call"] for name, data in shown.events if name == "tool")
    problems = " ".join(found["message"] for found in json.loads(call["result"])["findings"])
    assert "alternative text" in problems and "language" in problems
    asked, told = model.requests[-1]["messages"][-2:]
    assert asked["tool_calls"][0]["function"] == {"name": "check_page", "arguments": "{}"}
    assert (told["role"], told["tool_call_id"], told["content"]) == ("tool", "call_1", call["result"])
    stored = client.stored(shown.message_id, shown.session_id)
    assert (stored["tool_calls"], stored["kind"], stored["status"]) == ([call], "review", "complete")


def test_a_tool_that_is_not_there_is_said_not_to_be(client, model, website_id):
    model.enqueue(Call("format_disk"))
    model.enqueue(Say("I can't do that."))
    shown = client.ask("Do it", website_id=website_id, helper="seo")
    assert shown.done["status"] == "complete"
    assert "no such tool" in model.requests[-1]["messages"][-1]["content"]


def test_a_model_that_calls_for_ever_has_to_speak_in_the_end(client, model, website_id):
    for _ in range(3):
        model.enqueue(Call("check_page"))
    model.enqueue(Say("Enough."))
    shown = client.ask("Review", website_id=website_id, helper="reviewer")
    assert shown.text == "Enough."
    assert "tools" not in model.requests[-1]


def test_a_model_that_knows_no_tools_is_asked_without(client, model, website_id):
    model.enqueue(Status(400))
    model.enqueue(Say("By eye, then."))
    assert client.ask("Review", website_id=website_id, helper="reviewer").text == "By eye, then."
    assert "tools" not in model.requests[-1]


def test_the_builder_is_offered_no_tools(client, model, website_id):
    client.ask("5 words", website_id=website_id)
    assert "tools" not in model.requests[-1]
