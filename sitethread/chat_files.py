"""Exported chats, read message by message: a file of 64 MiB must not take many times that in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, ValidationError, model_validator

from sitethread import errors
from sitethread.json_stream import JsonText
from sitethread.settings import LIMITS
from sitethread.strict_json import check_text, check_texts
from sitethread.texts import Kind, Tag, Title
from sitethread.validation import Fields, refused

Text = Annotated[str, Field(max_length=200)]
FileId = Annotated[str, Field(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
_FURTHEST = timedelta(hours=16)  # Postgres knows no such offset.


def _plausible(time: datetime) -> datetime:
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    if not 1970 <= time.year <= 2100:
        raise ValueError("Value should be a time between 1970 and 2100")
    if abs(time.utcoffset() or timedelta()) >= _FURTHEST:
        raise ValueError("Value should be less than 16 hours from UTC")
    return time


class Exported(Fields):
    """Part of an exported file; what we don't know in it is left out."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class ExportedSession(Exported):
    title: Title = "New chat"
    helper: Literal["builder", "copywriter", "designer", "seo", "reviewer"] = "builder"
    tags: list[Tag] = Field(default=[], max_length=LIMITS.tags, fail_fast=True)


class ExportedMessage(Exported):
    id: FileId | None = None
    role: Literal["user", "assistant"]
    content: str = Field(max_length=LIMITS.answer)
    kind: Kind = "chat"
    status: Literal["complete", "streaming", "stopped", "interrupted", "failed"] = "complete"
    reply_to: FileId | None = None
    follows_id: FileId | None = None
    edit_of: FileId | None = None
    tool_calls: list[JsonValue] | None = Field(None, max_length=200, fail_fast=True)
    sources: list[JsonValue] | None = Field(None, max_length=200, fail_fast=True)
    model: Text | None = None
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    finish_reason: Text | None = None
    error_code: Text | None = None
    created_at: Annotated[datetime, AfterValidator(_plausible)] | None = None

    @model_validator(mode="after")
    def _make_storable(self) -> Self:
        if self.role == "user":
            self.status = "complete"
            if len(self.content) > LIMITS.message:
                raise ValueError(
                    f"content of a user's message should have at most {LIMITS.message} characters"
                )
        if self.status == "streaming":
            self.status = "interrupted"
        return self


class ExportedChat(Exported):
    """What `GET /api/chat/sessions/<id>/export?format=json` gives."""

    format: Literal["sitethread-chat"]
    version: Literal[1]
    session: ExportedSession
    messages: list[ExportedMessage] = Field(max_length=LIMITS.saved_messages, fail_fast=True)


class ChatFile:
    """An exported chat that is still arriving: `messages` gives them; after the last one there is a `session`.

    Whatever is wrong with the file is raised with its `place`, but for BodyTooLarge.
    """

    session: ExportedSession

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._text = JsonText(pieces)

    def messages(self) -> Iterator[dict[str, Any]]:
        """Give each message, checked, as what `ExportedMessage` says of it."""
        found: dict[str, Any] = {}
        for name in self._names():
            if name in found:
                with _at(name):
                    raise errors.DuplicateKey
            if name == "messages" and self._text.next() == "[":
                # Without waiting for what may come behind them.
                _checked({"format": "sitethread-chat", "version": 1, "session": {}, **found, "messages": []})
                yield from self._listed()
                found[name] = []
                continue
            with _at(name):
                value = self._value()
            if name in ExportedChat.model_fields:
                found[name] = value
        if self._text.next():
            raise self._text.fault()
        self.session = _checked(found).session

    def _names(self) -> Iterator[str]:
        """Give the file's fields; whoever gets one takes its value."""
        if self._text.next() not in {"{", ""}:
            raise errors.InvalidBody(place="line 1, column 1")
        self._text.take("{")
        if self._text.next() == "}":
            self._text.take("}")
            return
        while True:
            if self._text.next() != '"':
                raise self._text.fault()
            name = self._value()
            self._text.take(":")
            yield name
            if self._text.take(",}") == "}":
                return

    def _listed(self) -> Iterator[dict[str, Any]]:
        self._text.take("[")
        if self._text.next() == "]":
            self._text.take("]")
            return
        names: set[str] = set()
        while True:
            if len(names) == LIMITS.saved_messages:
                with _at("messages"):
                    raise errors.InvalidField(f"There are more than {LIMITS.saved_messages} messages.")
            with _at(f"messages.{len(names)}"):
                message = ExportedMessage.model_validate(self._value())
                if message.id in names:
                    # What refers to it would be ambiguous.
                    raise errors.InvalidField("An earlier message has the same id.", field="id")
            names.add(message.id or f"{len(names)} of those without one")
            yield message.model_dump(mode="json", exclude_unset=True)
            if self._text.take(",]") == "]":
                return

    def _value(self) -> Any:
        value = self._text.value()
        # Only an escape can bring a lone surrogate or a NUL.
        if self._text.has_escapes:
            for name, part in value.items() if isinstance(value, dict) else [("body", value)]:
                check_text(name, "body")
                check_texts(part, name)
        return value


def _checked(found: dict[str, Any]) -> ExportedChat:
    with _at():
        return ExportedChat.model_validate(found)


@contextmanager
def _at(*place: str) -> Iterator[None]:
    """Say of a fault of form or content where in the file it is."""
    try:
        yield
    except (ValidationError, errors.DomainError) as error:
        fault = refused(error) if isinstance(error, ValidationError) else error
        if isinstance(fault, errors.BodyTooLarge) or "place" in fault.extra:
            raise fault from None
        field = fault.extra.get("field", "body")
        at = ".".join((*place, *([field] if field != "body" else [])))
        raise type(fault)(f"{at}: {fault.message.removeprefix(f'{field}: ')}", place=at) from None
