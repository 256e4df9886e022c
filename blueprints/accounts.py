"""Pages for signing up, in and out, for mailed links, and for changing password and address."""

import math
import time
from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from sitethread import accounts, errors
from sitethread.accounts import SignIn
from sitethread.strict_json import is_storable
from web import authentication
from web.error_handlers import log_failure
from web.extensions import database, tokens
from web.hosts import own_origin
from web.rate_limits import limit_attempts, limit_guesses

bp = Blueprint("accounts", __name__)

_OPEN_THE_MAIL = "Almost done: open the link in the mail we have just sent you."
_LINK_KINDS = {"recovery", "signup", "email", "magiclink", "invite", "email_change"}


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the form, even to those who have cookies of a sign-in: it may have ended."""
    return render_template("account/sign_in.html", user=None, error=None, email="", next=_next())


@bp.post("/sign-in")
@limit_attempts
def submit_sign_in() -> ResponseReturnValue:
    email = _field("email")
    try:
        with limit_guesses(email):
            authentication.start_sign_in(accounts.sign_in(database(), email, _field("password")))
    except errors.DomainError as error:
        return _form_with_error("account/sign_in.html", error, email=email, next=_next())
    return redirect(_next(), 303)


@bp.get("/sign-up")
def sign_up() -> ResponseReturnValue:
    return render_template("account/sign_up.html", user=None, error=None, email="", sent=False, next=_next())


@bp.post("/sign-up")
@limit_attempts
def submit_sign_up() -> ResponseReturnValue:
    started, email = time.monotonic(), _field("email")
    try:
        made = accounts.sign_up(database(), email, _field("password"), *_mailed_urls())
    except errors.DomainError as error:
        return _form_with_error("account/sign_up.html", error, email=email, sent=False, next=_next())
    if made is None:
        _wait_for_a_whole_second(started)
        return render_template(
            "account/sign_up.html", user=None, error=_OPEN_THE_MAIL, email=email, sent=True, next=_next()
        )
    authentication.start_sign_in(made)
    return redirect(_next(), 303)


@bp.get("/confirm")
def confirm() -> ResponseReturnValue:
    """Ask before the link in a mail signs somebody in: mail scanners follow links, and press no buttons."""
    return _without_referrer(
        render_template("account/confirm.html", error=None, other_mail=False, **_link(request.args))
    )


@bp.post("/confirm")
@limit_attempts
def submit_confirm() -> ResponseReturnValue:
    """Sign in the owner of the address that the link was mailed to."""
    link = _link(request.form)
    try:
        if link["type"] not in _LINK_KINDS:
            raise errors.LinkExpired
        opened = accounts.open_link(database(), link["token_hash"], link["type"])
    except errors.DomainError as error:
        is_over = isinstance(error, errors.LinkExpired)
        return _form_with_error("account/confirm.html", error, other_mail=False, is_over=is_over, **link)
    if opened is None:
        return render_template("account/confirm.html", error=None, other_mail=True, **link)
    _switch_to(opened)
    return redirect(url_for("pages.websites"), 303)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in, even while Supabase Auth is unreachable; with `scope=global`, end all sign-ins."""
    user = authentication.signed_in_user()
    is_everywhere = _field("scope") == "global"
    try:
        if user:
            accounts.sign_out(database(), user.access_token, everywhere=is_everywhere)
    except errors.DomainError as error:
        if is_everywhere:
            return _account_page(error)
    authentication.end_sign_in()
    return redirect(url_for("pages.home"), 303)


@bp.get("/forgot-password")
def forgot_password() -> ResponseReturnValue:
    return render_template("account/forgot_password.html", error=None, email="", sent=False)


@bp.post("/forgot-password")
@limit_attempts
def submit_forgot_password() -> ResponseReturnValue:
    email = _field("email")
    try:
        accounts.request_reset(database(), email, own_origin() + url_for(".reset_password"))
    except errors.DomainError as error:
        return _form_with_error("account/forgot_password.html", error, email=email, sent=False)
    return render_template("account/forgot_password.html", error=None, email=email, sent=True)


@bp.get("/reset-password")
def reset_password() -> ResponseReturnValue:
    """Show the form; the link's token is spent only by the person who sends it, not by a mail scanner."""
    link = _link(request.args)
    error = None if link["token_hash"] else errors.LinkExpired.default_message
    return _without_referrer(
        render_template(
            "account/reset_password.html",
            error=error,
            has_account=request.args.get("from") == "sign-up",
            token_hash=link["token_hash"],
        )
    )


@bp.post("/reset-password")
@limit_attempts
def submit_reset_password() -> ResponseReturnValue:
    token_hash, password = _link(request.form)["token_hash"], _field("password")
    try:
        accounts.check_password(password)
        opened = accounts.open_link(database(), token_hash, "recovery")
        if opened is None:
            raise errors.LinkExpired
        # The password may be the old one: it is what they wanted, and the link has proved who they are.
        with suppress(errors.SamePassword):
            accounts.change_password(database(), opened, password)
    except errors.DomainError as error:
        return _form_with_error("account/reset_password.html", error, token_hash=token_hash)
    _switch_to(opened)
    return redirect(url_for("pages.websites"), 303)


@bp.get("/account")
def account() -> ResponseReturnValue:
    return authentication.require_sign_in() or _account_page()


@bp.post("/account")
@limit_attempts
def change_password() -> ResponseReturnValue:
    if to_sign_in := authentication.require_sign_in():
        return to_sign_in
    password, current = _field("password"), _field("current_password")
    try:
        accounts.check_password(password)
        sign_in = authentication.current_sign_in()
        _check_own_password(sign_in, current)
        accounts.change_password(database(), sign_in, password, current)
    except errors.DomainError as error:
        return _account_page(error)
    return _account_page(saved="Your password is changed, and every other device is signed out.")


@bp.post("/account/email")
@limit_attempts
def change_email() -> ResponseReturnValue:
    if to_sign_in := authentication.require_sign_in():
        return to_sign_in
    started, email = time.monotonic(), _field("email")
    try:
        email = accounts.clean_email(email)
        sign_in = authentication.current_sign_in()
        _check_own_password(sign_in, _field("current_password"))
        accounts.request_email_change(database(), sign_in, email, *_mailed_urls())
    except errors.DomainError as error:
        return _account_page(error, email=email)
    _wait_for_a_whole_second(started)
    return _account_page(
        saved=f"Open the link in the mail to {email}, and the one to your present address if you get one there. "
        "Until then you sign in as before."
    )


def _check_own_password(sign_in: SignIn, password: str) -> None:
    """Raise WrongPassword unless it is the signed-in user's, and RateLimited after too many."""
    email = accounts.current_email(database(), sign_in.access_token)
    with limit_guesses(email):
        accounts.check_own_password(database(), email, password)


def _switch_to(opened: SignIn) -> None:
    """Sign in by a mailed link, and end the sign-in that this browser had."""
    with suppress(errors.DomainError):
        accounts.sign_out(database(), authentication.current_sign_in().access_token)
    authentication.start_sign_in(opened)


def _mailed_urls() -> tuple[str, str]:
    """Return where mailed links lead: to confirm an address, and for one that has an account."""
    origin = own_origin()
    return origin + url_for(".confirm"), f"{origin}{url_for('.reset_password')}?from=sign-up"


def _link(values: MultiDict[str, str]) -> dict[str, str]:
    """Return token and type of a mailed link."""
    return {"token_hash": _text(values, "token_hash"), "type": _text(values, "type") or "signup"}


def _without_referrer(page: str) -> ResponseReturnValue:
    """Keep the page's address to itself: it has the link's token."""
    return page, {"Referrer-Policy": "no-referrer"}


def _wait_for_a_whole_second(started: float) -> None:
    """Wait until whole seconds have passed since `started`, so that the time tells nothing about an address."""
    time.sleep(-(time.monotonic() - started) % 1.0)


def _account_page(
    error: errors.DomainError | None = None, saved: str | None = None, email: str = ""
) -> ResponseReturnValue:
    claims = tokens().read(authentication.current_user().access_token)
    values = {"saved": saved, "email": email, "token_minutes": math.ceil((claims.exp - claims.iat) / 60)}
    if error:
        return _form_with_error("account/account.html", error, **values)
    return render_template("account/account.html", error=None, **values)


def _form_with_error(template: str, error: errors.DomainError, **values: object) -> ResponseReturnValue:
    """Show a form again, with the error."""
    if isinstance(error, errors.Unexpected):
        raise error
    log_failure(error)
    context = {"error": error.message, **values}
    if template in {"account/sign_in.html", "account/sign_up.html"}:
        context["user"] = None
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return render_template(template, **context), error.status, headers


def _field(name: str) -> str:
    return _text(request.form, name)


def _text(values: MultiDict[str, str], name: str) -> str:
    text = values.get(name, "")
    if not is_storable(text) or len(text) > 4_000:
        raise errors.BadRequest
    return text


def _next() -> str:
    """Return where to go after signing in: a path of ours, never another site."""
    target = request.values.get("next", "")
    is_ours = target.startswith("/") and target[1:2] not in {"/", "\\"} and target.isprintable()
    return target if is_ours and "\\" not in target and " " not in target else url_for("pages.websites")
