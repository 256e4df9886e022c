"""A place on the network where nothing may ever arrive, and that remembers whatever does."""

import contextlib
import re
import socket
import threading
from typing import Self

_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\nAccess-Control-Allow-Origin: *\r\n"
    b"Connection: close\r\n\r\n"
)


class Canary:
    """Listens over TCP and UDP while it is entered; `heard` holds the path of each request.

    `reached` counts connections, also those over which nothing was said; `datagrams` holds the names under which a port
    for datagrams was asked for and got some.
    """

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.reached = 0
        self.datagrams: set[str] = set()
        self._tcp = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._udp: list[socket.socket] = []
        self.port = self._tcp.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for listening in (self._tcp, *self._udp):
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._tcp.accept()
                self.reached += 1
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with connection, contextlib.suppress(OSError):
            said = connection.recv(65536).decode("latin-1")
            if path := re.match(r"[A-Z]+ /(\S*)", said):
                self.heard.append(path[1])
            connection.sendall(_ANSWER)

    def udp_port(self, name: str) -> int:
        """Listen for datagrams on a port of this name's own."""
        listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listening.bind(("127.0.0.1", 0))
        self._udp.append(listening)
        threading.Thread(target=self._receive, args=(listening, name), daemon=True).start()
        port: int = listening.getsockname()[1]
        return port

    def _receive(self, listening: socket.socket, name: str) -> None:
        with contextlib.suppress(OSError):
            while listening.recv(65536):
                self.datagrams.add(name)
