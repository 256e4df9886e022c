"""The pages a person sees, except those about their account."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sitethread import helpers, sessions
from sitethread import usage as spent
from sitethread import websites as sites
from web import assets, security
from web.api.document import document
from web.authentication import current_rows, has_sign_in_cookie, require_sign_in, signed_in_user
from web.extensions import settings

bp = Blueprint("pages", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    assets.init_app(app)
    app.context_processor(shared_context)


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show what this is, or to those signed in, their websites."""
    if signed_in_user():
        return redirect(url_for(".websites"), 303)
    return render_template("home.html")


@bp.get("/websites")
def websites() -> ResponseReturnValue:
    return require_sign_in() or render_template("websites.html")


@bp.get("/websites/<id:website_id>")
@bp.get("/websites/<id:website_id>/chats/<id:session_id>")
def builder(website_id: str, session_id: str | None = None) -> ResponseReturnValue:
    """Show the builder; a website or chat that is not there is a page of its own."""
    if elsewhere := require_sign_in():
        return elsewhere
    website = sites.get(current_rows(), website_id)
    if session_id:
        sessions.get(current_rows(), session_id)
    return render_template("builder.html", website=website, session_id=session_id)


@bp.get("/usage")
def usage() -> ResponseReturnValue:
    """Show what was used in the last 30 days, and what is left of the quotas."""
    if elsewhere := require_sign_in():
        return elsewhere
    used = spent.read(current_rows())
    return render_template("usage.html", quotas=used["quotas"], days=_last_month(used["days"]))


@bp.get("/api/docs")
def api_docs() -> ResponseReturnValue:
    """Show the API in readable form."""
    return render_template("api_docs.html", spec=document(), spec_url=url_for(".openapi"))


@bp.get("/api/openapi.json")
def openapi() -> ResponseReturnValue:
    """Return the OpenAPI 3.1 document."""
    return document()


@bp.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    return redirect(url_for("static", filename="favicon.svg"), 301)


def shared_context() -> dict[str, Any]:
    """Return what every template may use."""
    user = signed_in_user()
    chosen = settings()
    return {
        "user": {"id": user.id, "email": user.email} if user else None,
        "was_signed_out": user is None and has_sign_in_cookie(),
        "csp_nonce": security.csp_nonce(),
        "helpers": helpers.shown(),
        "model": {"name": chosen.openai_model, "is_offline_demo": chosen.is_offline_demo},
        "outbox_url": chosen.outbox_url,
        "preview_origin": chosen.preview_origin,
    }


def _last_month(days: list[spent.Day]) -> list[spent.Day]:
    """Return the last 30 days in UTC, the latest last, with those on which nothing was used."""
    known = {day["day"]: day for day in days}
    today = datetime.now(UTC).date()
    names = [(today - timedelta(days=ago)).isoformat() for ago in reversed(range(30))]
    return [known.get(name, _unused(name)) for name in names]


def _unused(day: str) -> spent.Day:
    return {"day": day, "questions": 0, "answers": 0, "prompt_tokens": 0, "completion_tokens": 0}
