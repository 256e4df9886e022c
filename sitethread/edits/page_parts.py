"""The parts that pages of a website share: title, styles, header, navigation and footer."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from sitethread.edits import tags
from sitethread.edits.tags import Element
from sitethread.scheduling import giving_way

# What is in them is of this page alone.
CONTENT = frozenset({"main", "section", "article", "aside", "form", "dialog"})
FRAME = frozenset({"header", "nav", "footer"})
_TAGS = CONTENT | FRAME | {"title", "style"}
# Of one page; what is more is not told.
MOST_PARTS = 40
_ID = re.compile(r"""\sid\s*+=\s*+["']?([\w-]{1,60})["'\s>]""", re.IGNORECASE)
HEADLINE = re.compile(r"<h1[\s>]", re.IGNORECASE)
# About 5 ms of elements.
_YIELD_EVERY = 10_000


class Part(NamedTuple):
    """A part of a page: its name ("header", "style#theme", "style 2"), and its source."""

    name: str
    text: str

    @property
    def has_headline(self) -> bool:
        """Whether it is the beginning of this page, whatever its tag is."""
        return HEADLINE.search(self.text) is not None


class Compared(NamedTuple):
    """The names of parts that a page has just as the first one has them, and those that it has in its own way."""

    same: list[str]
    own: list[Part]


def parts_of(page: str) -> list[Part]:
    """Return the parts of a page that others may share, in the order of the source."""
    seen: Counter[str] = Counter()
    found = []
    for element in islice(_parts(page, tags.read(page, _TAGS).elements), MOST_PARTS):
        identity = _ID.search(page, element.start, element.content_start)
        name = f"{element.tag}#{identity[1]}" if identity else element.tag
        seen[name] += 1
        number = f" {seen[name]}" if seen[name] > 1 else ""
        found.append(Part(name + number, page[element.start : element.end]))
    return found


def _parts(page: str, elements: list[Element]) -> Iterator[Element]:
    until, has_title = 0, False
    for one in giving_way(elements, _YIELD_EVERY):
        if one.start < until or (one.tag == "title" and has_title):
            continue
        has_title = has_title or one.tag == "title"
        # The navigation in a header with the headline is a part of its own.
        if one.tag != "header" or not HEADLINE.search(page, one.start, one.end):
            until = one.end
        if one.tag not in CONTENT:
            yield one


def compared(page: str, first: str) -> Compared:
    """Compare the parts of a page with those of the first one; a style that this one has nothing like is left out."""
    firsts = parts_of(first)
    named = {part.text: part.name for part in reversed(firsts)}
    names = {part.name for part in firsts}
    parts = parts_of(page)
    own = [part for part in parts if part.text not in named and not part.has_headline]
    return Compared(
        [named[part.text] for part in parts if part.text in named],
        [part for part in own if part.name in names or not part.name.startswith("style")],
    )
