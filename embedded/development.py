"""What `make dev` adds to `make run`: the front end's build, and processes that restart when their sources change."""

import contextlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from embedded.processes import Process

if TYPE_CHECKING:
    from flask import Flask

PROJECT = Path(__file__).parent.parent
APP = ("app.py", "gunicorn.conf.py", "blueprints", "web", "sitethread")
SERVICES = (
    "embedded/assistant",
    "embedded/auth",
    "embedded/outbox.py",
    "embedded/smtp.py",
    "embedded/services.py",
)
# Editors make files of other kinds beside these.
SUFFIXES = {".css", ".html", ".md", ".py", ".svg", ".toml"}
SECONDS_BETWEEN_LOOKS = 0.5


def create_app() -> "Flask":
    """Make the app so that it reads a template again when it has changed."""
    from app import create_app

    app = create_app()
    app.jinja_env.auto_reload = True
    return app


def front_end() -> Process:
    """Return the build that bundles the front end again when it changes, not yet started."""
    return Process("The front end's build", ["node", "static/build.mjs", "--watch"], None, folder=PROJECT)


class Reloader:
    """Restarts a process when one of its source files changes. Call `look_after` a few times a second.

    A process that ends by itself, as on a syntax error, stays down until the next change.
    """

    def __init__(self, process: Process, *sources: str, project: Path = PROJECT) -> None:
        self._process = process
        self._sources = sources
        self._project = project
        self._files = self._read_times()
        self._due = 0.0
        self._has_ended = False

    def look_after(self) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + SECONDS_BETWEEN_LOOKS
        files = self._read_times()
        changed = sorted({file for file, _ in files.items() ^ self._files.items()})
        if changed:
            self._files = files
            _say(f"{changed[0]} changed: restarting {self._process.name}")
            self._process.stop()
            self._process.start()
            self._has_ended = False
        elif not self._process.is_running() and not self._has_ended:
            self._has_ended = True
            _say(f"{self._process.name} ended ({self._process.how_it_ended()}); waiting for a change")

    def _read_times(self) -> dict[str, int]:
        found = {}
        for source in self._sources:
            path = self._project / source
            for file in path.rglob("*.*") if path.is_dir() else [path]:
                # An editor may replace the file at this moment.
                with contextlib.suppress(FileNotFoundError):
                    if file.suffix in SUFFIXES:
                        found[str(file.relative_to(self._project))] = file.stat().st_mtime_ns
        return found


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
