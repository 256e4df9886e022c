"""/api/chat/import"""

from typing import cast

from flask import Response, request
from pydantic import Field
from werkzeug.wrappers import Response as BaseResponse

from sitethread import errors, imports
from sitethread.chat_files import reading
from sitethread.chat_files.format import ExportedChat
from sitethread.limits import LIMITS
from sitethread.scheduling import give_way
from web import error_handlers
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Id
from web.api.request_models import IdempotencyHeaders, Query
from web.authentication import current_user
from web.extensions import database
from web.requests import StrictRequest

# After so many messages, other requests of this worker run.
_YIELD_EVERY = 100
_TYPES = (responses.JSON_LINES, "application/x-ndjson", "application/json")

bp = ApiBlueprint("imports", __name__, "Import")


# JSON Lines are described in words: no schema can say that each line has one of its own.
_FILE = {
    "description": (
        f"A file of format 2, JSON Lines of at most {LIMITS.imported} bytes: first"
        ' `{"format": "sitethread-chat", "version": 2, "session": {…}}`, then a message on each line; or one of'
        f" format 1, one JSON object of at most {LIMITS.saved_chat} bytes. Session and messages have the same"
        " fields in both. The first line tells which it is, whatever the type."
    ),
    "content": {responses.JSON_LINES: {"schema": {"type": "string"}}},
}


class ImportQuery(Query):
    website_id: Id | None = Field(None, description="The website that the chat will be about.")


@bp.errorhandler(errors.DomainError)
def respond_with_place(error: errors.DomainError) -> BaseResponse:
    """Return an error of the file as invalid_import, with its place."""
    if error.status != errors.AuthRequired.status:
        _request().drop_the_rest(LIMITS.imported)
    place = error.extra.get("place")
    if isinstance(error, errors.InvalidImport | errors.InvalidUnicode) or place is None:
        return error_handlers.respond(error)
    return error_handlers.respond(
        errors.InvalidImport(f"Not a chat that was exported here: {error.message}", place=place)
    )


@bp.post(
    "/chat/import",
    responses={201: responses.SessionResponse},
    file=ExportedChat,
    file_description=_FILE,
)
def import_chat(query: ImportQuery, headers: IdempotencyHeaders) -> Response:
    """Make a new chat of an exported one: all of it, or nothing when the file has a fault anywhere."""
    # Making a chat of 64 MiB takes longer than any other call may.
    rows = database().as_user(current_user().access_token, long_calls=True)
    with imports.staged(rows) as staging:
        body = _request().pieces(LIMITS.imported, *_TYPES)
        chat, messages = reading.read(staging.hashed(body))
        for number, message in enumerate(messages):
            staging.add(message)
            if number % _YIELD_EVERY == 0:
                give_way()
        session = staging.make_session(
            chat.model_dump(mode="json", exclude_unset=True), query.website_id, headers.key(current_user().id)
        )
    return success(201, session=session)


def _request() -> StrictRequest:
    return cast(StrictRequest, request)
