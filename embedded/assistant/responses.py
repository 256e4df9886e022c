"""The Responses protocol, whole and streamed, with conversations kept in memory.

Source: the `openai` client's types in `openai.types.responses`.
"""

import json
import time
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import Any

from embedded.assistant.conversations import (
    MISSING,
    Conversation,
    Turn,
    WrongRequest,
    read_text,
    read_tools,
    read_turn,
)
from embedded.assistant.pacing import paced
from embedded.assistant.replies import Reply, ToolCall

REMEMBERED = 500


class Answer:
    def __init__(self, model: str, body: dict[str, Any], conversation: Conversation, reply: Reply) -> None:
        self.body, self.conversation, self.reply = body, conversation, reply
        self.id, self.item_id = f"resp_{uuid.uuid4().hex}", f"msg_{uuid.uuid4().hex}"
        known = conversation_id(body)
        self.state = {
            "id": self.id, "object": "response", "created_at": int(time.time()), "status": "in_progress",
            "model": model, "output": [], "error": None, "incomplete_details": None, "usage": None,
            "parallel_tool_calls": True, "temperature": 1.0, "top_p": 1.0, "store": body.get("store", True),
            "instructions": body.get("instructions"), "metadata": body.get("metadata") or {},
            "previous_response_id": body.get("previous_response_id"), "tools": body.get("tools") or [],
            "tool_choice": body.get("tool_choice") or "auto", "conversation": {"id": known} if known else None,
        }  # fmt: skip
        self.sequence = -1

    def whole(self) -> dict[str, Any]:
        said = [self.message()] if self.reply.text else []
        output = said + [call.as_item() for call in self.reply.tool_calls]
        return self.state | {"status": "completed", "output": output, "usage": self.usage()}

    async def events(self) -> AsyncIterator[str]:
        yield self.event("response.created", response=self.state)
        yield self.event("response.in_progress", response=self.state)
        if self.reply.text:
            async for line in self.text_events():
                yield line
        for index, call in enumerate(self.reply.tool_calls, start=1 if self.reply.text else 0):
            async for line in self.call_events(index, call):
                yield line
        yield self.event("response.completed", response=self.whole())

    async def text_events(self) -> AsyncIterator[str]:
        place = {"item_id": self.item_id, "output_index": 0, "content_index": 0}
        text, opened = self.reply.text, self.message() | {"status": "in_progress", "content": []}
        yield self.event("response.output_item.added", output_index=0, item=opened)
        yield self.event("response.content_part.added", **place, part=text_part(""))
        async for piece in paced(text, is_edit=bool(self.conversation.page)):
            yield self.event("response.output_text.delta", **place, delta=piece, logprobs=[])
        yield self.event("response.output_text.done", **place, text=text, logprobs=[])
        yield self.event("response.content_part.done", **place, part=text_part(text))
        yield self.event("response.output_item.done", output_index=0, item=self.message())

    async def call_events(self, index: int, call: ToolCall) -> AsyncIterator[str]:
        item, kind = call.as_item(), "response.function_call_arguments"
        place = {"item_id": item["id"], "output_index": index}
        opened = item | {"arguments": "", "status": "in_progress"}
        yield self.event("response.output_item.added", output_index=index, item=opened)
        async for piece in paced(call.arguments):
            yield self.event(f"{kind}.delta", **place, delta=piece)
        yield self.event(f"{kind}.done", **place, arguments=call.arguments, name=call.name)
        yield self.event("response.output_item.done", output_index=index, item=item)

    def event(self, kind: str, **data: Any) -> str:
        self.sequence += 1
        payload = {"type": kind, "sequence_number": self.sequence} | data
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        return f"event: {kind}\ndata: {text}\n\n"

    def message(self) -> dict[str, Any]:
        head = {"id": self.item_id, "type": "message", "role": "assistant", "status": "completed"}
        return head | {"content": [text_part(self.reply.text)]}

    def usage(self) -> dict[str, Any]:
        read, written = self.conversation.prompt_tokens, self.reply.tokens
        details = {
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        }
        return details | {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}


class Memory:
    """The turns behind recent responses and conversations; the oldest are forgotten first."""

    def __init__(self) -> None:
        self.turns: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()

    def open_conversation(self) -> dict[str, Any]:
        conversation = f"conv_{uuid.uuid4().hex}"
        self.remember(conversation, ())
        return {"id": conversation, "object": "conversation", "created_at": int(time.time()), "metadata": {}}

    def recall(self, body: dict[str, Any]) -> tuple[Turn, ...]:
        """Return the earlier turns; none for an id from before a restart, which is no error here."""
        key = conversation_id(body) or str(body.get("previous_response_id") or "")
        return self.turns.get(key, ())

    def keep(self, answer: Answer, earlier: tuple[Turn, ...]) -> None:
        said = [turn for turn in answer.conversation.turns if turn.role not in {"system", "developer"}]
        turns = (*said, Turn("assistant", answer.reply.text))
        self.remember(answer.id, turns)
        if key := conversation_id(answer.body):
            self.remember(key, turns)

    def remember(self, key: str, turns: tuple[Turn, ...]) -> None:
        self.turns[key] = turns
        self.turns.move_to_end(key)
        while len(self.turns) > REMEMBERED:
            self.turns.popitem(last=False)


def read_conversation(body: dict[str, Any], earlier: tuple[Turn, ...]) -> Conversation:
    """Read a request: instructions, what was said before, and its input."""
    given = body.get("input")
    if given is None:
        raise WrongRequest("Missing required parameter: 'input'.", MISSING, "input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    if not isinstance(items, list):
        raise WrongRequest("'input' must be a string or an array.", "invalid_type", "input")
    turns = [turn for index, item in enumerate(items) if (turn := read_item(item, index))]
    told = read_text(body.get("instructions"), "instructions")
    system = [Turn("system", told)] if told else []
    tools = read_tools(body.get("tools")) if body.get("tool_choice") != "none" else frozenset()
    return Conversation((*system, *earlier, *turns), tools)


def read_item(item: Any, index: int) -> Turn | None:
    if isinstance(item, dict) and item.get("type") == "function_call_output":
        return Turn("tool", read_text(item.get("output"), f"input[{index}].output"))
    if isinstance(item, dict) and item.get("type") not in {None, "message"}:
        return None
    return read_turn(item, index)


def conversation_id(body: dict[str, Any]) -> str:
    given = body.get("conversation")
    return str((given.get("id") if isinstance(given, dict) else given) or "")


def text_part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
