"""Encodes a picture in a process of its own, which is ended when it takes too long or too much memory."""

import logging
import struct
import sys
import threading
from typing import NamedTuple

from sitethread import child_processes, errors

BYTES, PIXELS = 10 * 1024 * 1024, 40_000_000
ENCODED_BYTES, ENCODED_SIDE = 2_000_000, 2560
SECONDS = 20.0
# How many run at once for this worker; the others wait.
AT_ONCE = 2
# What the process ends with.
NO_PICTURE, TOO_LARGE = 3, 4
SIZE = struct.Struct(">LL")

_COMMAND = (sys.executable, "-m", "sitethread.pictures")
_turns = threading.BoundedSemaphore(AT_ONCE)

log = logging.getLogger("sitethread")


class Picture(NamedTuple):
    """A WebP, and its size in pixels."""

    content: bytes
    width: int
    height: int


def encode(data: bytes) -> Picture:
    """Return a picture as WebP, of an animation the first; raise BodyTooLarge, InvalidPicture, PictureTooLarge."""
    if len(data) > BYTES:
        raise errors.BodyTooLarge(f"A picture may have {BYTES} bytes.")
    if not _turns.acquire(timeout=SECONDS):
        raise errors.TooManyImports
    try:
        output = child_processes.run(_COMMAND, data, SECONDS)
    except child_processes.ProcessFailed as failure:
        raise _error_of(failure) from None
    finally:
        _turns.release()
    width, height = SIZE.unpack_from(output)
    return Picture(output[SIZE.size :], width, height)


def _error_of(failure: child_processes.ProcessFailed) -> errors.DomainError:
    if failure.status == TOO_LARGE:
        return errors.PictureTooLarge()
    if failure.status != NO_PICTURE:
        log.warning("a picture was not encoded", extra={"facts": {"cause": str(failure)}})
    return errors.InvalidPicture()
