"""The Responses protocol, spoken with the real client."""

from typing import Any

import openai
import pytest

from tests.assistant.talk import Talk

INSTRUCTIONS = Talk().system()["content"]


def test_a_response_comes_whole(client: openai.OpenAI) -> None:
    response = client.responses.create(model="demo", instructions=INSTRUCTIONS, input="Create a landing page")
    assert response.status == "completed"
    assert "<!doctype html>" in response.output_text
    assert response.usage and response.usage.output_tokens > 1000


def test_a_streamed_response_has_its_events_in_order(client: openai.OpenAI) -> None:
    kinds: list[str] = []
    with client.responses.stream(
        model="demo", instructions=INSTRUCTIONS, input="Create a landing page"
    ) as stream:
        for event in stream:
            if not kinds or kinds[-1] != event.type:
                kinds.append(event.type)
        final = stream.get_final_response()
    assert kinds == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert "<!doctype html>" in final.output_text


def test_a_conversation_remembers_what_was_said(client: openai.OpenAI) -> None:
    conversation = client.conversations.create()
    asked: dict[str, Any] = {"model": "demo", "conversation": conversation.id, "instructions": INSTRUCTIONS}
    first = client.responses.create(**asked, input="Create a landing page for a bakery called Rye")
    later = client.responses.create(**asked, input="yes please")
    assert first.conversation and first.conversation.id == conversation.id
    assert "Rye" in later.output_text


def test_a_previous_response_is_gone_on_from(client: openai.OpenAI) -> None:
    first = client.responses.create(
        model="demo", instructions=INSTRUCTIONS, input="Create a landing page for a bakery called Rye"
    )
    later = client.responses.create(
        model="demo", instructions=INSTRUCTIONS, input="yes please", previous_response_id=first.id
    )
    assert "Rye" in later.output_text


def test_an_unknown_previous_response_is_no_error(client: openai.OpenAI) -> None:
    asked: dict[str, Any] = {"model": "demo", "instructions": INSTRUCTIONS, "input": "Create a landing page"}
    assert client.responses.create(**asked, previous_response_id="resp_from_before").output_text


def test_a_function_is_called_and_its_result_used(client: openai.OpenAI) -> None:
    page = Talk().say("Create a landing page").page
    tool: Any = {"type": "function", "name": "check_page", "parameters": {"type": "object"}, "strict": False}
    asked: dict[str, Any] = {
        "model": "demo",
        "instructions": Talk(page=page, helper="seo").system()["content"],
        "tools": [tool],
    }
    given: list[Any] = [{"role": "user", "content": [{"type": "input_text", "text": "How is our SEO?"}]}]
    with client.responses.stream(**asked, input=given) as stream:
        (call,) = stream.until_done().get_final_response().output
    assert call.type == "function_call" and call.name == "check_page"
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "The title is too long"}
    answer = client.responses.create(**asked, input=[*given, call.model_dump(exclude_none=True), result])
    assert "The title is too long" in answer.output_text


def test_a_request_without_input_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.responses.create(model="demo")
    assert refused.value.code == "missing_required_parameter"
