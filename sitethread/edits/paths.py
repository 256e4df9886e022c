"""Paths of a website's files."""

import re

_SEGMENT = re.compile(r"[\w\-](?:[\w\-. ]{0,98}[\w\-])?")
_MOST_CHARACTERS = 200


def is_page(path: str) -> bool:
    return path.lower().endswith((".html", ".htm"))


def is_inside(path: str) -> bool:
    """Whether a path leads to a file of the website: relative, with nothing that a system or a URL reads otherwise."""
    return len(path) <= _MOST_CHARACTERS and all(
        _SEGMENT.fullmatch(segment) and ".." not in segment for segment in path.split("/")
    )
