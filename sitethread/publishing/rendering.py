"""From the page of a version to the page that visitors get, and what search engines ask for beside it."""

import heapq
from html import escape

from sitethread.edits import tags
from sitethread.edits.paths import is_page
from sitethread.publishing import forms, head, links, thanks
from sitethread.publishing.places import Place, way_up
from sitethread.publishing.replacements import replaced, within

NOT_FOUND = "404.html"


def page(text: str, path: str, place: Place) -> str:
    """Return a page as visitors get it."""
    # The page of the website for what isn't there is shown under any address.
    root = place.root if path == NOT_FOUND else way_up(path)
    elements = tags.read(text).elements
    found = heapq.merge(
        within(links.replacements(text, elements, path, place, root), links.MOST_ADDED),
        head.replacements(text, elements, path, place, root),
        forms.replacements(text, elements, path, root, place.site.facts.get("consent", "")),
    )
    return replaced(text, found)


def thanks_page(index: str, place: Place) -> str:
    """Return the page that thanks for what was sent, in the style of the website's first page."""
    return page(thanks.page(index, place.site.files), thanks.PATH, place)


def sitemap(place: Place) -> str:
    """Return the addresses of all pages. https://www.sitemaps.org/protocol.html"""
    pages = sorted(path for path in place.site.files if is_page(path) and path not in {NOT_FOUND, thanks.OWN})
    day = place.site.published_at[:10]
    return "".join([
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n',
        *(f"<url><loc>{escape(place.address_of(path))}</loc><lastmod>{day}</lastmod></url>\n" for path in pages),
        "</urlset>\n",
    ])  # fmt: skip


def robots(place: Place) -> str:
    """Return what search engines may read. https://www.rfc-editor.org/rfc/rfc9309"""
    return f"User-agent: *\nAllow: /\n\nSitemap: {place.root}sitemap.xml\n"
