"""What should be put right in a version before everybody sees it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from typing_extensions import TypedDict

from sitethread import errors, versions
from sitethread.database import Rows
from sitethread.edits.paths import INDEX, is_page
from sitethread.page_checks import process
from sitethread.page_checks.sites import Site, SiteFinding

# Of one person in this worker: one is checked, the next one waits for it.
AT_ONCE = 2

_asked: Counter[str] = Counter()


class _TypedTexts(TypedDict):
    """What the owner of a website wrote; `is_whole`: whether that is all that was ever written."""

    brief: str
    messages: list[str]
    by_hand: list[str]
    is_whole: bool


def check(rows: Rows, version_id: str, *, has_own_host: bool) -> list[SiteFinding]:
    """Return the findings of all pages of a version, errors first; raise NotFound, TooManyChecks.

    `has_own_host`: whether its website is published at a host of its own.
    """
    with _one_of_few(rows.user_id):
        return _check(rows, version_id, has_own_host)


def _check(rows: Rows, version_id: str, has_own_host: bool) -> list[SiteFinding]:
    version = versions.get(rows, version_id)
    texts: _TypedTexts = rows.call("read_typed_texts", {"website_id": version["website_id"]})
    site: Site = {
        "pages": {path: text for path, text in version["files"].items() if is_page(path)},
        "files": [*version["files"], *(asset["path"] for asset in version["assets"])],
        "brief": texts["brief"],
        "typed": [*texts["messages"], *texts["by_hand"]],
        "knows_all": texts["is_whole"],
        "has_own_host": has_own_host,
    }
    try:
        return process.check_site(site, rows.user_id)
    except process.PageNotChecked as error:
        return [_not_checked(str(error))]


@contextmanager
def _one_of_few(user_id: str) -> Iterator[None]:
    if _asked[user_id] >= AT_ONCE:
        raise errors.TooManyChecks
    _asked[user_id] += 1
    try:
        yield
    finally:
        _asked[user_id] -= 1
        if not _asked[user_id]:
            del _asked[user_id]


def _not_checked(problem: str) -> SiteFinding:
    return {
        "rule": "not_checked",
        "severity": "warning",
        "path": INDEX,
        "problem": problem,
        "remedy": "Look through the pages yourself",
        "places": [],
    }
