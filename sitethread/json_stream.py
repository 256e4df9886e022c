"""JSON that is still arriving: read value by value, and forgotten once it was read.

A library for this would be ijson; its fast parser can't say where a fault is, and turns lone surrogates into "?".
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from sitethread import errors
from sitethread.strict_json import check_depth, has_too_many_values, parse_value

_SPACE = re.compile(r"[ \t\n\r]*")
# A million characters, each written as two escapes, and what comes with them.
_LONGEST_VALUE = 16 * 1024 * 1024
_LONGEST_WORD = len("-Infinity") + len("\\ud83d\\ude00")
_KEPT = 256 * 1024


class JsonText:
    """Text in pieces, read from its beginning to its end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0
        self._fresh: list[str] = []
        self._has_begun = self._is_whole = False
        self._lines = 0  # Before the text that is kept,
        self._columns = 0  # and characters since then.

    def next(self) -> str:
        """Return the next character that is no space, without taking it; an empty text at the end."""
        while True:
            self._forget()
            if space := _SPACE.match(self._text, self._at):
                self._at = space.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read():
                return ""

    def take(self, wanted: str) -> str:
        """Take one of these characters, or raise InvalidJson."""
        found = self.next()
        if not found or found not in wanted:
            raise self.fault()
        self._at += 1
        return found

    def value(self) -> Any:
        """Take one value; raise InvalidJson with its place, JsonTooDeep, DuplicateKey, BodyTooLarge."""
        self.next()
        while True:
            self._check_size()
            try:
                value, end = parse_value(self._text, self._at)
            except json.JSONDecodeError as error:
                # Twice as much each time: trying must not take longer than reading.
                if _is_cut_off(error) and self._read(2 * (len(self._text) - self._at)):
                    continue
                raise errors.InvalidJson(place=self._place(error.pos)) from None
            # A number might go on.
            if end < len(self._text) or not self._read():
                break
        check_depth(value)
        self.has_escapes = self._text.find("\\u", self._at, end) >= 0
        self._at = end
        return value

    def fault(self) -> errors.InvalidJson:
        """Return the error that the text is no JSON where it has been read to."""
        return errors.InvalidJson(place=self._place(self._at))

    def _check_size(self) -> None:
        size = len(self._text) - self._at
        if has_too_many_values(self._text, self._at):
            raise errors.BodyTooLarge("The file has more values in one place than can be read at once.")
        if size > _LONGEST_VALUE:
            raise errors.BodyTooLarge("The file has a value that is too large to be read at once.")

    def _place(self, at: int) -> str:
        lines = self._text.count("\n", 0, at)
        column = at - self._text.rfind("\n", 0, at) if lines else self._columns + at + 1
        return f"line {self._lines + lines + 1}, column {column}"

    def _read(self, wanted: int = 1) -> bool:
        """Add so many characters to the text, or what there is; tell whether there was anything."""
        while wanted > 0 and (piece := self._piece()):
            wanted -= len(piece)
            self._fresh.append(piece)
        has_more = bool(self._fresh)
        self._text += "".join(self._fresh)
        self._fresh = []
        return has_more

    def _piece(self) -> str:
        """Return the next piece of the text, not empty before its end; raise InvalidEncoding."""
        text = ""
        while not text and not self._is_whole:
            data = next(self._pieces, b"")
            self._is_whole = not data
            try:
                text = self._decoder.decode(data, final=self._is_whole)
            except UnicodeDecodeError as error:
                raise self._unreadable(error.object[: error.start].decode()) from None
            if "\0" in text:
                raise self._unreadable(text[: text.index("\0")])
            if text.startswith("\ufeff") and not self._has_begun:
                raise self._unreadable("")
            self._has_begun = True
        return text

    def _unreadable(self, last: str) -> errors.InvalidEncoding:
        """Return the error that what comes next is no text."""
        self._text += "".join((*self._fresh, last))
        return errors.InvalidEncoding(place=self._place(len(self._text)))

    def _forget(self) -> None:
        """Let go of what was read, once that is worth moving the rest."""
        if self._at < _KEPT:
            return
        lines = self._text.count("\n", 0, self._at)
        self._columns = self._at - self._text.rfind("\n", 0, self._at) - 1 + (0 if lines else self._columns)
        self._lines += lines
        self._text, self._at = self._text[self._at :], 0


def _is_cut_off(error: json.JSONDecodeError) -> bool:
    """Whether a text that has no fault but its end may lead to this."""
    return error.msg.startswith("Unterminated string") or error.pos > len(error.doc) - _LONGEST_WORD
