"""The part of a page that a question points at, as the model is told of it: nothing else may be changed."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sitethread import errors
from sitethread.edits import tags
from sitethread.edits.changes import Change, Edit, Place
from sitethread.edits.rewriting import edits_between
from sitethread.edits.tags import Element
from sitethread.edits.targets import apply_within

TOLD = re.compile(
    r"^The question is about one part of (?P<path>[^\n]+) alone\. [^\n]*\n\n"
    r"The part:\n(?P<fence>~{3,})html\n(?P<part>.*?)\n(?P=fence)\n\n"
    r"Right before it:\n(?P<fence2>~{3,})html\n(?P<before>.*?)\n(?P=fence2)\n\n"
    r"Right behind it:\n(?P<fence3>~{3,})html\n(?P<behind>.*?)\n(?P=fence3)$",
    re.DOTALL | re.MULTILINE,
)


class Target(NamedTuple):
    """A part of a text: [start, end). The text is the file, or where that isn't known what stands around the part."""

    path: str
    text: str
    start: int
    end: int
    is_whole: bool

    @property
    def place(self) -> Place:
        return Place(self.path, self.start, self.end)

    def elements(self) -> list[Element]:
        """Return the elements in the part, in the order of the source; the first one is all of it, mostly."""
        read = tags.read(self.text).elements
        return [one for one in read if self.start <= one.start and one.end <= self.end]

    def with_text(self, start: int, end: int, text: str) -> "Target":
        """Return the target with another text in a place inside."""
        by = len(text) - (end - start)
        return self._replace(text=self.text[:start] + text + self.text[end:], end=self.end + by)


def target_in(system: str, page: str, behind: int) -> Target | None:
    """Return the target that the model is told of behind a place in its instructions, None when there is none."""
    told = TOLD.search(system, behind)
    if not told:
        return None
    path, part, before = told["path"], told["part"], told["before"]
    around = before + part + told["behind"]
    # The page as we know it is without white space at its ends.
    at = page.find(around.strip()) if path == "index.html" else -1
    if at < 0:
        return Target(path, around, len(before), len(before) + len(part), is_whole=False)
    start = at + len(before) - (len(around) - len(around.lstrip()))
    return Target(path, page, start, start + len(part), is_whole=True)


def edits_inside(target: Target, changed: Target) -> Sequence[Edit]:
    """Return the edits that make a changed target of it; none where one of them would count as outside."""
    if target.is_whole:
        edits: list[Change] = [*edits_between(target.path, target.text, changed.text)]
    else:
        edits = [Edit(target.path, target.text, changed.text)]
    try:
        done = apply_within({target.path: target.text}, edits, target.place)
    except errors.DomainError:
        return []
    is_inside = done.files[target.path] == changed.text and not done.left_out
    return [one for one in edits if isinstance(one, Edit)] if is_inside else []
