"""The lists of links in the headers, navigations and footers of a page: links that stand beside each other."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from sitethread.edits import tags
from sitethread.edits.addresses import file_of, in_start_tag
from sitethread.edits.changes import Span
from sitethread.edits.page_parts import CONTENT, FRAME
from sitethread.edits.tags import Element
from sitethread.scheduling import giving_way

# Of a page, and elements around one; others are in no list.
MOST_LINKS, _DEEPEST = 300, 50
# About 5 ms of elements.
_YIELD_EVERY = 2_000


class Link(NamedTuple):
    """A link, the file that it leads to ("" for any other place), and the elements around it, the outermost first."""

    file: str
    element: Element
    around: tuple[Element, ...]


class Item(NamedTuple):
    """What a list has for a link: the link, or the outermost element around it alone, without white space at its end.

    `parent` is the innermost element around it that has other links, too.
    """

    file: str
    tag: str
    span: Span
    link: Element
    parent: Element


def lists(page: str, path: str, counts: Callable[[Link], bool]) -> list[list[Item]]:
    """Return the links that count and stand beside each other, in elements of one kind."""
    links = list(islice(_links(page, path, counts), MOST_LINKS))
    counted = Counter(element for link in links for element in link.around)
    found: dict[tuple[Element, str], list[Item]] = {}
    for file, link, around in links:
        shared = [one for one in around if counted[one] > 1]
        if shared:
            tag, start, _, _, end = [*around, link][len(shared)]
            # One without an end tag has what is before the next one.
            span = Span(start, start + len(page[start:end].rstrip()))
            found.setdefault((shared[-1], tag), []).append(Item(file, tag, span, link, shared[-1]))
    return [sorted(items, key=attrgetter("span")) for items in found.values()]


def _links(page: str, path: str, counts: Callable[[Link], bool]) -> Iterator[Link]:
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
                if file is not None and counts(link := Link(file, element, tuple(around))):
                    yield link
            around.append(element)


def _led_to(page: str, link: Element, path: str) -> str | None:
    """Return the file that a link leads to, "" for any other place, None where it leads nowhere."""
    addresses = [one.text for one in in_start_tag(page, link) if one.attribute == "href"]
    return (file_of(addresses[0], path) or "") if addresses else None
