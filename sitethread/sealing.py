"""Texts that their owner may store but neither read nor forge: encrypted and authenticated (AEAD).

Whatever the app can write to the database with a user's token, that user can write too. So what must come from the app
is stored sealed, bound to a context such as its owner and session: it doesn't open in any other.
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

    def seal(self, text: str, *context: str) -> str:
        """Return the text encrypted, as base64url; it opens in the same context alone."""
        nonce = os.urandom(_NONCE_BYTES)
        data = nonce + self._key.encrypt(nonce, text.encode(errors="surrogatepass"), _associated(context))
        return _PREFIX + base64.urlsafe_b64encode(data).decode().rstrip("=")

    def open(self, sealed: str, *context: str) -> str | None:
        """Return the text, or None for anything that `seal` didn't make in this context."""
        encoded = sealed.removeprefix(_PREFIX)
        if encoded == sealed:
            return None
        try:
            data = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
            return self._key.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], _associated(context)).decode()
        except (InvalidTag, ValueError):
            return None


def is_sealed(text: str) -> bool:
    """Return whether a text looks sealed; only `Sealer.open` tells whether it is."""
    return text.startswith(_PREFIX)


def _associated(context: tuple[str, ...]) -> bytes:
    return json.dumps(context).encode()
