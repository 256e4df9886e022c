"""Versions: immutable snapshots of a website's files."""

from typing_extensions import TypedDict

from sitethread import errors, pagination
from sitethread.database import Rows, pick
from sitethread.edits.paths import is_page
from sitethread.edits.selectable import selectable
from sitethread.edits.tags import Element
from sitethread.pagination import Page

INDEX = "index.html"


class Version(TypedDict):
    """`base_version_id`: what it was made from; null for what was made from nothing."""

    id: str
    website_id: str
    number: int
    source: str
    summary: str | None
    message_id: str | None
    session_id: str | None
    base_version_id: str | None
    restored_from: str | None
    created_at: str


class VersionWithFiles(Version):
    """`files` are texts by path."""

    files: dict[str, str]


class _Website(TypedDict):
    name: str


class _NamedFiles(TypedDict):
    files: dict[str, str]
    websites: _Website


def list_page(rows: Rows, website_id: str, limit: int, cursor: str | None) -> Page[Version]:
    """Return a website's versions without their files, newest first; raise NotFound, InvalidPage."""
    before = None if cursor is None else pagination.read_number_cursor(cursor)
    params = {"website_id": website_id, "page": limit + 1, "before": before}
    versions: list[Version] = rows.call("read_versions", params)
    page = versions[:limit]
    return Page(page, pagination.number_cursor(page[-1]["number"]) if len(versions) > limit else None)


def newest(rows: Rows, website_id: str) -> Version:
    """Return the newest version of a website that has one; raise NotFound."""
    return list_page(rows, website_id, 1, None).items[0]


def get(rows: Rows, version_id: str) -> VersionWithFiles:
    """Return a version with its files; raise NotFound."""
    return rows.select_one("site_versions", [("id", f"eq.{version_id}")], VersionWithFiles)


def get_page(rows: Rows, version_id: str) -> tuple[str, str]:
    """Return a version's HTML page and its website's name; raise NotFound."""
    query = rows.table("site_versions").select("files,websites(name)").eq("id", version_id)
    version = rows.fetch_one(query, _NamedFiles)
    page = version["files"].get(INDEX)
    if not isinstance(page, str):
        raise errors.NotFound
    return page, version["websites"]["name"]


def get_elements(rows: Rows, version_id: str, path: str) -> tuple[str, list[Element]]:
    """Return a page's text and its elements that can be pointed at; raise NotFound, also for a file that is no page."""
    text = get(rows, version_id)["files"].get(path)
    if text is None or not is_page(path):
        raise errors.NotFound
    return text, selectable(text)


def save(rows: Rows, website_id: str, page: str, summary: str | None) -> Version:
    """Make a page of its owner's the next version of a website and return it; raise NotFound, QuotaExceeded."""
    values = {"website_id": website_id, "source": "edit", "summary": summary, "files": {INDEX: page}}
    return pick(rows.fetch_one(rows.table("site_versions").insert(values), Version), Version)


def restore(rows: Rows, version_id: str) -> Version:
    """Make a new version with an older one's files and return it; raise NotFound."""
    return pick(rows.call("restore_version", {"version_id": version_id}), Version)
