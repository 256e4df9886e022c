"""Checks a page, or a site, in a process of its own, which is ended when it takes too long or too much memory.

A parser in C may crash, and the HTML standard itself makes some pages cost the square of their length.
"""

import json
import logging
import sys
import time

from sitethread import child_processes
from sitethread.page_checks.findings import Finding
from sitethread.page_checks.sites import Site, SiteFinding
from sitethread.page_checks.turns import NoTurn, Turns

CHARACTERS = 300_000
SITE_CHARACTERS = 2_000_000
# With the wait for a turn.
SECONDS = 8.0
SITE_SECONDS = 20.0
# How many of each run at once for this worker; the others wait. Answers don't wait for checks that people ask for.
AT_ONCE = {"page": 2, "site": 2}

_COMMAND = (sys.executable, "-m", "sitethread.page_checks")
_turns = {what: Turns(number) for what, number in AT_ONCE.items()}

log = logging.getLogger("sitethread")


class PageNotChecked(Exception):
    """A page that could not be checked; the text says why, for the model and the page's owner."""


def check(html: str, person: str) -> list[Finding]:
    """Return what `rules.check` finds for somebody; raise PageNotChecked."""
    if len(html) > CHARACTERS:
        raise PageNotChecked(f"The page has {len(html)} characters; at most {CHARACTERS} can be checked.")
    output = _run_in_turn("page", person, html, SECONDS)
    return [Finding(**finding) for finding in json.loads(output)]


def check_site(site: Site, person: str) -> list[SiteFinding]:
    """Return what `sites.check` finds for somebody; raise PageNotChecked."""
    size = sum(map(len, site["pages"].values()))
    if size > SITE_CHARACTERS or max(map(len, site["pages"].values()), default=0) > CHARACTERS:
        raise PageNotChecked(
            f"At most {SITE_CHARACTERS} characters can be checked, and {CHARACTERS} of a page; there are {size}."
        )
    found: list[SiteFinding] = json.loads(_run_in_turn("site", person, json.dumps(site), SITE_SECONDS))
    return found


def _run_in_turn(what: str, person: str, text: str, seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    try:
        with _turns[what].take(person, seconds):
            return _run(what, text, deadline - time.monotonic())
    except NoTurn:
        raise _not_checked("no turn") from None


def _run(what: str, text: str, seconds: float) -> bytes:
    try:
        return child_processes.run([*_COMMAND, what], text.encode(), seconds)
    except child_processes.ProcessFailed as failure:
        raise _not_checked(str(failure)) from None


def _not_checked(cause: str) -> PageNotChecked:
    log.warning("a page was not checked", extra={"facts": {"cause": cause}})
    return PageNotChecked("The page could not be checked: it takes too much time or memory.")
