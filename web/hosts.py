"""Under which host names the app is served. Links in mails and the same-origin check are made from the Host header."""

from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.sansio.utils import host_is_trusted

from sitethread import errors
from web.extensions import settings

_LOOPBACK = ("localhost", "127.0.0.1")
# Load balancers ask by address.
_ANY_HOST = {"/healthz", "/readyz"}


def init_app(app: Flask) -> None:
    app.before_request(check_host)


def check_host() -> None:
    """Raise BadHost for a forged Host header, and NotFound for anything but previews on the preview host."""
    if request.path in _ANY_HOST:
        return
    if is_preview_host():
        # No sign-in works on the preview domain: it serves the frame alone.
        if request.endpoint != "previews.frame":
            raise errors.NotFound
    elif not _is_trusted(request.host.lower()):
        raise errors.BadHost


def is_preview_host() -> bool:
    """Whether the request is for the domain that generated pages are shown on."""
    origin = settings().preview_origin
    return origin is not None and request.host.lower() == urlsplit(origin).netloc.lower()


def own_origin() -> str:
    """Return the address that people open: scheme, host and port."""
    return settings().public_url or f"{request.scheme}://{request.host}"


def _is_trusted(host: str) -> bool:
    public_host = urlsplit(settings().public_url or "").hostname
    trusted = [*_LOOPBACK, *settings().trusted_hosts, *([public_host] if public_host else [])]
    # Werkzeug's check knows no IPv6 addresses.
    return host_is_trusted(host, trusted) or host.partition("]")[0] == "[::1"
