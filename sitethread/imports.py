"""Imports an exported chat, all or nothing.

Its messages are staged in batches, in tables that nothing else reads, and become a session in one transaction. What a
process that dies has staged expires in the database.
"""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from sitethread import errors, searches, sessions
from sitethread.database import Rows
from sitethread.sessions import Session

# In one process. Each takes up to 48 MiB.
AT_ONCE = 8
_BATCH_CHARACTERS = 1024 * 1024


class Staging:
    """The messages of one file that are staged."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._id = str(uuid.uuid4())
        self._batch: list[Mapping[str, object]] = []
        self._size = 0
        self._staged = 0
        self._has_staged = False
        self._hash = hashlib.sha256()

    def hashed(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the file as it arrives, and hash it, so that a repeated upload is recognised."""
        for piece in pieces:
            self._hash.update(piece)
            yield piece

    def hash(self, data: bytes) -> None:
        """Hash what stands for the file."""
        self._hash.update(data)

    def add(self, message: Mapping[str, object]) -> None:
        """Add the next message; raise InvalidImport when the database can't store it, QuotaExceeded."""
        self._batch.append(message)
        self._size += len(json.dumps(message, ensure_ascii=False))
        if self._size > _BATCH_CHARACTERS:
            self._stage()

    def make_session(self, chat: Mapping[str, object], website_id: str | None, new_id: str | None) -> Session:
        """Make a session of the staged messages and return it, once for each `new_id`.

        `chat` has its helper, title and tags. Raise NotFound for an unknown website, KeyReused for another file under
        the same id.
        """
        if self._batch or not self._has_staged:
            self._stage()
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
        """Delete what was staged; if that fails, it expires."""
        if self._has_staged:
            with suppress(errors.DomainError):
                self._rows.call("discard_import", {"import_id": self._id})

    def _stage(self) -> None:
        self._has_staged = True
        try:
            self._rows.call(
                "stage_import", {"import_id": self._id, "at": self._staged, "messages": self._batch}
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
                f"Not a chat that can be imported: {place}: {problem}.", place=place
            ) from None
        self._staged += len(self._batch)
        self._batch, self._size = [], 0


@contextmanager
def staged(rows: Rows) -> Iterator[Staging]:
    """Stage one file within the block; an error in it deletes what was staged."""
    staging = Staging(rows)
    try:
        yield staging
    except BaseException:
        staging.discard()
        raise
    # The next search does the rest.
    with suppress(errors.DomainError):
        searches.catch_up(rows)
