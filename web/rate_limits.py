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

_GUARDED = ("submit_sign_in", "submit_sign_up", "submit_forgot_password", "submit_reset_password", "confirm")


def init_app(app: Flask) -> None:
    """Guard the doors of the accounts, after they were registered."""
    known = app.extensions["settings"]
    limiter = Limiter(
        network,
        app=app,
        storage_uri=known.ratelimit_storage_uri,
        # An attempt is not refused because the counters are away: each worker counts on its own until they are back.
        in_memory_fallback_enabled=True,
        key_prefix="sitethread",
    )
    # What it says of its counters holds addresses.
    logging.getLogger("flask-limiter").setLevel(logging.CRITICAL)
    for view in (f"accounts.{name}" for name in _GUARDED):
        limit = limiter.shared_limit(lambda: settings().sign_in_limit, scope="accounts")
        app.view_functions[view] = limit(app.view_functions[view])
    app.register_error_handler(RateLimitExceeded, lambda _: answer(limiter))


def answer(limiter: Limiter) -> Response:
    """Say when the next attempt makes sense."""
    reset_at = limiter.current_limit.reset_at if limiter.current_limit else time.time() + 60
    return error_handlers.respond(errors.RateLimited(retry_after=math.ceil(reset_at - time.time())))


def network() -> str:
    """Return the caller's address; of IPv6, the /64 that one connection has to itself."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
