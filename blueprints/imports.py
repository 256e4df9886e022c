"""/api/chat/import"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import Response, request
from pydantic import Field
from werkzeug.wrappers import Response as BaseResponse

from sitethread import chatgpt_imports, errors, imports
from sitethread.chat_files import reading
from sitethread.chat_files.format import ExportedChat
from sitethread.chatgpt_imports import Imported
from sitethread.limits import LIMITS
from sitethread.scheduling import give_way
from web import error_handlers
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Id
from web.api.request_models import IdempotencyHeaders, Query
from web.authentication import current_user
from web.extensions import database, importers, running_imports
from web.requests import StrictRequest

# Of one person, in a worker: one more than the database lets be under way, which says so better.
_AT_ONCE = 5
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
        " fields in both. Or ChatGPT's `conversations.json`, a JSON array, of which each conversation may have"
        f" {LIMITS.saved_chat} bytes. The beginning tells which it is, whatever the type."
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
        errors.InvalidImport(f"Not a chat that can be imported: {error.message}", place=place)
    )


@bp.post(
    "/chat/import",
    responses={201: responses.ImportResponse},
    file=ExportedChat,
    file_description=_FILE,
)
def import_chat(query: ImportQuery, headers: IdempotencyHeaders) -> Response:
    """Make a new chat of an exported one: all of it, or nothing when the file has a fault anywhere.

    Each conversation in ChatGPT's `conversations.json` becomes a chat, or is listed in `skipped` with the
    reason; the same conversation is not imported twice. `session` is the first of `sessions`, null when all were
    imported before.
    """
    with _one_of_few():
        imported = _imported(query, headers)
    return success(201, session=next(iter(imported["sessions"]), None), **imported)


def _imported(query: ImportQuery, headers: IdempotencyHeaders) -> Imported:
    # Making a chat of 64 MiB takes longer than any other call may.
    rows = database().as_user(current_user().access_token, long_calls=True)
    is_array, body = reading.is_array(_request().pieces(LIMITS.imported, *_TYPES))
    if is_array:
        imported = chatgpt_imports.import_all(rows, body, query.website_id)
        # It may have ended before the file.
        _request().drop_the_rest(LIMITS.imported)
        return imported
    with imports.staged(rows) as staging:
        chat, messages = reading.read(staging.hashed(body))
        for number, message in enumerate(messages):
            staging.add(message)
            if number % _YIELD_EVERY == 0:
                give_way()
        session = staging.make_session(
            chat.model_dump(mode="json", exclude_unset=True), query.website_id, headers.key(current_user().id)
        )
        return {"sessions": [session], "skipped": [], "skipped_count": 0}


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Raise TooManyImports when this worker reads enough files already, or enough of the same person's.

    However slowly a file comes, it takes a place from its first byte on.
    """
    running, mine = running_imports(), importers()
    user_id = current_user().id
    if mine[user_id] >= _AT_ONCE or not running.acquire(blocking=False):
        raise errors.TooManyImports
    mine[user_id] += 1
    try:
        yield
    finally:
        running.release()
        mine[user_id] -= 1
        if not mine[user_id]:
            del mine[user_id]


def _request() -> StrictRequest:
    return cast(StrictRequest, request)
