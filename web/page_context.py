"""What every template may use."""

from datetime import date
from typing import Any

from flask import Flask

from sitethread import helpers
from web import security_headers
from web.authentication import has_sign_in_cookie, signed_in_user
from web.extensions import settings


def init_app(app: Flask) -> None:
    app.context_processor(shared_context)
    app.add_template_filter(day)


def day(time: str) -> str:
    """Return the day of a time in UTC as the front end writes it: `Nov 30, 2026`."""
    found = date.fromisoformat(time[:10])
    return f"{found:%b} {found.day}, {found.year}"


def shared_context() -> dict[str, Any]:
    """Return what every template may use."""
    user = signed_in_user()
    chosen = settings()
    return {
        "user": {"id": user.id, "email": user.email} if user else None,
        "was_signed_out": user is None and has_sign_in_cookie(),
        "csp_nonce": security_headers.csp_nonce(),
        "helpers": helpers.shown(),
        "model": {"name": chosen.openai_model, "is_offline_demo": chosen.is_offline_demo},
        "outbox_url": chosen.outbox_url,
        "preview_origin": chosen.preview_origin,
    }
