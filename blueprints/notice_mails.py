"""/notices/confirm: whoever reads the mails of an address says that notices may go there; nobody is signed in."""

from flask import Blueprint, Response, make_response, render_template, request

from sitethread import errors
from sitethread.notices import confirmations
from web.extensions import database, sealer, settings
from web.rate_limits import limit_attempts
from web.security_headers import unlisted

bp = Blueprint("notice_mails", __name__)

_LONGEST_TOKEN = 2_000


@bp.get("/notices/confirm")
def ask() -> Response:
    """Ask before anything is mailed: mail scanners follow links, and press no buttons."""
    return _page(request.args.get("token", ""), is_done=False)


@bp.post("/notices/confirm")
@limit_attempts
def confirm() -> Response:
    """Have notices mailed to the address that the link was mailed to."""
    return _page(request.form.get("token", ""), is_done=True)


def _page(token: str, *, is_done: bool) -> Response:
    token, mail, error = token[:_LONGEST_TOKEN], "", None
    try:
        mail = confirmations.mail_of(sealer(), token)
        if is_done:
            confirmations.confirm(database().as_anonymous(), sealer(), settings().secret, token)
    except errors.LinkExpired as expired:
        error = expired
    page = render_template(
        "notice_mail.html",
        token=token,
        mail=mail,
        is_done=is_done and not error,
        error=error and error.message,
    )
    return unlisted(make_response(page, error.status if error else 200))
