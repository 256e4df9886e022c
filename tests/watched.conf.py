"""Serves as gunicorn.conf.py does, with shorter deadlines (DEADLINES, JSON), and notes when an event loop stands still.

Each gap is a line of JSON in the file STALLS: its seconds, the worker, and where the code was meanwhile.
"""

import importlib.util
import json
import os
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_spec = importlib.util.spec_from_file_location("served", ROOT / "gunicorn.conf.py")
served = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(served)
globals().update({name: value for name, value in vars(served).items() if not name.startswith("_")})

import gevent  # noqa: E402
from gevent import monkey  # noqa: E402

from web import slow_clients  # noqa: E402

slow_clients.DEADLINES = slow_clients.Deadlines(**json.loads(os.environ.get("DEADLINES", "{}")))

BEAT = 0.005
NOTED = 0.02


def post_worker_init(worker):
    served.post_worker_init(worker)
    if "STALLS" in os.environ:
        Detector(os.environ["STALLS"]).start()


class Detector:
    """A greenlet that wants to run every few milliseconds, and a thread that looks where the code is when it can't."""

    def __init__(self, file):
        self._file = file
        self._beat = time.monotonic()
        self._seen = []
        self._main = monkey.get_original("_thread", "get_ident")()

    def start(self):
        gevent.spawn(self._note_gaps)
        monkey.get_original("_thread", "start_new_thread")(self._look, ())

    def _note_gaps(self):
        while True:
            self._beat, waited = time.monotonic(), time_in_run_queue()
            gevent.sleep(BEAT)
            # A busy machine's fault is not ours: the time in which this thread could have run, and did not get to.
            seconds = time.monotonic() - self._beat - BEAT - (time_in_run_queue() - waited)
            seen, self._seen = self._seen, []
            if seconds > NOTED:
                line = json.dumps({"seconds": round(seconds, 4), "pid": os.getpid(), "at": seen[:5]})
                with open(self._file, "a") as out:  # noqa: PTH123
                    out.write(line + "\n")

    def _look(self):
        sleep = monkey.get_original("time", "sleep")
        while True:
            sleep(BEAT)
            if time.monotonic() - self._beat > NOTED + BEAT:
                frame = sys._current_frames().get(self._main)
                stack = traceback.extract_stack(frame)[-12:]
                self._seen.append(
                    " < ".join(f"{Path(s.filename).name}:{s.lineno} {s.name}" for s in reversed(stack))
                )
                sleep(4 * NOTED)


def time_in_run_queue():
    """Return the seconds for which this thread waited for a processor; 0 where the system doesn't tell."""
    try:
        with open("/proc/thread-self/schedstat") as file:  # noqa: PTH123
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
