"""Splits a file that is one JSON array into its elements as it arrives, without keeping more than one of them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sitethread import errors
from sitethread.scheduling import give_way

# A whole string, the beginning of one that goes on in the next piece, or a bracket.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{}]', re.DOTALL)
_REST_OF_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_LONGEST_GAP = 64 * 1024
# Tokens, which take some milliseconds.
_GIVE_WAY_EVERY = 20_000
_WHITE = b" \t\r\n"
# All bytes of a character in UTF-8 but its first.
_WITHIN_CHARACTERS = bytes(range(0x80, 0xC0))


class Element(NamedTuple):
    """An object or array within the file's array; `data` is None for one that is too large."""

    data: bytes | None
    line: int
    column: int


class _Position:
    """Counts lines and columns, both from 1; a column is a character."""

    def __init__(self) -> None:
        self.line, self.column = 1, 1

    def pass_over(self, data: bytes) -> None:
        if newlines := data.count(b"\n"):
            self.line += newlines
            self.column = 1
            data = data[data.rfind(b"\n") + 1 :]
        self.column += len(data.translate(None, _WITHIN_CHARACTERS))

    def fault(self) -> errors.InvalidJson:
        return errors.InvalidJson(place=f"line {self.line}, column {self.column}")


def begins_array(piece: bytes) -> bool:
    """Whether a file that begins with this piece is a JSON array."""
    return piece.lstrip(_WHITE).startswith(b"[")


def elements(pieces: Iterator[bytes], largest: int) -> Iterator[Element]:
    """Yield the elements of the array; raise InvalidJson with its place where it is none, or ends too early.

    Only brackets and strings are looked at: whether an element is JSON is for its reader to find out.
    """
    splitter = _Splitter(largest)
    for piece in pieces:
        yield from splitter.feed(piece)
    splitter.end()


def objects_at(data: bytes, depth: int) -> Iterator[tuple[int, int]]:
    """Yield where each object that is nested so deep starts and ends; other requests run meanwhile."""
    level, start = 0, None
    for number, token in enumerate(_TOKEN.finditer(data)):
        if number % _GIVE_WAY_EVERY == 0:
            give_way()
        mark = data[token.start() : token.start() + 1]
        if mark in b"[{":
            level += 1
            if level == depth and mark == b"{":
                start = token.start()
        elif mark in b"]}":
            if level == depth and start is not None:
                yield start, token.end()
                start = None
            level -= 1


class _Splitter:
    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._position = _Position()
        self._kept = bytearray()
        self._is_too_large = False
        self._depth = 0
        self._in_string = False
        self._is_escaped = False
        self._count = 0
        self._begun = (1, 1)

    def feed(self, piece: bytes) -> Iterator[Element]:
        start = at = 0
        while True:
            if self._in_string:
                at = self._pass_string(piece, at)
                if self._in_string:
                    break
            found = _TOKEN.search(piece, at)
            if found is None:
                break
            at = found.end()
            mark = found[0]
            if mark in b"[{":
                self._depth += 1
                if self._depth in {1, 2}:
                    # Between the elements, or before the array.
                    self._keep(piece[start : at - 1])
                    self._check_gap(mark)
                    start = at - 1 if self._depth == 2 else at
                    if self._depth == 1:
                        self._position.pass_over(mark)
            elif mark in b"]}":
                self._depth -= 1
                if self._depth == 1:
                    self._keep(piece[start:at], is_gap=False)
                    yield self._element()
                    start = at
                elif self._depth <= 0:
                    self._keep(piece[start : at - 1])
                    self._check_end(mark)
                    start = at
            elif mark == b'"':
                self._in_string = True
        self._keep(piece[start:], is_gap=self._depth < 2)

    def end(self) -> None:
        """Raise InvalidJson when the array has not ended, or something comes after it."""
        if self._depth != 0 or self._kept.strip(_WHITE):
            raise self._position.fault()

    def _pass_string(self, piece: bytes, at: int) -> int:
        if self._is_escaped:
            self._is_escaped = False
            at += 1
        rest = _REST_OF_STRING.match(piece, at)
        at = rest.end() if rest else at
        if piece[at : at + 1] == b'"':
            self._in_string = False
            return at + 1
        # At its end, or before a backslash that is the last of it.
        self._is_escaped = at < len(piece)
        return len(piece)

    def _keep(self, data: bytes, *, is_gap: bool = True) -> None:
        if is_gap and len(self._kept) + len(data) > _LONGEST_GAP:
            raise self._position.fault()
        self._position.pass_over(data)
        if len(self._kept) + len(data) > self._largest:
            self._is_too_large = True
            self._kept.clear()
        if not self._is_too_large:
            self._kept += data

    def _check_gap(self, mark: bytes) -> None:
        gap = bytes(self._kept).strip(_WHITE)
        expected = b"," if self._depth == 2 and self._count else b""
        if gap != expected or (self._depth == 1 and (mark != b"[" or self._count)):
            raise self._position.fault()
        self._kept.clear()
        self._begun = (self._position.line, self._position.column)

    def _check_end(self, mark: bytes) -> None:
        if mark != b"]" or self._depth < 0 or self._kept.strip(_WHITE):
            raise self._position.fault()
        self._kept.clear()
        self._position.pass_over(mark)
        # A second array may not begin.
        self._count += 1

    def _element(self) -> Element:
        element = Element(None if self._is_too_large else bytes(self._kept), *self._begun)
        self._kept.clear()
        self._is_too_large = False
        self._count += 1
        return element
