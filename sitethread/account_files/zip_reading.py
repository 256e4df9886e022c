"""Reads a zip that anybody may have made: what is wrong with it is found before it costs anything.

zipfile reads a directory of any size at once and believes it. Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import IO, NoReturn

from sitethread import errors
from sitethread.limits import LIMITS
from sitethread.scheduling import give_way

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_DIRECTORY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 65_535
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _UTF8 = 0x1 | 0x40 | 0x2000, 0x800
_LONGEST_NAME = 1000
_PIECE_BYTES = 64 * 1024
_YIELD_EVERY = 500
# Of the directory; an entry of it has three texts.
_BLOCK_BYTES, _LONGEST_ENTRY = 1024 * 1024, _DIRECTORY.size + 3 * 65_535
# Text of one repeated word is packed 1 : 1000. A zip of such text alone is none that somebody's account made.
_PACKED, _SPARE_BYTES = 200, 64 * 1024 * 1024


@dataclass(slots=True)
class _Entry:
    """`limit` is where the next entry begins."""

    offset: int
    packed: int
    size: int
    crc: int
    method: int
    limit: int = 0


class ZipArchive:
    """The files of a zip by name. Every method raises InvalidImport, with the name of the file as `place`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._fd = file.fileno()
        self._length = os.fstat(self._fd).st_size
        start, size, count = self._directory()
        self._entries: dict[str, _Entry] = {}
        self._read_directory(start, size, count)
        self._check_extents(start)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        for number, name in enumerate(self._entries):
            if number % _YIELD_EVERY == 0:
                give_way()
            yield name

    def size(self, name: str) -> int:
        """Return how many bytes a file has."""
        return self._entries[name].size

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield what a file holds; the last piece comes before its size and checksum are compared."""
        entry = self._entries[name]
        place, left = self._start(name, entry), entry.packed
        size = crc = 0
        inflater = zlib.decompressobj(-15) if entry.method == _DEFLATED else None
        while left:
            packed = os.pread(self._fd, min(_PIECE_BYTES, left), place)
            place, left = place + len(packed), left - len(packed)
            for piece in _inflated(inflater, packed, name):
                size += len(piece)
                if size > entry.size:
                    _refuse("it is larger than the zip says", name)
                crc = zlib.crc32(piece, crc)
                yield piece
            give_way()
        is_whole = inflater is None or (inflater.eof and not inflater.unused_data)
        if not is_whole or size != entry.size or crc != entry.crc:
            _refuse("it is damaged", name)

    def _directory(self) -> tuple[int, int, int]:
        """Return where the directory of entries begins, its bytes, and how many entries it has."""
        start = max(0, self._length - _END.size - _LONGEST_COMMENT)
        tail = os.pread(self._fd, self._length - start, start)
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) - at < _END.size:
            _refuse("it is no zip, or only the beginning of one")
        _, disk, first, here, count, size, offset, comment = _END.unpack_from(tail, at)
        end = start + at
        locator = os.pread(self._fd, _END64_LOCATOR.size, max(0, end - _END64_LOCATOR.size))
        if locator.startswith(b"PK\x06\x07") and len(locator) == _END64_LOCATOR.size:
            _, _, end, _ = _END64_LOCATOR.unpack(locator)
            record = os.pread(self._fd, _END64.size, end) if end < self._length else b""
            if not record.startswith(b"PK\x06\x06") or len(record) < _END64.size:
                _refuse("its directory is damaged")
            _, _, _, _, disk, first, here, count, size, offset = _END64.unpack(record)
        if disk or first or here != count or len(tail) != at + _END.size + comment or offset + size != end:
            _refuse("its directory is damaged")
        if count > LIMITS.account_entries:
            _refuse(f"it has more than {LIMITS.account_entries:,} files")
        return offset, size, count

    def _read_directory(self, start: int, size: int, count: int) -> None:
        at, end, total = start, start + size, 0
        most = min(LIMITS.account_unpacked, _SPARE_BYTES + _PACKED * self._length)
        block, used = b"", 0
        for number in range(count):
            if len(block) - used < _LONGEST_ENTRY and at < end:
                more = os.pread(self._fd, min(_BLOCK_BYTES, end - at), at)
                block, used, at = block[used:] + more, 0, at + len(more)
            name, entry, used = _entry(block, used)
            if name in self._entries:
                _refuse("it is there twice", name)
            total += entry.size
            if total > most:
                _refuse("it holds more than an account can have, or than its size lets expect")
            self._entries[name] = entry
            if number % _YIELD_EVERY == 0:
                give_way()
        if used != len(block) or at != end:
            _refuse("its directory is damaged")

    def _check_extents(self, directory: int) -> None:
        """Refuse entries that overlap: each of many may be all of one block of data."""
        limit = directory
        for number, entry in enumerate(
            sorted(self._entries.values(), key=attrgetter("offset"), reverse=True)
        ):
            entry.limit = limit
            if entry.offset + _LOCAL.size + entry.packed > limit:
                _refuse("its files overlap")
            limit = entry.offset
            if number % _YIELD_EVERY == 0:
                give_way()

    def _start(self, name: str, entry: _Entry) -> int:
        """Return where the data of an entry begin, after a header that must say what the directory says."""
        header = os.pread(self._fd, _LOCAL.size + 4 * _LONGEST_NAME, entry.offset)
        if not header.startswith(b"PK\x03\x04") or len(header) < _LOCAL.size:
            _refuse("it is damaged", name)
        _, _, flags, method, *_, name_bytes, extra_bytes = _LOCAL.unpack_from(header)
        start: int = entry.offset + _LOCAL.size + name_bytes + extra_bytes
        is_named = header[_LOCAL.size : _LOCAL.size + name_bytes] == name.encode()
        if flags & _ENCRYPTED or method != entry.method or not is_named or start + entry.packed > entry.limit:
            _refuse("it is damaged", name)
        return start


def _entry(block: bytes, at: int) -> tuple[str, _Entry, int]:
    """Read an entry of the directory; return its name, the entry, and where the next one begins."""
    if len(block) - at < _DIRECTORY.size or block[at : at + 4] != b"PK\x01\x02":
        _refuse("its directory is damaged")
    (
        _, _, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes, comment_bytes, disk, _, _, offset,
    ) = _DIRECTORY.unpack_from(block, at)  # fmt: skip
    start = at + _DIRECTORY.size
    end = start + name_bytes + extra_bytes + comment_bytes
    if len(block) < end or disk:
        _refuse("its directory is damaged")
    name = _name(block[start : start + name_bytes], flags)
    if flags & _ENCRYPTED:
        _refuse("it is encrypted", name)
    if method not in {_STORED, _DEFLATED} or (method == _STORED and packed != size):
        _refuse("it is packed in a way that is not known here", name)
    return name, _Entry(offset, packed, size, crc, method), end


def _name(data: bytes, flags: int) -> str:
    try:
        name = data.decode("utf-8" if flags & _UTF8 else "ascii")
    except UnicodeDecodeError:
        _refuse("it has a name that is not UTF-8")
    parts = name.removesuffix("/").split("/")
    if len(name) > _LONGEST_NAME or not name.isprintable() or "\\" in name:
        _refuse("it has a name that no file can have here")
    if any(part in {"", ".", ".."} for part in parts) or ":" in parts[0]:
        _refuse("it has a name that leads out of its folder")
    return name


def _inflated(inflater: "zlib._Decompress | None", packed: bytes, name: str) -> Iterator[bytes]:
    if inflater is None:
        yield packed
        return
    try:
        while packed and not inflater.eof:
            if piece := inflater.decompress(packed, _PIECE_BYTES):
                yield piece
                give_way()
            packed = inflater.unconsumed_tail
    except zlib.error:
        _refuse("it is damaged", name)


def _refuse(why: str, name: str | None = None) -> NoReturn:
    what = f"{name}: {why}" if name else why
    raise errors.InvalidImport(f"Not an account that was downloaded here: {what}.", place=name or "the zip")
