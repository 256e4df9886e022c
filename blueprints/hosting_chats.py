"""/api/hosting/chats: chats whose messages are one array, for clients that save them whole"""

from typing import Literal, Self

from flask import Response, request
from pydantic import Field, model_validator
from werkzeug.wrappers import Response as BaseResponse

from sitethread import errors, saved_chats, trash
from sitethread.limits import LIMITS
from sitethread.texts import AssistantText, Title, check_length
from web import error_handlers, whole_chats
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Flag, Id
from web.api.request_models import Body, IdempotencyHeaders, PageQuery
from web.authentication import current_rows, current_user
from web.streamed_arrays import continue_array

bp = ApiBlueprint("hosting_chats", __name__, "Chats as arrays")


class ChatPage(PageQuery):
    website_id: Id


class MessageToSave(Body):
    role: Literal["user", "assistant"]
    content: AssistantText

    @model_validator(mode="after")
    def _keep_questions_short(self) -> Self:
        check_length(self.role, self.content)
        return self


class ChatToSave(Body):
    """A chat as a whole: what is stored already is left as it is, what comes after it is appended."""

    website_id: Id
    messages: list[MessageToSave] = Field(max_length=LIMITS.saved_messages, fail_fast=True)
    title: Title | None = None
    chat_id: Id | None = Field(None, description="The chat to go on with; a new one when it is missing.")
    replace: Flag = Field(
        False,
        description="Put stored messages that differ in the trash; otherwise they are `409 chat_diverged`.",
    )


@bp.errorhandler(errors.ChatDiverged)
def respond_with_stored_chat(error: errors.ChatDiverged) -> BaseResponse:
    """Return the error with all of the stored chat, however long."""
    response = error_handlers.respond(error)
    return response if error.rest is None else continue_array(response, "]}}}", error.rest)


@bp.before_request
def take_larger_bodies() -> None:
    request.max_content_length = LIMITS.saved_chat


@bp.get("/hosting/chats", responses={200: responses.SavedChatList})
def list_chats(query: ChatPage) -> Response:
    """List a website's chats with their messages, the last changed first."""
    whole_chats.check()
    found, rest, next_cursor = saved_chats.list_page(
        current_rows(), query.website_id, query.limit or LIMITS.page, query.cursor
    )
    response = success(next_cursor=next_cursor, chats=found)
    return response if rest is None else whole_chats.count(continue_array(response, "]}]}", rest))


@bp.post(
    "/hosting/chats",
    responses={200: responses.SavedChatResponse, 201: responses.SavedChatResponse},
)
def save_chat(body: ChatToSave, headers: IdempotencyHeaders) -> Response:
    """Save a chat; `409 chat_diverged` brings the stored one when a message differs from it."""
    chat, rest, is_new = saved_chats.save(
        current_rows(),
        body.website_id,
        [{"role": message.role, "content": message.content} for message in body.messages],
        chat_id=body.chat_id,
        new_id=headers.key(current_user().id),
        title=body.title,
        replace=body.replace,
    )
    response = success(201 if is_new else 200, chat=chat)
    return response if rest is None else continue_array(response, "]}}", rest)


@bp.delete("/hosting/chats/<id:chat_id>", responses={200: responses.Success})
def delete_chat(chat_id: str) -> Response:
    """Put a chat in the trash."""
    trash.delete_sessions(current_rows(), [chat_id])
    return success()
