"""The head of published pages: what search engines and link previews look for, where the page lacks it."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sitethread.edits.addresses import file_of
from sitethread.edits.tags import Element
from sitethread.publishing.facts import Facts
from sitethread.publishing.places import Place
from sitethread.publishing.replacements import Replacement
from sitethread.publishing.start_tags import attributes_of
from sitethread.scheduling import giving_way
from sitethread.versions import INDEX

CARD = "images/card.webp"
_LONGEST_TEXT = 300
# About 5 ms of elements.
_YIELD_EVERY = 200
_DOCTYPE = re.compile(r"\s*(?:<!--[^>]{0,1000}-->\s*)?<!doctype[^>]{0,1000}>", re.IGNORECASE)
_FAVICONS = (
    "favicon.ico",
    "favicon.png",
    "favicon.webp",
    "images/favicon.ico",
    "images/favicon.png",
    "images/favicon.webp",
)
_MOST_PICTURES = 20
_PICTURES = {"og:image", "og:image:url", "og:image:secure_url", "twitter:image"}


class _Head(NamedTuple):
    """What a page says of itself: `names` are those of its meta elements, `rels` what its link elements are."""

    title: str
    names: Mapping[str, str]
    rels: frozenset[str]
    has_data: bool
    place: int


def replacements(
    page: str, elements: Sequence[Element], path: str, place: Place, root: str
) -> list[Replacement]:
    """Return what is added to a page's head, and the pictures of link previews with their whole addresses."""
    found: list[Replacement] = []
    head = _read(page, elements, path, place, found)
    added = "".join([*_tags(head, path, place, root), *_data(head, path, place)])
    return sorted([*found, Replacement(head.place, head.place, added)])


def _read(page: str, elements: Sequence[Element], path: str, place: Place, found: list[Replacement]) -> _Head:
    title, has_data = "", False
    starts: dict[str, int] = {}
    names: dict[str, str] = {}
    rels: set[str] = set()
    for element in giving_way(elements, _YIELD_EVERY):
        if element.tag == "title" and not title:
            title = _plain(page[element.content_start : element.content_end])
        elif element.tag == "meta":
            attributes = attributes_of(page, element)
            name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
            names.setdefault(name, attributes.get("content", ""))
            if name in _PICTURES and len(found) < _MOST_PICTURES:
                found += _whole_address(page, element, attributes, path, place)
        elif element.tag == "link":
            rels.update(attributes_of(page, element).get("rel", "").lower().split())
        elif element.tag == "script":
            has_data = has_data or "ld+json" in attributes_of(page, element).get("type", "").lower()
        elif element.tag in {"head", "html"}:
            starts.setdefault(element.tag, element.content_start)
    doctype = _DOCTYPE.match(page)
    place_in_page = starts.get("head", starts.get("html", doctype.end() if doctype else 0))
    return _Head(title, names, frozenset(rels), has_data, place_in_page)


def _whole_address(
    page: str, element: Element, attributes: Mapping[str, str], path: str, place: Place
) -> Iterator[Replacement]:
    """Yield a meta element with the whole address of its picture, where that is a file of the website."""
    file = file_of(html.escape(attributes.get("content", "")), path)
    if file in place.site.files and file is not None:
        name = "property" if attributes.get("property") else "name"
        tag = _meta(name, attributes[name], place.root + place.content_address(file))
        yield Replacement(element.start, element.content_start, tag)


def _tags(head: _Head, path: str, place: Place, root: str) -> Iterator[str]:
    address = place.address_of(path)
    if "canonical" not in head.rels:
        yield f'<link rel="canonical" href="{html.escape(address)}">'
    if "icon" not in head.rels and (
        icon := next((one for one in _FAVICONS if one in place.site.files), None)
    ):
        yield f'<link rel="icon" href="{html.escape(root + place.content_address(icon))}">'
    card = place.site.files.get(CARD)
    has_picture = bool(card) or "og:image" in head.names
    given: dict[str, str] = {
        "og:title": head.title,
        "og:description": _plain(head.names.get("description", "")),
        "og:type": "website",
        "og:url": address,
    }
    if card and "og:image" not in head.names:
        given["og:image"] = place.root + place.content_address(CARD)
        given["og:image:width"] = str(card["width"] or "")
        given["og:image:height"] = str(card["height"] or "")
    for name, content in given.items():
        if content and name not in head.names:
            yield _meta("property", name, content)
    if "twitter:card" not in head.names:
        yield _meta("name", "twitter:card", "summary_large_image" if has_picture else "summary")


def _data(head: _Head, path: str, place: Place) -> Iterator[str]:
    """Yield the facts for machines, on the first page alone. https://schema.org/LocalBusiness"""
    facts = place.site.facts
    if path == INDEX and facts and not head.has_data:
        # In a script, whose end nothing may spell.
        text = json.dumps(_described(facts, head, place), ensure_ascii=False)
        for letter in "<>&\u2028\u2029":
            text = text.replace(letter, f"\\u{ord(letter):04x}")
        yield f'<script type="application/ld+json">{text}</script>'


def _described(facts: Facts, head: _Head, place: Place) -> dict[str, object]:
    is_local = "address" in facts or "hours" in facts
    described = {
        "@context": "https://schema.org",
        "@type": "LocalBusiness" if is_local else "Organization",
        "name": facts.get("name") or head.title,
        "url": place.root,
        "telephone": facts.get("phone"),
        "email": facts.get("email"),
        "address": facts.get("address"),
        "openingHours": facts.get("hours"),
        "sameAs": facts.get("links"),
        "image": place.root + place.content_address(CARD) if CARD in place.site.files else None,
    }
    return {name: value for name, value in described.items() if value}


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{html.escape(name)}" content="{html.escape(content)}">'


def _plain(text: str) -> str:
    return " ".join(html.unescape(text[: 10 * _LONGEST_TEXT]).split())[:_LONGEST_TEXT]
