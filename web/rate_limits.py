"""How often one address may try to sign in, sign up or have mails sent, and how often a password may be guessed.

Supabase Auth sees one address for all our users, this server's, so its own limits can't tell them apart.
"""

import hashlib
import ipaddress
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from sitethread import errors

P = ParamSpec("P")
T = TypeVar("T")

_SCOPE = ("sitethread", "accounts")
# Wrong passwords for one account. So many addresses must join in to lock its owner out, whom a mailed link lets in.
_GUESSES_FROM_ONE_ADDRESS = parse_many("10 per 5 minutes; 30 per hour")
_GUESSES_FROM_ALL = parse_many("300 per hour")


@dataclass(frozen=True)
class _Attempts:
    """The limit, and who counts: the store that all workers share, or this worker alone while that is away."""

    limits: list[RateLimitItem]
    shared: RateLimiter
    own: RateLimiter


def init_app(app: Flask) -> None:
    settings = app.extensions["settings"]
    store = storage_from_string(settings.ratelimit_storage_uri, wrap_exceptions=True)
    app.extensions["attempts"] = _Attempts(
        parse_many(settings.sign_in_limit),
        FixedWindowRateLimiter(store),
        FixedWindowRateLimiter(MemoryStorage()),
    )


def limit_attempts(view: Callable[P, T]) -> Callable[P, T]:
    """Decorate a view that counts as an attempt to sign in; it raises RateLimited, which says when to try again."""

    @wraps(view)
    def limited(*args: P.args, **kwargs: P.kwargs) -> T:
        _count(_attempts().limits, client_network())
        return view(*args, **kwargs)

    return limited


@contextmanager
def limit_guesses(email: str) -> Iterator[None]:
    """Count a guess at the password of an account, before it is compared; a right one clears the count.

    Raise RateLimited after too many. The account needn't exist.
    """
    account = hashlib.sha256(email.strip().lower().encode("utf-8", "replace")).hexdigest()
    _count(_GUESSES_FROM_ONE_ADDRESS, account, client_network())
    _count(_GUESSES_FROM_ALL, account)
    yield
    _forget(_GUESSES_FROM_ONE_ADDRESS, account, client_network())
    _forget(_GUESSES_FROM_ALL, account)


def is_within(limits: list[RateLimitItem], *key: str) -> bool:
    """Count what somebody does, and return whether it is within limits."""
    try:
        _count(limits, *key)
    except errors.RateLimited:
        return False
    return True


def client_network() -> str:
    """Return the caller's address; of IPv6, the /64 that one connection has to itself."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _attempts() -> _Attempts:
    attempts: _Attempts = current_app.extensions["attempts"]
    return attempts


def _count(limits: list[RateLimitItem], *key: str) -> None:
    attempts = _attempts()
    try:
        _count_with(attempts.shared, limits, key)
    except StorageError:
        _count_with(attempts.own, limits, key)


def _count_with(limiter: RateLimiter, limits: list[RateLimitItem], key: tuple[str, ...]) -> None:
    for limit in limits:
        if not limiter.hit(limit, *_SCOPE, *key):
            reset_at = limiter.get_window_stats(limit, *_SCOPE, *key).reset_time
            raise errors.RateLimited(retry_after=max(1, math.ceil(reset_at - time.time())))


def _forget(limits: list[RateLimitItem], *key: str) -> None:
    attempts = _attempts()
    for limiter in (attempts.shared, attempts.own):
        with suppress(StorageError):
            for limit in limits:
                limiter.clear(limit, *_SCOPE, *key)
