"""Versions: immutable snapshots of a website's files."""

from typing import Any

from typing_extensions import TypedDict

from sitethread import cursors, errors
from sitethread.database import Rows

PAGE = "index.html"


class Version(TypedDict):
    id: str
    website_id: str
    number: int
    source: str
    summary: str | None
    message_id: str | None
    session_id: str | None
    restored_from: str | None
    created_at: str


class VersionWithFiles(Version):
    files: dict[str, str]


COLUMNS = ",".join(Version.__annotations__)


def list_page(
    rows: Rows, website_id: str, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a website's newest versions without their files, and the cursor to older ones; raise NotFound."""
    found = rows.table("websites").select(f"id,site_versions({COLUMNS})").eq("id", website_id)
    found = found.order("number", desc=True, foreign_table="site_versions")
    found = found.limit(limit + 1, foreign_table="site_versions")
    if cursor is not None:
        found = found.lt("site_versions.number", cursors.from_number(cursor))
    newest = rows.fetch_one(found)["site_versions"]
    page = newest[:limit]
    return page, cursors.to_number(page[-1]["number"]) if len(newest) > limit else None


def get(rows: Rows, version_id: str) -> dict[str, Any]:
    """Return a version with its files; raise NotFound."""
    return rows.fetch_one(rows.table("site_versions").select(f"{COLUMNS},files").eq("id", version_id))


def get_page(rows: Rows, version_id: str) -> tuple[str, str]:
    """Return a version's page and its website's name; raise NotFound."""
    found = rows.table("site_versions").select("files,websites(name)").eq("id", version_id)
    version = rows.fetch_one(found)
    page = version["files"].get(PAGE)
    if not isinstance(page, str):
        raise errors.NotFound
    return page, version["websites"]["name"]


def restore(rows: Rows, version_id: str) -> dict[str, Any]:
    """Make a new version with an older one's files and return it; raise NotFound."""
    restored = rows.call("restore_version", {"version_id": version_id})
    return {name: restored.get(name) for name in Version.__annotations__}
