"""Devices that read a whole chat at once, in a process: `python -m tests.chaos.readers URL TOKEN PATHS SECONDS`.

PATHS is a JSON array with the path of each device. One that names `/messages` is followed from page to page. Prints the
devices' figures as one line of JSON.
"""

import http.client
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

_NEXT = re.compile(rb'"next_cursor":"([^"]+)"')
_MESSAGE = re.compile(rb'"content": ?"')
_PIECE = 256 * 1024


@dataclass
class Reading:
    """What one device saw: messages, bytes, the largest page, and the responses that were not 200."""

    messages: int = 0
    bytes: int = 0
    largest: int = 0
    is_whole: bool = False
    refused: dict[str, int] = field(default_factory=dict)

    def refuse(self, reason: str) -> None:
        self.refused[reason] = self.refused.get(reason, 0) + 1


def read(url: str, token: str, path: str, seconds: float) -> Reading:
    """Read all pages of a path, with as many attempts as the time allows."""
    reading, address = Reading(), path
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            status, page, end = _get(url, token, address)
        except (OSError, http.client.HTTPException) as error:
            reading.refuse(type(error).__name__)
            time.sleep(1)
            continue
        if status != 200:
            reading.refuse(str(status))
            time.sleep(1)
            continue
        reading.messages += page.messages
        reading.bytes += page.bytes
        reading.largest = max(reading.largest, page.bytes)
        found = _NEXT.search(end)
        if not found or "/messages" not in path:
            reading.is_whole = True
            return reading
        address = f"{path}{'&' if '?' in path else '?'}cursor={found[1].decode()}"
    return reading


def _get(url: str, token: str, path: str) -> tuple[int, Reading, bytes]:
    """Return the status, what was read, and the last bytes."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    page, end = Reading(), b""
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        while piece := response.read1(_PIECE):
            page.bytes += len(piece)
            # A match that was complete before is not counted again.
            page.messages += len(_MESSAGE.findall(end[-11:] + piece))
            end = (end + piece)[-1000:]
        if response.length:
            raise http.client.IncompleteRead(b"")
        return response.status, page, end
    finally:
        connection.close()


def main(url: str, token: str, paths: str, seconds: str) -> None:
    wanted = json.loads(paths)
    with ThreadPoolExecutor(len(wanted)) as devices:
        readings = devices.map(lambda path: read(url, token, path, float(seconds)), wanted)
        print(json.dumps([asdict(reading) for reading in readings]))


if __name__ == "__main__":
    main(*sys.argv[1:])
