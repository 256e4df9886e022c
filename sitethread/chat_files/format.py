"""What the file of an exported chat holds.

Format 2 is JSON Lines: first an `ExportedHead`, then one `ExportedMessage` a line. Format 1, which version 0.1 wrote,
is one JSON object: an `ExportedChat`.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, SkipValidation, model_validator

from sitethread.attachments import Sources, ToolCalls
from sitethread.field_names import Fields
from sitethread.helpers import HelperName
from sitethread.limits import LIMITS
from sitethread.texts import Kind, Tag, Title, check_length
from sitethread.validation import Count

Text = Annotated[str, Field(max_length=200)]
FileId = Annotated[str, Field(min_length=1, max_length=64)]
# Postgres knows no such offset.
_FURTHEST = timedelta(hours=16)


def plausible(time: datetime) -> datetime:
    """Return a time with its offset; raise ValueError for one that the database would not store."""
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
    helper: HelperName = "builder"
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
    tool_calls: ToolCalls | None = None
    sources: Sources | None = None
    model: Text | None = None
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    finish_reason: Text | None = None
    error_code: Text | None = None
    created_at: Annotated[datetime, AfterValidator(plausible)] | None = None

    @model_validator(mode="after")
    def _make_storable(self) -> Self:
        check_length(self.role, self.content)
        if self.role == "user":
            self.status = "complete"
        if self.status == "streaming":
            self.status = "interrupted"
        return self


class CountedSession(ExportedSession):
    message_count: Count | None = Field(
        None, exclude=True, description="A file with fewer messages is refused: it was cut off."
    )


class ExportedHead(Exported):
    """The first line of a file of format 2."""

    format: Literal["sitethread-chat"]
    version: Literal[2]
    session: CountedSession


class ExportedChat(Exported):
    """A file of format 1; its messages are validated one by one."""

    format: Literal["sitethread-chat"]
    version: Literal[1]
    session: ExportedSession
    messages: list[SkipValidation[ExportedMessage]] = Field(max_length=LIMITS.saved_messages, fail_fast=True)
