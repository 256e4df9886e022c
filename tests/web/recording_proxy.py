"""A proxy before Supabase that writes down whose token every request carries."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class RecordingProxy:
    """Passes requests on and keeps (method, path with query, Authorization) of each, and the connections made."""

    def __init__(self, upstream: str) -> None:
        self.requests: list[tuple[str, str, str]] = []
        self.connections = 0
        self.delay_seconds = 0.0
        host = urlsplit(upstream).netloc
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                proxy.connections += 1
                self.upstream = http.client.HTTPConnection(host, timeout=20)

            def finish(self) -> None:
                self.upstream.close()
                super().finish()

            def pass_on(self) -> None:
                proxy.requests.append((self.command, self.path, self.headers.get("Authorization", "")))
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                kept = {k: v for k, v in self.headers.items() if k.lower() not in {"host", "connection"}}
                self.upstream.request(self.command, self.path, body, kept)
                answer = self.upstream.getresponse()
                data = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in {
                        "transfer-encoding",
                        "connection",
                        "content-length",
                        "date",
                        "server",
                    }:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = pass_on

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
