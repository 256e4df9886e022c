"""What should be put right in a version before everybody sees it."""

from typing_extensions import TypedDict

from sitethread import versions
from sitethread.database import Rows
from sitethread.edits.paths import INDEX, is_page
from sitethread.page_checks import process
from sitethread.page_checks.sites import Site, SiteFinding


class _TypedTexts(TypedDict):
    """What the owner of a website wrote; `is_whole`: whether that is all that was ever written."""

    brief: str
    messages: list[str]
    by_hand: list[str]
    is_whole: bool


def check(rows: Rows, version_id: str, *, has_own_host: bool) -> list[SiteFinding]:
    """Return the findings of all pages of a version, errors first; raise NotFound.

    `has_own_host`: whether its website is published at a host of its own.
    """
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
        return process.check_site(site)
    except process.PageNotChecked as error:
        return [_not_checked(str(error))]


def _not_checked(problem: str) -> SiteFinding:
    return {
        "rule": "not_checked",
        "severity": "warning",
        "path": INDEX,
        "problem": problem,
        "remedy": "Look through the pages yourself",
        "places": [],
    }
