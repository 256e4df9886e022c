"""Many answers at once: how much later a token is shown than the model sent it, and what a worker's memory does.

STREAMS (500), STREAM_SECONDS (30) and STREAM_RATE (20 tokens a second each) say how many, how long and how fast.
"""

import asyncio
import json
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.app_server import AppServer
from tests.stacks import Stack

STREAMS = int(os.environ.get("STREAMS", "500"))
SECONDS = int(os.environ.get("STREAM_SECONDS", "30"))
RATE = int(os.environ.get("STREAM_RATE", "20"))
MOST_MILLISECONDS = 150
PEOPLE = 10


def main() -> bool:
    """Print latencies and memory; tell whether p99 is within bounds and nothing was lost."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack(Path(folder) / "data") as stack,
        running_model() as model_url,
        AppServer(stack, model_url, LOG_LEVEL="WARNING") as app,
    ):
        stack.sql("update private.quotas set allowed = 1000000")
        tokens = [stack.sign_up().access_token for _ in range(PEOPLE)]
        return report(*asyncio.run(measure(app, tokens)))


@dataclass
class Stream:
    """One reader: how late tokens were, and whether all of them came in order."""

    late: list[float] = field(default_factory=list)
    next_token: int = 0
    status: str = ""

    async def read(self, url: str, token: str, message: str) -> None:
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        body = json.dumps({"message": message}).encode()
        head = f"POST /api/chat HTTP/1.0\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        async for line in reader:
            if line.startswith(b'data: {"text":'):
                self._take(json.loads(line[6:])["text"])
            elif line.startswith(b'data: {"status":'):
                self.status = json.loads(line[6:])["status"]
                break
        writer.close()

    def _take(self, text: str) -> None:
        now = time.monotonic()
        for word in text.split():
            number, sent = word.split(":")
            if int(number) != self.next_token:
                raise RuntimeError(f"token {self.next_token} is lost: {number} came")
            self.next_token += 1
            self.late.append(now - float(sent))


async def measure(app: AppServer, tokens: list[str]) -> tuple[list[Stream], list[list[int]]]:
    streams = [Stream() for _ in range(STREAMS)]
    reading = []
    for number, stream in enumerate(streams):
        reading.append(asyncio.create_task(stream.read(app.url, tokens[number % PEOPLE], f"Chat {number}")))
        await asyncio.sleep(0.01)
    memory = []
    while not all(task.done() for task in reading):
        memory.append(sorted(psutil.Process(pid).memory_info().rss for pid in app.worker_pids))
        await asyncio.wait(reading, timeout=max(1.0, SECONDS / 10))
    await asyncio.gather(*reading)
    return streams, memory


def report(streams: list[Stream], memory: list[list[int]]) -> bool:
    late = [seconds * 1000 for stream in streams for seconds in stream.late]
    # While streams are still being opened, that is what is measured.
    settled = [seconds * 1000 for stream in streams for seconds in stream.late[len(stream.late) // 4 :]]
    cuts = statistics.quantiles(settled, n=100)
    complete = sum(stream.status == "complete" and stream.next_token == SECONDS * RATE for stream in streams)
    print(
        f"streams        {len(streams)} at {RATE} tokens/s for {SECONDS} s, {complete} complete, {len(late)} tokens"
    )
    print(f"  shown later by {cuts[49]:6.0f} ms (median), {cuts[94]:.0f} ms (p95), {cuts[98]:.0f} ms (p99)")
    print(f"                                         (at most {MOST_MILLISECONDS} ms at p99)")
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
    server = await asyncio.start_server(_speak, "127.0.0.1", 0, backlog=1024)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
    began = time.monotonic()
    for number in range(SECONDS * RATE):
        await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
        _say(writer, {"content": f"{number}:{time.monotonic():.4f} "}, None)
    _say(writer, {}, "stop")
    writer.write(b"data: [DONE]\n\n")
    writer.close()


def _say(writer: asyncio.StreamWriter, delta: dict[str, str], finish: str | None) -> None:
    event = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    writer.write(b"data: " + json.dumps(event).encode() + b"\n\n")
