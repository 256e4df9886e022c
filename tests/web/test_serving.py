"""The app as gunicorn serves it: what it leaves when it stops."""

import json
import socket
import time
from pathlib import Path

import psutil
import pytest

from tests.app_server import AppServer
from tests.stacks import Stack


def test_the_figures_of_a_server_that_stopped_are_taken_away(stack: Stack, tmp_path: Path) -> None:
    settings = {"METRICS_TOKEN": "figures", "TMPDIR": str(tmp_path)}
    with AppServer(stack, stack.openai_base_url, workers=1, **settings) as server:
        assert list(tmp_path.glob("sitethread-metrics-*/*"))
        psutil.Process(server.worker_pids[0]).parent().terminate()
        deadline = time.monotonic() + 30
        while list(tmp_path.glob("sitethread-metrics-*")):
            assert time.monotonic() < deadline, "the folder is still there"
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (
            b"GET /api/search?q=" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
            414,
            "address_too_long",
        ),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 9_000 + b"\r\n\r\n", 431, "headers_too_large"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 101 + b"\r\n", 431, "headers_too_large"),
        (b"<script>alert(1)</script>\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: magic\r\n\r\n", 400, "bad_request"),
    ],
)
def test_what_never_reaches_the_app_is_refused_with_a_code(
    server: AppServer, request_bytes: bytes, status: int, code: str
) -> None:
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request_bytes)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/json" in head
    error = json.loads(body)["error"]
    assert error["code"] == code and error["message"] and error["request_id"]
