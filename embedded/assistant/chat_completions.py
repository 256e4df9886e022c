"""The chat completions protocol, whole and streamed.

Source: the `openai` client's types in `openai.types.chat`.
"""

import json
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from embedded.assistant.conversations import Conversation
from embedded.assistant.pacing import count_tokens, paced
from embedded.assistant.replies import Reply


def event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"


class Completion:
    def __init__(self, model: str, conversation: Conversation, reply: Reply) -> None:
        self.id = f"chatcmpl-{uuid.uuid4().hex}"
        self.created = int(time.time())
        self.model = model
        self.reply = reply
        self.prompt_tokens = conversation.prompt_tokens
        self.is_edit = bool(conversation.page)

    @property
    def finish_reason(self) -> str:
        return "tool_calls" if self.reply.tool_calls else "stop"

    def usage(self) -> dict[str, int]:
        written = count_tokens(self.reply.text) + sum(
            count_tokens(call.name + call.arguments) for call in self.reply.tool_calls
        )
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": written,
            "total_tokens": self.prompt_tokens + written,
        }

    def whole(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.reply.text or None, "refusal": None}
        if self.reply.tool_calls:
            message["tool_calls"] = [call.as_chat() for call in self.reply.tool_calls]
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason, "logprobs": None}
        head = {"id": self.id, "object": "chat.completion", "created": self.created, "model": self.model}
        return head | {"choices": [choice], "usage": self.usage()}

    async def events(self, with_usage: bool) -> AsyncIterator[str]:
        yield self.chunk({"role": "assistant", "content": ""})
        async for text in paced(self.reply.text, is_edit=self.is_edit):
            yield self.chunk({"content": text})
        async for delta in self.tool_deltas():
            yield self.chunk({"tool_calls": [delta]})
        yield self.chunk({}, self.finish_reason)
        if with_usage:
            yield event(self.head() | {"choices": [], "usage": self.usage()})
        yield "data: [DONE]\n\n"

    async def tool_deltas(self) -> AsyncIterator[dict[str, Any]]:
        """Yield each call's name first, then its arguments in pieces."""
        for index, call in enumerate(self.reply.tool_calls):
            yield {"index": index} | call.as_chat(arguments="")
            async for piece in paced(call.arguments, call.pieces()):
                yield {"index": index, "function": {"arguments": piece}}

    def chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return event(self.head() | {"choices": [choice]})

    def head(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
        }
