"""What a model sends and is sent, whichever API it speaks."""

from dataclasses import dataclass
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

_MOST_TOKENS = 2**31 - 1

JsonObject = dict[str, Any]
"""An object of the provider's API, whose shape is the provider's."""


class ModelError(Exception):
    """Why the model sent no (further) text; `code` is stored with the answer and explained by the page.

    `status` and `message` are what the provider said, for the log: `redaction` removes what was sent from the message.
    """

    def __init__(self, code: str, message: str = "", status: int | None = None) -> None:
        self.code, self.message, self.status = code, message, status
        super().__init__(code)

    @property
    def facts(self) -> dict[str, object]:
        """Return what the log tells besides the code."""
        facts = {"model_status": self.status, "model_message": self.message or None}
        return {name: value for name, value in facts.items() if value is not None}


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
    """Tokens of one completion, None when the model doesn't say; `cached_tokens` of those that it read."""

    prompt_tokens: int | None
    completion_tokens: int | None
    cached_tokens: int | None = None


def cached_in(details: object) -> int | None:
    """Return the `cached_tokens` of a usage's details; None for anything that is no such number."""
    tokens = details.get("cached_tokens") if isinstance(details, dict) else None
    return tokens if isinstance(tokens, int) and 0 <= tokens <= _MOST_TOKENS else None


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
    pictures: NotRequired[list[str]]
    tool_calls: NotRequired[list[JsonObject]]
    tool_call_id: NotRequired[str]


class Function(TypedDict):
    """A tool that the model may call; `parameters` is a JSON Schema."""

    name: str
    description: str
    parameters: JsonObject


def text_of(value: object) -> str:
    """Return a value that must be text; raise TypeError."""
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def message_of(error: object) -> str:
    """Return what an error object of the provider says: `{"message"}`, `{"error": {"message"}}` or a text."""
    while isinstance(error, dict):
        error = error.get("error", error.get("message"))
    return error if isinstance(error, str) else ""


def source_of(citation: JsonObject) -> Source:
    """Read a `url_citation`, which both APIs send alike; cut what is too long to store."""
    return {"url": str(citation.get("url", ""))[:2000], "title": str(citation.get("title", ""))[:300]}
