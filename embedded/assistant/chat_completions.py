"""The chat completions protocol, whole and streamed.

Source: the `openai` client's types in `openai.types.chat`.
"""

import json
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from embedded.assistant.conversations import Conversation
from embedded.assistant.pacing import paced
from embedded.assistant.replies import Reply


def event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"


class Completion:
    def __init__(self, model: str, conversation: Conversation, reply: Reply) -> None:
        self.head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": model}
        self.conversation, self.reply = conversation, reply
        self.finish_reason = "tool_calls" if reply.tool_calls else "stop"

    def usage(self) -> dict[str, int]:
        read, written = self.conversation.prompt_tokens, self.reply.tokens
        return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}

    def whole(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.reply.text or None, "refusal": None}
        if self.reply.tool_calls:
            message["tool_calls"] = [call.as_chat() for call in self.reply.tool_calls]
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason, "logprobs": None}
        return self.head | {"object": "chat.completion", "choices": [choice], "usage": self.usage()}

    async def events(self, with_usage: bool) -> AsyncIterator[str]:
        yield self.chunk({"role": "assistant", "content": ""})
        async for text in paced(self.reply.text, is_edit=bool(self.conversation.page)):
            yield self.chunk({"content": text})
        # Each call's name comes first, then its arguments in pieces.
        for index, call in enumerate(self.reply.tool_calls):
            yield self.chunk({"tool_calls": [{"index": index} | call.as_chat(arguments="")]})
            async for piece in paced(call.arguments):
                yield self.chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
        yield self.chunk({}, self.finish_reason)
        if with_usage:
            yield event(self.head | {"object": "chat.completion.chunk", "choices": [], "usage": self.usage()})
        yield "data: [DONE]\n\n"

    def chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return event(self.head | {"object": "chat.completion.chunk", "choices": [choice]})
