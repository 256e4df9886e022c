"""Finding the text of an edit in a file, where it is exactly once.

A text is looked for in four steps: as it is; whatever the line ends and the spaces before them; whatever the runs of
white space; whatever the entities and the form of quotes. The first step that finds it decides: what it finds twice is
ambiguous. White space counts in <pre>, <textarea>, <script> and <style>; in the last two, everything does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from html.entities import html5
from typing import Literal, NamedTuple

from sitethread.edits import tags
from sitethread.edits.changes import Span
from sitethread.edits.paths import is_page
from sitethread.edits.views import View
from sitethread.scheduling import give_way, giving_way

# How many places of an ambiguous text are told.
MOST_PLACES = 5
# Up to how many characters of files an answer may have searched other than as they are: about 2 s.
MOST_VIEWED = 8_000_000

# A page with more of such elements is searched as if it were code.
_MOST_KEPT = 5_000
# About 5 ms of segments.
_YIELD_EVERY = 1_000
_SPACE = " \t\n\r\f"
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_LINE_ENDS = re.compile(r"[ \t]++(?:\r\n?+|\n)?+|\r\n?+")
_LINE_ENDS_ENTITIES = re.compile(f"{_LINE_ENDS.pattern}|{_ENTITY.pattern}")
_SPACES = re.compile(r"[ \t\n\r\f]{2,}+|[\t\n\r\f]")
_SPACES_ENTITIES = re.compile(f"{_SPACES.pattern}|{_ENTITY.pattern}")
_QUOTES = dict.fromkeys(map(ord, "‘’‚‛′"), "'") | dict.fromkeys(map(ord, "“”„‟″"), '"')
# Halves of surrogate pairs, which no stored text has, stand for characters that match nothing but themselves.
_KEPT_SPACE = {ord(char): chr(0xDC00 + ord(char)) for char in _SPACE}
_KEPT = {ord(char): chr(0xDC00 + ord(char)) for char in f"{_SPACE}\"'&"}
_MARKUP_CHARACTERS = {"<": chr(0xDC3C), ">": chr(0xDC3E)}

Kind = Literal["markup", "pre", "code"]
_KINDS: dict[str, Kind] = {"pre": "pre", "textarea": "pre", "script": "code", "style": "code"}


class Step(IntEnum):
    EXACT = 0
    LINE_ENDS = 1
    SPACES = 2
    ENTITIES = 3


class Segment(NamedTuple):
    end: int
    kind: Kind


class Budget:
    """What an answer may still have viewed, in characters."""

    def __init__(self, characters: int = MOST_VIEWED) -> None:
        self._characters = characters

    def take(self, text: str) -> bool:
        self._characters -= len(text)
        return self._characters >= 0


@dataclass
class File:
    """A file's text, and the views of it that were needed."""

    path: str
    text: str

    def __post_init__(self) -> None:
        self._views: dict[Step, View] = {}

    def view(self, step: Step, budget: Budget) -> View | None:
        """Return the text as a step sees it; None when the budget is used up."""
        if step not in self._views:
            if not budget.take(self.text):
                return None
            self._views[step] = _view(self.text, step, is_page(self.path))
        return self._views[step]


def find(file: File, search: str, budget: Budget) -> list[Span]:
    """Return where a text is in a file: at no place, at one, or at up to MOST_PLACES when it is ambiguous."""
    found = [Span(place, place + len(search)) for place in _places(file.text, search)]
    for step in (Step.LINE_ENDS, Step.SPACES, Step.ENTITIES):
        if found or (view := file.view(step, budget)) is None:
            break
        for pattern in _patterns(search, step, is_page(file.path)):
            found = found or [_without_line_before(file.text, search, span) for span in _spans(view, pattern)]
    return found


def _without_line_before(text: str, search: str, span: Span) -> Span:
    """Return a place without the line before it, where the search text begins with nothing but indentation."""
    if not search.startswith((" ", "\t")) or "\n" in search[: -len(search.lstrip(_SPACE))]:
        return span
    part = text[span.start : span.end]
    return Span(span.start + part.rfind("\n", 0, len(part) - len(part.lstrip(_SPACE))) + 1, span.end)


def _spans(view: View, pattern: str) -> list[Span]:
    return [
        Span(view.source(place), view.source(place + len(pattern))) for place in _places(view.text, pattern)
    ]


def _places(text: str, pattern: str) -> list[int]:
    places: list[int] = []
    place = text.find(pattern) if pattern else -1
    while place >= 0 and len(places) < MOST_PLACES:
        places.append(place)
        place = text.find(pattern, place + 1)
    give_way()
    return places


def _patterns(search: str, step: Step, is_markup: bool) -> Iterator[str]:
    """Yield a search text as a step sees it, then without what is left out beside a tag or at the end of a line."""
    pattern = _view(search, step, is_markup).text
    yield pattern
    if step is Step.LINE_ENDS:
        yield pattern.rstrip(" \t")
        return
    core = pattern.strip(" ")
    if core.startswith("<"):
        pattern = pattern.lstrip(" ")
    if core.endswith(">"):
        pattern = pattern.rstrip(" ")
    yield pattern
    if step is Step.ENTITIES and is_markup:
        # It may be a part of a <pre>.
        kept = View(search)
        kept.add(_LINE_ENDS_ENTITIES, _line_feed, len(search), _KEPT_SPACE | _QUOTES)
        yield kept.text


def _view(text: str, step: Step, is_markup: bool) -> View:
    view = View(text)
    if step is Step.LINE_ENDS:
        view.add(_LINE_ENDS, _line_feed, len(text), {})
        return view
    segments = _segments(text) if is_markup else [Segment(len(text), "code")]
    for end, kind in giving_way(segments, _YIELD_EVERY):
        if kind == "markup":
            pattern, quotes = (_SPACES_ENTITIES, _QUOTES) if step is Step.ENTITIES else (_SPACES, {})
            view.add(pattern, _character, end, quotes)
        elif kind == "pre" and step is Step.ENTITIES:
            view.add(_LINE_ENDS_ENTITIES, _line_feed, end, _KEPT_SPACE | _QUOTES)
        else:
            view.add(_LINE_ENDS, _line_feed, end, _KEPT_SPACE if kind == "pre" else _KEPT)
    return view


def _segments(text: str) -> Iterator[Segment]:
    """Yield the parts of a page, or of a piece of one, that differ in what white space and entities mean."""
    read = tags.read(text, _KINDS)
    kept = [(element.content_start, element.content_end, _KINDS[element.tag]) for element in read.elements]
    # A piece may begin inside of such an element.
    kept += [
        (0, problem.start, _KINDS[problem.tag])
        for problem in read.problems
        if problem.kind == "stray" and problem.tag in _KINDS
    ]
    if len(kept) > _MOST_KEPT:
        kept = [(0, len(text), "code")]
    begun = 0
    for start, end, kind in sorted(kept):
        if end > begun:
            if start > begun:
                yield Segment(start, "markup")
            yield Segment(end, kind)
            begun = end
    yield Segment(len(text), "markup")


def _line_feed(matched: str) -> str | None:
    return _entity(matched) if matched[0] == "&" else "\n" if matched[-1] in "\r\n" else None


def _character(matched: str) -> str | None:
    return _entity(matched) if matched[0] == "&" else " "


def _entity(reference: str) -> str | None:
    """Return the character that a reference stands for, unless it is white space or more than one."""
    if reference[1] != "#":
        character = html5.get(reference[1:])
    else:
        digits = reference[2:-1]
        number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
        character = chr(number) if 32 < number < 0xD800 or 0xDFFF < number < 0x110000 else None
    if character is None or len(character) > 1 or character in _SPACE:
        return None
    return _MARKUP_CHARACTERS.get(character, character)
