"""Child processes that end when this process does."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from embedded.errors import StackError

PR_SET_PDEATHSIG = 1
# In bytes. A larger log is moved aside at the next start.
LARGEST_LOG = 5_000_000
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(
    death_signal: signal.Signals, become: Callable[[], None] | None = None
) -> Callable[[], None]:
    """Return a `preexec_fn`: the child becomes another user and gets `death_signal` when its parent ends."""
    parent = os.getpid()

    def prepare() -> None:
        if become:
            become()
        # After the change of user, which would clear it.
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def run_to_end(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    become: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program and wait for it. It runs in /, as its user may not be allowed to enter our folder."""
    return subprocess.run(
        command,
        cwd="/",
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        preexec_fn=end_with_parent(signal.SIGKILL, become),
    )


class Process:
    """One program of the stack, its output in a log file or in ours, killed by the kernel when this process dies.

    `death_signal` is what it gets when this process is gone, even by `kill -9`; `stop_signal` asks it to end;
    `clear_up` is called before each start.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path | None,
        *,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        death_signal: signal.Signals = signal.SIGKILL,
        become: Callable[[], None] | None = None,
        clear_up: Callable[[], None] | None = None,
        folder: Path | None = None,
        patience: float = 10,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log = log
        self.environment = {**os.environ, **(environment or {})}
        self.stop_signal = stop_signal
        self.death_signal = death_signal
        self.become = become
        self.clear_up = clear_up
        self.folder = folder
        self.patience = patience
        self.popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program in a session of its own, so that Ctrl-C in a terminal reaches only this process."""
        if self.clear_up:
            self.clear_up()
        output = self._open_log()
        try:
            self.popen = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=end_with_parent(self.death_signal, self.become),
            )
        except OSError as error:
            raise StackError(f"{self.name} can't be started: {error}") from error
        finally:
            if output:
                output.close()

    def _open_log(self) -> BinaryIO | None:
        if not self.log:
            return None
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        return self.log.open("ab")

    def exit_code(self) -> int | None:
        """Return how the program ended, or None while it runs."""
        return self.popen.poll() if self.popen else None

    def how_it_ended(self) -> str:
        code = self.exit_code()
        return f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"

    def is_running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def stop(self) -> None:
        """Ask the program to end, and end it when it doesn't within `self.patience` seconds."""
        if not self.popen or self.popen.poll() is not None:
            return
        self.popen.send_signal(self.stop_signal)
        try:
            self.popen.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()

    def last_line(self) -> str:
        """Return the last line of the log that isn't empty."""
        if not self.log:
            return ""
        try:
            lines = self.log.read_text(errors="replace").splitlines()[-20:]
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def wait_until(is_ready: Callable[[], bool], process: Process, seconds: float) -> bool:
    """Wait until `is_ready()`; False when the process ended or the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_ready():
            return True
        if not process.is_running():
            return False
        time.sleep(0.02)
    return False
