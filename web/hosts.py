"""Under which host names the app is served. Links in mails and the same-origin check are made from the Host header."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.sansio.utils import host_is_trusted

from sitethread import errors
from web.extensions import settings

PUBLISHED = "/s/"
"""Where published websites are, by their slugs."""
SITE_ROOT = "sitethread.site_root"
"""In the WSGI environment: the address of the published website whose host a request is for."""
_LOOPBACK = ("localhost", "127.0.0.1")
# Load balancers ask by address.
_ANY_HOST = {"/healthz", "/readyz"}
_PORT = re.compile(r"(?:\[[^\]]*\]|[^:\]]*)(?::(\d+))?")


def init_app(app: Flask) -> None:
    chosen = app.extensions["settings"]
    public_host = urlsplit(chosen.public_url or "").hostname
    names = [*_LOOPBACK, *chosen.trusted_hosts, *([public_host] if public_host else [])]
    app.extensions["trusted_names"] = tuple(names)
    app.before_request(check_host)


def check_host() -> None:
    """Raise BadHost for a forged Host header, and NotFound for anything but previews on the preview host."""
    if is_of_published_site():
        # Its own host, or one that is checked below: nothing else is served there.
        if not request.path.startswith(PUBLISHED):
            raise errors.NotFound
        return
    if request.path in _ANY_HOST:
        return
    if is_preview_host():
        # No sign-in works on the preview domain: it serves the frame alone.
        if request.endpoint != "previews.frame":
            raise errors.NotFound
    elif not _is_trusted(request.host.lower(), _trusted_names()) or not _is_port_ours():
        raise errors.BadHost


def is_of_published_site() -> bool:
    """Whether the request is for the host of a published website, as `SiteHosts` (web/published_sites.py) found."""
    return SITE_ROOT in request.environ


def is_preview_host() -> bool:
    """Whether the request is for the domain that generated pages are shown on."""
    origin = settings().preview_origin
    return origin is not None and request.host.lower() == urlsplit(origin).netloc.lower()


def is_own_name(host: str, app: Flask) -> bool:
    """Whether the app itself is served under a host name."""
    return _is_trusted(host, app.extensions["trusted_names"])


def own_origin() -> str:
    """Return the address that people open: scheme, host and port."""
    return settings().public_url or f"{request.scheme}://{request.host.lower()}"


def _trusted_names() -> tuple[str, ...]:
    names: tuple[str, ...] = current_app.extensions["trusted_names"]
    return names


def _is_port_ours() -> bool:
    """Whether links in mails, which are made of the Host header without PUBLIC_URL, lead to this server.

    Behind a trusted proxy SERVER_PORT is the one that it forwards.
    """
    if settings().public_url:
        return True
    found = _PORT.fullmatch(request.host)
    return found is not None and found[1] in {None, "80", "443", request.environ["SERVER_PORT"]}


@lru_cache(maxsize=256)
def _is_trusted(host: str, names: tuple[str, ...]) -> bool:
    # Werkzeug's check knows no IPv6 addresses.
    return host_is_trusted(host, names) or host.partition("]")[0] == "[::1"
