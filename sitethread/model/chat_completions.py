"""The chat completions API. Source: the chat completion chunk object of the OpenAI API reference."""

from collections.abc import Iterator, Sequence

from sitethread.model.events import (
    ChatMessage,
    Event,
    Finish,
    Function,
    JsonObject,
    ModelError,
    Sources,
    Text,
    ToolCall,
    Usage,
    source_of,
)


def request(model: str, messages: Sequence[ChatMessage], tools: Sequence[Function]) -> JsonObject:
    """Write the body of a request for one completion."""
    body: JsonObject = {
        "model": model,
        "messages": list(messages),
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if tools:
        body["tools"] = [{"type": "function", "function": tool} for tool in tools]
    return body


def read(events: Iterator[JsonObject]) -> Iterator[Event]:
    """Read the events of one completion; raise ModelError for what doesn't fit the API."""
    calls: dict[int, dict[str, str]] = {}
    finish: str | None = None
    model: str | None = None
    try:
        for event in events:
            model = event.get("model") or model
            usage = event.get("usage")
            if usage:
                yield Usage(usage.get("prompt_tokens"), usage.get("completion_tokens"))
            for choice in event.get("choices") or ():
                delta = choice.get("delta") or {}
                for piece in delta.get("tool_calls") or ():
                    _collect(calls, piece)
                annotations = delta.get("annotations") or ()
                sources = [source_of(a["url_citation"]) for a in annotations if "url_citation" in a]
                if sources:
                    yield Sources(sources)
                if delta.get("content"):
                    yield Text(str(delta["content"]))
                finish = choice.get("finish_reason") or finish
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError("model_garbage") from error
    for call in calls.values():
        yield ToolCall(call["id"], call["name"], call["arguments"])
    if finish:
        yield Finish(finish, model)


def _collect(calls: dict[int, dict[str, str]], piece: JsonObject) -> None:
    """Add a piece of a tool call, which arrives in several, to the call with its index."""
    function = piece.get("function") or {}
    call = calls.setdefault(int(piece.get("index", 0)), {"id": "", "name": "", "arguments": ""})
    call["id"] = piece.get("id") or call["id"]
    call["name"] += function.get("name") or ""
    call["arguments"] += function.get("arguments") or ""
