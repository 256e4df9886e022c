"""How often one address may try to sign in, sign up or have mails sent."""

import ipaddress
import logging
import math
import time

from flask import Flask, request
from flask_limiter import Limiter, RateLimitExceeded
from werkzeug.wrappers import Response

from sitethread import errors
from web import error_handlers
from web.extensions import settings


def client_network() -> str:
    """Return the caller's address; of IPv6, the /64 that one connection has to itself."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


# When the counters' store is away, each worker counts on its own until it is back.
limiter = Limiter(client_network, in_memory_fallback_enabled=True, key_prefix="sitethread")
limit_attempts = limiter.shared_limit(lambda: settings().sign_in_limit, scope="accounts")
"""Decorates the views that count as an attempt to sign in."""


def init_app(app: Flask) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = app.extensions["settings"].ratelimit_storage_uri
    limiter.init_app(app)
    # What it logs holds addresses.
    logging.getLogger("flask-limiter").setLevel(logging.CRITICAL)
    app.register_error_handler(RateLimitExceeded, respond_to_limit)


def respond_to_limit(_: RateLimitExceeded) -> Response:
    """Say when the next attempt makes sense."""
    reset_at = limiter.current_limit.reset_at if limiter.current_limit else time.time() + 60
    return error_handlers.respond(errors.RateLimited(retry_after=math.ceil(reset_at - time.time())))
