"""The pages of a website: listed, added, renamed, put in another order and deleted, each as the next version."""

import html
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from typing_extensions import TypedDict

from sitethread import errors, hand_edits, sessions, versions
from sitethread.database import Rows, pick
from sitethread.edits import links, menu_entries, menus, new_pages, tags
from sitethread.edits.addresses import addresses_in, file_of
from sitethread.edits.applying import check_count
from sitethread.edits.paths import is_inside, is_page
from sitethread.messages import Message
from sitethread.versions import INDEX, Asset, Version, VersionWithFiles

_LONGEST_TITLE = 200


class SitePage(TypedDict):
    """`title` is plain text, at most 200 characters; empty where the page has none.

    `in_menu`: whether the menu of index.html leads to it, so that it can be put elsewhere.
    """

    path: str
    title: str
    in_menu: bool


class DeletedPage(NamedTuple):
    """`links` counts those of other pages that lead to it still, `menus` the pages whose menus led there."""

    version: Version
    links: int
    menus: int


def list_of_version(rows: Rows, version_id: str) -> list[SitePage]:
    """Return a version's pages: index.html, its menu's, others that it links to, and the rest; raise NotFound."""
    texts = {path: text for path, text in versions.get(rows, version_id)["files"].items() if is_page(path)}
    index = texts.get(INDEX, "")
    menu = menus.menu_of(index, INDEX, texts)
    linked = (file_of(address.text, INDEX) for address in addresses_in(index) if address.attribute == "href")
    paths = dict.fromkeys([INDEX, *menu, *linked, *sorted(texts)])
    return [
        {"path": path, "title": _title_of(texts[path]), "in_menu": path in menu}
        for path in paths
        if path in texts
    ]


def files_beside(rows: Rows, message: Message, path: str) -> list[Asset]:
    """Return what a page in a message shows: of the version that the message made, else of its website's newest one."""
    version_id = message["version_id"]
    if version_id is None:
        website_id = sessions.get(rows, message["session_id"])["website_id"]
        newest = versions.list_page(rows, website_id, 1, None).items if website_id else []
        if not newest:
            return []
        version_id = newest[0]["id"]
    found = versions.get_page(rows, version_id, path)
    return (found if found["page"] else versions.get_page(rows, version_id))["assets"]


def _title_of(page: str) -> str:
    title = next(iter(tags.read(page, {"title"}).elements), None)
    text = page[title.content_start : title.content_end] if title else ""
    return " ".join(html.unescape(text[: 10 * _LONGEST_TITLE]).split())[:_LONGEST_TITLE]


def add(
    rows: Rows, website_id: str, base_version_id: str, name: str | None, path: str | None
) -> tuple[str, Version]:
    """Add a page that looks like index.html; its path is made of its name, or its name of its path.

    Return its path, and the version. Raise as all of these NotFound, EditConflict, InvalidField, and PathTaken,
    TooManyPages.
    """
    base = _newest(rows, website_id, base_version_id)
    path = new_pages.path_for(name or "") if path is None else path
    _check_new(base, path)
    check_count([path, *(one for one in base["files"] if is_page(one))])
    name = name or _name_of(path)
    page = new_pages.like(base["files"].get(INDEX, ""), name, path, _paths(base))
    return path, hand_edits.save(rows, base, {path: page}, f"Added the page {name}"[:200])


def rename(rows: Rows, website_id: str, base_version_id: str, path: str, new_path: str) -> Version:
    """Give a page another path, and lead all links of the website there; raise PathTaken."""
    base = _newest(rows, website_id, base_version_id)
    _check_there(base, path)
    _check_new(base, new_path, but=path)
    assets = {asset["path"] for asset in base["assets"]}
    files: Mapping[str, str | None] = {
        **links.mended(base["files"], assets, path, new_path),
        path: None,
    }
    return hand_edits.save(rows, base, files, f"Renamed {path} to {new_path}"[:200])


def order(rows: Rows, website_id: str, base_version_id: str, paths: Sequence[str]) -> Version:
    """Put the pages that the menu leads to in an order: on all pages, the links to them stand so from now on."""
    base = _newest(rows, website_id, base_version_id)
    pages = {path: text for path, text in base["files"].items() if is_page(path)}
    menu = menus.menu_of(pages.get(INDEX, ""), INDEX, pages)
    if len(paths) != len(menu) or {*paths} != {*menu}:
        raise errors.InvalidField(
            "paths: should be the pages that the menu leads to, each once.", field="paths"
        )
    files = {path: menus.in_order(text, path, paths) for path, text in pages.items()}
    changed = {path: text for path, text in files.items() if text != pages[path]}
    return (
        hand_edits.save(rows, base, changed, "Put the pages in another order")
        if changed
        else pick(base, Version)
    )


def add_to_menu(rows: Rows, website_id: str, base_version_id: str, path: str, name: str) -> Version:
    """Have the menus of all pages lead to a page by that name; one that is in the menu stays as it is."""
    base = _newest(rows, website_id, base_version_id)
    _check_there(base, path)
    pages = {path: text for path, text in base["files"].items() if is_page(path)}
    menu = menus.menu_of(pages.get(INDEX, ""), INDEX, pages)
    if path in menu:
        return pick(base, Version)
    files = {one: menus.with_link(text, one, path, name, menu) for one, text in pages.items()}
    changed = {one: text for one, text in files.items() if text != pages[one]}
    if INDEX not in changed:
        raise errors.InvalidField(
            "path: index.html has no menu yet. Ask for one with a link to this page.", field="path"
        )
    return hand_edits.save(rows, base, changed, f"Added {name} to the menu"[:200])


def delete(rows: Rows, website_id: str, base_version_id: str, path: str) -> DeletedPage:
    """Delete a page, and take it out of the menus of all others."""
    base = _newest(rows, website_id, base_version_id)
    _check_there(base, path)
    pages = {one: text for one, text in base["files"].items() if is_page(one) and one != path}
    left = {one: menu_entries.without_page(text, one, path) for one, text in pages.items()}
    changed = {one: text for one, text in left.items() if text != pages[one]}
    version = hand_edits.save(rows, base, {**changed, path: None}, f"Deleted the page {path}"[:200])
    return DeletedPage(version, links.count_to(left, path), len(changed))


def _newest(rows: Rows, website_id: str, version_id: str) -> VersionWithFiles:
    base = versions.get(rows, version_id)
    if base["website_id"] != website_id:
        raise errors.NotFound
    newest = versions.newest(rows, website_id)
    if newest["id"] != version_id:
        raise errors.EditConflict(version_id=newest["id"])
    return base


def _paths(base: VersionWithFiles) -> set[str]:
    return {*base["files"], *(asset["path"] for asset in base["assets"])}


def _check_there(base: VersionWithFiles, path: str) -> None:
    if path == INDEX:
        raise errors.InvalidField("path: the first page stays where it is.", field="path")
    if path not in base["files"] or not is_page(path):
        raise errors.InvalidField("path: there is no such page.", field="path")


def _check_new(base: VersionWithFiles, path: str, but: str | None = None) -> None:
    """Raise unless a page may have a path; on some systems it is that of a file which differs in its case alone."""
    if not is_inside(path) or not is_page(path):
        raise errors.InvalidField(
            "path: should end with .html, and have letters, digits, . - _ and / alone.", field="path"
        )
    if path == but or path.lower() in {one.lower() for one in _paths(base) if one != but}:
        raise errors.PathTaken


def _name_of(path: str) -> str:
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return stem.replace("-", " ").replace("_", " ").strip().capitalize() or stem
