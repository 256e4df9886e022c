"""What the rules need to know of a page, read in one pass over the elements that the HTML standard makes of it.

Nothing here looks up at what encloses an element or down at what is in it: on a page made for that, it would cost the
square of the page's length.
"""

from collections import Counter
from dataclasses import dataclass

from turbohtml.saxparse import SaxHandler, sax_parse

from sitethread.page_checks.findings import Mark

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# How many characters of a heading are quoted.
QUOTED = 40


@dataclass
class Heading:
    """A heading, and the beginning of its text."""

    mark: Mark
    text: str = ""

    @property
    def tag(self) -> str:
        return self.mark.tag


@dataclass
class _Open:
    """A link, button or drawing that has begun: whether it names itself, and whether something in it does."""

    mark: Mark
    is_named: bool
    is_spoken: bool = False


class CheckedPage(SaxHandler):
    """A page as the HTML standard parses it."""

    def __init__(self, html: str) -> None:
        self.language = ""
        self.meta: dict[str, str] = {}
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self.headings: list[Heading] = []
        # The ids that links of the page lead to.
        self.targets: list[tuple[str, Mark]] = []
        self.nav_links = 0
        self.bare_pictures: list[Mark] = []
        self.unnamed_drawings: list[Mark] = []
        self.mute_controls: list[Mark] = []
        self._tags: Counter[str] = Counter()
        self._styles: list[str] = []
        self._title: list[str] = []
        # The ids of fields that have no name but perhaps a label elsewhere.
        self._unnamed_fields: list[tuple[str, Mark]] = []
        self._labelled: set[str] = set()
        self._is_in_body = False
        self._begun = dict.fromkeys(("label", "nav", "script", "style", "title"), 0)
        self._open = dict(self._begun)
        self._open_headings: list[Heading] = []
        self._controls: list[_Open] = []
        self._drawings: list[_Open] = []
        sax_parse(html, self)

    @property
    def css(self) -> str:
        return "\n".join(self._styles)

    @property
    def title(self) -> str:
        return "".join(self._title).strip()

    def count(self, tag: str) -> int:
        """Return how many elements of a tag the page has."""
        return self._tags[tag]

    @property
    def silent_fields(self) -> list[Mark]:
        """Return the fields that have neither a label nor another name."""
        return [mark for id, mark in self._unnamed_fields if id not in self._labelled]

    def start_element(self, tag: str, attrs: tuple[tuple[str, str | None], ...]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        mark = Mark(tag, self._tags[tag])
        self._tags[tag] += 1
        if "id" in attributes:
            self.ids.add(attributes["id"])
        if tag in self._open:
            self._open[tag] += 1
            self._begun[tag] += 1
        if tag == "html" and not self._is_in_body:
            self.language = attributes.get("lang", "")
        elif tag == "meta" and "name" in attributes:
            self.meta.setdefault(attributes["name"], attributes.get("content", ""))
        elif tag == "body":
            self._is_in_body = True
        if self._is_in_body:
            self.tags.add(tag)
            self._start_in_body(mark, attributes)

    def end_element(self, tag: str) -> None:
        if tag in self._open:
            self._open[tag] -= 1
        if not self._is_in_body:
            return
        if tag in HEADINGS:
            self._open_headings.pop()
        elif tag in {"a", "button"}:
            _close(self._controls, self.mute_controls)
        elif tag == "svg":
            _close(self._drawings, self.unnamed_drawings)

    def characters(self, data: str) -> None:
        if self._open["style"]:
            self._styles.append(data)
        elif self._open["title"] and self._begun["title"] == 1:
            self._title.append(data)
        if self._is_in_body and not self._open["style"] and not self._open["script"] and data.strip():
            _speak(self._controls)
            self._quote(data.strip()[:QUOTED])

    def _start_in_body(self, mark: Mark, attributes: dict[str, str]) -> None:
        tag = mark.tag
        is_named = bool(attributes.get("aria-label"))
        if tag in HEADINGS:
            self._open_headings.append(Heading(mark))
            self.headings.append(self._open_headings[-1])
        elif tag in {"input", "select", "textarea"}:
            is_named |= bool(attributes.get("aria-labelledby")) or self._open["label"] > 0
            if not is_named and attributes.get("type") not in {"hidden", "submit"}:
                self._unnamed_fields.append((attributes.get("id", ""), mark))
        elif tag == "label" and attributes.get("for"):
            self._labelled.add(attributes["for"])
        elif tag == "img":
            if "alt" not in attributes:
                self.bare_pictures.append(mark)
            if attributes.get("alt"):
                _speak(self._controls)
        elif tag == "svg":
            self._drawings.append(_Open(mark, is_named or attributes.get("role") != "img"))
        elif tag == "title":
            _speak(self._controls)
            _speak(self._drawings)
        elif tag in {"a", "button"}:
            self._controls.append(_Open(mark, is_named))
            if tag == "a":
                self._link(mark, attributes.get("href", ""))

    def _link(self, mark: Mark, href: str) -> None:
        # Of the first `nav` alone.
        self.nav_links += self._open["nav"] > 0 and self._begun["nav"] == self._open["nav"]
        if href.startswith("#"):
            self.targets.append((href[1:], mark))

    def _quote(self, words: str) -> None:
        """Add words to the open headings. When one has enough of them, so have those around it."""
        for heading in reversed(self._open_headings):
            if len(heading.text) >= QUOTED:
                break
            heading.text = f"{heading.text} {words}".lstrip()[:QUOTED]


def _speak(elements: list[_Open]) -> None:
    """Note that something in the innermost element names it."""
    if elements:
        elements[-1].is_spoken = True


def _close(elements: list[_Open], nameless: list[Mark]) -> None:
    """Take the innermost element off, and note it where it has no name. What is in it is in the next one, too."""
    element = elements.pop()
    if element.is_spoken:
        _speak(elements)
    elif not element.is_named:
        nameless.append(element.mark)
