"""Asking, watching the answer come in, stopping it, going on with it, trying again."""

import uuid
from itertools import chain
from typing import Any

from flask import Response
from pydantic import ConfigDict, Field

from sitethread import messages, sessions
from sitethread.answers import following
from sitethread.answers.turns import Turn
from sitethread.helpers import HelperName
from sitethread.texts import Kind, Message
from web import event_streams
from web.api import responses
from web.api.blueprints import api_blueprint, idempotency_key, success
from web.api.fields import ClientId, Id
from web.api.request_models import Body, Headers, Keyed, Path, Query
from web.authentication import current_rows, current_user
from web.extensions import answers, database

bp = api_blueprint("chat", __name__, "Chat")

_STREAMED: responses.Responses = {200: responses.EVENTS, **responses.WRITE_ERRORS}


class Question(Body):
    model_config = ConfigDict(
        json_schema_extra={"example": {"message": "Create a landing page for a coffee shop"}}
    )

    message: Message
    session_id: Id | None = Field(
        None, description="The chat to ask in; a new one is made when it is missing."
    )
    website_id: Id | None = Field(None, description="What a new chat is about.")
    helper: HelperName | None = None
    kind: Kind | None = None
    edits: Id | None = Field(
        None, description="A question of the chat, now in other words; the old one is kept."
    )
    after: Id | None = Field(None, description="The answer to go on from, when it isn't the chat's latest.")
    message_id: ClientId | None = Field(None, description="The client's own id: sending it again is safe.")
    thread_id: str | None = Field(None, description="Ignored: the chat knows its thread.", max_length=200)


class Answer(Path):
    message_id: Id = Field(description="The answer's id.")


class From(Query):
    after: str | None = Field(
        None,
        description="How many characters you have; `Last-Event-ID` comes first.",
        json_schema_extra=event_streams.OFFSET_SCHEMA,
    )


class Resumed(Headers):
    last_event_id: str | None = Field(
        None,
        alias="Last-Event-ID",
        description="The id of the last event you got: how many characters you have.",
        json_schema_extra=event_streams.OFFSET_SCHEMA,
    )


@bp.post("/chat", summary="Ask, and stream the answer", responses=_STREAMED)
def ask(body: Question, header: Keyed) -> Response:
    """Store the question, then stream the answer as server-sent events: session, delta, tool, version, done.

    The answer goes on being written when the connection ends; `/api/chat/messages/<id>/events` shows the rest.
    """
    user = current_user()
    fields = body.model_dump(exclude={"thread_id"}, exclude_none=True)
    fields["message_id"] = idempotency_key(header, body.message_id) or str(uuid.uuid4())
    return _stream(answers().start(user.access_token, user.id, fields))


@bp.get(
    "/chat/messages/<id:message_id>/events",
    summary="Follow an answer",
    responses={200: responses.EVENTS, **responses.ERRORS},
)
def events(path: Answer, query: From, header: Resumed) -> Response:
    """Stream an answer's events after `Last-Event-ID` (or `?after=`) characters, on whichever worker."""
    token = current_user().access_token
    local = answers().find(path.message_id)
    after = event_streams.offset(
        next(text for text in (header.last_event_id, query.after, "0") if text is not None)
    )
    return event_streams.respond(following.open_at(database(), token, path.message_id, after, local))


@bp.post(
    "/chat/messages/<id:message_id>/stop",
    summary="Stop an answer",
    responses={200: responses.MessageAnswer, **responses.WRITE_ERRORS},
)
def stop(path: Answer) -> Response:
    """Stop an answer, wherever it is being written; what it says so far is kept."""
    message = answers().stop(current_user().access_token, path.message_id)
    # Who writes it may be elsewhere and not have noticed yet.
    return success(message=messages.current(current_rows(), messages.shown(dict(message))))


@bp.post("/chat/messages/<id:message_id>/continue", summary="Continue an answer", responses=_STREAMED)
def resume(path: Answer) -> Response:
    """Go on writing an answer that did not complete, in the same message; streams like `POST /api/chat`."""
    user = current_user()
    return _stream(answers().resume(user.access_token, user.id, path.message_id))


@bp.post("/chat/messages/<id:message_id>/retry", summary="Try again", responses=_STREAMED)
def retry(path: Answer, header: Keyed) -> Response:
    """Answer the same question anew and keep the old answer; streams like `POST /api/chat`."""
    user = current_user()
    new_id = idempotency_key(header) or str(uuid.uuid4())
    return _stream(answers().retry(user.access_token, user.id, path.message_id, new_id))


@bp.post(
    "/chat/messages/<id:message_id>/branch",
    summary="Branch a chat",
    responses={201: responses.SessionAnswer, **responses.WRITE_ERRORS},
)
def branch(path: Answer) -> Response:
    """Start a new chat as a copy of this one up to and with the message; this one stays as it is."""
    return success(201, session=sessions.branch(current_rows(), path.message_id))


def _stream(turn: Turn) -> Response:
    answer: dict[str, Any] = dict(turn.answer)
    local = answers().find(answer["id"])
    if turn.is_replayed or local is None:
        # The first result again, or the answer that is still being written for it.
        token = current_user().access_token
        return event_streams.respond(following.open_at(database(), token, answer["id"], 0, local))
    first = [following.beginning(answer, turn.user_message["id"], turn.session["title"])]
    if turn.session["title_source"] == "auto" and turn.user_message["seq"] == 1:
        first.append(following.Event("title", {"title": turn.session["title"]}))
    return event_streams.respond(chain(first, following.from_memory(local)))
