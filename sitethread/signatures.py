"""Whether an access token was signed by Supabase, found out before a request is looked at any further.

Supabase Auth publishes the keys that it signs with, so that most tokens are checked here. About one that can't be,
such as a token of a project with a shared secret, PostgREST is asked, once. The database checks them all again.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any

import jwt

from sitethread import errors, tokens
from sitethread.database import Database

_KEPT = 10_000  # tokens
_PAUSE_SECONDS = 10.0
_KINDS = {"EC", "RSA", "OKP"}  # A shared secret is never published.


class Signatures:
    """Remembers the keys, and the tokens whose signature was found to be right."""

    def __init__(self, fetch_keys: Callable[[], list[Any]], ask: Callable[[str], None]) -> None:
        self._fetch_keys = fetch_keys
        self._ask = ask
        self._lock = threading.Lock()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._right: dict[bytes, None] = {}

    @classmethod
    def over(cls, database: Database) -> "Signatures":
        """Check by the keys of Supabase Auth, or by PostgREST."""
        return cls(database.signing_keys, database.check_token)

    def check(self, token: str) -> None:
        """Raise InvalidToken for a signature that isn't Supabase's, DatabaseUnavailable when nobody can tell."""
        digest = hashlib.sha256(token.encode()).digest()
        if digest in self._right:
            return
        key = self._key(str(tokens.header(token).get("kid", "")))
        if key:
            try:
                jwt.PyJWS().decode(token, key.key, algorithms=[key.algorithm_name])
            except jwt.PyJWTError:
                raise errors.InvalidToken from None
        else:
            self._ask(token)
        with self._lock:
            self._right[digest] = None
            if len(self._right) > _KEPT:
                del self._right[next(iter(self._right))]

    def _key(self, id: str) -> jwt.PyJWK | None:
        """Return a published key; an unknown one is asked for again, but not each time that somebody makes one up."""
        if id not in self._keys:
            with self._lock:
                if time.monotonic() > self._fetched_at + _PAUSE_SECONDS:
                    self._keys = self._fetched()
                    self._fetched_at = time.monotonic()
        return self._keys.get(id)

    def _fetched(self) -> dict[str, jwt.PyJWK]:
        try:
            return dict(filter(None, map(_readable, self._fetch_keys())))
        except errors.AuthUnavailable:
            return self._keys


def _readable(key: Any) -> tuple[str, jwt.PyJWK] | None:
    """Return a key by its id, unless it is of a kind that we don't know."""
    try:
        return (str(key["kid"]), jwt.PyJWK(key)) if key["kty"] in _KINDS else None
    except (jwt.PyJWTError, LookupError, TypeError):
        return None
