"""Writes a zip as a stream: at no time is more of it in memory than a piece and the list of its entries."""

import time
from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sitethread.scheduling import give_way

# Deflating one takes about 3 ms.
_PIECE_BYTES = 64 * 1024
_YIELD_EVERY = 100


class _Sink:
    """Takes what ZipFile writes; it can't seek, so that sizes follow the contents."""

    def __init__(self) -> None:
        self._written = bytearray()
        self._writes = 0

    def write(self, data: bytes) -> int:
        self._written += data
        self._writes += 1
        if self._writes % _YIELD_EVERY == 0:
            # The directory at the zip's end is written entry by entry.
            give_way()
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> Iterator[bytes]:
        if self._written:
            yield bytes(self._written)
            self._written.clear()


class ZipStream:
    """One zip; its methods are generators of its bytes."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w")  # type: ignore[call-overload]

    def file(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Add a file."""
        entry = ZipInfo(name, time.gmtime()[:6])
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self._zip.open(entry, "w") as target:
            for piece in pieces:
                for start in range(0, len(piece), _PIECE_BYTES):
                    target.write(piece[start : start + _PIECE_BYTES])
                    yield from self._sink.take()
                    give_way()
        yield from self._sink.take()

    def end(self) -> Iterator[bytes]:
        """Add the directory of all files."""
        self._zip.close()
        yield from self._sink.take()
