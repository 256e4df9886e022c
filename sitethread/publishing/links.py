"""Links of published pages: what a page is made of is referred to by its hash, so no visitor sees a mix of versions.

Links to other pages and to files that open by themselves stay as they are, relative to the page.
"""

import bisect
from collections.abc import Iterator, Sequence
from operator import attrgetter
from urllib.parse import quote

from sitethread.edits.addresses import IN_STYLE, Address, addresses_in, file_of, path_in
from sitethread.edits.paths import is_page
from sitethread.edits.tags import Element
from sitethread.publishing.places import Place
from sitethread.publishing.replacements import Replacement, replaced, within
from sitethread.publishing.start_tags import attributes_of
from sitethread.scheduling import giving_way
from sitethread.versions import INDEX

MOST_ADDED = 1_000_000
"""By so many characters a page or stylesheet may grow: further references stay as they are. Nobody writes so many."""
# About 5 ms of references.
_YIELD_EVERY = 500
_PARTS_OF_A_PAGE = {"stylesheet", "icon", "apple-touch-icon", "preload", "mask-icon"}


def replacements(
    page: str, elements: Sequence[Element], path: str, place: Place, root: str
) -> Iterator[Replacement]:
    """Yield what is replaced of a page's addresses; `root` is the site's, as the page is to write it."""
    # Modules import others by relative paths, and a hash of what is no longer the same content fits nothing.
    kept = [
        element
        for element in giving_way(elements, _YIELD_EVERY)
        if element.tag in {"script", "link"} and _keeps_its_address(page, element)
    ]
    for address in addresses_in(page, elements):
        file = file_of(address.text, path)
        if file is None or file not in place.site.files or _is_in(address, kept):
            continue
        text = _leading_to(address, file, place, root)
        if text != address.text:
            yield Replacement(*address.span, text)


def _leading_to(address: Address, file: str, place: Place, root: str) -> str:
    path = path_in(address.text)
    rest = address.text[len(path) :]
    if is_page(file) or (address.attribute == "href" and address.tag in {"a", "area"}):
        if not path.startswith("/") and not root.startswith(("/", "http")):
            return address.text
        written = file.removesuffix(INDEX) if path.endswith("/") else file
        return (root + quote(written) or "./") + rest
    return root + place.content_address(file) + _fragment(rest)


def _keeps_its_address(page: str, element: Element) -> bool:
    attributes = attributes_of(page, element)
    if attributes.get("integrity"):
        return True
    if element.tag == "script":
        return attributes.get("type", "").strip().lower() == "module"
    return not _PARTS_OF_A_PAGE & set(attributes.get("rel", "").lower().split())


def _is_in(address: Address, kept: Sequence[Element]) -> bool:
    number = bisect.bisect_right(kept, address.span.start, key=attrgetter("start")) - 1
    return number >= 0 and address.span.start < kept[number].content_start


def stylesheet(text: str, path: str, place: Place) -> str:
    """Return a stylesheet as it is kept under its content's address, whence it refers to others by their hashes."""

    def found() -> Iterator[Replacement]:
        for match in giving_way(IN_STYLE.finditer(text), _YIELD_EVERY):
            address = match[match.lastindex or 0]
            file = file_of(address, path)
            if file is not None and file in place.site.files:
                written = place.content_address(file).removeprefix("_c/")
                yield Replacement(*match.span(match.lastindex or 0), written + _fragment(address))

    return replaced(text, within(found(), MOST_ADDED))


def _fragment(address: str) -> str:
    return address[address.find("#") :] if "#" in address else ""
