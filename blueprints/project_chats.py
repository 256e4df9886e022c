"""/api/chat-sessions and /api/chat-messages: the chats of a project, with camelCase names beside ours"""

from typing import Literal

from flask import Response

from sitethread import messages, sessions, trash
from sitethread.sessions import Session
from sitethread.texts import Kind, Message, Title
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import ClientId, Id
from web.api.request_models import Body, IdempotencyHeaders, PageQuery
from web.authentication import current_rows, current_user

bp = ApiBlueprint("project_chats", __name__, "Chats of a project")

PAGE_SIZE = 100


class ChatPage(PageQuery):
    website_id: Id | None = None


class NewChat(Body):
    website_id: Id | None = None
    title: Title = "New Chat"


class RenamedChat(Body):
    title: Title


class MessagePage(PageQuery):
    session_id: Id


class NewProjectMessage(Body):
    session_id: Id
    message_id: ClientId | None = None
    role: Literal["user", "assistant"]
    content: Message
    kind: Kind | None = None


@bp.get("/chat-sessions", responses={200: responses.ProjectChatList})
def list_chats(query: ChatPage) -> Response:
    """List chats, the last changed first; a project without any gets its first, "New Chat"."""
    size = query.limit or PAGE_SIZE
    found, next_cursor = sessions.list_page(current_rows(), size, query.cursor, website_id=query.website_id)
    if query.website_id and not found and query.cursor is None:
        sessions.ensure_one(current_rows(), query.website_id)
        found, next_cursor = sessions.list_page(current_rows(), size, None, website_id=query.website_id)
    return success(sessions=[_chat(session) for session in found], next_cursor=next_cursor)


@bp.post("/chat-sessions", responses={201: responses.ProjectChatResponse})
def create_chat(body: NewChat) -> Response:
    """Start a chat in a project."""
    return success(201, session=_chat(sessions.create(current_rows(), body.website_id, None, body.title)))


@bp.get("/chat-sessions/<id:session_id>", responses={200: responses.ProjectChatDetail})
def get_chat(session_id: str, query: PageQuery) -> Response:
    """Get a chat with its latest messages, which are also in the session itself."""
    session, found, next_cursor = messages.list_page(current_rows(), session_id, query.limit, query.cursor)
    shown = [_message(message) for message in found]
    return success(session={**_chat(session), "messages": shown}, messages=shown, next_cursor=next_cursor)


@bp.patch("/chat-sessions/<id:session_id>", responses={200: responses.ProjectChatResponse})
def rename_chat(session_id: str, body: RenamedChat) -> Response:
    """Rename a chat."""
    changed = sessions.change(current_rows(), session_id, {"title": body.title})
    return success(session=_chat(changed))


@bp.delete("/chat-sessions/<id:session_id>", responses={200: responses.Trashed})
def delete_chat(session_id: str) -> Response:
    """Put a chat with its messages in the trash."""
    (trash_id,) = trash.delete_sessions(current_rows(), [session_id])
    return success(trash_id=trash_id)


@bp.get("/chat-messages", responses={200: responses.ProjectMessageList})
def list_messages(query: MessagePage) -> Response:
    """List a chat's latest messages in the order they were written; `next_cursor` leads to older ones."""
    _, found, next_cursor = messages.list_page(current_rows(), query.session_id, query.limit, query.cursor)
    return success(messages=[_message(message) for message in found], next_cursor=next_cursor)


@bp.post("/chat-messages", responses={201: responses.ProjectMessageResponse})
def add_message(body: NewProjectMessage, headers: IdempotencyHeaders) -> Response:
    """Add a finished message to a chat."""
    values = body.model_dump(exclude={"message_id"}, exclude_none=True)
    values["message_id"] = headers.key(current_user().id, body.message_id)
    message = messages.add(current_rows(), values)
    return success(201, message=_message(message))


def _chat(session: Session) -> responses.ProjectChat:
    return {
        **session,
        "name": session["title"],
        "projectId": session["website_id"],
        "createdAt": session["created_at"],
        "updatedAt": session["updated_at"],
    }


def _message(message: messages.Message) -> responses.ProjectMessage:
    return {**message, "chatSessionId": message["session_id"], "createdAt": message["created_at"]}
