"""Texts in which what doesn't matter is written the same way, and where their characters stand in the source."""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping

from sitethread.scheduling import giving_way

_RETURN = re.compile(r"\r\n?+")
# About 5 ms of replacements.
_YIELD_EVERY = 10_000


class View:
    """A text with some of its parts replaced by one character each."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._pieces: list[str] = []
        self._length = self._read = 0
        # Behind each replacement: the offset in the view, and in the source.
        self._ends: list[int] = []
        self._source_ends: list[int] = []

    @property
    def text(self) -> str:
        if len(self._pieces) != 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0]

    def add(
        self,
        pattern: re.Pattern[str],
        replacement: Callable[[str], str | None],
        end: int,
        table: Mapping[int, str],
    ) -> None:
        """Take what is next in the source up to `end`, each match of the pattern replaced (None: left as it is).

        `table` translates the rest, a character for a character.
        """
        first = len(self._pieces)
        for match in giving_way(pattern.finditer(self._source, self._read, end), _YIELD_EVERY):
            new = replacement(match[0])
            if new is not None and new != match[0]:
                self._keep(match.start())
                self._pieces.append(new)
                self._length, self._read = self._length + 1, match.end()
                self._ends.append(self._length)
                self._source_ends.append(self._read)
        self._keep(end)
        if table:
            self._pieces[first:] = ["".join(self._pieces[first:]).translate(table)]

    def source(self, place: int) -> int:
        """Return the offset in the source of an offset in the view."""
        number = bisect_right(self._ends, place) - 1
        return place if number < 0 else self._source_ends[number] + place - self._ends[number]

    def _keep(self, end: int) -> None:
        self._pieces.append(self._source[self._read : end])
        self._length, self._read = self._length + end - self._read, end


def line_feeds(text: str) -> View:
    """Return a text with LF alone for line ends, as parsers of HTML count them."""
    view = View(text)
    view.add(_RETURN, lambda _: "\n", len(text), {})
    return view
