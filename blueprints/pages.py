"""The pages of the app, except those about accounts."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sitethread import sessions
from sitethread import usage as spent
from sitethread import websites as sites
from sitethread.answers import explanations
from web.authentication import current_rows, require_sign_in, signed_in_user

bp = Blueprint("pages", __name__)


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
    if to_sign_in := require_sign_in():
        return to_sign_in
    website = sites.get(current_rows(), website_id)
    if session_id:
        sessions.get(current_rows(), session_id)
    return render_template(
        "builder.html", website=website, session_id=session_id, answer_errors=explanations.MESSAGES
    )


@bp.get("/usage")
def usage() -> ResponseReturnValue:
    """Show what was used in the last 30 days, and what is left of the quotas."""
    if to_sign_in := require_sign_in():
        return to_sign_in
    used = spent.read(current_rows())
    return render_template(
        "usage.html",
        quotas=used["quotas"],
        days=_last_month(used["days"]),
        models=used["models"],
        websites=used["websites"],
    )


@bp.get("/favicon.ico")
def favicon() -> ResponseReturnValue:
    return redirect(url_for("static", filename="favicon.svg"), 301)


def _last_month(days: list[spent.Day]) -> list[spent.Day]:
    """Return the last 30 days in UTC, the latest last, with those on which nothing was used."""
    known = {day["day"]: day for day in days}
    today = datetime.now(UTC).date()
    names = [(today - timedelta(days=ago)).isoformat() for ago in reversed(range(30))]
    return [known.get(name, _unused(name)) for name in names]


def _unused(day: str) -> spent.Day:
    return {
        "day": day,
        "questions": 0,
        "answers": 0,
        "prompt_tokens": 0,
        "completion_tokens": 0,
        "cached_tokens": 0,
    }
