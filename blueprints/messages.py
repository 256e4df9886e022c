"""/api/chat/messages, and the messages of one chat"""

from typing import Any, Literal

from flask import Response
from pydantic import Field, JsonValue

from sitethread import messages, trash
from sitethread.texts import Kind, Message
from web.api import responses
from web.api.blueprints import api_blueprint, idempotency_key, success
from web.api.fields import ClientId, Count, Id, Words
from web.api.request_models import Body, Keyed, Page, Path, Query
from web.authentication import current_rows

bp = api_blueprint("messages", __name__, "Messages")


class SessionPath(Path):
    session_id: Id


class MessagePage(Page):
    kind: Kind | None = None
    q: Words | None = Field(None, description="Only messages that contain this.")


class SessionMessagePage(MessagePage):
    session_id: Id


class ClearedSession(Query):
    session_id: Id


class NewMessage(Body):
    """A finished message; to have one answered, use `POST /api/chat`."""

    message_id: ClientId | None = Field(None, description="An id of yours, so that sending twice adds once.")
    role: Literal["user", "assistant"]
    content: Message
    kind: Kind | None = None
    tool_calls: list[JsonValue] | None = Field(None, max_length=200, fail_fast=True)
    sources: list[JsonValue] | None = Field(None, max_length=200, fail_fast=True)
    model: str | None = Field(None, max_length=200)
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None


class NewSessionMessage(NewMessage):
    session_id: Id


@bp.get("/chat/sessions/<id:session_id>/messages", responses={200: responses.MessageList, **responses.ERRORS})
def list_of_session(path: SessionPath, query: MessagePage) -> Response:
    """List a chat's latest messages in the order they were written; `next_cursor` leads to older ones."""
    return _listed(path.session_id, query)


@bp.post(
    "/chat/sessions/<id:session_id>/messages",
    responses={201: responses.MessageAnswer, **responses.WRITE_ERRORS},
)
def add_to_session(path: SessionPath, body: NewMessage, header: Keyed) -> Response:
    """Add a finished message to a chat."""
    return _added(path.session_id, body, header)


@bp.get("/chat/messages", responses={200: responses.MessageList, **responses.ERRORS})
def list_messages(query: SessionMessagePage) -> Response:
    """List a chat's latest messages in the order they were written; `next_cursor` leads to older ones."""
    return _listed(query.session_id, query)


@bp.post("/chat/messages", responses={201: responses.MessageAnswer, **responses.WRITE_ERRORS})
def add_message(body: NewSessionMessage, header: Keyed) -> Response:
    """Add a finished message to a chat."""
    return _added(body.session_id, body, header)


@bp.delete("/chat/messages", responses={200: responses.Trashed, **responses.WRITE_ERRORS})
def clear_messages(query: ClearedSession) -> Response:
    """Put all messages of a chat in the trash; the chat stays."""
    return success(trash_id=trash.clear_chat(current_rows(), query.session_id))


def _listed(session_id: str, page: MessagePage) -> Response:
    _, found, next_cursor = messages.list_page(
        current_rows(), session_id, page.limit, page.cursor, kind=page.kind, query=page.q
    )
    return success(messages=found, next_cursor=next_cursor)


def _added(session_id: str, body: NewMessage, header: Keyed) -> Response:
    values: dict[str, Any] = body.model_dump(exclude={"message_id", "session_id"}, exclude_none=True)
    values |= {"message_id": idempotency_key(header, body.message_id), "session_id": session_id}
    return success(201, message=messages.add(current_rows(), values))
