"""The app as gunicorn serves it: what it leaves when it stops."""

import time
from pathlib import Path

import psutil

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
