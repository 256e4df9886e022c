"""A page's source, as the rules that look for words read it: its text in place, and where its elements are."""

import html
import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator
from functools import cached_property

from sitethread.edits.changes import Span
from sitethread.edits.selectable import selectable
from sitethread.edits.tags import Element, Problem, read
from sitethread.page_checks.findings import Mark
from sitethread.page_checks.page import CheckedPage

# Possessive: what they have read they don't read again.
_MARKUP = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+(?:-->)?|<[a-zA-Z/!?](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>?", re.DOTALL
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_NAMES_FIELDS = frozenset({"label", "legend", "option", "th", "button"})
_NO_TEXT = frozenset(
    {"script", "style", "template", "textarea", "svg", "math", "noscript", "iframe", "object"}
)


class Source:
    """The source of a page of a path."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.html = path, text
        self.page = CheckedPage(text)
        tags = read(text)
        self.elements: list[Element] = tags.elements
        self.problems: list[Problem] = tags.problems

    @cached_property
    def words(self) -> str:
        """The text that visitors read, and the title, each character where it is in the source; all else is blank."""
        spans = ((one.content_start, one.content_end) for one in self.elements if one.tag in _NO_TEXT)
        pieces, done = [], 0
        for start, end in spans:
            if start >= done:
                pieces += [self.html[done:start], "\n" * (end - start)]
                done = end
        shown = _MARKUP.sub(lambda found: "\n" * len(found[0]), "".join([*pieces, self.html[done:]]))
        return _ENTITY.sub(_spelt, shown)

    def within(self, tags: Container[str]) -> Iterator[Span]:
        """Yield where the outermost elements of some tags are."""
        done = 0
        for element in self.elements:
            if element.tag in tags and element.start >= done:
                done = element.end
                yield Span(element.start, element.end)

    def is_label(self, found: re.Match[str]) -> bool:
        """Whether a text is what a field is called, such as "Your name"."""
        at = bisect_right(self._labels, found.start()) - 1
        return at >= 0 and found.start() < self._label_ends[at]

    def places(self, marks: Iterable[Mark]) -> list[Span]:
        """Return where elements are in the source; none of a tag of which the standard makes more or fewer."""
        return [span for mark in marks if (span := self._place(mark))]

    def around(self, spans: Iterable[Span]) -> list[Span]:
        """Return the smallest elements that can be pointed at around each of the spans, in their order."""
        found = (self._around(span) for span in spans)
        return list(dict.fromkeys(span for span in found if span))

    def _place(self, mark: Mark) -> Span | None:
        spans = self._by_tag.get(mark.tag, [])
        return spans[mark.number] if len(spans) == self.page.count(mark.tag) else None

    def _around(self, span: Span) -> Span | None:
        at = bisect_right(self._starts, span.start) - 1
        while at >= 0 and self._selectable[at].end < span.end:
            at -= 1
        return Span(self._selectable[at].start, self._selectable[at].end) if at >= 0 else None

    @cached_property
    def _labels(self) -> list[int]:
        return [span.start for span in self.within(_NAMES_FIELDS)]

    @cached_property
    def _label_ends(self) -> list[int]:
        return [span.end for span in self.within(_NAMES_FIELDS)]

    @cached_property
    def _by_tag(self) -> dict[str, list[Span]]:
        found = dict[str, list[Span]]()
        for element in self.elements:
            found.setdefault(element.tag, []).append(Span(element.start, element.end))
        return found

    @cached_property
    def _selectable(self) -> list[Element]:
        return selectable(self.html)

    @cached_property
    def _starts(self) -> list[int]:
        return [element.start for element in self._selectable]


def spans_of(found: Iterable[re.Match[str]]) -> list[Span]:
    """Return where matches are."""
    return [Span(*one.span()) for one in found]


def _spelt(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]).replace("\xa0", " ")[: len(entity[0])].ljust(len(entity[0]))
