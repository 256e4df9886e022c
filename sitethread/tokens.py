"""What an access token claims, read without checking its signature.

Reading the claims first gives a plain answer to a token that could never work, and tells when one is due for renewal;
nothing is trusted on their word. `signatures.py` checks signatures, and PostgREST does on every query.
"""

import base64
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sitethread import errors

_CLOCK_SKEW = 30  # seconds; PostgREST allows the same


@dataclass(frozen=True)
class Claims:
    user_id: str
    email: str
    issued_at: float
    expires_at: float

    @property
    def is_due_for_renewal(self) -> bool:
        """Whether the last fifth of its life, or its last minute, has begun."""
        margin = min(60.0, (self.expires_at - self.issued_at) / 5)
        return time.time() >= self.expires_at - margin


def read(token: str) -> Claims:
    """Read the claims of a signed-in person's token; raise InvalidToken or TokenExpired."""
    header, claims = _decode(token)
    if str(header.get("alg", "none")).lower() == "none":
        raise errors.InvalidToken
    audience = claims.get("aud")
    if claims.get("role") != "authenticated" or "authenticated" not in (
        audience if isinstance(audience, list) else [audience]
    ):
        raise errors.InvalidToken
    now = time.time()
    expires_at = _number(claims, "exp", None)
    issued_at = _number(claims, "iat", now)
    if max(_number(claims, "nbf", now), issued_at) > now + _CLOCK_SKEW:
        raise errors.InvalidToken
    if expires_at <= now:
        raise errors.TokenExpired
    return Claims(_subject(claims), str(claims.get("email") or ""), issued_at, expires_at)


def header(token: str) -> dict[str, Any]:
    """Read what a token says of its signature; raise InvalidToken."""
    return _decode(token)[0]


def is_expired(token: str) -> bool:
    """Whether the token says that its time is over."""
    try:
        return _number(_decode(token)[1], "exp", None) <= time.time()
    except errors.InvalidToken:
        return False


def _decode(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    parts = token.split(".")
    if len(parts) != 3 or not all(parts) or len(token) > 16_384:
        raise errors.InvalidToken
    return _part(parts[0]), _part(parts[1])


def _part(text: str) -> dict[str, Any]:
    try:
        value = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise errors.InvalidToken from None
    if not isinstance(value, dict):
        raise errors.InvalidToken
    return value


def _number(claims: dict[str, Any], name: str, default: float | None) -> float:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise errors.InvalidToken
    return float(value)


def _subject(claims: dict[str, Any]) -> str:
    try:
        return str(UUID(str(claims.get("sub"))))
    except ValueError:
        raise errors.InvalidToken from None
