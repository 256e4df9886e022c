"""Access tokens: JWTs signed with ES256."""

import time
from dataclasses import dataclass
from typing import Any

import jwt

from embedded.auth.errors import AuthError

Json = dict[str, Any]


@dataclass(frozen=True)
class AccessTokens:
    """Issues and verifies access tokens with one private JWK. `lifetime` is in seconds."""

    signing_key: Json
    issuer: str
    lifetime: int

    def issue(self, user: Json, session_id: str, methods: list[Json]) -> Json:
        """Return the token with its times, as part of what a client gets at sign-in."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": user["id"],
            "aud": user["aud"],
            "exp": now + self.lifetime,
            "iat": now,
            "email": user["email"],
            "phone": user["phone"],
            "app_metadata": user["app_metadata"],
            "user_metadata": user["user_metadata"],
            "role": user["role"],
            "aal": "aal1",
            "amr": methods,
            "session_id": session_id,
            "is_anonymous": False,
        }
        key = jwt.PyJWK(self.signing_key)
        token = jwt.encode(claims, key, algorithm="ES256", headers={"kid": self.signing_key["kid"]})
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": self.lifetime,
            "expires_at": claims["exp"],
        }

    def verify(self, authorization: str | None) -> Json:
        """Return the claims of the token in an `Authorization` header."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token")
        key = jwt.PyJWK({name: value for name, value in self.signing_key.items() if name != "d"})
        try:
            return jwt.decode(
                token, key, algorithms=["ES256"], audience="authenticated", options={"require": ["exp"]}
            )
        except jwt.PyJWTError as error:
            message = f"invalid JWT: unable to parse or verify signature, {error}"
            raise AuthError(403, "bad_jwt", message) from error
