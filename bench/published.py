"""A published page, as a visitor gets it, and a static file of the same size from the same server."""

import asyncio
import statistics
import time
from urllib.parse import urlsplit

import httpx

from bench.loads import Target, compare, report
from bench.servers import serving
from tests.http_client import ApiClient, connect
from web import assets

MOST_TIME, LEAST_RATE = 1.5, 0.7
CLIENTS = 32
FILE = f"/static/dist/{next(assets.DIST.glob('app-*.css')).name}"


def main() -> bool:
    """Print the ratios; tell whether both are within bounds, and whether what didn't change is answered so."""
    with serving() as (stack, app):
        alice = ApiClient(connect(app.url), stack.sign_up().access_token)
        size = len(httpx.get(app.url + FILE, headers={"Accept-Encoding": "identity"}).content)
        website = alice.new_website("Luna")["id"]
        alice.post(f"/api/websites/{website}/versions", {"page": _page(size)})
        url = alice.put(f"/api/websites/{website}/publication", {"slug": "luna-bench"}, 201)["publication"][
            "url"
        ]
        page = app.url + urlsplit(url).path
        tag = httpx.get(page, headers={"Accept-Encoding": "identity"}).headers["ETag"]
        unchanged = httpx.get(page, headers={"Accept-Encoding": "identity", "If-None-Match": tag})
        measured = asyncio.run(
            compare([Target(app.url + FILE, {}), Target(page, {})], CLIENTS, rounds=5, seconds=1.5)
        )
        is_within = report(
            f"published page of {size:,} bytes, beside {FILE}", *measured, MOST_TIME, LEAST_RATE
        )
        print(
            f"  unchanged: {unchanged.status_code}, {len(unchanged.content)} bytes; p50 {_p50(page, tag):.2f} ms"
        )
    return is_within and unchanged.status_code == 304


def _page(size: int) -> str:
    head = '<!doctype html><html lang="en"><head><title>Luna</title></head><body>'
    return head + "<p>Fresh bread, every day.</p>\n" * max(1, (size - 600) // 31)


def _p50(page: str, tag: str) -> float:
    with httpx.Client(headers={"Accept-Encoding": "identity", "If-None-Match": tag}) as client:
        taken = []
        for _ in range(500):
            start = time.perf_counter()
            client.get(page)
            taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000
