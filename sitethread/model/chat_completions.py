"""The chat completions API. Source: the chat completion chunk object of the OpenAI API reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sitethread.model import events
from sitethread.model.events import ChatMessage, Event, Function, JsonObject, ModelError, source_of, text_of


def request(model: str, messages: Sequence[ChatMessage], tools: Sequence[Function]) -> JsonObject:
    """Write the body of a request for one completion."""
    body: JsonObject = {
        "model": model,
        "messages": [_message(message) for message in messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if tools:
        body["tools"] = [{"type": "function", "function": tool} for tool in tools]
    return body


def _message(message: ChatMessage) -> JsonObject:
    """Write a message; one with pictures in parts."""
    written: JsonObject = {**message}
    if pictures := written.pop("pictures", []):
        parts = [{"type": "image_url", "image_url": {"url": url}} for url in pictures]
        written["content"] = [{"type": "text", "text": message["content"]}, *parts]
    return written


def read(stream: Iterator[JsonObject]) -> Iterator[Event]:
    """Read the events of one completion; raise ModelError for what doesn't fit the API."""
    calls: dict[int, _Call] = {}
    finish: str | None = None
    model: str | None = None
    try:
        for event in stream:
            model = event.get("model") or model
            usage = event.get("usage")
            if usage:
                cached = events.cached_in(usage.get("prompt_tokens_details"))
                yield events.Usage(usage.get("prompt_tokens"), usage.get("completion_tokens"), cached)
            for choice in event.get("choices") or ():
                delta = choice.get("delta") or {}
                for piece in delta.get("tool_calls") or ():
                    _collect(calls, piece)
                annotations = delta.get("annotations") or ()
                sources = [source_of(a["url_citation"]) for a in annotations if "url_citation" in a]
                if sources:
                    yield events.Sources(sources)
                if delta.get("content"):
                    yield events.Text(str(delta["content"]))
                finish = choice.get("finish_reason") or finish
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError("model_garbage") from error
    for call in calls.values():
        yield events.ToolCall(call.id, "".join(call.name), "".join(call.arguments))
    if finish:
        yield events.Finish(finish, model)


@dataclass
class _Call:
    """The pieces of a tool call."""

    id: str = ""
    name: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)


def _collect(calls: dict[int, _Call], piece: JsonObject) -> None:
    """Add a piece of a tool call, which arrives in several, to the call with its index."""
    function = piece.get("function") or {}
    call = calls.setdefault(int(piece.get("index", 0)), _Call())
    call.id = text_of(piece.get("id") or call.id)
    call.name.append(text_of(function.get("name") or ""))
    call.arguments.append(text_of(function.get("arguments") or ""))
