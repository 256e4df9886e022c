"""The processes of a stack."""

import time
from collections.abc import Callable
from pathlib import Path

import psutil


def parts_of(data: Path) -> list[psutil.Process]:
    """Return the processes whose command line names the folder or which such a process started."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(str(data) in argument for argument in process.info["cmdline"] or []):
            found += [process, *_children(process)]
    return [process for process in dict.fromkeys(found) if _is_alive(process)]


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def eventually(is_so: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return False
