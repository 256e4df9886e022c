"""What every request must pass and every response carries, whatever it is about."""

import secrets
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Response, g, request

from sitethread import errors
from web import authentication
from web.extensions import settings

_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_ANY_HOST = {"/healthz", "/readyz"}


# For what a model wrote: an opaque origin even when opened on its own, so no cookies, storage, parent, network,
# forms or pop-ups.
SANDBOX = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:; media-src data:; connect-src 'none'; frame-src 'none'; worker-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)


def init_app(app: Flask) -> None:
    app.before_request(start_request)
    app.before_request(check_host)
    app.before_request(check_encoding)
    app.before_request(check_origin)
    app.after_request(authentication.set_cookies)
    app.after_request(add_headers)


def start_request() -> None:
    g.request_id = secrets.token_hex(12)


def csp_nonce() -> str:
    """Return this response's nonce for its script and style tags."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    nonce: str = g.csp_nonce
    return nonce


def check_host() -> None:
    """Refuse a forged Host: links in mails and the same-origin check are made from it."""
    if request.path in _ANY_HOST:
        return
    host = request.host.lower()
    name = host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdigit() else host
    trusted = {*_LOOPBACK, *settings().trusted_hosts}
    if public_url := settings().public_url:
        trusted.add(urlsplit(public_url).hostname or "")
    if is_preview_host():
        # The other domain shows frames and knows no accounts.
        if request.endpoint != "previews.frame":
            raise errors.NotFound
    elif not name or name not in trusted:
        raise errors.BadHost


def check_encoding() -> None:
    """Refuse a query that is no UTF-8, which the framework would put other characters into."""
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        raise errors.InvalidEncoding("The address has a query that is not UTF-8 text.") from None


def is_preview_host() -> bool:
    """Whether the request is for the domain that generated pages are shown on."""
    origin = settings().preview_origin
    return origin is not None and request.host.lower() == urlsplit(origin).netloc.lower()


def check_origin() -> None:
    """Refuse a write that another site made a signed-in browser send (fetch metadata, else Origin)."""
    if request.method in _SAFE_METHODS or authentication.has_bearer():
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and origin is None:
        # No browser sends neither; without cookies there is nothing to misuse either.
        is_ours = not authentication.has_sign_in_cookie()
    elif site is not None:
        is_ours = site == "same-origin"
    else:
        is_ours = origin == own_origin()
    if not is_ours:
        raise errors.CsrfRejected


def own_origin() -> str:
    """Return the address people open, without a path."""
    return settings().public_url or f"{request.scheme}://{request.host}"


def add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _page_policy() if _is_page(response) else _DATA_POLICY)
    if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
        headers["X-Frame-Options"] = "DENY"
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
    headers.setdefault("X-Request-Id", g.get("request_id", ""))
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static":
        _cache_static(response)
    else:
        headers.setdefault("Cache-Control", "no-store")
    return response


_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


def _page_policy() -> str:
    nonce = csp_nonce()
    frames = " ".join(["'self'", *filter(None, [settings().preview_origin])])
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; "
        f"img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        f"frame-src {frames}; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types dompurify sitethread"
    )


def _is_page(response: Response) -> bool:
    return response.mimetype == "text/html"


def _cache_static(response: Response) -> None:
    """Let hashed bundles be kept for good; everything else is asked for again."""
    is_hashed = request.path.startswith("/static/dist/") and "-" in request.path.rsplit("/", 1)[-1]
    if is_hashed and response.status_code in {200, 304}:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
