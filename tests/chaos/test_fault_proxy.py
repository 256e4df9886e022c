"""The proxy does to a connection what it says, and the same again with the same seed."""

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.chaos.fault_proxy import (
    BlackHole,
    Fault,
    FaultProxy,
    HalfClose,
    Latency,
    Refusing,
    Reset,
    Script,
    ServerError,
    Slices,
    SlowLoris,
)

BODY = b"0123456789" * 20


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def through(target: str, fault: Fault) -> FaultProxy:
    return FaultProxy(target, Script(faults=(fault,)))


def test_without_a_fault_all_goes_through(target):
    with FaultProxy(target) as proxy:
        assert httpx.get(proxy.url).content == BODY
        assert proxy.faults == []


@pytest.mark.parametrize("fault", [Slices(), Slices(7), Latency(0.05), SlowLoris(2000)])
def test_what_is_late_or_in_pieces_is_whole(target, fault):
    with through(target, fault) as proxy:
        assert httpx.get(proxy.url).content == BODY
        assert proxy.faults == [(0, fault)]


def test_what_drips_takes_its_time(target):
    with through(target, SlowLoris(400)) as proxy:
        started = time.monotonic()
        httpx.get(proxy.url)
        assert time.monotonic() - started > 0.5


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Reset(), httpx.ReadError),
        (Reset(after=150), httpx.ReadError),
        (HalfClose(after=150), httpx.RemoteProtocolError),
        (BlackHole(), httpx.ReadTimeout),
        (BlackHole(after=150), httpx.ReadTimeout),
    ],
)
def test_what_breaks_off_breaks_off_as_told(target, fault, error):
    with through(target, fault) as proxy, pytest.raises(error):
        httpx.get(proxy.url, timeout=0.5)


def test_an_error_of_somebody_in_between_is_no_json(target):
    with through(target, ServerError(502)) as proxy:
        response = httpx.get(proxy.url)
        assert (response.status_code, response.headers["content-type"]) == (502, "text/html")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Refusing(), httpx.ConnectError),
        (BlackHole(), httpx.ReadTimeout),
        (Reset(), httpx.ReadError),
    ],
)
def test_what_was_away_comes_back_at_the_same_address(target, fault, error):
    with FaultProxy(target) as proxy, httpx.Client(timeout=0.5) as client:
        assert client.get(proxy.url).content == BODY
        with proxy.away(fault), pytest.raises(error):
            client.get(proxy.url)
        assert client.get(proxy.url).content == BODY


def test_the_same_seed_gives_the_same_faults(target):
    script = Script(seed=7, faults=(Reset(), Slices(), Latency(0.001)), share=0.5)
    runs = []
    for _ in range(2):
        with FaultProxy(target, script) as proxy:
            for _ in range(20):
                with contextlib.suppress(httpx.HTTPError):
                    httpx.get(proxy.url)
            runs.append(proxy.faults)
    assert runs[0] == runs[1]
    assert 0 < len(runs[0]) < 20
    other = Script(seed=8, faults=script.faults, share=0.5)
    assert [script.fault(n) for n in range(20)] != [other.fault(n) for n in range(20)]
