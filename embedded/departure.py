"""When it is time to go."""

import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Leaving(BaseException):
    """Somebody asked us to stop. Raised wherever we are, as KeyboardInterrupt is."""


class Departure:
    """Raises Leaving when a signal comes or, if we are to stop with it, when our parent is gone."""

    def __init__(self, with_parent: bool) -> None:
        self.parent = os.getppid() if with_parent else None
        for number in SIGNALS:
            # Whoever starts us under nohup wants us to stay.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._leave)

    def _leave(self, number: int, frame: FrameType | None) -> NoReturn:
        raise Leaving

    def await_while(self, look_after: Callable[[], None]) -> NoReturn:
        """Do this ten times a second until Leaving is raised."""
        while True:
            time.sleep(0.1)
            if self.parent is not None and os.getppid() != self.parent:
                raise Leaving
            look_after()

    def ignore_signals(self) -> None:
        """Go on undisturbed: we are about to end anyway."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
