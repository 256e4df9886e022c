"""The app as gunicorn serves it: what it leaves when it stops."""

import json
import socket
import time
from pathlib import Path

import httpx
import psutil
import pytest

from tests.app_server import AppServer
from tests.http_client import ApiClient, connect
from tests.stacks import Person, Stack


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
            b"GET /api/search?q=" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
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
    head, body = exchanged(server, request_bytes)
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/json" in head
    error = json.loads(body)["error"]
    assert error["code"] == code and error["message"] and error["request_id"]


@pytest.mark.parametrize("path", ["/api/websites", "/api/chat/import", "/api/hosting/chats", "/sign-in"])
@pytest.mark.parametrize(
    "chunks", [b"zz\r\n{}\r\n0\r\n\r\n", b"5\r\n{}", b"2\r\n{}xx0\r\n\r\n", b"-2\r\n{}\r\n"]
)
def test_a_body_in_broken_chunks_is_a_bad_request(
    server: AppServer, alice: Person, path: str, chunks: bytes
) -> None:
    kind = "application/x-www-form-urlencoded" if path == "/sign-in" else "application/json"
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {alice.access_token}",
        f"Content-Type: {kind}",
        "Transfer-Encoding: chunked",
    )
    head, body = exchanged(server, "\r\n".join((*lines, "", "")).encode() + chunks)
    assert head.startswith(b"HTTP/1.1 400 "), head
    assert json.loads(body)["error"]["code"] == "bad_request"


@pytest.mark.parametrize("letter", ["a", "\u3042", "%"])
def test_ten_thousand_letters_are_too_long_to_search_for(
    server: AppServer, alice: Person, letter: str
) -> None:
    words = {"q": (letter * 10_000).encode()[:10_000].decode("utf-8", "ignore")}
    with ApiClient(connect(server.url), alice.access_token) as client:
        assert client.refused("GET", "/api/search", params=words) == (422, "query_too_long")


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forwarded_scheme_counts_where_a_proxy_is_trusted(stack: Stack, proxies: int) -> None:
    person = stack.sign_up()
    with AppServer(
        stack, stack.openai_base_url, workers=1, TRUSTED_PROXIES=str(proxies), FORWARDED_ALLOW_IPS="*"
    ) as server:
        form = {"email": person.email, "password": person.password}
        headers = {"X-Forwarded-Proto": "https", "Sec-Fetch-Site": "same-origin"}
        with httpx.Client(base_url=server.url, headers=headers, timeout=30) as http:
            signed_in = http.post("/sign-in", data=form)
    assert signed_in.status_code == 303
    is_https = proxies == 1
    assert ("Strict-Transport-Security" in signed_in.headers) is is_https
    assert all(("; Secure" in cookie) is is_https for cookie in signed_in.headers.get_list("Set-Cookie"))


def exchanged(server: AppServer, request_bytes: bytes) -> tuple[bytes, bytes]:
    """Send bytes and nothing after them; return head and body of the answer."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request_bytes)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body
