"""The Responses API, whose conversations are kept by the provider.

Source: the streaming events of the OpenAI API reference.
"""

from collections.abc import Iterator, Sequence

from sitethread.model import events
from sitethread.model.events import (
    ChatMessage,
    Event,
    Function,
    JsonObject,
    ModelError,
    message_of,
    source_of,
    text_of,
)


def request(
    model: str, messages: Sequence[ChatMessage], tools: Sequence[Function], thread_id: str, *, is_new: bool
) -> JsonObject:
    """Write the body of a request; the provider has a thread's messages up to the last answer, unless it is new."""
    instructions, *history = messages
    if not is_new:
        history = history[_last_answer(history) + 1 :]
    body: JsonObject = {
        "model": model,
        "instructions": instructions["content"],
        "input": [_item(message) for message in history],
        "conversation": thread_id,
        "stream": True,
    }
    if tools:
        body["tools"] = [{"type": "function", **tool} for tool in tools]
    return body


def read(stream: Iterator[JsonObject]) -> Iterator[Event]:
    """Read the events of one response; raise ModelError for what doesn't fit the API."""
    try:
        for event in stream:
            match event.get("type"):
                case "response.output_text.delta":
                    yield events.Text(str(event["delta"]))
                case "response.output_text.annotation.added":
                    if event["annotation"].get("type") == "url_citation":
                        yield events.Sources([source_of(event["annotation"])])
                case "response.output_item.done":
                    item = event["item"]
                    if item.get("type") == "function_call":
                        yield events.ToolCall(
                            text_of(item["call_id"]), text_of(item["name"]), text_of(item["arguments"])
                        )
                case "response.completed" | "response.incomplete":
                    response = event["response"]
                    usage = response.get("usage") or {}
                    cached = events.cached_in(usage.get("input_tokens_details"))
                    yield events.Usage(usage.get("input_tokens"), usage.get("output_tokens"), cached)
                    is_cut = event["type"] == "response.incomplete"
                    yield events.Finish("length" if is_cut else "stop", response.get("model"))
                    return
                case "response.failed":
                    raise ModelError("model_error", message_of(event["response"].get("error")))
                case "error":
                    raise ModelError("model_error", message_of(event))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError("model_garbage") from error


def _item(message: ChatMessage) -> JsonObject:
    """Write a chat completions message as an item of the Responses API."""
    if message["role"] == "tool":
        return {
            "type": "function_call_output",
            "call_id": message["tool_call_id"],
            "output": message["content"],
        }
    item: JsonObject = {**message}
    if pictures := item.pop("pictures", []):
        parts = [{"type": "input_image", "image_url": url} for url in pictures]
        item["content"] = [{"type": "input_text", "text": message["content"]}, *parts]
    return item


def _last_answer(history: Sequence[ChatMessage]) -> int:
    return max((i for i, m in enumerate(history[:-1]) if m["role"] == "assistant"), default=-1)
