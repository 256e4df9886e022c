"""Published websites: which one a request is for, by its path or by its host, and what all responses to visitors have.

A website is at /s/<slug>/ of the app itself, where its pages run in a sandbox: they have no origin. With SITES_ORIGIN
it has a host of its own. Nothing here reads or sets a cookie.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, request

from sitethread import errors
from sitethread.publishing import slugs
from sitethread.publishing.domains import is_domain
from sitethread.settings import Settings
from web.extensions import settings
from web.hosts import PUBLISHED, SITE_ROOT, is_of_published_site, is_own_name, own_origin

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_HOST = re.compile(r"([a-z0-9.-]{1,253})(?::([0-9]{1,5}))?")
_SLUG = re.compile(rf"{PUBLISHED}({slugs.PATTERN})(?:/|$)")


@dataclass(frozen=True)
class PublishedSite:
    """The website of a request: `root` is its address, with a slash at the end."""

    slug: str
    root: str
    has_own_host: bool


class SiteHosts:
    """Leads requests for hosts of published websites to /s/<slug>/…, whatever their path: the app isn't there."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]], app: Flask) -> None:
        self._wsgi = wsgi
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").lower()
        settings: Settings = self._app.extensions["settings"]
        slug = slug_of_host(host, settings) or self._slug_of_domain(host, _ports(settings, environ))
        if slug:
            scheme = (
                urlsplit(settings.sites_origin or settings.public_url or "").scheme
                or environ["wsgi.url_scheme"]
            )
            environ[SITE_ROOT] = f"{scheme}://{host}/"
            # A request may name a path without its slash, which would be a part of the slug.
            environ["PATH_INFO"] = f"{PUBLISHED}{slug}/{environ.get('PATH_INFO', '').removeprefix('/')}"
        return self._wsgi(environ, start_response)

    def _slug_of_domain(self, host: str, ports: set[str | None]) -> str | None:
        found = _HOST.fullmatch(host)
        name = found[1] if found else ""
        # Pages are made for the address that they are asked for at: there are few.
        if not found or found[2] not in ports or is_own_name(name, self._app) or not is_domain(name):
            return None
        try:
            slug: str | None = self._app.extensions["domains"].slug_of(name)
        except errors.DomainError:
            # Refused as a host that is none of ours.
            return None
        return slug


def _ports(settings: Settings, environ: "WSGIEnvironment") -> set[str | None]:
    """Return the ports that a host may name: none, the usual ones, and those that the app is reached at."""
    told = [urlsplit(origin).port for origin in (settings.public_url, settings.sites_origin) if origin]
    return {None, "80", "443", environ.get("SERVER_PORT"), *(str(port) for port in told if port)}


def init_app(app: Flask) -> None:
    app.wsgi_app = SiteHosts(app.wsgi_app, app)  # type: ignore[method-assign]


def slug_of_host(host: str, settings: Settings) -> str | None:
    """Return the slug of a host below SITES_ORIGIN, whether or not something is published there."""
    domain = urlsplit(settings.sites_origin or "").netloc.lower()
    slug = host.removesuffix(f".{domain}")
    is_preview = host == urlsplit(settings.preview_origin or "").netloc.lower()
    return slug if domain and slug != host and not is_preview and slugs.is_slug(slug) else None


def current_site() -> PublishedSite:
    """Return the website that the request is for; its path or its host names it."""
    found = _SLUG.match(request.path)
    slug = found[1] if found else ""
    root = request.environ.get(SITE_ROOT)
    if root:
        return PublishedSite(slug, root, has_own_host=True)
    return PublishedSite(slug, f"{own_origin()}{PUBLISHED}{slug}/", has_own_host=False)


def root_of(slug: str) -> str:
    """Return the address of a published website, with a slash at the end."""
    origin = settings().sites_origin
    if origin is None:
        return f"{own_origin()}{PUBLISHED}{slug}/"
    scheme, _, domain = origin.partition("://")
    return f"{scheme}://{slug}.{domain}/"


def is_for_visitors() -> bool:
    """Whether the request is for a published website."""
    return request.path.startswith(PUBLISHED)


def plain_page(status: int, title: str, message: str, home: str | None = None) -> Response:
    """Return a page of ours for a visitor: it looks like no website, and leads to the first page at most."""
    link = f'<p><a href="{escape(home)}">Go to the first page</a></p>' if home else ""
    document = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title>"
        "<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1.5rem;color:#222;"
        "background:#fff}a{color:inherit}h1{font-size:1.5rem}@media(prefers-color-scheme:dark){body{color:#ddd;background:#111}}</style>"
        f"<h1>{title}</h1><p>{escape(message, quote=False)}</p>{link}</html>"
    )
    response = Response(document, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
    )
    return for_visitors(response)


def for_visitors(response: Response) -> Response:
    """Give a response what all for visitors have, without what pages of the app need."""
    headers = response.headers
    for name, value in _HEADERS:
        headers.setdefault(name, value)
    if not is_of_published_site():
        headers["X-Robots-Tag"] = "noindex"
    return response


def page_policy(site: PublishedSite) -> str:
    """Return what a published page may do and load."""
    own = site.root
    policy = _POLICY.format(own=own)
    if site.has_own_host:
        return f"{policy}; form-action 'self' https:"
    return f"{_SANDBOX}; {policy}; form-action {own}"


# Without allow-same-origin the page has an origin of its own, which is like no other: neither cookies nor storage nor
# API of the app are within its reach. What its links open is another site's page, which this sandbox would break.
_SANDBOX = (
    "sandbox allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals allow-downloads "
    "allow-top-navigation-by-user-activation"
)
# Scripts and connections are the website's own: a model wrote the page, and no visitor should be watched by somebody
# whom its owner doesn't know of. Pictures, fonts, styles, media and embedded pages may come from anywhere by https.
_POLICY = (
    "default-src 'none'; script-src {own} 'unsafe-inline'; connect-src {own}; style-src {own} 'unsafe-inline' https:; "
    "img-src {own} data: blob: https:; font-src {own} data: https:; media-src {own} data: blob: https:; "
    "frame-src {own} https:; manifest-src {own}; worker-src 'none'; object-src 'none'; base-uri 'none'"
)
_HEADERS: tuple[tuple[str, str], ...] = (
    # What a page without an origin loads, it loads from elsewhere: fonts and modules need to be told that they may.
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Cross-Origin-Opener-Policy", "unsafe-none"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Cache-Control", "no-cache"),
)
