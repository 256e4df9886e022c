"""How much memory the processes of a server take."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.app_server import AppServer
from tests.stacks import Stack

MEBIBYTE = 1024 * 1024


@dataclass
class Memory:
    """How much more memory all processes of a server and its Supabase had at once while it was entered.

    Shared pages count once, in equal parts for those who share them (PSS).
    """

    stack: Stack
    server: AppServer
    rise: int = 0
    _is_over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Memory":
        self._before = self._now()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join(30)

    def _watch(self) -> None:
        while not self._is_over.wait(0.5):
            self.rise = max(self.rise, self._now() - self._before)

    def _now(self) -> int:
        above = [psutil.Process(self.stack.process.pid), psutil.Process(self.server.pid)]
        return sum(_pss(p.pid) for top in above for p in [top, *top.children(recursive=True)])


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(text.split("Pss:")[1].split()[0]) * 1024 if "Pss:" in text else 0
