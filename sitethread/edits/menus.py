"""The menu of a website: its order of links is the order of its pages."""

import html
import re
from collections.abc import Collection, Sequence

from sitethread.edits import tags
from sitethread.edits.addresses import in_start_tag, leading_to, path_in
from sitethread.edits.changes import Span
from sitethread.edits.link_lists import Item, Link, lists
from sitethread.edits.problems import new_problems
from sitethread.versions import INDEX

# Of an element that is copied: what is of it alone.
_ITS_OWN = re.compile(r"""(?i)\s(?:id|aria-current)\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+)""")


def menu_of(page: str, path: str, pages: Collection[str]) -> list[str]:
    """Return the pages that the longest list of links in a page's header, navigation or footer leads to, in order.

    The first page is in none, as it stays the first.
    """
    found = _lists_of(page, path, {*pages} - {INDEX}) or _any_list(page, path)
    leading = [list(dict.fromkeys(item.file for item in items)) for items in found]
    return [file for file in max(leading, key=len, default=[]) if file in pages and file != INDEX]


def with_link(page: str, path: str, file: str, name: str, menu: Collection[str]) -> str:
    """Return a page of a path with a link to a file behind the others of its menu, if it has a menu without one.

    `menu` is that of index.html: lists that lead to all its pages get the link, and where it has none but links to
    other places, the list that is as long as any in the header or navigation.
    """
    found = _any_list(page, path)
    if len(menu) > 1:
        all_lists = _lists_of(page, path, {*menu, file})
        found = [items for items in all_lists if {*menu} <= {path, *(item.file for item in items)}]
    made = page
    for items in sorted(found, key=lambda items: items[-1].span, reverse=True):
        if file not in {item.file for item in items}:
            end = items[-1].span.end
            made = made[:end] + _between(page, items) + _like(page, path, items, file, name) + made[end:]
    return page if new_problems(page, made) else made


def in_order(page: str, path: str, order: Sequence[str]) -> str:
    """Return a page with the links of each such list in the order of the pages; other links stay where they are."""
    moved: list[tuple[Span, str]] = []
    for items in _lists_of(page, path, {*order} - {INDEX}):
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
    found = [items for items in lists(page, path, _is_above) if len(items) > 1]
    return [max(found, key=len)] if found else []


def _is_above(link: Link) -> bool:
    return link.around[0].tag != "footer"


def _lists_of(page: str, path: str, pages: Collection[str]) -> list[list[Item]]:
    return lists(page, path, lambda link: link.file in pages)


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
