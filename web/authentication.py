"""Authentication: the signed-in user, by a Bearer token or by the cookies of a sign-in, which are renewed in time."""

from dataclasses import dataclass, field

from flask import Flask, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from sitethread import errors
from sitethread.accounts import SignIn
from sitethread.database import Rows
from web.error_handlers import log_failure
from web.extensions import database, renewals, settings, tokens

_COOKIE_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class User:
    """The signed-in user. The database checks the access token again on every query."""

    id: str
    email: str
    access_token: str = field(repr=False)


def init_app(app: Flask) -> None:
    app.after_request(set_cookies)


def current_user() -> User:
    """Return the signed-in user; raise AuthRequired, InvalidToken or TokenExpired."""
    if "user" not in g:
        g.user = _from_bearer() if "Authorization" in request.headers else _from_cookies()
    user: User = g.user
    return user


def current_rows() -> Rows:
    """Return the database as the signed-in user sees it: one client per request."""
    if "rows" not in g:
        user = current_user()
        g.rows = database().as_user(user.access_token, user.id)
    rows: Rows = g.rows
    return rows


def slow_rows() -> Rows:
    """Return the same for calls that may take longer than any other: those that move all that a person has."""
    user = current_user()
    return database().as_user(user.access_token, user.id, long_calls=True)


def signed_in_user() -> User | None:
    """Return the signed-in user, or None."""
    try:
        return current_user()
    except errors.DomainError as error:
        log_failure(error)
        return None


def has_bearer_token() -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def has_sign_in_cookie() -> bool:
    return any(_cookie_name(kind, secure) in request.cookies for kind in _KINDS for secure in (True, False))


def require_user() -> None:
    """Raise AuthRequired, InvalidToken or TokenExpired unless the token is valid; runs before the body is read."""
    tokens().verify(current_user().access_token)


def require_sign_in() -> BaseResponse | None:
    """Redirect a visitor who is not signed in to the sign-in page, which leads back; None for those who are."""
    try:
        current_user()
    except (errors.AuthRequired, errors.InvalidToken, errors.TokenExpired):
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target), 303)
    return None


def start_sign_in(sign_in: SignIn) -> None:
    """Have this response set the cookies of a sign-in."""
    g.new_sign_in = sign_in


def end_sign_in() -> None:
    """Have this response remove the cookies."""
    g.new_sign_in = None


def current_sign_in() -> SignIn:
    """Return the tokens of the cookies in use; raise AuthRequired when there are none."""
    user = current_user()
    fresh: SignIn | None = g.get("new_sign_in")
    if fresh:
        return fresh
    refresh = _cookie("refresh")
    if "Authorization" in request.headers or not refresh:
        raise errors.AuthRequired
    return SignIn(user.access_token, refresh)


def set_cookies(response: Response) -> Response:
    """Write what `start_sign_in` or `end_sign_in` asked for; runs after every request."""
    if "new_sign_in" not in g:
        return response
    sign_in: SignIn | None = g.new_sign_in
    for kind in _KINDS:
        value = "" if sign_in is None else getattr(sign_in, f"{kind}_token")
        response.set_cookie(
            _cookie_name(kind, is_https()),
            value,
            max_age=0 if sign_in is None else _COOKIE_SECONDS,
            path="/",
            secure=is_https(),
            httponly=True,
            samesite="Lax",
        )
    response.headers["Cache-Control"] = "no-store"
    return response


_KINDS = ("access", "refresh")


def _from_bearer() -> User:
    scheme, _, token = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "bearer":
        raise errors.InvalidToken
    return _user(token.strip())


def _from_cookies() -> User:
    access, refresh = _cookie("access"), _cookie("refresh")
    if not access and not refresh:
        raise errors.AuthRequired
    try:
        claims = tokens().read(access)
    except (errors.TokenExpired, errors.InvalidToken):
        if not refresh:
            raise
        return _renewed(refresh)
    if refresh and claims.is_due_for_renewal:
        # When that fails, the token still works for a moment; the next request tries again.
        try:
            return _renewed(refresh)
        except errors.DomainError as error:
            log_failure(error)
    return User(claims.user_id, claims.email, access)


def _renewed(refresh: str) -> User:
    try:
        sign_in = renewals().renew(refresh)
    except (errors.InvalidToken, errors.AuthRequired):
        raise errors.TokenExpired from None
    start_sign_in(sign_in)
    return _user(sign_in.access_token)


def _user(token: str) -> User:
    claims = tokens().read(token)
    return User(claims.user_id, claims.email, token)


def _cookie(kind: str) -> str:
    return request.cookies.get(_cookie_name(kind, is_https()), "")


def _cookie_name(kind: str, secure: bool) -> str:
    # A sibling subdomain can't plant a __Host- cookie; browsers accept them on https alone.
    return f"__Host-sitethread_{kind}" if secure else f"sitethread_{kind}"


def is_https() -> bool:
    """Whether browsers reach the app by https, also through a proxy that doesn't say so."""
    public_url = settings().public_url
    return request.is_secure or bool(public_url and public_url.startswith("https:"))
