"""Start tags: the attributes of an element, read from the source of its page."""

import html

from sitethread.edits.addresses import ATTRIBUTE, TAG_NAME
from sitethread.edits.tags import Element

# What is more is none that a person wrote, and reading it would take long.
_MOST_ATTRIBUTES = 100
_LONGEST_VALUE = 10_000


def attributes_of(page: str, element: Element) -> dict[str, str]:
    """Return an element's attributes by lower-case names, with entities read; of one given twice, the first."""
    name = TAG_NAME.match(page, element.start, element.content_start)
    place = name.end() if name else element.content_start
    attributes: dict[str, str] = {}
    while len(attributes) < _MOST_ATTRIBUTES and (
        found := ATTRIBUTE.match(page, place, element.content_start)
    ):
        place = found.end()
        value = (found[2] or found[3] or found[4] or "")[:_LONGEST_VALUE]
        attributes.setdefault(found[1][:_LONGEST_VALUE].lower(), html.unescape(value))
    return attributes
