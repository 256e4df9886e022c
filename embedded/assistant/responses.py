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
    Conversation,
    Turn,
    WrongRequest,
    read_text,
    read_tools,
    read_turn,
)
from embedded.assistant.pacing import count_tokens, paced
from embedded.assistant.replies import Reply, ToolCall

REMEMBERED = 500


class Answer:
    def __init__(self, model: str, body: dict[str, Any], conversation: Conversation, reply: Reply) -> None:
        self.id = f"resp_{uuid.uuid4().hex}"
        self.item_id = f"msg_{uuid.uuid4().hex}"
        self.created = int(time.time())
        self.model, self.body, self.conversation, self.reply = model, body, conversation, reply
        self.sequence = -1

    def whole(self) -> dict[str, Any]:
        return self.state("completed") | {"output": self.output(), "usage": self.usage()}

    async def events(self) -> AsyncIterator[str]:
        yield self.event("response.created", response=self.state("in_progress"))
        yield self.event("response.in_progress", response=self.state("in_progress"))
        if self.reply.text:
            async for line in self.text_events():
                yield line
        for index, call in enumerate(self.reply.tool_calls, start=1 if self.reply.text else 0):
            async for line in self.call_events(index, call):
                yield line
        yield self.event("response.completed", response=self.whole())

    async def text_events(self) -> AsyncIterator[str]:
        place = {"item_id": self.item_id, "output_index": 0, "content_index": 0}
        opened = self.message("", "in_progress") | {"content": []}
        yield self.event("response.output_item.added", output_index=0, item=opened)
        yield self.event("response.content_part.added", **place, part=text_part(""))
        async for piece in paced(self.reply.text, is_edit=bool(self.conversation.page)):
            yield self.event("response.output_text.delta", **place, delta=piece, logprobs=[])
        yield self.event("response.output_text.done", **place, text=self.reply.text, logprobs=[])
        yield self.event("response.content_part.done", **place, part=text_part(self.reply.text))
        yield self.event("response.output_item.done", output_index=0, item=self.message(self.reply.text))

    async def call_events(self, index: int, call: ToolCall) -> AsyncIterator[str]:
        item = call_item(call)
        place = {"item_id": item["id"], "output_index": index}
        opened = item | {"arguments": "", "status": "in_progress"}
        yield self.event("response.output_item.added", output_index=index, item=opened)
        async for piece in paced(call.arguments, call.pieces()):
            yield self.event("response.function_call_arguments.delta", **place, delta=piece)
        done = {"arguments": call.arguments, "name": call.name}
        yield self.event("response.function_call_arguments.done", **place, **done)
        yield self.event("response.output_item.done", output_index=index, item=item)

    def event(self, kind: str, **data: Any) -> str:
        self.sequence += 1
        payload = {"type": kind, "sequence_number": self.sequence} | data
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        return f"event: {kind}\ndata: {text}\n\n"

    def output(self) -> list[dict[str, Any]]:
        said = [self.message(self.reply.text)] if self.reply.text else []
        return said + [call_item(call) for call in self.reply.tool_calls]

    def message(self, text: str, status: str = "completed") -> dict[str, Any]:
        content = [text_part(text)]
        return {
            "id": self.item_id,
            "type": "message",
            "role": "assistant",
            "status": status,
            "content": content,
        }

    def state(self, status: str) -> dict[str, Any]:
        conversation = conversation_id(self.body)
        return {
            "id": self.id,
            "object": "response",
            "created_at": self.created,
            "status": status,
            "model": self.model,
            "output": [],
            "error": None,
            "incomplete_details": None,
            "instructions": self.body.get("instructions"),
            "metadata": self.body.get("metadata") or {},
            "parallel_tool_calls": True,
            "previous_response_id": self.body.get("previous_response_id"),
            "conversation": {"id": conversation} if conversation else None,
            "temperature": 1.0,
            "tool_choice": self.body.get("tool_choice") or "auto",
            "tools": self.body.get("tools") or [],
            "top_p": 1.0,
            "store": self.body.get("store", True),
            "usage": None,
        }

    def usage(self) -> dict[str, Any]:
        read = self.conversation.prompt_tokens
        written = count_tokens(self.reply.text + "".join(c.name + c.arguments for c in self.reply.tool_calls))
        return {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + written,
        }


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
        raise WrongRequest("Missing required parameter: 'input'.", "missing_required_parameter", "input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    if not isinstance(items, list):
        raise WrongRequest("'input' must be a string or an array.", "invalid_type", "input")
    turns = [turn for index, item in enumerate(items) if (turn := read_item(item, index))]
    system = (
        [Turn("system", read_text(body["instructions"], "instructions"))] if body.get("instructions") else []
    )
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


def call_item(call: ToolCall) -> dict[str, Any]:
    return {
        "id": f"fc_{call.id.removeprefix('call_')}",
        "type": "function_call",
        "status": "completed",
        "call_id": call.id,
        "name": call.name,
        "arguments": call.arguments,
    }
