"""What a model sends and is sent, whichever API it speaks."""

from dataclasses import dataclass
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

JsonObject = dict[str, Any]
"""An object of the provider's API, whose shape is the provider's."""


class ModelError(Exception):
    """Why the model sent no (further) text; `code` is stored with the answer and explained by the page."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        super().__init__(detail or code)


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class ToolCall:
    """A complete call; `arguments` is the JSON text the model wrote."""

    id: str
    name: str
    arguments: str


class Source(TypedDict):
    url: str
    title: str


@dataclass(frozen=True)
class Sources:
    """The web pages that a text cites."""

    sources: list[Source]


@dataclass(frozen=True)
class Usage:
    """Tokens of one completion, None when the model doesn't say."""

    prompt_tokens: int | None
    completion_tokens: int | None


@dataclass(frozen=True)
class Thread:
    """The provider's id of the conversation, to be sent with the next turn."""

    id: str


@dataclass(frozen=True)
class Finish:
    """The end that the model declared; without one the stream was cut."""

    reason: str
    model: str | None = None


Event = Text | ToolCall | Sources | Usage | Thread | Finish


class ChatMessage(TypedDict):
    """A message in the form of chat completions."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str | None
    tool_calls: NotRequired[list[JsonObject]]
    tool_call_id: NotRequired[str]


class Function(TypedDict):
    """A tool that the model may call; `parameters` is a JSON Schema."""

    name: str
    description: str
    parameters: JsonObject


def source_of(citation: JsonObject) -> Source:
    """Read a `url_citation`, which both APIs send alike; cut what is too long to store."""
    return {"url": str(citation.get("url", ""))[:2000], "title": str(citation.get("title", ""))[:300]}
