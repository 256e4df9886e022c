"""Addresses in pages: which of them lead to files of the website, and how they are written."""

import html
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from sitethread.edits import tags
from sitethread.edits.changes import Span
from sitethread.edits.paths import INDEX
from sitethread.scheduling import give_way, giving_way

# No file's path is nearly so long, however it is spelled.
_LONGEST = 10_000
# About 5 ms of elements.
_YIELD_EVERY = 2_000
_SPACE = " \t\n\f\r"
ATTRIBUTE = re.compile(
    rf"[{_SPACE}/]*+([^{_SPACE}/>][^{_SPACE}/>=]*+)"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^{_SPACE}>]*+)))?"
)
TAG_NAME = re.compile(rf"<[^{_SPACE}/>]*+")
_ONE = re.compile(r"(?s).+")
_SEVERAL = re.compile(rf"[^{_SPACE},]++")
IN_CSS = re.compile(rf"(?i)(?<=url\()[{_SPACE}]*+[\"']?([^()\"']++)")
IN_STYLE = re.compile(rf"{IN_CSS.pattern}|@import(?:[{_SPACE}]|/\*[^*]*+\*/)*+[\"']([^\"'\n]++)")
# By attribute: the addresses in its value.
_ADDRESSES = {
    "href": _ONE, "xlink:href": _ONE, "src": _ONE, "poster": _ONE, "srcset": _SEVERAL, "style": IN_CSS,
}  # fmt: skip
# As a page spells it, up to the query or fragment; an entity may spell a letter.
_PATH = re.compile(r"(?:[^?#&]++|&#?\w+;)*+(?!&)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*+:|[/\\]{2}", re.IGNORECASE)


class Address(NamedTuple):
    """An address as a page spells it, and where: in an attribute of a start tag, or in a style (then both are "")."""

    tag: str
    attribute: str
    span: Span
    text: str


def addresses_in(page: str, elements: Sequence[tags.Element] | None = None) -> Iterator[Address]:
    """Yield the addresses of a page in the order of the source, in time that grows with its length.

    `elements` are the page's, where they have been read already.
    """
    for element in giving_way(tags.read(page).elements if elements is None else elements, _YIELD_EVERY):
        yield from in_start_tag(page, element)
        if element.tag == "style":
            yield from _matches(page, IN_STYLE, Span(element.content_start, element.content_end), "", "")


def in_start_tag(page: str, element: tags.Element) -> Iterator[Address]:
    """Yield the addresses of one element."""
    name = TAG_NAME.match(page, element.start, element.content_start)
    place = name.end() if name else element.content_start
    seen: set[str] = set()
    number = 0
    while found := ATTRIBUTE.match(page, place, element.content_start):
        number += 1
        if not number % _YIELD_EVERY:
            give_way()
        place, attribute = found.end(), found[1].lower()
        value = found.lastindex or 1
        if value > 1 and attribute in _ADDRESSES and attribute not in seen:
            seen.add(attribute)
            yield from _matches(page, _ADDRESSES[attribute], Span(*found.span(value)), element.tag, attribute)


def _matches(page: str, pattern: re.Pattern[str], span: Span, tag: str, attribute: str) -> Iterator[Address]:
    for found in giving_way(pattern.finditer(page, *span), _YIELD_EVERY):
        number = found.lastindex or 0
        yield Address(tag, attribute, Span(*found.span(number)), found[number])


def file_of(address: str, page: str) -> str | None:
    """Return the path of the file that an address in a page leads to; None for the page itself and another site."""
    if len(address) > _LONGEST:
        return None
    path = unquote(html.unescape(path_in(address)).strip(_SPACE))
    if not path or _ELSEWHERE.match(path):
        return None
    parts = [] if path.startswith("/") else page.split("/")[:-1]
    for part in path.split("/"):
        if part == ".." and not parts:
            return None
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    file = "/".join(part for part in parts if part)
    is_folder = path.endswith("/") or path.rsplit("/", 1)[-1] in {".", ".."}
    return posixpath.join(file, INDEX) if is_folder else file


def leading_to(address: str, file: str, page: str) -> str:
    """Return an address that leads from a page to a file, with the query and fragment of another address."""
    path = path_in(address)
    written = quote(posixpath.relpath(file, posixpath.dirname(page) or "."))
    if path.startswith("/"):
        written = "/" + quote(file)
    elif path.startswith("./") and not written.startswith("../"):
        written = "./" + written
    return written + address[len(path) :]


def with_addresses(page: str, change: Callable[[Address], str]) -> str:
    """Return a page with its addresses changed, and all else to the letter."""
    pieces, done = [], 0
    for address in addresses_in(page):
        if (new := change(address)) != address.text:
            pieces += [page[done : address.span.start], new]
            done = address.span.end
    return "".join([*pieces, page[done:]])


def path_in(address: str) -> str:
    """Return the path of an address as a page spells it, without query and fragment."""
    found = _PATH.match(address)
    return found[0] if found else ""
