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

    `reached` counts connections, also those over which nothing was said, and datagrams.
    """

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.reached = 0
        self._tcp = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self.port = self._tcp.getsockname()[1]
        self.udp_port = self._udp.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        for listen in (self._accept, self._receive):
            threading.Thread(target=listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for listening in (self._tcp, self._udp):
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

    def _receive(self) -> None:
        with contextlib.suppress(OSError):
            while self._udp.recv(65536):
                self.reached += 1
