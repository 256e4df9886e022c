"""A zip that lies about itself is refused before it costs anything."""

import io
import struct
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from sitethread import errors
from sitethread.account_files.zip_reading import ZipArchive
from sitethread.account_files.zip_writing import ZipStream

TEXT = b"Words that are there. " * 1000


@contextmanager
def opened(data: bytes) -> Iterator[ZipArchive]:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        yield ZipArchive(file)


def read(data: bytes) -> dict[str, bytes]:
    with opened(data) as archive:
        return {name: b"".join(archive.pieces(name)) for name in archive}


def packed(*names: str, data: bytes = TEXT, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def directory(data: bytes, number: int = 0) -> int:
    """Return where an entry of the directory begins."""
    at = -1
    for _ in range(number + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    return at


def changed(data: bytes, at: int, form: str, *values: int) -> bytes:
    out = bytearray(data)
    struct.pack_into(form, out, at, *values)
    return bytes(out)


def test_what_is_written_as_a_stream_reads_back() -> None:
    zip = ZipStream()
    pieces = [*zip.file("a/b.txt", [TEXT, TEXT]), *zip.file("ünï.txt", []), *zip.end()]
    assert max(map(len, pieces)) < 100_000
    assert read(b"".join(pieces)) == {"a/b.txt": TEXT * 2, "ünï.txt": b""}
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None


def test_more_files_than_an_old_zip_counts_read_back() -> None:
    data = packed(*(f"{number}" for number in range(65_600)), data=b"")
    with opened(data) as archive:
        assert len(list(archive)) == 65_600


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zips_of_others_read_too(method: int) -> None:
    assert read(packed("a", "b/c", method=method)) == {"a": TEXT, "b/c": TEXT}


GOOD = packed("a", "b")
STORED = packed("a", "b", data=b"x" * 100, method=zipfile.ZIP_STORED)
A, B, END = directory(GOOD), directory(GOOD, 1), GOOD.index(b"PK\x05\x06")

LIES: dict[str, Callable[[], bytes]] = {
    "cut off": lambda: GOOD[:-30],
    "a directory that is elsewhere": lambda: changed(GOOD, END + 16, "<L", 7),
    "a directory that is shorter": lambda: changed(GOOD, END + 8, "<2H", 1, 1),
    "a directory that is longer": lambda: changed(GOOD, END + 8, "<2H", 3, 3),
    "another disk": lambda: changed(GOOD, A + 34, "<H", 1),
    "something before it": lambda: b"MZ" + GOOD,
    "something after it": lambda: GOOD + b"x",
    "encrypted": lambda: changed(GOOD, A + 8, "<H", 1),
    "an unknown method": lambda: changed(GOOD, A + 10, "<H", 12),
    "stored, of two sizes": lambda: changed(STORED, directory(STORED) + 24, "<L", 1_000),
    "larger than it says": lambda: changed(GOOD, A + 24, "<L", 100),
    "smaller than it says": lambda: changed(GOOD, A + 24, "<L", len(TEXT) + 1),
    "far larger than it says": lambda: changed(GOOD, A + 24, "<L", 0xFFFFFFFF),
    "another checksum": lambda: changed(GOOD, A + 16, "<L", 1),
    "another name in front": lambda: GOOD.replace(b"a", b"c", 1),
    "overlapping": lambda: changed(GOOD, B + 42, "<L", 0),
    "overlapping by its length": lambda: changed(GOOD, A + 20, "<L", len(GOOD) // 2),
    "data that run into the next": lambda: changed(GOOD, 28, "<H", 60),
    "twice": lambda: GOOD.replace(b"b", b"a"),
    "up": lambda: packed("../a"),
    "up from within": lambda: packed("a/../../b"),
    "from the root": lambda: packed("/a"),
    "another drive": lambda: packed("C:/a"),
    "a backslash": lambda: packed("a|b").replace(b"a|b", b"a\\b"),
    "a line end": lambda: packed("a\nb"),
    "a long name": lambda: packed("a" * 1001),
    "a name of no text": lambda: packed("aäb").replace("ä".encode(), b"\xff\xff"),
    "damaged data": lambda: GOOD[:31] + b"\xff\xff\xff\xff" + GOOD[35:],
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_zip_that_lies_is_refused(lie: str) -> None:
    with pytest.raises(errors.InvalidImport) as refused:
        read(LIES[lie]())
    assert refused.value.extra["place"]


def test_a_zip_that_swells_is_refused_before_it_is_unpacked() -> None:
    bomb = packed("a", data=bytes(80 * 1024 * 1024))
    assert len(bomb) < 100_000
    with pytest.raises(errors.InvalidImport, match="more than"):
        read(bomb)


def test_a_zip_of_too_many_files_is_refused_by_its_end_alone() -> None:
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 100_001, 100_001, 0, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    with pytest.raises(errors.InvalidImport, match="100,000 files"):
        read(end + locator + last)


def test_reading_holds_a_piece_at_a_time() -> None:
    with opened(packed("a", data=b"".join(b"%d" % number for number in range(3_000_000)))) as archive:
        tracemalloc.start()
        for _ in archive.pieces("a"):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 1_000_000
