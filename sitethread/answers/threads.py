"""The model provider's conversation of a chat, which the database keeps and hands over only sealed."""

import logging

from sitethread.sealing import Sealer

_PURPOSE = "provider thread"

log = logging.getLogger("sitethread")


class Threads:
    """Seals and opens the ids of provider conversations; without a secret none is stored or used again."""

    def __init__(self, secret: str | None) -> None:
        self._sealer = Sealer(secret) if secret else None

    def seal(self, thread_id: str, user_id: str, session_id: str) -> str:
        """Return what to store for the chat; an empty text stores that there is none."""
        if self._sealer is None:
            return ""
        return self._sealer.seal(thread_id, purpose=_PURPOSE, user_id=user_id, session_id=session_id)

    def open(self, sealed: str | None, user_id: str, session_id: str) -> str | None:
        """Return the conversation's id; None where there is none, or none that was sealed for this chat."""
        if sealed is None or self._sealer is None:
            return None
        thread_id = self._sealer.open(sealed, purpose=_PURPOSE, user_id=user_id, session_id=session_id)
        if thread_id is None:
            log.warning("sealed thread dropped", extra={"facts": {"session_id": session_id}})
        return thread_id
