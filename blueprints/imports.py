"""/api/chat/import"""

import time
from typing import cast

from flask import Response, request
from pydantic import Field
from werkzeug.wrappers import Response as BaseResponse

from sitethread import errors, imports
from sitethread.chat_files import ChatFile, ExportedChat
from sitethread.settings import LIMITS
from web import error_handlers
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Id
from web.api.request_models import IdempotencyHeaders, Query
from web.authentication import current_user
from web.extensions import database
from web.requests import StrictRequest

_TURN = 100  # messages, after which others of this worker get theirs

bp = ApiBlueprint("imports", __name__, "Import")


class ImportQuery(Query):
    website_id: Id | None = Field(None, description="The website that the chat will be about.")


@bp.errorhandler(errors.DomainError)
def name_the_place(error: errors.DomainError) -> BaseResponse:
    """Say where in the file the fault is, whether it is one of form or of content."""
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
)
def import_chat(query: ImportQuery, headers: IdempotencyHeaders) -> Response:
    """Make a new chat of an exported one: all of it, or nothing when the file has a fault anywhere."""
    # Making a chat of 64 MiB takes longer than any other call may.
    rows = database().as_user(current_user().access_token, patiently=True)
    with imports.staged(rows) as staging:
        file = ChatFile(staging.seen(_request().json_pieces(LIMITS.imported)))
        for number, message in enumerate(file.messages()):
            staging.add(message)
            if number % _TURN == 0:
                time.sleep(0)
        chat = file.session.model_dump(mode="json", exclude_unset=True)
        session = staging.make_chat(chat, query.website_id, headers.key(current_user().id))
    return success(201, session=session)


def _request() -> StrictRequest:
    return cast(StrictRequest, request)
