"""Thousands of connections that promise a request and don't send it. The short version is in tests/web/."""

import asyncio
import resource
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from app import create_app
from sitethread.settings import Settings
from tests.chaos.reports import p95, report
from tests.http_client import HttpClient, connect
from tests.stacks import Stack
from tests.watched_server import WatchedServer

CONNECTIONS = 5_000
OPENED_A_SECOND = 250
# 30 s for a head after its first byte, 30 s for a body; and what opening so many takes on a busy machine.
MOST_SECONDS = 60


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@dataclass
class SlowConnection:
    """A beginning of a request, and how the server ended it."""

    kind: str
    sent: bytes
    piece: bytes = b""
    lasted: float = 0.0
    status: str = "closed"

    async def run(self, host: str | None, port: int | None) -> None:
        """Send the beginning, perhaps a piece every five seconds, and wait for the connection's end."""
        reader, writer = await asyncio.open_connection(host, port)
        began = time.monotonic()
        writer.write(self.sent)
        received = bytearray()
        reading = asyncio.ensure_future(self._read(reader, received))
        while not (await asyncio.wait([reading], timeout=5))[0]:
            if self.piece and not writer.is_closing():
                writer.write(self.piece)
        self.lasted = time.monotonic() - began
        if received:
            self.status = received[9:12].decode()
        writer.close()

    async def _read(self, reader: asyncio.StreamReader, received: bytearray) -> None:
        try:
            while data := await reader.read(65_536):
                received += data
        except OSError:
            pass


def beginnings(stack: Stack, token: str) -> Iterator[SlowConnection]:
    """Yield beginnings of requests to all routes with a body, over and over."""
    settings = Settings(supabase_url=stack.supabase_url, supabase_key=stack.publishable_key)
    rules = [
        (method, rule.build({name: str(uuid.uuid4()) for name in rule.arguments}, append_unknown=False))
        for rule in create_app(settings).url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"})
    ]
    paths = [(method, built[1]) for method, built in rules if built] + [("POST", "/unknown")]
    assert len(paths) > 30
    while True:
        for method, path in paths:
            for who, credentials in (("signed in", token), ("bad token", "e.e.e"), ("nobody", "")):
                is_form = not path.startswith("/api/")
                lines = [
                    f"{method} {path} HTTP/1.1",
                    "Host: localhost",
                    f"Content-Type: application/{'x-www-form-urlencoded' if is_form else 'json'}",
                    f"Authorization: Bearer {credentials}" if credentials else "Sec-Fetch-Site: same-origin",
                ]
                start = "\r\n".join(lines).encode()
                length, chunked = (
                    b"\r\nContent-Length: 1000\r\n\r\n",
                    b"\r\nTransfer-Encoding: chunked\r\n\r\n",
                )
                yield SlowConnection(f"length, {who}", start + length + b"e")
                yield SlowConnection(f"chunks, {who}", start + chunked + b"3e8\r\ne")
                yield SlowConnection(f"byte by byte, {who}", start + length, b"e")
            yield SlowConnection("half a head", start[:-5])
            yield SlowConnection("a head byte by byte", start, b"e")


async def run_all(url: str, connections: list[SlowConnection]) -> None:
    parts = urlsplit(url)
    running = []
    for connection in connections:
        running.append(asyncio.ensure_future(connection.run(parts.hostname, parts.port)))
        await asyncio.sleep(1 / OPENED_A_SECOND)
    await asyncio.gather(*running)


@pytest.mark.chaos
def test_thousands_of_slow_connections_are_closed_in_time_while_others_are_served(
    stack, model, people, many_files
):
    token, other = people(2).tokens
    slow = [connection for connection, _ in zip(beginnings(stack, token), range(CONNECTIONS), strict=False)]
    took: list[float] = []
    failures: Counter[str] = Counter()
    is_over = threading.Event()
    with WatchedServer(stack, model.base_url, LOG_LEVEL="WARNING") as server:

        def visit() -> None:
            with HttpClient(connect(server.url), other) as client:
                while not is_over.wait(0.2):
                    began = time.monotonic()
                    try:
                        status = client.send("GET", "/api/websites").status_code
                    except Exception as error:  # noqa: BLE001
                        failures[type(error).__name__] += 1
                        continue
                    took.append(time.monotonic() - began)
                    if status != 200:
                        failures[str(status)] += 1

        visitor = threading.Thread(target=visit, daemon=True)
        visitor.start()
        asyncio.run(run_all(server.url, slow))
        is_over.set()
        visitor.join(60)
        said = server.said()
    longest = {
        kind: max(each.lasted for each in slow if each.kind == kind) for kind in {each.kind for each in slow}
    }
    report(
        f"{CONNECTIONS} slow connections",
        closed_after_at_most=max(longest.values()),
        answers=dict(Counter(each.status for each in slow)),
        other_requests=len(took),
        failures=dict(failures),
        p95=p95(took),
        slowest=max(took),
    )
    assert not failures and len(took) > 100
    assert max(longest.values()) < MOST_SECONDS, longest
    assert '"unexpected"' not in said and "Traceback" not in said
