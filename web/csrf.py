"""Cross-site request forgery: a signed-in browser's writes are taken from our own pages alone."""

from flask import Flask, request

from sitethread import errors
from web import authentication
from web.hosts import own_origin

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# Forms of published pages, which have no origin: no cookie counts there.
_OPEN_ENDPOINTS = {"visitor_forms.receive"}


def init_app(app: Flask) -> None:
    app.before_request(check_origin)


def check_origin() -> None:
    """Raise CsrfRejected for a write that another site made a browser send (fetch metadata, else Origin)."""
    if (
        request.method in _SAFE_METHODS
        or _is_authenticated_by_header()
        or request.endpoint in _OPEN_ENDPOINTS
    ):
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and origin is None:
        # Every browser sends one of the two. Without both, only a sign-in cookie is refused.
        is_ours = not authentication.has_sign_in_cookie()
    elif site is not None:
        is_ours = site == "same-origin"
    else:
        is_ours = origin == own_origin()
    if not is_ours:
        raise errors.CsrfRejected


def _is_authenticated_by_header() -> bool:
    """Whether no cookie counts: a Bearer token takes its place in the API, but not in the forms of our pages.

    Browsers send `Authorization: Basic` by themselves, even with another site's form.
    """
    return request.path.startswith("/api/") and authentication.has_bearer_token()
