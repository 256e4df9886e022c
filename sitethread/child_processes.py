"""Processes that do what may take too much, and are ended when it does."""

import resource
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_ROOT = Path(__file__).parent.parent


class ProcessFailed(Exception):
    """A process that was ended, or ended itself; `status` is what it returned, None when it returned nothing."""

    def __init__(self, cause: str, status: int | None = None) -> None:
        super().__init__(cause)
        self.status = status


def run(command: Sequence[str], data: bytes, seconds: float) -> bytes:
    """Run a constant command on data and return what it writes; raise ProcessFailed."""
    try:
        done = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, cwd=_ROOT, env={}, timeout=seconds, check=True
        )
    except subprocess.TimeoutExpired:
        raise ProcessFailed("timeout") from None
    except subprocess.CalledProcessError as error:
        raise ProcessFailed(f"status {error.returncode}", error.returncode) from None
    except OSError as error:
        raise ProcessFailed(type(error).__name__) from None
    return done.stdout


def limit_resources(cpu_seconds: int, memory_bytes: int) -> None:
    """Have the system end this process when it takes too much, and keep no copy of its memory."""
    limits = (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        # A system may have no such limit, or a lower one already.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
