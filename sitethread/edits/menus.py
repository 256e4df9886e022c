"""The menu of a website: its order of links is the order of its pages."""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from sitethread.edits import tags
from sitethread.edits.addresses import file_of, in_start_tag, leading_to, path_in
from sitethread.edits.changes import Span
from sitethread.edits.page_parts import CONTENT, FRAME
from sitethread.edits.problems import new_problems
from sitethread.edits.tags import Element
from sitethread.scheduling import giving_way
from sitethread.versions import INDEX

# Of a page, and elements around one; others are in no menu.
MOST_LINKS, _DEEPEST = 300, 50
# About 5 ms of elements.
_YIELD_EVERY = 2_000
# Of an element that is copied: what is of it alone.
_ITS_OWN = re.compile(r"""(?i)\s(?:id|aria-current)\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+)""")


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
    lists = _lists(page, path, {*pages} - {INDEX}) or _any_list(page, path)
    leading = [list(dict.fromkeys(item.file for item in items)) for items in lists]
    return [file for file in max(leading, key=len, default=[]) if file in pages and file != INDEX]


def with_link(page: str, path: str, file: str, name: str, menu: Collection[str]) -> str:
    """Return a page of a path with a link to a file behind the others of its menu, if it has a menu without one.

    `menu` is that of index.html: lists that lead to all its pages get the link, and where it has none but links to
    other places, the list that is as long as any in the header or navigation.
    """
    lists = _any_list(page, path)
    if len(menu) > 1:
        found = _lists(page, path, {*menu, file})
        lists = [items for items in found if {*menu} <= {path, *(item.file for item in items)}]
    made = page
    for items in sorted(lists, key=lambda items: items[-1].span, reverse=True):
        if file not in {item.file for item in items}:
            end = items[-1].span.end
            made = made[:end] + _between(page, items) + _like(page, path, items, file, name) + made[end:]
    return page if new_problems(page, made) else made


def in_order(page: str, path: str, order: Sequence[str]) -> str:
    """Return a page with the links of each such list in the order of the pages; other links stay where they are."""
    moved: list[tuple[Span, str]] = []
    for items in _lists(page, path, {*order} - {INDEX}):
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


def _any_list(page: str, path: str) -> list[list[Item]]:
    """Return the longest list of links in a page's header or navigation, wherever they lead; none of a single link."""
    lists = [items for items in _lists(page, path, None) if len(items) > 1]
    return [max(lists, key=len)] if lists else []


def _like(page: str, path: str, items: Sequence[Item], file: str, name: str) -> str:
    """Return the shortest item as a link to a file of that name; that of the page itself may look chosen."""
    others = [item for item in items if item.file not in {path, INDEX}] or items
    span = min((item.span for item in others), key=lambda span: span.end - span.start)
    item = _ITS_OWN.sub("", page[span.start : span.end])
    link = next(iter(tags.read(item, {"a"}).elements))
    address = next(one for one in in_start_tag(item, link) if one.attribute == "href")
    pieces = [
        item[: address.span.start],
        leading_to(path_in(address.text), file, path),
        item[address.span.end : link.content_start],
        html.escape(name, quote=False),
        item[link.content_end :],
    ]
    return "".join(pieces)


def _between(page: str, items: Sequence[Item]) -> str:
    """Return what stands between the last two items, if it is text."""
    between = page[items[-2].span.end : items[-1].span.start] if len(items) > 1 else " "
    return "" if "<" in between else between


def _lists(page: str, path: str, pages: Collection[str] | None) -> list[list[Item]]:
    """Return the links to these pages that stand beside each other, in elements of one kind.

    Without pages: all links of the header and navigation.
    """
    links = list(islice(_links(page, path, pages), MOST_LINKS))
    counts = Counter(element for link in links for element in link.around)
    found: dict[tuple[Element, str], list[Item]] = {}
    for file, element, around in links:
        shared = [one for one in around if counts[one] > 1]
        if shared:
            item = [*around, element][len(shared)]
            found.setdefault((shared[-1], item.tag), []).append(Item(file, Span(item.start, item.end)))
    return [sorted(items, key=attrgetter("span")) for items in found.values()]


def _links(page: str, path: str, pages: Collection[str] | None) -> Iterator[_Link]:
    """Yield the links to pages in the headers, navigations and footers of a page.

    Without pages: all but those in footers.
    """
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
                is_there = around[0].tag != "footer" if pages is None else file in pages
                if file is not None and is_there:
                    yield _Link(file, element, tuple(around))
            around.append(element)


def _led_to(page: str, link: Element, path: str) -> str | None:
    """Return the file that a link leads to, "" for any other place, None where it leads nowhere."""
    addresses = [one.text for one in in_start_tag(page, link) if one.attribute == "href"]
    return (file_of(addresses[0], path) or "") if addresses else None
