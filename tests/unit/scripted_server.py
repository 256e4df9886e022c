"""A server that sends what a script says."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class ScriptedServer:
    """Sends one scripted response after each request, over as many connections as come.

    It rests for a tenth of a second at "<pause>", and hangs up at "close".
    """

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.script: list[bytes] = []
        self.requests: list[bytes] = []
        self.connections: list[socket.socket] = []

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        # The pool hangs up on what it doesn't believe.
        with connection, suppress(ConnectionError):
            while data := _request(connection):
                self.requests.append(data)
                for piece in self.script.pop(0).split(b"<pause>"):
                    if piece == b"close":
                        return
                    connection.sendall(piece)
                    time.sleep(0.1)


def _request(connection: socket.socket) -> bytes:
    """Receive a whole request, whose body some clients send separately; nothing at the connection's end."""
    data = b""
    while True:
        head, blank, body = data.partition(b"\r\n\r\n")
        _, _, length = head.lower().partition(b"content-length: ")
        if blank and len(body) >= int(length.partition(b"\r\n")[0] or 0):
            return data
        if not (piece := connection.recv(65536)):
            return b""
        data += piece


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    serving = ScriptedServer()
    threading.Thread(target=serving.serve, daemon=True).start()
    yield serving
    serving.listening.shutdown(socket.SHUT_RDWR)
    serving.listening.close()
