"""The model provider's conversation (a thread) of a session, which the database keeps and hands over only sealed."""

import logging
from dataclasses import dataclass

from sitethread.database import Rows
from sitethread.sealing import Sealer, is_sealed

log = logging.getLogger("sitethread")


@dataclass
class Thread:
    """The thread of a user's session; `id` is None until the provider has made it.

    Without a sealer, that is without SITETHREAD_SECRET, no thread is stored or used again.
    """

    sealer: Sealer | None
    rows: Rows
    session_id: str
    answer_id: str
    id: str | None = None

    def open(self, sealed: str | None) -> None:
        """Take the stored id, unless it was sealed for another session."""
        if sealed is None or self.sealer is None:
            return
        self.id = self.sealer.open(sealed, *self._context)
        if self.id is None:
            facts = {
                "answer_id": self.answer_id,
                "session_id": self.session_id,
                "cause": "not sealed for this chat" if is_sealed(sealed) else "not sealed",
            }
            log.warning("sealed thread dropped", extra={"facts": facts})

    def sealed(self) -> str:
        """Return what to store; an empty text stores that there is none."""
        return self.sealer.seal(self.id, *self._context) if self.sealer and self.id else ""

    @property
    def _context(self) -> tuple[str, str, str]:
        return ("provider thread", self.rows.user_id, self.session_id)
