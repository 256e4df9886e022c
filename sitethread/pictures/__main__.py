"""Encodes the picture on standard input, and writes its size and a WebP. `process` starts it."""

import sys

from sitethread.child_processes import limit_resources
from sitethread.pictures.process import NO_PICTURE, SIZE, TOO_LARGE

CPU_SECONDS = 15
MEMORY_BYTES = 1024 * 1024 * 1024

if __name__ == "__main__":
    limit_resources(CPU_SECONDS, MEMORY_BYTES)
    from sitethread.pictures.encoding import TooLarge, encode

    try:
        content, width, height = encode(sys.stdin.buffer.read())
    except TooLarge:
        sys.exit(TOO_LARGE)
    except MemoryError:
        raise
    # Whatever a decoder makes of a broken file.
    except Exception:  # noqa: BLE001
        sys.exit(NO_PICTURE)
    sys.stdout.buffer.write(SIZE.pack(width, height) + content)
