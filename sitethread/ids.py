"""Ids as they are written here: lower-case UUIDs with hyphens."""

import re

PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

_ID = re.compile(PATTERN)


def is_id(text: str) -> bool:
    """Whether a text is an id in this form; another form of the same UUID isn't."""
    return _ID.fullmatch(text) is not None
