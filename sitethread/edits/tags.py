"""Where each element of a page begins and ends in its source, and which tags are unclosed or stray.

One pass over turbohtml's tokens. Its tree would cost the square of a page's length where the HTML standard reopens
formatting; what is read here costs as much as the page is long, and other requests run meanwhile.
"""

import re
from collections.abc import Container, Iterator, Sequence
from operator import itemgetter
from typing import Literal, NamedTuple

from turbohtml import Token, TokenType, tokenize

from sitethread.edits.tag_rules import (
    CLOSED_BY,
    END_BARRIERS,
    KINDS,
    NEEDS_TABLE,
    ONCE,
    OPTIONAL_END,
    RAW_TEXT,
    SPECIAL,
    VOID,
)
from sitethread.edits.views import View, line_feeds
from sitethread.scheduling import give_way, giving_way

# A page with more is broken everywhere, and collecting garbage of them would take long.
MOST_PROBLEMS = 10_000
# About 5 ms of tokens.
_YIELD_EVERY = 2_000
# A self-closing <title/> in a drawing begins no raw text, which the tokenizer can't know: it starts again behind it.
_MOST_RESTARTS = 20
_UNFINISHED = re.compile(r"<[a-zA-Z/!?]")
_QUOTED_NAME = re.compile(r"[\"'<]")
_START, _END, _COMMENT = TokenType.START_TAG, TokenType.END_TAG, TokenType.COMMENT


class Element(NamedTuple):
    """An element whose start tag is in the source: [start, end), what is in it: [content_start, content_end)."""

    tag: str
    start: int
    content_start: int
    content_end: int
    end: int


class Problem(NamedTuple):
    """A tag (or comment, "!--") without its end, or without its beginning."""

    kind: Literal["unclosed", "stray"]
    tag: str
    start: int


class Tags(NamedTuple):
    """The elements of a page in the order of their start tags, and its problems in the order of the source."""

    elements: list[Element]
    problems: list[Problem]


def read(html: str, wanted: Container[str] | None = None) -> Tags:
    """Return the tags of a page or of a part of one, by offsets in code points; implied elements aren't told.

    Of the elements only those with `wanted` tags, where it is given; of the problems the first MOST_PROBLEMS.
    """
    view = line_feeds(html)
    reader = _Reader(view.text, wanted)
    reader.read()
    elements = reader.elements if view.text == html else _elements(reader.elements, view)
    problems = reader.problems if view.text == html else _problems(reader.problems, view)
    return Tags(sorted(elements, key=itemgetter(1)), sorted(problems, key=itemgetter(2)))


def _elements(elements: Sequence[Element], view: View) -> list[Element]:
    return [
        Element(tag, *(view.source(place) for place in places))
        for tag, *places in giving_way(elements, _YIELD_EVERY)
    ]


def _problems(problems: Sequence[Problem], view: View) -> list[Problem]:
    return [Problem(kind, tag, view.source(place)) for kind, tag, place in giving_way(problems, _YIELD_EVERY)]


class _Reader:
    def __init__(self, html: str, wanted: Container[str] | None) -> None:
        self._html, self._wanted = html, wanted
        self._popped = 0
        self.elements: list[Element] = []
        self.problems: list[Problem] = []
        # Of the elements that are open; in lists of their own, as garbage of many tuples takes long to look for.
        self._open: list[str] = []
        self._starts: list[int] = []
        self._content_starts: list[int] = []
        # By tag and by kind of tag: where in `_open` they are.
        self._depths: dict[str, list[int]] = {}
        self._seen: set[str] = set()

    def read(self) -> None:
        end = 0
        for token, start in self._tokens():
            source = token.source or ""
            end = start + len(source)
            kind = token.type
            if kind == _START:
                self._start(token, start, end)
            elif kind == _END:
                self._end(token.tag or "", start, end)
            elif kind == _COMMENT:
                self._comment(token, source, start)
        is_raw = self._open and self._open[-1] in RAW_TEXT
        if not is_raw and (unfinished := _UNFINISHED.search(self._html, end)):
            self._note(Problem("unclosed", "<", unfinished.start()))
        self._pop_to(0, len(self._html), len(self._html))

    def _tokens(self) -> Iterator[tuple[Token, int]]:
        """Yield each tag, comment and doctype with its offset."""
        restart: int | None = 0
        for number in range(_MOST_RESTARTS + 1):
            base, restart = restart or 0, None
            line, line_start = 1, base
            tokens = tokenize(self._html[base:], capture_source=True)
            for token in giving_way(tokens, _YIELD_EVERY):
                if not token.type:
                    continue
                while line < token.line:
                    line, line_start = line + 1, self._html.find("\n", line_start) + 1
                start = line_start + token.col
                is_foreign = token.self_closing and self._is_foreign()
                yield token, start
                if is_foreign and token.tag in RAW_TEXT and number < _MOST_RESTARTS:
                    restart = start + len(token.source or "")
                    break
            if restart is None:
                return

    def _start(self, token: Token, start: int, end: int) -> None:
        tag = token.tag or ""
        if end - start > len(tag) + 2 and "<" in (token.source or "")[1:]:
            self._check_names(token, start)
        for closed, barrier in CLOSED_BY.get(tag, ()):
            self._close_implied(closed, barrier, start)
        if (tag in NEEDS_TABLE and not self._depths.get("#table")) or (
            tag in ONCE and not self._is_first(tag)
        ):
            self._note(Problem("stray", tag, start))
        elif tag in VOID or (token.self_closing and (self._is_foreign() or tag in {"svg", "math"})):
            self._keep(Element(tag, start, end, end, end))
        else:
            for kind in (tag, *KINDS.get(tag, ())):
                self._depths.setdefault(kind, []).append(len(self._open))
            self._open.append(tag)
            self._starts.append(start)
            self._content_starts.append(end)

    def _end(self, tag: str, start: int, end: int) -> None:
        depths = self._depths.get(tag)
        barrier = END_BARRIERS.get(tag, "#scope" if tag in SPECIAL else "#special")
        if not depths or depths[-1] < self._top(barrier):
            self._note(Problem("stray", tag, start))
            return
        depth = depths[-1]
        if tag in RAW_TEXT and f"<{tag}" in self._html[self._content_starts[depth] : start].lower():
            self._note(Problem("unclosed", tag, self._starts[depth]))
        self._pop_to(depth + 1, start, start)
        self._pop(start, end)

    def _comment(self, token: Token, source: str, start: int) -> None:
        """An unclosed comment ends at the next one's end, and with it what is between."""
        if source.startswith("<!--") and (
            "<!--" in (token.data or "") or not source.endswith(("-->", "--!>"))
        ):
            self._note(Problem("unclosed", "!--", start))

    def _check_names(self, token: Token, start: int) -> None:
        """A quote or tag without its end makes attributes with strange names of what follows."""
        if any(_QUOTED_NAME.search(name) for name, _ in token.attrs or ()):
            self._note(Problem("unclosed", "<", start))

    def _keep(self, element: Element) -> None:
        if self._wanted is None or element.tag in self._wanted:
            self.elements.append(element)

    def _note(self, problem: Problem) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def _is_foreign(self) -> bool:
        """Whether the tokens are of a drawing or a formula, where a tag may close itself."""
        return max(self._top("svg"), self._top("math")) > self._top("#integration")

    def _is_first(self, tag: str) -> bool:
        if tag == "form":
            return not self._depths.get(tag)
        is_first = tag not in self._seen
        self._seen.add(tag)
        return is_first

    def _top(self, kind: str) -> int:
        depths = self._depths.get(kind)
        return depths[-1] if depths else -1

    def _close_implied(self, tag: str, barrier: str, at: int) -> None:
        depth = self._top(tag)
        if depth >= 0 and depth > self._top(barrier):
            self._pop_to(depth, at, at)

    def _pop_to(self, depth: int, content_end: int, end: int) -> None:
        """End all elements from a depth on, which have no end tag of their own."""
        while len(self._open) > depth:
            if self._open[-1] not in OPTIONAL_END:
                self._note(Problem("unclosed", self._open[-1], self._starts[-1]))
            self._pop(content_end, end)

    def _pop(self, content_end: int, end: int) -> None:
        tag, start, content_start = self._open.pop(), self._starts.pop(), self._content_starts.pop()
        self._popped += 1
        if not self._popped % _YIELD_EVERY:
            give_way()
        for kind in (tag, *KINDS.get(tag, ())):
            self._depths[kind].pop()
        self._keep(Element(tag, start, content_start, content_end, end))
