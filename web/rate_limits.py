"""How often one address may try to sign in, sign up or have mails sent."""

import ipaddress
import math
import time
from collections.abc import Callable
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
        attempts: _Attempts = current_app.extensions["attempts"]
        try:
            _count(attempts.limits, attempts.shared)
        except StorageError:
            _count(attempts.limits, attempts.own)
        return view(*args, **kwargs)

    return limited


def client_network() -> str:
    """Return the caller's address; of IPv6, the /64 that one connection has to itself."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _count(limits: list[RateLimitItem], limiter: RateLimiter) -> None:
    key = (*_SCOPE, client_network())
    for limit in limits:
        if not limiter.hit(limit, *key):
            reset_at = limiter.get_window_stats(limit, *key).reset_time
            raise errors.RateLimited(retry_after=max(1, math.ceil(reset_at - time.time())))
