"""/s/…: published websites, as visitors see them; of a host of its own it is all there is (web/published_sites.py)."""

import re
from urllib.parse import quote, unquote

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from sitethread import errors, media_types
from sitethread.edits.paths import is_page
from sitethread.ids import is_id
from sitethread.publishing import rendering
from sitethread.publishing.bodies import Body, Encoding, body_of
from sitethread.publishing.places import Place, Site, is_stylesheet
from sitethread.publishing.sites import Moved
from sitethread.versions import INDEX
from web.extensions import settings, sites
from web.published_sites import PublishedSite, current_site, for_visitors, page_policy, plain_page, root_of
from web.security_headers import SANDBOX
from web.view_counts import count_view

bp = Blueprint("published", __name__)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FOREVER = "public, max-age=31536000, immutable"
# Browsers show a PDF by a page of their own, which a sandbox breaks.
_FILE_POLICIES = {"application/pdf": "script-src 'none'; base-uri 'none'"}


@bp.get("/s/<slug:slug>")
def redirect_to_root(slug: str) -> Response:
    """Lead to the first page of a website: addresses relative to it need the slash."""
    return _redirect(current_site().root)


@bp.get("/s/<slug:slug>/")
@bp.get("/s/<slug:slug>/<path:path>")
def show(slug: str, path: str = "") -> Response:
    """Show a page or another file of a website."""
    here = current_site()
    site = _site(here)
    if isinstance(site, Response):
        return site
    place = Place(site, here.root)
    file = f"{path}{INDEX}" if path.endswith("/") or not path else path
    if file in site.files:
        return _file(here, place, file)
    if f"{path}/{INDEX}" in site.files:
        return _redirect(f"{here.root}{quote(path)}/")
    made = {"sitemap.xml": rendering.sitemap, "robots.txt": rendering.robots}.get(path)
    if made:
        return _respond(body_of(made(place).encode(), media_types.of_text(path)), SANDBOX)
    return _not_found(here, place)


@bp.get("/s/<slug:slug>/_c/<sha256>")
def show_content(slug: str, sha256: str) -> Response:
    """Show a content by its hash, which never changes.

    The query says of a text which file it is, and of which version.
    """
    here = current_site()
    site = _site(here)
    if isinstance(site, Response):
        return site
    if not _SHA256.fullmatch(sha256):
        return _not_found(here, Place(site, here.root))
    version_id, _, path = unquote(request.query_string.decode("latin-1")).partition("/")
    if is_id(version_id) and is_stylesheet(path):
        site = sites().version(site.slug, version_id)
        if path not in site.files or site.files[path]["sha256"] != sha256:
            raise errors.NotFound
        body = sites().stylesheet(Place(site, here.root), path)
    else:
        body = sites().content(site, sha256, _type_of_text(site, sha256, path))
    return _respond(body, _FILE_POLICIES.get(body.media_type, SANDBOX), _FOREVER)


def _site(here: PublishedSite) -> Site | Response:
    """Return what is live, or a redirect to where the website is now."""
    if settings().sites_origin and not here.has_own_host:
        return _redirect(root_of(here.slug) + _rest(here))
    found = sites().live(here.slug)
    if isinstance(found, Moved):
        return _redirect(root_of(found.slug) + _rest(here))
    return found


def _rest(here: PublishedSite) -> str:
    """Return the path within the website and the query, as they were asked for."""
    path = quote(request.path.partition(f"/{here.slug}/")[2])
    query = request.query_string.decode("latin-1")
    return f"{path}?{query}" if query else path


def _type_of_text(site: Site, sha256: str, path: str) -> str | None:
    """Return what a text is; None for what is none. No page of the website is told by its hash."""
    path = path or site.paths.get(sha256, "")
    known = site.paths.get(sha256)
    if not path or (known is not None and not site.is_text(known)):
        return None
    media_type = media_types.of_text(path)
    return media_types.TEXT if media_type == "text/html" else media_type


def _file(here: PublishedSite, place: Place, path: str) -> Response:
    if is_page(path) and place.site.is_text(path):
        count_view(place.site, path)
        return _respond(sites().page(place, path), page_policy(here))
    body = sites().file(place.site, path)
    return _respond(body, _FILE_POLICIES.get(body.media_type, SANDBOX))


def _not_found(here: PublishedSite, place: Place) -> Response:
    if not place.site.is_text(rendering.NOT_FOUND):
        return plain_page(
            404, "There is nothing here", "This website has no page at this address.", here.root
        )
    response = _respond(sites().page(place, rendering.NOT_FOUND), page_policy(here), is_conditional=False)
    response.status_code = 404
    return response


def _redirect(address: str) -> Response:
    # A slug may be another website's one day: no browser should remember for ever.
    return for_visitors(Response(status=308, headers={"Location": address}, mimetype="text/plain"))


def _respond(body: Body, policy: str, cache: str = "no-cache", *, is_conditional: bool = True) -> Response:
    encoding = _encoding(body)
    shown = body if encoding is None else sites().in_encoding(body, encoding)
    response = Response(shown.data, content_type=body.media_type)
    headers = response.headers
    headers["Cache-Control"] = cache
    headers["Content-Security-Policy"] = policy
    if body.is_compressible:
        headers["Vary"] = "Accept-Encoding"
    if encoding:
        headers["Content-Encoding"] = encoding
    response.set_etag(shown.tag)
    if is_conditional:
        _make_conditional(response, len(shown.data))
    return for_visitors(response)


def _make_conditional(response: Response, length: int) -> None:
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=length)
    except RequestedRangeNotSatisfiable:
        response.status_code = 416
        response.data = b""
        response.headers["Content-Range"] = f"bytes */{length}"


def _encoding(body: Body) -> Encoding | None:
    """Return the encoding to send: none for a part of a content, whose places are those of the content itself."""
    if not body.is_compressible or "Range" in request.headers:
        return None
    accepted = request.headers.get("Accept-Encoding", "")
    if "br" in accepted and request.accept_encodings["br"] > 0:
        return "br"
    return "gzip" if "gzip" in accepted and request.accept_encodings["gzip"] > 0 else None
