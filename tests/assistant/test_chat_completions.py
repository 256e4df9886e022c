"""The chat completions protocol, spoken with the real client."""

import json
import urllib.error
import urllib.request
from typing import Any

import openai
import pytest

from embedded.assistant.composing import TOO_MUCH
from tests.assistant.talk import Talk

PAGE_CHECK: Any = {"type": "function", "function": {"name": "check_page", "parameters": {"type": "object"}}}
ASKED: Any = [Talk().system(), {"role": "user", "content": "Create a landing page"}]


def test_the_model_list_names_the_offline_demo(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["sitethread-offline-demo"]


def test_an_answer_comes_whole_with_usage(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="any-name", messages=ASKED)
    assert completion.model == "any-name"
    assert completion.choices[0].finish_reason == "stop"
    assert "```html\n<!doctype html>" in (completion.choices[0].message.content or "")
    usage = completion.usage
    assert usage and usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 1000


def test_a_streamed_answer_says_the_same_in_small_pieces(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="demo", messages=ASKED).choices[0].message.content
    chunks = list(client.chat.completions.create(model="demo", messages=ASKED, stream=True))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(pieces) == whole
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert max(len(piece) for piece in pieces) < 60
    assert all(chunk.usage is None for chunk in chunks)


def test_usage_comes_last_and_only_when_asked_for(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="demo", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == []
    assert chunks[-1].usage and chunks[-1].usage.completion_tokens > 1000
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_the_stream_ends_with_done(client: openai.OpenAI) -> None:
    with client.chat.completions.with_streaming_response.create(
        model="demo", messages=ASKED, stream=True
    ) as response:
        lines = [line for line in response.iter_lines() if line]
    assert response.headers["content-type"].startswith("text/event-stream")
    assert lines[-1] == "data: [DONE]"


def reviewing(**more: Any) -> dict[str, Any]:
    page = Talk().say("Create a landing page").page
    talk = Talk(page=page, helper="reviewer")
    return {
        "model": "demo",
        "messages": [talk.system(), {"role": "user", "content": "Review the page"}],
        **more,
    }


def test_a_reviewer_calls_the_page_check_with_arguments_in_pieces(client: openai.OpenAI) -> None:
    name, arguments, reasons = "", "", []
    for chunk in client.chat.completions.create(**reviewing(tools=[PAGE_CHECK], stream=True)):
        choice = chunk.choices[0]
        for call in choice.delta.tool_calls or []:
            assert call.function
            name += call.function.name or ""
            arguments += call.function.arguments or ""
        reasons.append(choice.finish_reason)
    assert (name, json.loads(arguments), reasons[-1]) == ("check_page", {}, "tool_calls")


def test_the_result_of_the_page_check_goes_into_the_answer(client: openai.OpenAI) -> None:
    asked = reviewing(tools=[PAGE_CHECK])
    called = client.chat.completions.create(**asked).choices[0].message
    assert called.tool_calls
    result = {"findings": [{"severity": "high", "message": "The logo is blurred"}]}
    asked["messages"] += [
        called.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": called.tool_calls[0].id, "content": json.dumps(result)},
    ]
    answer = client.chat.completions.create(**asked).choices[0]
    assert answer.finish_reason == "stop"
    assert "**high** – The logo is blurred" in (answer.message.content or "")


def test_no_tool_is_called_that_was_not_offered(client: openai.OpenAI) -> None:
    assert client.chat.completions.create(**reviewing()).choices[0].finish_reason == "stop"
    declined = client.chat.completions.create(**reviewing(tools=[PAGE_CHECK], tool_choice="none"))
    assert declined.choices[0].finish_reason == "stop"


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (None, "missing_required_parameter"),
        ([], "invalid_value"),
        (["hello"], "invalid_type"),
        ([{"role": "wizard", "content": "hi"}], "invalid_value"),
        ([{"role": "user", "content": 5}], "invalid_type"),
    ],
)
def test_wrong_messages_are_refused(client: openai.OpenAI, messages: Any, code: str) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model="demo", messages=messages)
    assert refused.value.code == code
    assert refused.value.type == "invalid_request_error"
    assert isinstance(refused.value.body, dict) and refused.value.body["message"]


def test_broken_json_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.post("/chat/completions", content=b'{"messages": [', cast_to=object)
    assert refused.value.code == "invalid_json"


def test_a_request_without_a_key_is_refused(assistant_url: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{assistant_url}/models")
    with refused.value as answer:
        assert answer.status == 401
        assert json.load(answer)["error"]["code"] == "invalid_api_key"


def test_an_unknown_address_answers_with_an_error_object(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        client.get("/nothing", cast_to=object)
    assert refused.value.code == "unknown_url"


@pytest.mark.parametrize("text", ["a\n\n" * 33_000, "a" * 100_000])
def test_a_request_that_costs_minutes_is_too_much_and_the_next_one_is_answered(
    client: openai.OpenAI, text: str
) -> None:
    costly: Any = [Talk().system(), {"role": "user", "content": text}]
    said = client.chat.completions.create(model="demo", messages=costly).choices[0].message.content
    assert said == TOO_MUCH
    answered = client.chat.completions.create(model="demo", messages=ASKED).choices[0].message.content
    assert "```html" in (answered or "")
