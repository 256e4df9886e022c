"""/api/chat/import"""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self, cast

from flask import Response, g, request
from pydantic import AfterValidator, ConfigDict, Field, JsonValue, model_validator
from werkzeug.wrappers import Response as BaseResponse

from blueprints import errors as answers
from blueprints import shapes
from blueprints.api import api_blueprint, idempotency_key, success
from blueprints.authentication import current_rows
from blueprints.bodies import Fields, Id, Keyed, Kind, Query, Tag, Title, is_blank
from blueprints.requests import StrictRequest
from sitethread import errors, imports
from sitethread.settings import LIMITS

bp = api_blueprint("imports", __name__, "Import")

Text = Annotated[str, Field(max_length=200)]
FileId = Annotated[str, Field(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]


def _plausible(time: datetime) -> datetime:
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    if not 1970 <= time.year <= 2100:
        raise ValueError("Value should be a time between 1970 and 2100")
    return time


class Exported(Fields):
    """Part of an exported file; what we don't know in it is left out."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class ExportedSession(Exported):
    title: Title = "New chat"
    helper: Literal["builder", "copywriter", "designer", "seo", "reviewer"] = "builder"
    tags: list[Tag] = Field(default=[], max_length=LIMITS.tags)


class ExportedMessage(Exported):
    id: FileId | None = None
    role: Literal["user", "assistant"]
    content: str = Field(max_length=LIMITS.answer)
    kind: Kind = "chat"
    status: Literal["complete", "streaming", "stopped", "interrupted", "failed"] = "complete"
    reply_to: FileId | None = None
    follows_id: FileId | None = None
    edit_of: FileId | None = None
    tool_calls: list[JsonValue] | None = Field(None, max_length=200)
    sources: list[JsonValue] | None = Field(None, max_length=200)
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
        if self.status == "complete" and is_blank(self.content):
            raise ValueError("content should have something to read in it")
        return self


class ExportedChat(Exported):
    """What `GET /api/chat/sessions/<id>/export?format=json` gives."""

    format: Literal["sitethread-chat"]
    version: Literal[1]
    session: ExportedSession
    messages: list[ExportedMessage] = Field(max_length=LIMITS.saved_messages)


class ImportQuery(Query):
    website_id: Id | None = Field(None, description="The website that the chat will be about.")


@bp.before_request
def take_turn() -> None:
    """Wait for the whole file first, so that a slow sender keeps nobody else waiting."""
    request.max_content_length = LIMITS.imported
    cast(StrictRequest, request).read_ahead()
    imports.take_turn()
    g.has_import_turn = True


@bp.teardown_request
def end_turn(_: BaseException | None) -> None:
    if g.pop("has_import_turn", False):
        imports.end_turn()


@bp.errorhandler(errors.DomainError)
def name_the_place(error: errors.DomainError) -> BaseResponse:
    """Say where in the file the fault is, whether it is one of form or of content."""
    place = error.extra.get("place") or error.extra.get("field")
    if isinstance(error, errors.InvalidImport) or place is None:
        return answers.answer(error)
    return answers.answer(
        errors.InvalidImport(f"Not a chat that was exported here: {error.message}", place=place)
    )


@bp.post("/chat/import", responses={201: shapes.SessionAnswer, **shapes.WRITE_ERRORS})
def import_chat(body: ExportedChat, query: ImportQuery, header: Keyed) -> Response:
    """Make a new chat of an exported one: all of it, or nothing when the file has a fault anywhere."""
    messages = body.model_dump(mode="json", exclude_unset=False)["messages"]
    chat = body.session.model_dump(mode="json")
    return success(
        201, session=imports.save(current_rows(), chat, messages, query.website_id, idempotency_key(header))
    )
