"""Load over plain sockets: what a client library would add is not measured."""

import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.stacks import Person, Stack


@dataclass(frozen=True)
class Target:
    """One request, to be sent again and again."""

    url: str
    headers: dict[str, str]
    body: dict[str, object] | None = None

    def request(self) -> bytes:
        parts = urlsplit(self.url)
        target = f"{parts.path or '/'}?{parts.query}".rstrip("?")
        lines = [f"{'GET' if self.body is None else 'POST'} {target} HTTP/1.1", f"Host: {parts.netloc}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        body = b""
        if self.body is not None:
            body = json.dumps(self.body).encode()
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body


def as_person(url: str, stack: Stack, person: Person, body: dict[str, object] | None = None) -> Target:
    """Make a signed-in person's request, to the app or to Supabase; what is written need not be sent back."""
    headers = {"apikey": stack.publishable_key, "Authorization": f"Bearer {person.access_token}"}
    return Target(url, {**headers, "Prefer": "return=minimal"}, body)


class Client:
    """One connection that stays open."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.request = target.request()

    async def connect(self) -> "Client":
        parts = urlsplit(self.target.url)
        self.reader, self.writer = await asyncio.open_connection(parts.hostname, parts.port)
        return self

    async def send(self) -> bytes:
        """Send the request once and return the body. Raises RuntimeError when it isn't answered with 200."""
        self.writer.write(self.request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            body = await self._chunks()
        else:
            length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
            body = await self.reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(f"{head.splitlines()[0].decode()}: {body.decode()[:200]}")
        return body

    async def _chunks(self) -> bytes:
        body = b""
        while True:
            size = int(await self.reader.readuntil(b"\r\n"), 16)
            piece = await self.reader.readexactly(size + 2)
            if not size:
                return body
            body += piece[:-2]

    def close(self) -> None:
        self.writer.close()


async def latencies(client: Client, seconds: float) -> list[float]:
    """Send one request after the other; return how long each took, in seconds."""
    taken = []
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        await client.send()
        taken.append(time.perf_counter() - start)
    return taken


async def rate(clients: Sequence[Client], seconds: float) -> float:
    """Let all clients send at once; return the requests a second."""
    start = time.perf_counter()
    counts = await asyncio.gather(*(latencies(client, seconds) for client in clients))
    return sum(map(len, counts)) / (time.perf_counter() - start)


async def compare(targets: Sequence[Target], clients: int, rounds: int, seconds: float) -> list["Measured"]:
    """Measure each target, with one client and with many.

    The targets take turns, `rounds` times for `seconds` each: a machine's moods hit all of them.
    """
    alone = [await Client(target).connect() for target in targets]
    together = [[await Client(target).connect() for _ in range(clients)] for target in targets]
    for client in alone:
        await latencies(client, seconds)
    times: list[list[float]] = [[] for _ in targets]
    rates: list[list[float]] = [[] for _ in targets]
    for _ in range(rounds):
        for index, client in enumerate(alone):
            times[index] += await latencies(client, seconds)
        for index, group in enumerate(together):
            rates[index].append(await rate(group, seconds))
    for client in [*alone, *(client for group in together for client in group)]:
        client.close()
    return [
        Measured(statistics.median(taken), statistics.median(rated))
        for taken, rated in zip(times, rates, strict=True)
    ]


@dataclass(frozen=True)
class Measured:
    """Medians of one client's seconds a request, and of many clients' requests a second."""

    seconds: float
    rate: float

    def __str__(self) -> str:
        return f"{self.seconds * 1000:7.2f} ms {self.rate:6.0f} /s"


def report(name: str, cheapest: Measured, ours: Measured, most_time: float, least_rate: float) -> bool:
    """Print both and their ratios; tell whether those are within bounds."""
    time, rate = ours.seconds / cheapest.seconds, ours.rate / cheapest.rate
    print(f"{name}")
    print(f"  cheapest way  {cheapest}")
    print(f"  ours          {ours}")
    print(f"  ratio         {time:7.2f}    {rate:6.2f}       (at most {most_time}, at least {least_rate})")
    return time <= most_time and rate >= least_rate
