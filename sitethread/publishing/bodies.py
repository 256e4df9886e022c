"""Bodies of responses to visitors, in the encodings that browsers take. None is compressed at a stretch."""

import gzip
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import brotli  # type: ignore[import-untyped]

from sitethread.scheduling import give_way

Encoding = Literal["br", "gzip"]
# Less gains nothing.
_FEWEST_BYTES = 500
# About 3 ms of Brotli.
_PIECE_BYTES = 64 * 1024
_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/manifest+json", "image/x-icon")


@dataclass(frozen=True)
class Body:
    """What a response holds; `tag` names it, however often it is made."""

    data: bytes
    media_type: str
    tag: str

    @property
    def is_compressible(self) -> bool:
        return len(self.data) >= _FEWEST_BYTES and self.media_type.startswith(_COMPRESSIBLE)


def body_of(data: bytes, media_type: str) -> Body:
    """Make a body; texts are UTF-8."""
    if media_type.startswith("text/") or media_type.endswith(("json", "xml")):
        media_type += "; charset=utf-8"
    return Body(data, media_type, hashlib.sha256(data).hexdigest()[:32])


def compressed(body: Body, encoding: Encoding) -> Body:
    """Return a body in an encoding, under a tag of its own."""
    data = b"".join(_in_pieces(body.data, *_COMPRESSORS[encoding]()))
    return Body(data, body.media_type, f"{body.tag}-{encoding}")


def _in_pieces(data: bytes, add: Callable[[bytes], bytes], end: Callable[[], bytes]) -> Iterator[bytes]:
    for start in range(0, len(data), _PIECE_BYTES):
        yield add(data[start : start + _PIECE_BYTES])
        give_way()
    yield end()


def _brotli() -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    compressor = brotli.Compressor(mode=brotli.MODE_TEXT, quality=5)

    def add(piece: bytes) -> bytes:
        # Without it all work would be left for the end.
        return bytes(compressor.process(piece)) + bytes(compressor.flush())

    return add, compressor.finish


def _gzip() -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    out = io.BytesIO()
    file = gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6, mtime=0)

    def add(piece: bytes) -> bytes:
        file.write(piece)
        return b""

    def end() -> bytes:
        file.close()
        return out.getvalue()

    return add, end


_COMPRESSORS = {"br": _brotli, "gzip": _gzip}
