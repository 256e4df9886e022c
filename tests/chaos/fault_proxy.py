"""A TCP proxy that misbehaves as told, between browser and app, app and Supabase, or app and model.

`FaultProxy(url, Script(seed=7, faults=(Reset(after=300), Slices()), share=0.3))` gives three of ten connections a
fault; the seed and a connection's number decide which, so that a run can be had again. `with proxy.away(…):` lays a
fault over all connections for a while.
"""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Latency:
    """Every piece comes later, by up to twice `seconds`."""

    seconds: float


@dataclass(frozen=True)
class Reset:
    """The connection is reset once the server has sent `after` bytes."""

    after: int = 0


@dataclass(frozen=True)
class BlackHole:
    """Nothing goes through any more once the server has sent `after` bytes; nobody is told."""

    after: int = 0


@dataclass(frozen=True)
class HalfClose:
    """The server's side is closed properly after `after` bytes, the client's stays open."""

    after: int = 0


@dataclass(frozen=True)
class Slices:
    """What the server says arrives one byte at a time."""

    size: int = 1


@dataclass(frozen=True)
class ServerError:
    """Each connection gets one answer: an HTTP error with a page that is no JSON."""

    status: int = 500


@dataclass(frozen=True)
class SlowLoris:
    """What the server says drips in, `rate` bytes a second."""

    rate: int = 200


@dataclass(frozen=True)
class Refusing:
    """Nobody listens."""


Fault = Latency | Reset | BlackHole | HalfClose | Slices | ServerError | SlowLoris


@dataclass(frozen=True)
class Script:
    """Which connection gets which fault: the `share` of them that is unlucky, one of `faults` each."""

    seed: int = 0
    faults: tuple[Fault, ...] = ()
    share: float = 1.0

    def fault(self, number: int) -> Fault | None:
        rng = random.Random(f"{self.seed} {number}")
        return rng.choice(self.faults) if self.faults and rng.random() < self.share else None


@dataclass(eq=False)
class Connection:
    """One client and, but for a ServerError, the server it wants."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    sent: int = 0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def abort(self) -> None:
        """Reset both sides."""
        for writer in (self.client, self.server):
            if writer is not None and not writer.transport.is_closing():
                sock = writer.get_extra_info("socket")
                with contextlib.suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()


class FaultProxy:
    """Listens on a free port while it is entered; `faults` lists (connection, fault) as they were given out."""

    def __init__(self, target: str, script: Script | None = None) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.script = script or Script()
        self.faults: list[tuple[int, Fault]] = []
        self._over: Fault | None = None
        self._count = 0
        self._open: set[Connection] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = 0
        self._on_loop(self._listen())
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._on_loop(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    @contextmanager
    def away(self, fault: Fault | Refusing) -> Iterator[None]:
        """Lay a fault over all connections, those that are open included, while the block runs."""
        if isinstance(fault, Refusing):
            self._on_loop(self._stop_listening())
            self.cut()
        elif isinstance(fault, ServerError | Reset):
            self._over = fault
            self.cut()
        else:
            self._over = fault
        try:
            yield
        finally:
            self._over = None
            if isinstance(fault, Refusing):
                self._on_loop(self._listen())
            else:
                self.cut()  # What was swallowed is missing: such a connection is of no use to anybody.

    def cut(self) -> None:
        """Reset all open connections."""

        async def abort_all() -> None:
            for connection in list(self._open):
                connection.abort()

        self._on_loop(abort_all())

    def _on_loop(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop_listening(self) -> None:
        self._server.close()

    async def _end(self) -> None:
        self._server.close()
        tasks = [task for connection in self._open for task in connection.tasks]
        for connection in list(self._open):
            connection.abort()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        others = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(writer)
        self._open.add(connection)
        number, self._count = self._count, self._count + 1
        fault = self._over or self.script.fault(number)
        if fault:
            self.faults.append((number, fault))
        try:
            if isinstance(fault, ServerError):
                await _answer_with_error(reader, writer, fault)
            else:
                await self._join(connection, reader, fault)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # One side is gone, or the proxy ends; the streams' own callback would complain of it.
        finally:
            connection.abort()
            self._open.discard(connection)

    async def _join(self, connection: Connection, client: asyncio.StreamReader, fault: Fault | None) -> None:
        server, connection.server = await asyncio.open_connection(*self._target)
        up = asyncio.create_task(self._pump(client, connection.server, connection, None))
        down = asyncio.create_task(self._pump(server, connection.client, connection, fault))
        connection.tasks = [up, down]
        await asyncio.wait(connection.tasks, return_when=asyncio.FIRST_COMPLETED)
        if down.done() and isinstance(fault, HalfClose):
            await up
        elif up.done() and not down.done():
            await asyncio.wait([down], timeout=30 if not connection.client.transport.is_closing() else 0)
        for task in connection.tasks:
            task.cancel()
        await asyncio.gather(*connection.tasks, return_exceptions=True)
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            if not connection.client.transport.is_closing():
                connection.client.close()
                await asyncio.wait_for(connection.client.wait_closed(), 1)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        connection: Connection,
        fault: Fault | None,
    ) -> None:
        is_down = writer is connection.client
        while data := await reader.read(65536):
            if isinstance(self._over, BlackHole):
                await asyncio.Event().wait()
            if not is_down:
                writer.write(data)
                await writer.drain()
                continue
            if await self._pass_on(data, writer, connection, self._over or fault):
                return
        if writer.can_write_eof():
            writer.write_eof()

    async def _pass_on(
        self, data: bytes, writer: asyncio.StreamWriter, connection: Connection, fault: Fault | None
    ) -> bool:
        """Write what the server said, as the fault has it; tell whether that was all."""
        limit = getattr(fault, "after", None)
        let = data if limit is None else data[: max(0, limit - connection.sent)]
        for piece in _pieces(let, fault):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(_pause(fault))
        connection.sent += len(data)
        if limit is None or connection.sent <= limit:
            return False
        match fault:
            case Reset():
                connection.abort()
            case HalfClose():
                writer.write_eof()
            case _:
                await asyncio.Event().wait()
        return True


def _pieces(data: bytes, fault: Fault | None) -> Iterator[bytes]:
    match fault:
        case Slices(size):
            width = size
        case SlowLoris(rate):
            width = max(1, rate // 20)
        case _:
            width = max(1, len(data))
    return (data[start : start + width] for start in range(0, len(data), width))


def _pause(fault: Fault | None) -> float:
    match fault:
        case Latency(seconds):
            return random.Random().random() * 2 * seconds
        case SlowLoris():
            return 0.05
        case _:
            return 0.0


async def _answer_with_error(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: ServerError
) -> None:
    await reader.readuntil(b"\r\n\r\n")
    body = b"<html>an error of somebody in between</html>"
    head = f"HTTP/1.1 {fault.status} Error\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
    await writer.drain()
    writer.write_eof()
    await asyncio.wait_for(reader.read(), 5)
