"""Replacements: a published page is the version's with parts of its source replaced, and all else to the letter."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sitethread.scheduling import giving_way

_YIELD_EVERY = 5_000


class Replacement(NamedTuple):
    """The text that stands for [start, end) of a source; with start == end it is inserted there."""

    start: int
    end: int
    text: str


def within(replacements: Iterable[Replacement], most: int) -> Iterator[Replacement]:
    """Yield replacements until they made a source longer by so many characters: what follows stays as it is."""
    added = 0
    for replacement in replacements:
        added += max(len(replacement.text) - (replacement.end - replacement.start), 0)
        if added > most:
            return
        yield replacement


def replaced(source: str, replacements: Iterable[Replacement]) -> str:
    """Return a source with its parts replaced, which come in their order; of two that overlap, the first counts."""
    pieces, done = [], 0
    for start, end, text in giving_way(replacements, _YIELD_EVERY):
        if start >= done:
            pieces += [source[done:start], text]
            done = end
    return "".join([*pieces, source[done:]])
