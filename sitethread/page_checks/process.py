"""Checks a page in a process of its own, which is ended when it takes too long or too much memory.

A parser in C may crash, and the HTML standard itself makes some pages cost the square of their length.
"""

import json
import logging
import sys
import threading
import time

from sitethread import child_processes
from sitethread.page_checks.findings import Finding

CHARACTERS = 300_000
# With the wait for a turn.
SECONDS = 8.0
# How many run at once for this worker; the others wait.
AT_ONCE = 2

_COMMAND = (sys.executable, "-m", "sitethread.page_checks")
_turns = threading.BoundedSemaphore(AT_ONCE)

log = logging.getLogger("sitethread")


class PageNotChecked(Exception):
    """A page that could not be checked; the text says why, for the model and the page's owner."""


def check(html: str) -> list[Finding]:
    """Return what `rules.check` finds; raise PageNotChecked."""
    if len(html) > CHARACTERS:
        raise PageNotChecked(f"The page has {len(html)} characters; at most {CHARACTERS} can be checked.")
    deadline = time.monotonic() + SECONDS
    if not _turns.acquire(timeout=SECONDS):
        raise _not_checked("no turn")
    try:
        output = _run(html, deadline - time.monotonic())
    finally:
        _turns.release()
    return [Finding(**finding) for finding in json.loads(output)]


def _run(html: str, seconds: float) -> bytes:
    try:
        return child_processes.run(_COMMAND, html.encode(), seconds)
    except child_processes.ProcessFailed as failure:
        raise _not_checked(str(failure)) from None


def _not_checked(cause: str) -> PageNotChecked:
    log.warning("a page was not checked", extra={"facts": {"cause": cause}})
    return PageNotChecked("The page could not be checked: it takes too much time or memory.")
