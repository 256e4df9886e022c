"""Many answers at once: how much later a token is shown than the model sent it, and what a worker's memory does.

STREAMS (500), STREAM_SECONDS (30) and STREAM_RATE (20 tokens a second each) say how many, how long and how fast.
"""

import asyncio
import json
import multiprocessing
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import psutil

from tests.app_server import AppServer
from tests.stacks import Stack

STREAMS = int(os.environ.get("STREAMS", "500"))
SECONDS = int(os.environ.get("STREAM_SECONDS", "30"))
RATE = int(os.environ.get("STREAM_RATE", "20"))
MOST_MILLISECONDS = 100
# Nobody follows more than 10 answers on a worker.
PEOPLE = max(10, STREAMS // 5)

_TOKEN = re.compile(rb"(\d+):(\d+\.\d+) ")
_END = re.compile(rb'"status": ?"(\w+)"')
_EVENT = b'data: {"choices":[{"index":0,"delta":%s,"finish_reason":%s}]}\n\n'


def main() -> bool:
    """Print latencies and memory; tell whether p99 is within bounds and nothing was lost."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack(Path(folder) / "data") as stack,
        running_model() as model_url,
        AppServer(stack, model_url, LOG_LEVEL="WARNING") as app,
    ):
        stack.sql("update private.quotas set allowed = greatest(allowed, 1000000)")
        tokens = [stack.sign_up().access_token for _ in range(PEOPLE)]
        return report(*asyncio.run(measure(app, tokens)))


class Stream(asyncio.Protocol):
    """One reader: how late tokens were, and whether all of them came in order."""

    def __init__(self, request: bytes) -> None:
        self.late: list[float] = []
        self.next_token = 0
        self.status = ""
        self.is_over = asyncio.get_running_loop().create_future()
        self._request = request
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        events, _, self._rest = (self._rest + data).rpartition(b"\n\n")
        for number, sent in _TOKEN.findall(events):
            if int(number) != self.next_token and not self.is_over.done():
                self.is_over.set_exception(
                    RuntimeError(f"token {self.next_token} is lost: {int(number)} came")
                )
            self.next_token += 1
            self.late.append(now - float(sent))
        if end := _END.search(events):
            self.status = end[1].decode()
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.is_over.done():
            self.is_over.set_result(None)


def asking(app: AppServer, token: str, message: str) -> bytes:
    """Write the request that asks a question."""
    body = json.dumps({"message": message}).encode()
    head = f"POST /api/chat HTTP/1.0\r\nHost: {urlsplit(app.url).netloc}\r\nAuthorization: Bearer {token}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def measure(app: AppServer, tokens: list[str]) -> tuple[list[Stream], list[list[int]]]:
    where = urlsplit(app.url)
    streams = []
    for number in range(STREAMS):
        request = asking(app, tokens[number % PEOPLE], f"Chat {number}")
        _, stream = await asyncio.get_running_loop().create_connection(
            partial(Stream, request), where.hostname, where.port
        )
        streams.append(stream)
        await asyncio.sleep(0.01)
    memory = []
    reading = [stream.is_over for stream in streams]
    while not all(over.done() for over in reading):
        memory.append(sorted(psutil.Process(pid).memory_info().rss for pid in app.worker_pids))
        await asyncio.wait(reading, timeout=max(1.0, SECONDS / 10))
    await asyncio.gather(*reading)
    return streams, memory


def report(streams: list[Stream], memory: list[list[int]]) -> bool:
    late = [seconds * 1000 for stream in streams for seconds in stream.late]
    # Between, all streams are open: after the last one's beginning and before the first one's end.
    rest = min(SECONDS // 4, 10) * RATE
    settled = [seconds * 1000 for stream in streams for seconds in stream.late[rest:-rest]]
    cuts, settled_cuts = statistics.quantiles(late, n=100), statistics.quantiles(settled, n=100)
    complete = sum(stream.status == "complete" and stream.next_token == SECONDS * RATE for stream in streams)
    print(
        f"streams        {len(streams)} at {RATE} tokens/s for {SECONDS} s, {complete} complete, {len(late)} tokens"
    )
    print(f"  shown later by {cuts[49]:6.0f} ms (median), {cuts[94]:.0f} ms (p95), {cuts[98]:.0f} ms (p99)")
    print(f"                                         (at most {MOST_MILLISECONDS} ms at p99)")
    between = (settled_cuts[49], settled_cuts[94], settled_cuts[98])
    print("  between the opening and closing of all: " + ", ".join(f"{cut:.0f} ms" for cut in between))
    for name, values in (("first", memory[0]), ("middle", memory[len(memory) // 2]), ("last", memory[-1])):
        print(
            f"  memory {name:6} " + ", ".join(f"{value / 2**20:.0f} MiB" for value in values) + " per worker"
        )
    return complete == len(streams) and cuts[98] <= MOST_MILLISECONDS


@contextmanager
def running_model() -> Iterator[str]:
    """Serve, in a process of its own, a model that says when it said each token."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1"
    finally:
        process.kill()
        process.join()


def serve(told: Connection) -> None:
    asyncio.run(_serve(told))


async def _serve(told: Connection) -> None:
    """Speak to all from one clock: a timer for each would cost more than what is measured."""
    listeners: list[Listener] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        listeners.append(Listener(writer))

    server = await asyncio.start_server(listen, "127.0.0.1", 0, backlog=1024)
    told.send(server.sockets[0].getsockname()[1])
    while True:
        for listener in listeners:
            listener.speak()
        listeners[:] = [listener for listener in listeners if not listener.is_done]
        await asyncio.sleep(0.005)


@dataclass
class Listener:
    """Somebody who is told a token, its number and when it was said, so many times a second."""

    writer: asyncio.StreamWriter
    began: float = field(default_factory=time.monotonic)
    said: int = 0
    is_done: bool = False

    def speak(self) -> None:
        self.is_done = self.is_done or self.writer.is_closing()
        while not self.is_done and (now := time.monotonic()) >= self.began + self.said / RATE:
            if self.said == SECONDS * RATE:
                self.writer.write(_EVENT % (b"{}", b'"stop"') + b"data: [DONE]\n\n")
                self.writer.close()
                self.is_done = True
            else:
                self.writer.write(_EVENT % (b'{"content":"%d:%.4f "}' % (self.said, now), b"null"))
                self.said += 1
