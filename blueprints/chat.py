"""/api/chat: ask, follow, stop, continue and retry an answer; branch a chat"""

import uuid

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from sitethread import sessions
from sitethread.answers import corrections
from sitethread.answers.turns import StartedTurn
from sitethread.helpers import HelperName
from sitethread.pagination import BIGGEST_INTEGER
from sitethread.texts import Kind, Message
from web import event_streams
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.event_responses import EVENTS
from web.api.fields import ClientId, Id
from web.api.request_models import Body, IdempotencyHeaders, Query
from web.authentication import current_rows, current_user
from web.extensions import answer_engine, followers

bp = ApiBlueprint("chat", __name__, "Chat")

_STREAMED = {200: EVENTS}


class QuestionTarget(Body):
    version_id: Id
    path: str = Field(max_length=200)
    start: int = Field(ge=0, le=BIGGEST_INTEGER)
    end: int = Field(
        ge=1, le=BIGGEST_INTEGER, description="Behind the part: code points of the file, as `start`."
    )


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
    target: QuestionTarget | None = Field(
        None, description="The part of a page that it is about: only changes inside are taken."
    )
    message_id: ClientId | None = Field(None, description="The client's own id: sending it again is safe.")
    thread_id: str | None = Field(None, description="Ignored: the chat knows its thread.", max_length=200)


class EventsQuery(Query):
    after: str | None = Field(
        None,
        description="How many characters you have; `Last-Event-ID` comes first.",
        json_schema_extra=event_streams.OFFSET_SCHEMA,
    )


class EventsHeaders(BaseModel):
    last_event_id: str | None = Field(
        None,
        alias="Last-Event-ID",
        description="The id of the last event you got: how many characters you have.",
        json_schema_extra=event_streams.OFFSET_SCHEMA,
    )


@bp.post("/chat", summary="Ask, and stream the answer", responses=_STREAMED)
def ask(body: Question, headers: IdempotencyHeaders) -> Response:
    """Store the question, then stream the answer as server-sent events: session, delta, tool, version, done.

    The answer goes on being written when the connection ends; `/api/chat/messages/<id>/events` shows the rest.
    """
    fields = body.model_dump(exclude={"thread_id"}, exclude_none=True)
    fields["message_id"] = headers.key(current_user().id, body.message_id) or str(uuid.uuid4())
    return _stream(answer_engine().start(current_rows(), fields))


@bp.get(
    "/chat/messages/<id:message_id>/events",
    summary="Follow an answer",
    responses={200: EVENTS},
)
def events(message_id: str, query: EventsQuery, headers: EventsHeaders) -> Response:
    """Stream an answer's events after `Last-Event-ID` (or `?after=`) characters, whichever worker writes it."""
    running = answer_engine().find(current_user().id, message_id)
    given = [event_streams.offset(text) for text in (headers.last_event_id, query.after) if text is not None]
    after = given[0] if given else 0
    return event_streams.respond(followers().follow(current_rows(), message_id, after, running))


@bp.post(
    "/chat/messages/<id:message_id>/stop",
    summary="Stop an answer",
    responses={200: responses.MessageResponse},
)
def stop(message_id: str) -> Response:
    """Stop an answer, wherever it is being written; what it says so far is kept."""
    return success(message=answer_engine().stop(current_rows(), message_id))


@bp.post("/chat/messages/<id:message_id>/continue", summary="Continue an answer", responses=_STREAMED)
def resume(message_id: str) -> Response:
    """Go on writing an answer that did not complete, in the same message; streams like `POST /api/chat`."""
    return _stream(answer_engine().resume(current_rows(), message_id))


@bp.post("/chat/messages/<id:message_id>/retry", summary="Try again", responses=_STREAMED)
def retry(message_id: str, headers: IdempotencyHeaders) -> Response:
    """Answer the same question anew and keep the old answer, or answer a question; streams like `POST /api/chat`."""
    new_id = headers.key(current_user().id) or str(uuid.uuid4())
    return _stream(answer_engine().retry(current_rows(), message_id, new_id))


@bp.post(
    "/chat/messages/<id:message_id>/allow",
    summary="Allow what was left out",
    responses={201: responses.VersionResponse},
)
def allow(message_id: str) -> Response:
    """Make the changes that an answer left out, as they are outside of its target, on the newest page; once."""
    return success(201, version=corrections.allow(current_rows(), message_id))


@bp.post(
    "/chat/messages/<id:message_id>/take-back",
    summary="Take back what was also changed",
    responses={201: responses.VersionResponse},
)
def take_back(message_id: str) -> Response:
    """Take back, on the newest page, what an answer changed besides the sections that its question names; once."""
    return success(201, version=corrections.take_back(current_rows(), message_id))


@bp.post(
    "/chat/messages/<id:message_id>/branch",
    summary="Branch a chat",
    responses={201: responses.SessionResponse},
)
def branch(message_id: str) -> Response:
    """Start a new chat as a copy of this one up to and with the message; this one stays as it is."""
    return success(201, session=sessions.branch(current_rows(), message_id))


def _stream(turn: StartedTurn) -> Response:
    running = answer_engine().find(current_user().id, turn["answer"]["id"])
    return event_streams.respond(followers().follow_turn(current_rows(), turn, running))
