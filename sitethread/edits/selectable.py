"""The elements of a page that can be pointed at, as it is certain where they begin and end in its source."""

from collections.abc import Iterator
from itertools import islice

from sitethread.edits import tags
from sitethread.edits.tag_rules import tags_in
from sitethread.edits.tags import Element
from sitethread.limits import LIMITS
from sitethread.scheduling import giving_way

# Of a page with more, the first ones.
MOST_ELEMENTS = 10_000
_YIELD_EVERY = 5_000
# What is in them is not of the page as it is shown, or no part that stands for itself.
_CLOSED = tags_in(
    "head template noscript svg math select datalist iframe object noembed noframes xmp plaintext script style title "
    "textarea"
)
_LEFT_OUT = tags_in(
    "html head body base link meta title style script template noscript noembed noframes xmp plaintext frameset frame "
    "iframe object embed applet param source track col colgroup area option optgroup"
)


def selectable(html: str) -> list[Element]:
    """Return a page's elements that can be pointed at, in the order of the source; none of a page that is too long."""
    if len(html) > LIMITS.answer:
        return []
    found = tags.read(html)
    unclosed = {problem.start for problem in found.problems}
    certain = (element for element in _shown(found.elements) if element.start not in unclosed)
    return list(islice(certain, MOST_ELEMENTS))


def _shown(elements: list[Element]) -> Iterator[Element]:
    closed_until = 0
    for element in giving_way(elements, _YIELD_EVERY):
        if element.start < closed_until:
            continue
        if element.tag in _CLOSED:
            closed_until = element.end
        if element.tag not in _LEFT_OUT:
            yield element
