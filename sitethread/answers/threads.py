"""The model provider's conversation (a thread) of a session, which the database keeps and hands over only sealed."""

import logging
from dataclasses import dataclass

from sitethread.answers.turns import StartedTurn
from sitethread.sealing import Sealer

_PURPOSE = "provider thread"

log = logging.getLogger("sitethread")


class Threads:
    """Seals and opens the ids of threads. Without a secret none is stored or used again."""

    def __init__(self, secret: str | None) -> None:
        self._sealer = Sealer(secret) if secret else None

    def of(self, user_id: str, turn: StartedTurn, *, starts_anew: bool) -> "Thread":
        """Return the thread that a user's turn goes on with, or an empty one."""
        session_id = turn["session"]["id"]
        sealed = None if starts_anew else turn["sealed_thread"]
        return Thread(self, user_id, session_id, self.open(sealed, user_id, session_id))

    def seal(self, thread_id: str, user_id: str, session_id: str) -> str:
        """Return what to store for the session; an empty text stores that there is none."""
        if self._sealer is None:
            return ""
        return self._sealer.seal(thread_id, purpose=_PURPOSE, user_id=user_id, session_id=session_id)

    def open(self, sealed: str | None, user_id: str, session_id: str) -> str | None:
        """Return the thread's id; None where there is none, or none that was sealed for this session."""
        if sealed is None or self._sealer is None:
            return None
        thread_id = self._sealer.open(sealed, purpose=_PURPOSE, user_id=user_id, session_id=session_id)
        if thread_id is None:
            log.warning("sealed thread dropped", extra={"facts": {"session_id": session_id}})
        return thread_id


@dataclass
class Thread:
    """The thread of one turn; `id` is None until the provider has made it."""

    threads: Threads
    user_id: str
    session_id: str
    id: str | None = None

    def sealed(self) -> str:
        """Return what to store of it."""
        return self.threads.seal(self.id, self.user_id, self.session_id) if self.id else ""
