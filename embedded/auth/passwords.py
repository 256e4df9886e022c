"""Passwords: what is allowed, and their hashes, made and compared off the event loop."""

import asyncio
import functools
import os

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.bcrypt import BcryptHasher

from embedded.auth.errors import WeakPassword, validation_failed

MINIMUM = 6
# bcrypt ignores what follows.
MAXIMUM_BYTES = 72

# 10 is the cost that Supabase Auth uses, so that hashes can move between the two.
# The tests sign up a thousand people, and set the least.
_hashes = PasswordHash([BcryptHasher(rounds=int(os.environ.get("PASSWORD_ROUNDS", "10")))])


def check(password: object) -> str:
    """Return the password, or refuse it."""
    if not isinstance(password, str) or not password:
        raise validation_failed("Signup requires a valid password")
    if len(password) < MINIMUM:
        raise WeakPassword(f"Password should be at least {MINIMUM} characters.", "length")
    if len(password.encode()) > MAXIMUM_BYTES:
        raise validation_failed(f"Password cannot be longer than {MAXIMUM_BYTES} characters")
    return password


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(_hashes.hash, password)


async def matches(password: str, hashed: str | None) -> bool:
    """Tell whether the password is the one. Takes as long without a hash as with one, so that time tells nothing."""
    return await asyncio.to_thread(_compare, password, hashed)


def _compare(password: str, hashed: str | None) -> bool:
    try:
        is_same = _hashes.verify(password.encode()[:MAXIMUM_BYTES], hashed or _nobodys_hash())
    except UnknownHashError:
        return False
    return is_same and bool(hashed)


@functools.cache
def _nobodys_hash() -> str:
    return _hashes.hash("nobody has this password")
