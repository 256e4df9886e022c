"""Imports the conversations of ChatGPT's `conversations.json`, each of them whole or not at all.

A conversation gets an id made of its contents: when the same file is imported again, what is here already is left out.
"""

import hashlib
import uuid
from collections.abc import Iterator

from typing_extensions import TypedDict

from sitethread import errors, imports
from sitethread.chat_files import chatgpt
from sitethread.chat_files.chatgpt import Conversation
from sitethread.database import RowId, Rows
from sitethread.scheduling import give_way
from sitethread.sessions import Session

_MOST_TOLD = 100
# Wrong with one conversation; anything else ends the import, as the next one would fail, too.
_OF_ONE = frozenset({400, 409, 413, 422})


class SkippedChat(TypedDict):
    """A chat of a file that was left out, and why."""

    place: str
    title: str
    code: str
    message: str


class Imported(TypedDict):
    """The chats that a file became; of those that were skipped, at most 100 are listed, and all counted."""

    sessions: list[Session]
    skipped: list[SkippedChat]
    skipped_count: int


def import_all(rows: Rows, pieces: Iterator[bytes], website_id: str | None) -> Imported:
    """Import all conversations that can be, and say which can't.

    Raise what is wrong with the first one when none came; InvalidImport, InvalidJson with its place.
    """
    done: Imported = {"sessions": [], "skipped": [], "skipped_count": 0}
    first: errors.DomainError | None = None
    is_known = False
    for found, error in _imported(rows, pieces, website_id, done["sessions"]):
        first = first or error
        is_known = is_known or isinstance(error, errors.ChatImported)
        done["skipped_count"] += 1
        if len(done["skipped"]) < _MOST_TOLD:
            told: SkippedChat = {
                "place": found.place, "title": found.title, "code": error.code, "message": error.message
            }  # fmt: skip
            done["skipped"].append(told)
    if not done["sessions"] and not is_known:
        raise first or errors.InvalidImport("There is no chat in the file.", place="line 1, column 1")
    return done


def _imported(
    rows: Rows, pieces: Iterator[bytes], website_id: str | None, sessions: list[Session]
) -> Iterator[tuple[Conversation, errors.DomainError]]:
    """Add to `sessions` what is imported; yield what isn't."""
    end: errors.DomainError | None = None
    found = Conversation("line 1, column 1", "The file")
    try:
        for found in chatgpt.conversations(pieces):
            give_way()
            if end or found.problem:
                yield found, end or _placed(found.problem or errors.InvalidImport(), found)
                continue
            try:
                sessions.append(_import(rows, found, website_id))
            except errors.DomainError as error:
                end = None if error.status in _OF_ONE else error
                yield found, _placed(error, found)
    except errors.DomainError as error:
        # The file breaks off, or is no JSON from there on.
        yield Conversation(str(error.extra.get("place", found.place)), "The rest of the file"), error


def _import(rows: Rows, found: Conversation, website_id: str | None) -> Session:
    names = (rows.user_id, website_id, found.id, hashlib.sha256(found.data).hexdigest())
    new_id = str(uuid.uuid5(uuid.NAMESPACE_OID, " ".join(map(str, names))))
    if rows.select("chat_sessions", [("id", f"eq.{new_id}"), ("select", "id")], RowId):
        raise errors.ChatImported
    with imports.staged(rows) as staging:
        staging.hash(found.data)
        for message in found.messages:
            staging.add(message)
        return staging.make_session(found.session, website_id, new_id)


def _placed(error: errors.DomainError, found: Conversation) -> errors.DomainError:
    """Return what is wrong with one conversation, with its place; errors that are not the file's stay as they are."""
    if error.status not in _OF_ONE or isinstance(error, errors.ChatImported):
        return error
    return errors.InvalidImport(error.message, place=found.place)
