"""Edits of files, and the pages that replace them whole."""

from dataclasses import dataclass
from typing import NamedTuple


class Alternative(NamedTuple):
    """Another way to read a hunk, where its text has a line that looks like its divider."""

    find: str
    replace: str


class Span(NamedTuple):
    """[start, end) in code points."""

    start: int
    end: int


@dataclass(frozen=True)
class Edit:
    """A text that is in a file once, and the text instead of it; an empty `find` makes a file.

    With `span` the text is there, in the file as it was before all edits, however often it is elsewhere.
    """

    path: str
    find: str
    replace: str
    alternatives: tuple[Alternative, ...] = ()
    span: Span | None = None


@dataclass(frozen=True)
class Page:
    """A whole page, new or instead of the one there is."""

    path: str
    html: str


class Place(NamedTuple):
    """Where something is in a file: [start, end) in code points."""

    path: str
    start: int
    end: int


Change = Edit | Page
