"""/api/chat/messages, and the messages of one chat"""

from typing import Any, Literal

from flask import Response
from pydantic import Field

from sitethread import messages, trash
from sitethread.attachments import Sources, ToolCalls
from sitethread.texts import Kind, Message
from sitethread.validation import Count
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import ClientId, Id, SearchText
from web.api.request_models import Body, IdempotencyHeaders, PageQuery, Query
from web.authentication import current_rows, current_user

bp = ApiBlueprint("messages", __name__, "Messages")


class MessagePage(PageQuery):
    kind: Kind | None = None
    q: SearchText | None = Field(None, description="Only messages that contain this.")


class SessionMessagePage(MessagePage):
    session_id: Id


class ClearedSession(Query):
    session_id: Id


class NewMessage(Body):
    """A finished message. `POST /api/chat` sends one that gets an answer."""

    message_id: ClientId | None = Field(None, description="An id of yours, so that sending twice adds once.")
    role: Literal["user", "assistant"]
    content: Message
    kind: Kind | None = None
    tool_calls: ToolCalls | None = None
    sources: Sources | None = None
    model: str | None = Field(None, max_length=200)
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None


class NewSessionMessage(NewMessage):
    session_id: Id


@bp.get("/chat/sessions/<id:session_id>/messages", responses={200: responses.MessageList})
def list_of_session(session_id: str, query: MessagePage) -> Response:
    """List a chat's latest messages in the order they were written; `next_cursor` leads to older ones."""
    return _listed(session_id, query)


@bp.post(
    "/chat/sessions/<id:session_id>/messages",
    responses={201: responses.MessageResponse},
)
def add_to_session(session_id: str, body: NewMessage, headers: IdempotencyHeaders) -> Response:
    """Add a finished message to a chat."""
    return _added(session_id, body, headers)


@bp.get("/chat/messages", responses={200: responses.MessageList})
def list_messages(query: SessionMessagePage) -> Response:
    """List a chat's latest messages in the order they were written; `next_cursor` leads to older ones."""
    return _listed(query.session_id, query)


@bp.post("/chat/messages", responses={201: responses.MessageResponse})
def add_message(body: NewSessionMessage, headers: IdempotencyHeaders) -> Response:
    """Add a finished message to a chat."""
    return _added(body.session_id, body, headers)


@bp.delete("/chat/messages", responses={200: responses.Trashed})
def clear_messages(query: ClearedSession) -> Response:
    """Put all messages of a chat in the trash; the chat stays."""
    return success(trash_id=trash.clear_session(current_rows(), query.session_id))


def _listed(session_id: str, page: MessagePage) -> Response:
    _, found, next_cursor = messages.list_page(
        current_rows(), session_id, page.limit, page.cursor, kind=page.kind, query=page.q
    )
    return success(messages=found, next_cursor=next_cursor)


def _added(session_id: str, body: NewMessage, headers: IdempotencyHeaders) -> Response:
    values: dict[str, Any] = body.model_dump(exclude={"message_id", "session_id"}, exclude_none=True)
    values |= {"message_id": headers.key(current_user().id, body.message_id), "session_id": session_id}
    return success(201, message=messages.add(current_rows(), values))
