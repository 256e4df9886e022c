"""The app as it is deployed: gunicorn with gevent workers, on a free port, against a real stack."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import httpx
import psutil

SECRET = "a secret of the tests, the same for all workers"
ROOT = Path(__file__).resolve().parent.parent


class AppServer:
    """Runs gunicorn while it is entered; `url` is where it listens."""

    config = "gunicorn.conf.py"

    def __init__(self, stack: Any, openai_base_url: str, workers: int = 2, **environment: str) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        self._environment = {
            "PATH": os.environ["PATH"],
            "SUPABASE_URL": stack.supabase_url,
            "SUPABASE_PUBLISHABLE_KEY": stack.publishable_key,
            "OPENAI_BASE_URL": openai_base_url,
            "OPENAI_API_KEY": "test",
            "OPENAI_MODEL": "fake-1",
            "SITETHREAD_SECRET": SECRET,
            "PORT": "0",
            "WEB_CONCURRENCY": str(workers),
            **environment,
        }

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [str(Path(sys.executable).parent / "gunicorn"), "-c", self.config, "app:create_app()"],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )
        try:
            self.url = self._wait_until_it_answers()
        except BaseException:
            self._process.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.workers_gone(signal.SIGKILL)
        self._process.kill()
        self._process.wait(5)
        self._log.close()

    def said(self) -> str:
        """Return what it has written to its log."""
        # Read by its own position: the server's is at the end.
        return os.pread(self._log.fileno(), 1 << 30, 0).decode()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def worker_pids(self) -> list[int]:
        return [child.pid for child in psutil.Process(self._process.pid).children()]

    def kill_worker(self, pid: int, signal_number: int = signal.SIGKILL) -> None:
        os.kill(pid, signal_number)

    def reload(self) -> None:
        """Have gunicorn replace its workers one after the other."""
        self._process.send_signal(signal.SIGHUP)

    def workers_gone(self, signal_number: int) -> None:
        for pid in self.worker_pids:
            os.kill(pid, signal_number)

    def _wait_until_it_answers(self) -> str:
        deadline = time.monotonic() + 60  # Loaded machines take their time to import.
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"gunicorn ended with status {self._process.returncode}")
            port = self._port()
            if port is not None:
                url = f"http://127.0.0.1:{port}"
                try:
                    if httpx.get(f"{url}/healthz", timeout=2).status_code == 200:
                        return url
                except httpx.HTTPError:
                    pass
            time.sleep(0.05)
        raise TimeoutError("gunicorn did not answer within 60 s")

    def _port(self) -> int | None:
        """Ask the system which port gunicorn was given."""
        listening = [
            c
            for c in psutil.Process(self._process.pid).net_connections("tcp")
            if c.status == psutil.CONN_LISTEN
        ]
        return int(listening[0].laddr.port) if listening else None
