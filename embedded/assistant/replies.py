"""The reply to a conversation: text, tool calls, or both."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from embedded.assistant.pacing import count_tokens


@dataclass(frozen=True)
class ToolCall:
    """A function the assistant wants called, with its arguments as JSON text."""

    name: str
    arguments: str = "{}"
    id: str = field(default_factory=lambda: f"call_{uuid.uuid4().hex[:24]}")

    def as_chat(self, arguments: str | None = None) -> dict[str, Any]:
        written = self.arguments if arguments is None else arguments
        return {"id": self.id, "type": "function", "function": {"name": self.name, "arguments": written}}

    def as_item(self) -> dict[str, Any]:
        made = {"id": f"fc_{self.id.removeprefix('call_')}", "type": "function_call", "status": "completed"}
        return made | {"call_id": self.id, "name": self.name, "arguments": self.arguments}


@dataclass(frozen=True)
class Reply:
    """What the assistant says, and the tools it wants called before it says more."""

    text: str
    tool_calls: tuple[ToolCall, ...] = ()

    @property
    def tokens(self) -> int:
        return count_tokens(self.text + "".join(call.name + call.arguments for call in self.tool_calls))
