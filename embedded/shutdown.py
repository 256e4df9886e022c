"""When to stop: on a signal, or when the process that started us is gone."""

import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ShutdownRequested(BaseException):
    """Raised wherever the program is when it is asked to stop, as KeyboardInterrupt is."""


class Shutdown:
    """Raises ShutdownRequested on a signal and, with `with_parent`, when our parent process is gone."""

    def __init__(self, with_parent: bool) -> None:
        self.parent = os.getppid() if with_parent else None
        for number in SIGNALS:
            # Under nohup SIGHUP is ignored, and stays so.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._request)

    def _request(self, number: int, frame: FrameType | None) -> NoReturn:
        raise ShutdownRequested

    def wait(self, *look_after: Callable[[], None]) -> NoReturn:
        """Call each of `look_after` ten times a second until ShutdownRequested is raised."""
        while True:
            time.sleep(0.1)
            if self.parent is not None and os.getppid() != self.parent:
                raise ShutdownRequested
            for call in look_after:
                call()

    def ignore_signals(self) -> None:
        """Ignore further signals while stopping."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
