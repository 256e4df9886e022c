"""Versions: immutable snapshots of a website's files."""

from collections.abc import Iterator, Mapping

from typing_extensions import TypedDict

from sitethread import contents, errors, pagination
from sitethread.account_files.zip_writing import ZipStream
from sitethread.database import Rows, pick
from sitethread.edits import paths
from sitethread.edits.paths import is_page
from sitethread.edits.selectable import selectable
from sitethread.edits.tags import Element
from sitethread.library import additions as library
from sitethread.pagination import Page

INDEX = paths.INDEX


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


class Asset(TypedDict):
    """A file that is no text; `width` and `height` are those of a picture, in pixels."""

    path: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None


class VersionWithFiles(Version):
    """`files` are texts by path, `assets` all others."""

    files: dict[str, str]
    assets: list[Asset]


class PageOfVersion(TypedDict):
    """A page, the name of its website, and the SHA-256 of each of the version's files by path.

    `assets` are the styles, scripts, pictures and fonts that the page names, and what these styles name.
    """

    name: str
    page: str | None
    manifest: dict[str, str]
    assets: list[Asset]


def list_page(rows: Rows, website_id: str, limit: int, cursor: str | None) -> Page[Version]:
    """Return a website's versions without their files, newest first; raise NotFound, InvalidPage."""
    before = None if cursor is None else pagination.read_number_cursor(cursor)
    params = {"website_id": website_id, "page": limit + 1, "before": before}
    versions: list[Version] = rows.call("read_versions", params)
    return pagination.numbered_page_of(versions, limit)


def newest(rows: Rows, website_id: str) -> Version:
    """Return the newest version of a website that has one; raise NotFound."""
    return list_page(rows, website_id, 1, None).items[0]


def get(rows: Rows, version_id: str) -> VersionWithFiles:
    """Return a version with its files; raise NotFound."""
    return pick(rows.read_page("read_version", {"version_id": version_id}), VersionWithFiles)


def get_page(rows: Rows, version_id: str, path: str = INDEX) -> PageOfVersion:
    """Return a version's HTML page, None when there is none; raise NotFound."""
    page: PageOfVersion = rows.call("read_version_page", {"version_id": version_id, "path": path})
    return page


def download(rows: Rows, page: PageOfVersion) -> Iterator[bytes]:
    """Yield all files of a version as a zip, while they are read."""
    zip = ZipStream()
    for path, sha256 in page["manifest"].items():
        yield from zip.file(path, [contents.get(rows, sha256)])
    yield from zip.end()


def get_elements(rows: Rows, version_id: str, path: str) -> tuple[str, list[Element]]:
    """Return a page's text and its elements that can be pointed at; raise NotFound, also for a file that is no page."""
    text = get_page(rows, version_id, path)["page"]
    if text is None or not is_page(path):
        raise errors.NotFound
    return text, selectable(text)


def save(rows: Rows, website_id: str, page: str, summary: str | None) -> Version:
    """Make a page of its owner's the next version of a website and return it; raise NotFound, QuotaExceeded.

    The other files stay as they are; it gets those of the library that the page asks for.
    """
    files: dict[str, str | None] = {INDEX: page}
    if library.asked_for(files):
        newest = list_page(rows, website_id, 1, None).items
        files |= library_files(files, get(rows, newest[0]["id"]) if newest else None)
    values = {"website_id": website_id, "source": "edit", "summary": summary, "files": files}
    return pick(rows.fetch_one(rows.table("site_versions").insert(values), Version), Version)


def library_files(changed: Mapping[str, str | None], base: VersionWithFiles | None) -> dict[str, str]:
    """Return the files of the library that changed texts ask for and that the version they are changed in lacks."""
    if not library.asked_for(changed):
        return {}
    texts, assets = (base["files"], base["assets"]) if base else ({}, [])
    return library.additions(changed, library.standing_in(texts, {asset["path"] for asset in assets}))


def add_file(rows: Rows, website_id: str, path: str, sha256: str) -> Version:
    """Make a version with one file more, or another content at its path, and return it; raise NotFound."""
    values = {
        "website_id": website_id,
        "source": "edit",
        "summary": f"Added {path}"[:200],
        "manifest": {path: sha256},
    }
    return pick(rows.fetch_one(rows.table("site_versions").insert(values), Version), Version)


def remove_file(rows: Rows, website_id: str, path: str) -> Version:
    """Make a version without a file that the newest one has, and return it; raise NotFound."""
    latest = list_page(rows, website_id, 1, None).items
    found = get(rows, latest[0]["id"]) if latest else None
    if found is None or path not in {*found["files"], *(asset["path"] for asset in found["assets"])}:
        raise errors.NotFound
    values = {
        "website_id": website_id,
        "source": "edit",
        "summary": f"Removed {path}"[:200],
        "files": {path: None},
    }
    return pick(rows.fetch_one(rows.table("site_versions").insert(values), Version), Version)


def restore(rows: Rows, version_id: str) -> Version:
    """Make a new version with an older one's files and return it; raise NotFound."""
    return pick(rows.call("restore_version", {"version_id": version_id}), Version)
