"""Fonts and icons that a page loads from others, who learn the addresses of its visitors so."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from sitethread.edits.changes import Span
from sitethread.page_checks.findings import Finding, medium
from sitethread.page_checks.sources import Source
from sitethread.publishing.start_tags import attributes_of
from sitethread.scheduling import giving_way

_ELSEWHERE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_RELS = frozenset({"stylesheet", "preload", "preconnect", "dns-prefetch", "icon"})
# About 5 ms of elements.
_YIELD_EVERY = 500
# In an address; a page's own fonts are at none that begins with a scheme or a host.
_FONTS = re.compile(r"font|icon|typekit|lucide|\.woff2?\b", re.IGNORECASE)
_IN_CSS = re.compile(
    r"(?:@import\s{1,9}|url\(\s{0,9})[\"']?((?:https?:)?//[^()\"'\s]{1,2000}+)", re.IGNORECASE
)
_LONGEST = 2_000


def borrowed_fonts(source: Source) -> Iterator[Finding]:
    """Yield the fonts and icons that a page loads from other sites, by site."""
    found: dict[str, list[Span]] = {}
    for text, span in _addresses(source):
        if _ELSEWHERE.match(text) and _FONTS.search(text):
            found.setdefault(_host(text), []).append(span)
    for host, spans in found.items():
        yield medium(
            f"Fonts or icons that are loaded from another site: {host}",
            "use a font or icons of the website's own",
            spans=spans,
        )


def _addresses(source: Source) -> Iterator[tuple[str, Span]]:
    loading = [one for one in source.elements if one.tag in {"link", "script"}]
    for element in giving_way(loading, _YIELD_EVERY):
        attributes = attributes_of(source.html, element)
        if element.tag == "script" or _RELS & {*attributes.get("rel", "").lower().split()}:
            address = attributes.get("href" if element.tag == "link" else "src", "")
            yield address[:_LONGEST], Span(element.start, element.content_start)
    for style in source.within({"style"}):
        for match in giving_way(_IN_CSS.finditer(source.html, *style), _YIELD_EVERY):
            yield match[1], Span(*match.span(1))


def _host(address: str) -> str:
    try:
        return urlsplit(address.strip()).netloc[:60]
    except ValueError:
        return address.strip()[:60]
