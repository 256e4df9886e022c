"""Paths of a website's files."""

import re

INDEX = "index.html"

# Letters of scripts that need no marks, by code point. `private.is_path` of the database has the same rule.
LETTERS = (
    "A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0386\u0388-\u03ff\u0400-\u0481\u048a-\u052f\u0531-\u0556"
    "\u0561-\u0586\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3\u10d0-\u10fa\u1e00-\u1eff\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3"
)
_SEGMENT = re.compile(rf"[{LETTERS}-](?:[{LETTERS}. -]{{0,98}}[{LETTERS}-])?")
# Windows keeps these to itself, whatever follows the first dot.
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE | re.ASCII)
_MOST_CHARACTERS, _MOST_SEGMENTS = 200, 10


def is_page(path: str) -> bool:
    return path.lower().endswith((".html", ".htm"))


def is_inside(path: str) -> bool:
    """Whether a path leads to a file of the website: relative, with nothing that a system or a URL reads otherwise."""
    segments = path.split("/", _MOST_SEGMENTS)
    return len(path) <= _MOST_CHARACTERS and len(segments) <= _MOST_SEGMENTS and all(map(_is_name, segments))


def _is_name(segment: str) -> bool:
    return bool(_SEGMENT.fullmatch(segment)) and ".." not in segment and not DEVICES.match(segment)
