"""Access tokens of Supabase Auth (JWTs): what they claim, and whether Supabase signed them.

A request is refused before its body is read unless its token is verified here. PostgREST verifies it again on every
query, so the claims of a token that isn't verified yet are used only to refuse it or to renew a sign-in.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import field
from typing import Annotated, Any, Literal
from uuid import UUID

import jwt
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from sitethread import errors

MAX_CHARACTERS = 16_384
# PostgREST allows for clocks that are 30 seconds apart, too.
_CLOCK_SKEW_SECONDS = 30
_REMEMBERED_TOKENS = 10_000
_FETCH_PAUSE_SECONDS = 10.0

_Seconds = Annotated[float, Field(strict=True, ge=-1e15, le=1e15, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says of the person who is signed in; times are seconds since 1970."""

    sub: UUID
    role: Literal["authenticated"]
    exp: _Seconds
    iat: _Seconds = field(default_factory=time.time)
    # Accounts without an address have null there.
    email: Annotated[str, BeforeValidator(lambda email: email or "")] = ""

    @property
    def user_id(self) -> str:
        return str(self.sub)

    @property
    def is_expired(self) -> bool:
        return time.time() >= self.exp

    @property
    def is_due_for_renewal(self) -> bool:
        """Whether at most a minute, and at most a fifth of its lifetime, is left."""
        return time.time() >= self.exp - min(60.0, (self.exp - self.iat) / 5)


_CLAIMS = TypeAdapter(Claims)


class Tokens:
    """Reads and verifies tokens; remembers the claims of those that were verified, by the tokens' digests.

    `fetch_keys` returns the keys (JWKs) that Supabase Auth publishes, or raises AuthUnavailable. `ask` has PostgREST
    verify a token that no published key can verify (a project with a shared secret publishes none), and raises
    InvalidToken.
    """

    def __init__(self, fetch_keys: Callable[[], list[Any]], ask: Callable[[str], None]) -> None:
        self._fetch_keys = fetch_keys
        self._ask = ask
        self._lock = threading.Lock()
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._verified: dict[bytes, Claims] = {}

    def read(self, token: str) -> Claims:
        """Read the claims without verifying the signature; raise InvalidToken or TokenExpired."""
        claims = self._verified.get(_digest(token)) or _decode(token)
        if claims.is_expired:
            raise errors.TokenExpired
        return claims

    def verify(self, token: str) -> None:
        """Raise InvalidToken unless Supabase signed the token, DatabaseUnavailable when nobody can tell."""
        digest = _digest(token)
        if digest in self._verified:
            return
        key = self._key(_key_id(token))
        claims = _decode(token, key)
        if key is None:
            self._ask(token)
        with self._lock:
            self._verified[digest] = claims
            if len(self._verified) > _REMEMBERED_TOKENS:
                del self._verified[next(iter(self._verified))]

    def _key(self, id: str) -> jwt.PyJWK | None:
        """Return a published key; made-up ids don't have the keys fetched again each time."""
        if id not in self._keys:
            with self._lock:
                if time.monotonic() > self._fetched_at + _FETCH_PAUSE_SECONDS:
                    self._keys = self._fetched()
                    self._fetched_at = time.monotonic()
        return self._keys.get(id)

    def _fetched(self) -> dict[str | None, jwt.PyJWK]:
        try:
            found = jwt.PyJWKSet(self._fetch_keys())
        except errors.AuthUnavailable:
            return self._keys
        except (jwt.PyJWTError, TypeError):
            return {}
        # Anybody could sign with a published symmetric key.
        return {key.key_id: key for key in found if key.key_type != "oct"}


def is_expired(token: str) -> bool:
    """Whether the token says that its time is over."""
    try:
        return _decode(token).is_expired
    except errors.InvalidToken:
        return False


def user_id(token: str) -> str:
    """Return the id of the user that the token names, expired or not; raise InvalidToken."""
    return _decode(token).user_id


def _decode(token: str, key: jwt.PyJWK | None = None) -> Claims:
    """Read the claims of a signed-in person's token, verified where there is a key; raise InvalidToken."""
    if len(token) > MAX_CHARACTERS or not token.isascii() or not token.isprintable():
        raise errors.InvalidToken
    try:
        found = jwt.decode_complete(
            token,
            key or "",
            audience="authenticated",
            leeway=_CLOCK_SKEW_SECONDS,
            options={
                "verify_signature": key is not None,
                "verify_aud": True,
                "verify_iat": True,
                "verify_nbf": True,
                # Callers check it themselves, to raise TokenExpired.
                "verify_exp": False,
            },
        )
        if not found["signature"] or str(found["header"].get("alg", "none")).lower() == "none":
            raise errors.InvalidToken
        return _CLAIMS.validate_python(found["payload"])
    except (jwt.PyJWTError, ValidationError):
        raise errors.InvalidToken from None


def _key_id(token: str) -> str:
    try:
        return str(jwt.get_unverified_header(token).get("kid", ""))
    except (jwt.PyJWTError, UnicodeEncodeError):
        raise errors.InvalidToken from None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
