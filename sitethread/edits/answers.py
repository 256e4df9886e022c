"""Finding the edits and pages in an answer: fenced blocks of hunks, and of whole documents."""

import re
from dataclasses import dataclass, field

from sitethread import errors
from sitethread.edits import file_names
from sitethread.edits.changes import Alternative, Change, Edit, Page
from sitethread.edits.paths import INDEX
from sitethread.limits import LIMITS
from sitethread.scheduling import giving_way

# About 5 ms of markers.
_YIELD_EVERY = 5_000
# More lines that look like a hunk's divider make it ambiguous where it is.
_MOST_DIVIDERS = 5
_MARKER = re.compile(
    r"^(?:(?P<fence>`{3,}+)(?P<info>[^\n]*)|(?P<search><{5,9} ?SEARCH)[ \t]*+|(?P<divider>={7})[ \t]*+"
    r"|(?P<replace>>{5,9} ?REPLACE)[ \t]*+)$",
    re.MULTILINE,
)
# Up to how far before a block or hunk its file name is.
_NEAR = 300
_DOCUMENT = re.compile(r"\s*+(?:<!doctype html|<html)", re.IGNORECASE)
_UNFINISHED = "An edit isn't complete: its beginning, its divider or its end is missing."
_UNFINISHED_PAGE = "The page isn't complete: its end is missing."
_DIVIDERS = "So many lines of this edit look like its divider that it isn't clear which one is."
_TOO_LONG = "The answer is too long to have its edits made."


def changes_in(answer: str) -> list[Change]:
    """Return the edits and whole pages of an answer, in order.

    In one pass, during which other requests run. Raise EditNotFound for an edit that isn't complete, and EditBreaksPage
    for a page that isn't: then nothing of the answer may be made.
    """
    if len(answer) > LIMITS.answer:
        raise errors.InvalidField(_TOO_LONG, field="answer")
    return _Reader(answer.replace("\r\n", "\n").replace("\r", "\n")).read()


@dataclass
class _Block:
    """A fenced block that has begun: the length of its fence, the file it names, where its text starts, its hunks."""

    kind: str
    fence: int
    path: str | None
    start: int
    hunks: int = 0


@dataclass
class _Hunk:
    """A hunk that has begun: where its text to find starts, and the lines that may be its divider."""

    start: int
    dividers: list[tuple[int, int]] = field(default_factory=list)


class _Reader:
    def __init__(self, answer: str) -> None:
        self._answer = answer
        self._changes: list[Change] = []
        self._block: _Block | None = None
        self._hunk: _Hunk | None = None
        # Behind the last block, or the last hunk of this one.
        self._between = 0
        # The last file that was named: for edits that name none.
        self._path = INDEX

    def read(self) -> list[Change]:
        for marker in giving_way(_MARKER.finditer(self._answer), _YIELD_EVERY):
            if self._hunk:
                self._in_hunk(self._hunk, marker)
            elif marker["fence"]:
                self._fence(marker)
            elif self._block:
                self._in_block(self._block, marker)
        if self._hunk:
            raise self._unfinished()
        if self._block:
            self._end(self._block, None)
        return self._changes

    def _fence(self, marker: re.Match[str]) -> None:
        block, info = self._block, marker["info"].strip()
        kind, _, rest = info.partition(" ")
        kind, _, name = kind.partition(":")
        kind = kind.lower() if kind.lower() in {"edit", "html"} else "other"
        if block is not None:
            if len(marker["fence"]) < block.fence or (info and (block.kind == "html" or kind == "other")):
                return
            self._end(block, marker)
        if block is None or info:
            path = file_names.in_info(f"{name} {rest}") or self._name_above(marker.start())
            self._block = _Block(kind, len(marker["fence"]), path, marker.end() + 1)
        self._between = marker.end() + 1

    def _end(self, block: _Block, fence: re.Match[str] | None) -> None:
        self._block = None
        if block.kind == "html":
            self._page(block, fence)
        elif block.kind == "edit" and not block.hunks:
            raise self._unfinished()

    def _page(self, block: _Block, fence: re.Match[str] | None) -> None:
        html = self._answer[block.start : fence.start() if fence else None]
        first, _, rest = html.lstrip().partition("\n")
        named = file_names.on_line(first)
        html = rest if named else html
        if not _DOCUMENT.match(html):
            return
        if fence is None or "</html>" not in html.lower():
            raise errors.EditBreaksPage(_UNFINISHED_PAGE, index=len(self._changes))
        self._path = block.path or named or INDEX
        self._changes.append(Page(self._path, html.strip() + "\n"))

    def _in_block(self, block: _Block, marker: re.Match[str]) -> None:
        if block.kind == "html" and marker["search"] and self._is_bare(block.start, marker.start()):
            block.kind = "edit"
        if block.kind != "edit":
            return
        if not marker["search"]:
            raise self._unfinished()
        block.path = self._name_above(marker.start()) or block.path
        block.hunks += 1
        self._hunk = _Hunk(marker.end() + 1)

    def _in_hunk(self, hunk: _Hunk, marker: re.Match[str]) -> None:
        if marker["divider"]:
            hunk.dividers.append((marker.start(), marker.end() + 1))
        elif marker["search"] or (marker["replace"] and not hunk.dividers):
            raise self._unfinished()
        elif marker["replace"]:
            self._end_hunk(hunk, marker)

    def _end_hunk(self, hunk: _Hunk, marker: re.Match[str]) -> None:
        if len(hunk.dividers) > _MOST_DIVIDERS:
            raise errors.EditAmbiguous(_DIVIDERS, index=len(self._changes))
        self._path = (self._block and self._block.path) or self._path
        first, *others = [
            Alternative(self._lines(hunk.start, start), self._lines(end, marker.start()))
            for start, end in hunk.dividers
        ]
        self._changes.append(Edit(self._path, *first, tuple(others)))
        self._hunk, self._between = None, marker.end() + 1

    def _lines(self, start: int, end: int) -> str:
        """Return the lines between two markers, without the last one's end."""
        return self._answer[start : max(start, end - 1)]

    def _name_above(self, place: int) -> str | None:
        """Return the file name on the last line that isn't blank, since the last block or hunk."""
        lines = self._answer[max(self._between, place - _NEAR) : place].strip().rsplit("\n", 1)
        return file_names.on_line(lines[-1])

    def _is_bare(self, start: int, end: int) -> bool:
        """Whether there is nothing between two places but perhaps a file name."""
        text = self._answer[start:end].strip() if end - start < _NEAR else "long"
        return not text or file_names.on_line(text) is not None

    def _unfinished(self) -> errors.EditNotFound:
        return errors.EditNotFound(_UNFINISHED, index=len(self._changes))
