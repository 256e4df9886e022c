"""What the menus of a page have for another one: taken out of them when that goes."""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from sitethread.edits.changes import Span
from sitethread.edits.link_lists import Item, Link, lists
from sitethread.edits.page_parts import HEADLINE
from sitethread.edits.problems import new_problems

# Around a link in its entry, and between two entries: nothing with words, and nothing longer.
_LONGEST = 2_000
_AROUND = re.compile(
    r"(?i)(?:[^\w<>]|</?(?:li|div|span|p|b|i|em|strong|small|dt|dd)(?:\s[^<>]*+)?>|<!--(?:[^-]|-(?!->))*+-->)*+"
)
_BETWEEN = re.compile(r"(?i)(?:[^\w<>]|<(span|li)(?:\s[^<>]*+)?>[^\w<>]++</\1>)*+")


def without_page(page: str, path: str, file: str) -> str:
    """Return a page of a path without the entries that its menus have for a file, and all else to the letter.

    A menu that leads nowhere else keeps them, and so does one where more than its link is in an entry.
    """
    pieces, done = [], 0
    for span in sorted(_gone(page, path, file)):
        pieces.append(page[done : span.start])
        done = max(done, span.end)
    made = "".join([*pieces, page[done:]])
    return page if new_problems(page, made) else made


def _gone(page: str, path: str, file: str) -> Iterator[Span]:
    """Yield what goes: each entry with what is between it and one that stays, else with the white space before."""
    found = lists(page, path, _is_of_menu(page))
    kept = [item for items in found for item in items if item.file != file]
    for items in found:
        for run in _runs(page, items):
            goes = [item.file == file and _is_entry(page, item) for item in run]
            if not all(goes):
                yield from _with_gaps(run, goes)
            elif run[0].tag == "li" and any(_is_in(item, run[0]) for item in kept):
                yield from (_with_space(page, item.span) for item in run)


def _with_gaps(run: Sequence[Item], goes: Sequence[bool]) -> Iterator[Span]:
    first_kept = goes.index(False)
    for number, item in enumerate(run):
        if goes[number] and number < first_kept:
            yield Span(item.span.start, run[number + 1].span.start)
        elif goes[number]:
            yield Span(run[number - 1].span.end, item.span.end)


def _with_space(page: str, span: Span) -> Span:
    before = page[max(0, span.start - _LONGEST) : span.start]
    return Span(span.start - len(before) + len(before.rstrip()), span.end)


def _runs(page: str, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield the items that have nothing but white space and separators between them, together."""
    begun = 0
    for number, (one, next_one) in enumerate(pairwise(items), 1):
        if not _matches(_BETWEEN, page, one.span.end, next_one.span.start):
            yield items[begun:number]
            begun = number
    yield items[begun:]


def _is_entry(page: str, item: Item) -> bool:
    """Whether an item has nothing but its link: no words around it, and no list of its own."""
    span, link = item.span, item.link
    return _matches(_AROUND, page, span.start, link.start) and _matches(_AROUND, page, link.end, span.end)


def _is_in(item: Item, beside: Item) -> bool:
    return beside.parent.start <= item.link.start < beside.parent.end


def _matches(pattern: re.Pattern[str], page: str, start: int, end: int) -> bool:
    return end - start <= _LONGEST and bool(pattern.fullmatch(html.unescape(page[start:end])))


def _is_of_menu(page: str) -> Callable[[Link], bool]:
    """Return what says whether a link may be of a menu; a header with the headline has buttons, too."""

    @cache
    def has_headline(start: int, end: int) -> bool:
        return HEADLINE.search(page, start, end) is not None

    def counts(link: Link) -> bool:
        around = link.around[0]
        return (
            around.tag != "header"
            or any(one.tag in {"nav", "li"} for one in link.around)
            or not has_headline(around.start, around.end)
        )

    return counts
