"""While versions take turns, every visitor on every worker sees one of them whole, and the newest within a second."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.app_server import AppServer
from tests.fake_model import FakeModel
from tests.http_client import ApiClient, connect
from tests.stacks import Stack
from tests.switched_sites import switched_site


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("switches", "readers"), [(25, 8), pytest.param(500, 32, marks=pytest.mark.chaos)])
def test_nobody_sees_a_mix(
    stack: Stack, model: FakeModel, in_time: Callable[[float, float], None], switches: int, readers: int
) -> None:
    person = stack.sign_up()
    with (
        AppServer(stack, model.base_url, LOG_LEVEL="WARNING") as server,
        ApiClient(connect(server.url), person.access_token) as caller,
    ):
        site = switched_site(stack, person, caller)
        with ThreadPoolExecutor(readers) as pool:
            visiting = [pool.submit(site.visit, server.url) for _ in range(readers)]
            try:
                for number in range(switches):
                    site.switch(number + 1)
                    time.sleep(0.02)
                start, visits = time.monotonic(), site.visits
                while site.visits < visits + 20 * readers or time.monotonic() < start + 1.5:
                    time.sleep(0.1)
            finally:
                site.end()
            for visitor in visiting:
                visitor.result()
        in_time(site.stale_at - start, 1)
    print(
        f"{switches} switches, {readers} readers, {site.visits} visits, {len(site.seen)} versions seen, "
        f"the version before last asked for {site.stale_at - start:.2f} s after the last switch"
    )
    assert (site.mixed, site.errors) == ([], []) and site.visits >= readers and len(site.seen) > 1
