"""Security headers of every response, first of all the content security policy."""

import secrets

from flask import Flask, Response, g, request

from web.extensions import settings

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
"""The policy of a file that a model wrote, should a browser show it rather than save it."""


def init_app(app: Flask) -> None:
    app.after_request(add_headers)


def csp_nonce() -> str:
    """Return this response's nonce for its script and style tags."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    nonce: str = g.csp_nonce
    return nonce


def add_headers(response: Response) -> Response:
    if request.endpoint == "static":
        _cache_static(response)
    headers = response.headers
    given = {name.lower() for name, _ in headers}
    policy = headers.get("Content-Security-Policy")
    if policy is None:
        policy = _page_policy() if response.mimetype == "text/html" else _DATA_POLICY
        headers.add("Content-Security-Policy", policy)
    if "frame-ancestors 'none'" in policy:
        headers["X-Frame-Options"] = "DENY"
    for name, value in _ALWAYS:
        if name.lower() not in given:
            headers.add(name, value)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def unlisted(response: Response) -> Response:
    """Keep a link that is a secret out of search engines and of other sites' logs."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
# Of every response that does not say otherwise.
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cache-Control", "no-store"),
)


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


def _cache_static(response: Response) -> None:
    """Let hashed bundles be kept for good; everything else is asked for again."""
    is_hashed = request.path.startswith("/static/dist/") and "-" in request.path.rsplit("/", 1)[-1]
    if is_hashed and response.status_code in {200, 304}:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
