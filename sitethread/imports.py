"""A chat that was exported comes back in, all or nothing.

Its messages are staged part by part, out of everybody's sight, and become a chat in one transaction. What a process
that dies leaves behind expires in the database.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from sitethread import errors, searches, sessions
from sitethread.database import Rows
from sitethread.sessions import Session

_PART_CHARACTERS = 1024 * 1024


class Staging:
    """Where messages wait to become a chat."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._id = str(uuid.uuid4())
        self._part: list[Mapping[str, object]] = []
        self._size = 0
        self._staged = 0
        self._has_begun = False
        self._hash = hashlib.sha256()

    def hashed(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the file as it arrives, and hash it, so that a repeated upload is recognised."""
        for piece in pieces:
            self._hash.update(piece)
            yield piece

    def add(self, message: Mapping[str, object]) -> None:
        """Take one more message; raise InvalidImport when the database can't hold it, QuotaExceeded."""
        self._part.append(message)
        self._size += len(json.dumps(message, ensure_ascii=False))
        if self._size > _PART_CHARACTERS:
            self._store()

    def make_chat(self, chat: Mapping[str, object], website_id: str | None, new_id: str | None) -> Session:
        """Make the chat and return it, once for each `new_id`.

        Raise NotFound for no such website, KeyReused for another file under that id.
        """
        if self._part or not self._has_begun:
            self._store()
        given = {
            "import_id": self._id,
            "chat": chat,
            "website_id": website_id,
            "file_hash": self._hash.hexdigest(),
        }
        try:
            made = self._rows.call("import_chat", {**given, "new_id": new_id or str(uuid.uuid4())})
        except errors.InvalidField as error:
            if (field := error.extra.get("field")) is None:
                raise
            raise errors.InvalidField(f"session.{error.message}", place=f"session.{field}") from None
        return sessions.from_row(made)

    def discard(self) -> None:
        """Forget what was staged; when that fails it expires by itself."""
        if self._has_begun:
            with suppress(errors.DomainError):
                self._rows.call("discard_import", {"import_id": self._id})

    def _store(self) -> None:
        self._has_begun = True
        try:
            self._rows.call(
                "stage_import", {"import_id": self._id, "at": self._staged, "messages": self._part}
            )
        except errors.InvalidImport as error:
            place = error.extra["place"]
            is_blank = error.extra["field"] == "content"
            problem = (
                "content should have something to read in it"
                if is_blank
                else "its tool calls or sources are too large"
            )
            raise errors.InvalidImport(
                f"Not a chat that was exported here: {place}: {problem}.", place=place
            ) from None
        self._staged += len(self._part)
        self._part, self._size = [], 0


@contextmanager
def staged(rows: Rows) -> Iterator[Staging]:
    """Lend a place to stage one file; what is wrong with it within the block takes everything away again."""
    staging = Staging(rows)
    try:
        yield staging
    except BaseException:
        staging.discard()
        raise
    # The next search goes on with it.
    with suppress(errors.DomainError):
        searches.catch_up(rows)
