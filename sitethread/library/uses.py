"""How pages and stylesheets use the library: by links to its files, and by the class names of icons."""

import re
from collections.abc import Iterator

from sitethread.edits.addresses import file_of
from sitethread.library import catalogue
from sitethread.scheduling import giving_way

# About 5 ms of class names.
_YIELD_EVERY = 5_000
# As pages and stylesheets write it: in quotes, in url(), or as a bare attribute.
_FILE = re.compile(
    r"(?<=[\"'(=\s])(?:\./|/)?(?:\.\./){0,9}(?:fonts|icons)/[a-z0-9-]{1,60}+\.css(?=[\"')?#\s>])"
)
_ICON = re.compile(r"(?<=[\"'\s])bi-([a-z0-9-]{1,60}+)(?=[\"'\s])")
_CLASSES = re.compile(r"\bclass\s{0,9}+=\s{0,9}+(?:\"([^\"<>]{0,500}+)|'([^'<>]{0,500}+))", re.IGNORECASE)


def files_in(text: str, path: str) -> list[str]:
    """Return the paths of the library that a page or stylesheet leads to, each once."""
    found = dict.fromkeys(file_of(match[0], path) for match in giving_way(_FILE.finditer(text), _YIELD_EVERY))
    known = catalogue.families()
    return [file for file in found if file is not None and (file in known or file == catalogue.ICONS)]


def icons_in(text: str) -> list[str]:
    """Return the names of icons that a page has in its markup or scripts, each once."""
    known = catalogue.icons() if "bi-" in text else {}
    return [name for name in dict.fromkeys(_names(text)) if name in known]


def _names(text: str) -> Iterator[str]:
    for match in giving_way(_ICON.finditer(text), _YIELD_EVERY):
        yield match[1]


def shows_icons(page: str) -> bool:
    """Whether an element of a page is an icon by its class."""
    if "bi-" not in page:
        return False
    known = catalogue.icons()
    return any(
        word.removeprefix("bi-") in known
        for match in giving_way(_CLASSES.finditer(page), _YIELD_EVERY)
        for word in (match[1] or match[2] or "").split()
        if word.startswith("bi-")
    )
