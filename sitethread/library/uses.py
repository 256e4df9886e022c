"""How pages and stylesheets use the library: by links to its files, and by the class names of icons."""

import re
from collections.abc import Iterator

from sitethread.edits.addresses import file_of
from sitethread.library import catalogue
from sitethread.scheduling import give_way

# About 5 ms of places where something may be.
_YIELD_EVERY = 2_000
_LONGEST_ADDRESS, _LONGEST_TAG = 100, 500
# What is before and behind an address: quotes, url(), a bare attribute.
_BEFORE, _BEHIND = re.compile(r"[\"'(=\s]"), frozenset("\"')?# >\t\n\r\f")
_ADDRESS = re.compile(r"(?:\./|/)?(?:\.\./){0,9}(?:fonts|icons)/[a-z0-9-]{1,60}\.css")
_NAME = re.compile(r"bi-([a-z0-9-]{1,60}+)(?=[\"'\s])")
_QUOTES_AND_SPACE = frozenset("\"' \t\n\r\f")


def files_in(text: str, path: str) -> list[str]:
    """Return the paths of the library that a page or stylesheet leads to, each once."""
    known = catalogue.families()
    found = dict.fromkeys(file_of(address, path) for address in _addresses(text))
    return [file for file in found if file is not None and (file in known or file == catalogue.ICONS)]


def _addresses(text: str) -> Iterator[str]:
    for place in _places(text, ".css"):
        end = place + len(".css")
        if text[end : end + 1] in _BEHIND:
            address = _BEFORE.split(text[max(place - _LONGEST_ADDRESS, 0) : place])[-1] + ".css"
            if _ADDRESS.fullmatch(address):
                yield address


def icons_in(text: str) -> list[str]:
    """Return the names of icons that a page has in its markup or scripts, each once."""
    return list(dict.fromkeys(name for name, _ in _icons(text)))


def shows_icons(page: str) -> bool:
    """Whether an element of a page is an icon by its class."""
    for _, place in _icons(page):
        start = page.rfind("<", max(place - _LONGEST_TAG, 0), place)
        tag = page[start:place] if start >= 0 else ""
        if "class" in tag.lower() and ">" not in tag:
            return True
    return False


def _icons(text: str) -> Iterator[tuple[str, int]]:
    known = catalogue.icons() if "bi-" in text else {}
    for place in _places(text, "bi-"):
        match = _NAME.match(text, place) if text[place - 1 : place] in _QUOTES_AND_SPACE else None
        if match and match[1] in known:
            yield match[1], place


def _places(text: str, part: str) -> Iterator[int]:
    """Yield where a part of a text is, and let other requests run meanwhile."""
    count, place = 0, text.find(part)
    while place >= 0:
        yield place
        count += 1
        if not count % _YIELD_EVERY:
            give_way()
        place = text.find(part, place + len(part))
