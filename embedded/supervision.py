"""Restarts processes that end, up to five times a minute."""

import sys
import time

from embedded.errors import StackError
from embedded.processes import Process


class Supervision:
    """Keeps processes running. Call `look_after` a few times a second."""

    def __init__(self) -> None:
        self._restarts: dict[Process, Restarts] = {}

    def start(self, process: Process) -> None:
        process.start()
        self.watch(process)

    def watch(self, process: Process) -> None:
        self._restarts[process] = Restarts()

    def unwatch(self, process: Process) -> None:
        """Leave it to somebody else whether the process runs."""
        del self._restarts[process]

    def look_after(self) -> None:
        """Restart what ended, and say so in one line. Raises StackError when a process ends again and again."""
        for process, restarts in self._restarts.items():
            if not process.is_running() and restarts.is_due():
                if not restarts.allowed():
                    raise StackError(
                        f"{process.name} ended {restarts.LIMIT + 1} times in a minute; see {process.log}."
                    )
                print(
                    f"{process.name} ended ({process.how_it_ended()}); starting it again",
                    file=sys.stderr,
                    flush=True,
                )
                process.start()

    def forget(self) -> None:
        """Restart none of them any more."""
        self._restarts.clear()


class Restarts:
    """Counts the restarts of a process in the last minute."""

    LIMIT = 5
    SECONDS = 60
    PAUSE = 0.1

    def __init__(self) -> None:
        self._times: list[float] = []

    def is_due(self) -> bool:
        """Tell whether the pause before the next restart, twice as long each time, is over."""
        self._forget_old()
        return not self._times or time.monotonic() >= self._times[-1] + self.PAUSE * 2 ** len(self._times)

    def allowed(self) -> bool:
        """Count one more restart, unless there were too many."""
        self._forget_old()
        if len(self._times) >= self.LIMIT:
            return False
        self._times.append(time.monotonic())
        return True

    def _forget_old(self) -> None:
        self._times = [then for then in self._times if then > time.monotonic() - self.SECONDS]
