"""No body holds up the other requests of its worker: a detector says for how long its event loop stood still."""

import base64
import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.hostile_bodies import HOSTILE
from tests.http_client import JSON, ApiClient, HttpClient, connect
from tests.stacks import Person, Stack
from tests.watched_server import WatchedServer
from tests.web.versions import save_version

MEGABYTE = 1024 * 1024
Body = bytes | Iterator[bytes]


@pytest.fixture
def server(stack: Stack) -> Iterator[WatchedServer]:
    """One for each test, so that what stood still is known."""
    with WatchedServer(stack, stack.openai_base_url, workers=1) as running:
        yield running


@pytest.fixture
def send(server: WatchedServer, alice: Person) -> Iterator[Callable[..., httpx.Response]]:
    with HttpClient(connect(server.url), alice.access_token) as client:
        yield lambda path, body, **headers: client.send(
            "POST", path, content=body, headers={**JSON, **headers}, timeout=120
        )


def values(value: bytes) -> bytes:
    return b'{"name": [' + value * (1_000_000 // len(value)) + b"0]}"


def few_values(value: bytes) -> bytes:
    """Just so many values that they are read."""
    return b'{"name": [' + value * 30_000 + b"0]}"


@pytest.mark.parametrize(
    "bodies",
    [
        pytest.param([body for body, *_ in HOSTILE], id="hostile"),
        pytest.param(
            [values(each) for each in (b"[],", b"{},", b"0,", b'"",', b'{"":[]},')], id="many values"
        ),
        pytest.param([few_values(each) for each in (b"[],", b"{},", b"0,", b'"",', b'{"":0},')], id="values"),
        pytest.param(
            [b'{"name": "' + text * 500_000 for text in (b"a", b"\\", b"\\\\", b'\\"')], id="strings"
        ),
        pytest.param([b'{"name": "' + b"\\ud83d\\ude00" * 85_000 + b'"}'], id="escapes"),
        pytest.param([b'{"name": "' + b"a" * 16 * MEGABYTE + b'"}'], id="16 MB"),
    ],
)
def test_no_json_body_holds_up_others(send: Callable[..., httpx.Response], bodies: list[bytes]) -> None:
    assert {send("/api/websites", body).status_code for body in bodies} <= {400, 413, 415, 422}


def test_a_megabyte_in_chunks_of_a_byte_does_not_hold_up_others(server: WatchedServer, alice: Person) -> None:
    text = b'{"name": "' + b"a" * (MEGABYTE - 20) + b'"}'
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in text) + b"0\r\n\r\n"
    lines = (
        "POST /api/websites HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {alice.access_token}",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
    )
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        connection.sendall("\r\n".join((*lines, "", "")).encode() + chunks)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 422 ")


def test_a_long_message_does_not_hold_up_others(server: WatchedServer, alice: Person) -> None:
    with ApiClient(connect(server.url), alice.access_token) as api:
        session = api.new_session()["id"]
        for text in ("```html\n" * 12_000, "<p>" * 33_000, "| a " * 25_000, "[" * 100_000, "*a_" * 33_000):
            api.new_message(session, text)
        api.get(f"/api/chat/sessions/{session}")


def test_a_large_file_does_not_hold_up_others(server: WatchedServer, alice: Person, charlie: Person) -> None:
    lines = [{"format": "sitethread-chat", "version": 2, "session": {"title": "Big"}}]
    text = base64.b64encode(os.urandom(75_000)).decode()
    lines += [{"id": str(n), "role": "user", "content": text} for n in range(300)]
    file = "\n".join(map(json.dumps, lines)).encode() + b"\n"
    assert len(file) > 28 * MEGABYTE
    with ApiClient(connect(server.url), alice.access_token) as api:
        kind = {"Content-Type": "application/jsonl"}
        session = api.json("POST", "/api/chat/import", 201, content=file, headers=kind)["session"]["id"]
        assert len(api.send("GET", f"/api/chat/sessions/{session}/export?format=json").content) > len(file)
        account = api.send("GET", "/api/account/export").content
    assert len(account) > 28 * MEGABYTE
    with ApiClient(connect(server.url), charlie.access_token) as api:
        kind = {"Content-Type": "application/zip"}
        back = api.json("POST", "/api/account/import", 200, content=account, headers=kind, timeout=120)
        assert back["imported"]["messages"] == 300


def test_a_saved_chat_of_eight_megabytes_does_not_hold_up_others(
    server: WatchedServer, alice: Person
) -> None:
    with ApiClient(connect(server.url), alice.access_token) as api:
        website = api.new_website()["id"]
        messages = [{"role": ("user", "assistant")[n % 2], "content": f"{n}, " * 190} for n in range(6_500)]
        body = {"websiteId": website, "messages": messages}
        assert 7 * MEGABYTE < len(json.dumps(body)) < 8 * MEGABYTE
        api.post("/api/hosting/chats", body)
        api.get("/api/hosting/chats", websiteId=website)


@pytest.mark.parametrize("part", ["<p>a</p>\n", "<b>", "a\r\n ", '<p class="a b c" id=x>&amp;</p>'])
def test_editing_a_page_of_a_megabyte_by_hand_does_not_hold_up_others(
    server: WatchedServer, stack: Stack, alice: Person, part: str
) -> None:
    page = "<h1>Luna</h1>" + part * ((MEGABYTE - 100_000) // len(part))
    with ApiClient(connect(server.url), alice.access_token) as api:
        website = api.new_website()["id"]
        base = save_version(stack, alice, website, page)
        api.get(f"/api/versions/{base}/elements")
        for find in ("nothing of this", part * 20_000 + "x", part, "<h1>Luna</h1>"):
            edits = [{"path": "index.html", "find": find, "replace": f"<h2>{'y' * 100_000}</h2>"}]
            path = f"/api/websites/{website}/edits"
            made = api.send("POST", path, json={"base_version_id": base, "edits": edits}, timeout=60)
            assert made.status_code in {201, 422}
        many = [{"path": "index.html", "find": f"n{n}", "replace": "x"} for n in range(200)]
        api.refused("POST", path, json={"base_version_id": base, "edits": many}, timeout=60)


def test_the_detector_notices_a_worker_that_stands_still(stack: Stack) -> None:
    with WatchedServer(stack, stack.openai_base_url, workers=1, most_seconds=60) as server:
        (pid,) = server.worker_pids
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.4)
        os.kill(pid, signal.SIGCONT)
        deadline = time.monotonic() + 20
        while not any(stall.seconds > 0.3 for stall in server.stalls()):
            assert time.monotonic() < deadline, server.stalls()
            time.sleep(0.1)
