"""Texts that their owner may store but neither read nor forge: encrypted and authenticated (AEAD).

Whatever the app can write to the database with a user's token, that user can write too. So what must come from the app
is stored sealed, bound to where it belongs: it doesn't open anywhere else.
"""

import base64
import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PREFIX = "v1."
_NONCE_BYTES = 12


class Sealer:
    """Seals and opens texts with a key that is derived from `secret`, the same for all workers."""

    def __init__(self, secret: str) -> None:
        self._key = AESGCM(HKDF(SHA256(), 32, None, b"sitethread sealing v1").derive(secret.encode()))

    def seal(self, text: str, *, purpose: str, user_id: str, session_id: str) -> str:
        """Return the text as base64url, to be opened for the same purpose, owner and session alone."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._key.encrypt(
            nonce, text.encode(errors="surrogatepass"), _associated(purpose, user_id, session_id)
        )
        return _PREFIX + base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, sealed: str, *, purpose: str, user_id: str, session_id: str) -> str | None:
        """Return the text, or None for anything that `seal` didn't make with these arguments."""
        encoded = sealed.removeprefix(_PREFIX)
        if encoded == sealed:
            return None
        try:
            data = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
            nonce, encrypted = data[:_NONCE_BYTES], data[_NONCE_BYTES:]
            return self._key.decrypt(nonce, encrypted, _associated(purpose, user_id, session_id)).decode()
        except (InvalidTag, ValueError):
            return None


def _associated(*context: str) -> bytes:
    return json.dumps(context).encode()
