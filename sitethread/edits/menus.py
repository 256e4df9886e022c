"""The menu of a website: its order of links is the order of its pages."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from sitethread.edits import tags
from sitethread.edits.addresses import file_of, in_start_tag
from sitethread.edits.changes import Span
from sitethread.edits.page_parts import CONTENT, FRAME
from sitethread.edits.tags import Element
from sitethread.scheduling import giving_way
from sitethread.versions import INDEX

# Of a page, and elements around one; others are in no menu.
MOST_LINKS, _DEEPEST = 300, 50
# About 5 ms of elements.
_YIELD_EVERY = 2_000


class Item(NamedTuple):
    """What a list of links has for a page: its link, with the element around it alone if there is one."""

    file: str
    span: Span


class _Link(NamedTuple):
    """A link to a page, and the elements around it, the outermost first."""

    file: str
    element: Element
    around: tuple[Element, ...]


def menu_of(page: str, path: str, pages: Collection[str]) -> list[str]:
    """Return the pages that the longest list of links in a page's header, navigation or footer leads to, in order.

    The first page is in none, as it stays the first.
    """
    lists = [list(dict.fromkeys(item.file for item in items)) for items in _lists(page, path, pages)]
    return max(lists, key=len, default=[])


def in_order(page: str, path: str, order: Sequence[str]) -> str:
    """Return a page with the links of each such list in the order of the pages; other links stay where they are."""
    moved: list[tuple[Span, str]] = []
    for items in _lists(page, path, order):
        wanted = sorted(items, key=lambda item: order.index(item.file))
        moved += [
            (place.span, page[item.span.start : item.span.end])
            for place, item in zip(items, wanted, strict=True)
        ]
    pieces, done = [], 0
    for span, text in sorted(moved):
        pieces += [page[done : span.start], text]
        done = span.end
    return "".join([*pieces, page[done:]])


def _lists(page: str, path: str, pages: Collection[str]) -> list[list[Item]]:
    """Return the links to these pages that stand beside each other, in elements of one kind."""
    links = list(islice(_links(page, path, {*pages} - {INDEX}), MOST_LINKS))
    counts = Counter(element for link in links for element in link.around)
    found: dict[tuple[Element, str], list[Item]] = {}
    for file, element, around in links:
        shared = [one for one in around if counts[one] > 1]
        if shared:
            item = [*around, element][len(shared)]
            found.setdefault((shared[-1], item.tag), []).append(Item(file, Span(item.start, item.end)))
    return [sorted(items, key=attrgetter("span")) for items in found.values()]


def _links(page: str, path: str, pages: Collection[str]) -> Iterator[_Link]:
    """Yield the links to pages in the headers, navigations and footers of a page."""
    until, around = 0, list[Element]()
    for element in giving_way(tags.read(page).elements, _YIELD_EVERY):
        while around and around[-1].end <= element.start:
            around.pop()
        if element.start < until:
            continue
        if not around and element.tag in CONTENT:
            until = element.end
        elif around or element.tag in FRAME:
            if element.tag == "a" and 0 < len(around) <= _DEEPEST:
                file = _led_to(page, element, path)
                if file in pages:
                    yield _Link(file, element, tuple(around))
            around.append(element)


def _led_to(page: str, link: Element, path: str) -> str:
    addresses = (one.text for one in in_start_tag(page, link) if one.attribute == "href")
    return file_of(next(addresses, ""), path) or ""
