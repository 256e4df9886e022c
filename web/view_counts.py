"""Which requests are views of a published page: a person opens it. Neither cookie nor address has a part in it."""

import re
from urllib.parse import urlsplit

from flask import request

from sitethread.publishing.places import Site
from web.extensions import views

# What names itself in one of these ways is no browser of a person.
_BOT = re.compile(
    r"bot\b|bot[/_-]|crawl|spider|slurp|fetch|preview|scan|monitor|headless|lighthouse|python|curl|wget|http|java/|go-|"
    r"facebookexternalhit|whatsapp|archive|validator",
    re.IGNORECASE,
)
_LONGEST_AGENT = 300


def count_view(site: Site, path: str) -> None:
    """Count the request if it is somebody's view of a page."""
    if request.method == "GET" and _is_opened() and _is_by_a_person():
        views().count(site, path, _referring_host())


def _is_opened() -> bool:
    """Whether the page is opened, rather than loaded ahead or by a script; old browsers don't tell."""
    headers = request.headers
    purposes = headers.get("Sec-Purpose", "") + headers.get("Purpose", "") + headers.get("X-Moz", "")
    return headers.get("Sec-Fetch-Dest", "document") == "document" and "prefetch" not in purposes.lower()


def _is_by_a_person() -> bool:
    agent = request.headers.get("User-Agent", "")[:_LONGEST_AGENT]
    return bool(agent) and not _BOT.search(agent)


def _referring_host() -> str | None:
    """Return the host of the page that led here, "" if there is none, None if it is of this host."""
    try:
        referrer = urlsplit(request.headers.get("Referer", "")[:2000])
        host = referrer.hostname or ""
    except ValueError:
        return ""
    if referrer.netloc.lower() == request.host.lower():
        return None
    return host if referrer.scheme in {"http", "https"} else ""
