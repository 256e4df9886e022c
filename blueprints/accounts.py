"""Pages for signing up, in and out, and for passwords."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sitethread import accounts, errors
from sitethread.strict_json import is_storable
from web import authentication
from web.extensions import database
from web.hosts import own_origin
from web.rate_limits import limit_attempts

bp = Blueprint("accounts", __name__)

_OPEN_THE_MAIL = "Almost done: open the link in the mail we have just sent you."
_LINK_KINDS = {"recovery", "signup", "email", "magiclink", "invite"}


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the form, even to those who have cookies of a sign-in: it may have ended."""
    return render_template("account/sign_in.html", user=None, error=None, email="", next=_next())


@bp.post("/sign-in")
@limit_attempts
def submit_sign_in() -> ResponseReturnValue:
    email = _field("email")
    try:
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
    email = _field("email")
    try:
        made = accounts.sign_up(database(), email, _field("password"), own_origin() + url_for(".confirm"))
    except errors.DomainError as error:
        return _form_with_error("account/sign_up.html", error, email=email, sent=False, next=_next())
    if made is None:
        return render_template(
            "account/sign_up.html", user=None, error=_OPEN_THE_MAIL, email=email, sent=True, next=_next()
        )
    authentication.start_sign_in(made)
    return redirect(_next(), 303)


@bp.get("/confirm")
@limit_attempts
def confirm() -> ResponseReturnValue:
    """Sign in the person who opened the link in the mail."""
    kind = request.args.get("type", "signup")
    if kind not in _LINK_KINDS:
        raise errors.LinkExpired
    authentication.start_sign_in(accounts.open_link(database(), request.args.get("token_hash", ""), kind))
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
            return _form_with_error("account/account.html", error, saved=False)
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
    token_hash = request.args.get("token_hash", "")
    error = None if token_hash else errors.LinkExpired.default_message
    return render_template("account/reset_password.html", error=error, token_hash=token_hash)


@bp.post("/reset-password")
@limit_attempts
def submit_reset_password() -> ResponseReturnValue:
    token_hash, password = _field("token_hash"), _field("password")
    try:
        accounts.check_password(password)
        tokens = accounts.open_link(database(), token_hash, "recovery")
        accounts.change_password(database(), tokens, password)
    except errors.SamePassword:
        # It is the password they wanted, and the link has proved who they are.
        pass
    except errors.DomainError as error:
        return _form_with_error("account/reset_password.html", error, token_hash=token_hash)
    authentication.start_sign_in(tokens)
    return redirect(url_for("pages.websites"), 303)


@bp.get("/account")
def account() -> ResponseReturnValue:
    if to_sign_in := authentication.require_sign_in():
        return to_sign_in
    return render_template("account/account.html", error=None, saved=False)


@bp.post("/account")
def change_password() -> ResponseReturnValue:
    if to_sign_in := authentication.require_sign_in():
        return to_sign_in
    try:
        accounts.change_password(database(), authentication.current_sign_in(), _field("password"))
    except errors.DomainError as error:
        return _form_with_error("account/account.html", error, saved=False)
    return render_template("account/account.html", error=None, saved=True)


def _form_with_error(template: str, error: errors.DomainError, **values: object) -> ResponseReturnValue:
    """Show a form again, with the error."""
    if isinstance(error, errors.Unexpected):
        raise error
    context = {"error": error.message, **values}
    if template in {"account/sign_in.html", "account/sign_up.html"}:
        context["user"] = None
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return render_template(template, **context), error.status, headers


def _field(name: str) -> str:
    text = request.form.get(name, "")
    if not is_storable(text) or len(text) > 4_000:
        raise errors.BadRequest
    return text


def _next() -> str:
    """Return where to go after signing in: a path of ours, never another site."""
    target = request.values.get("next", "")
    is_ours = target.startswith("/") and target[1:2] not in {"/", "\\"} and target.isprintable()
    return target if is_ours and "\\" not in target and " " not in target else url_for("pages.websites")
