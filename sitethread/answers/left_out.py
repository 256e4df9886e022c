"""Changes that an answer left out, as they are outside of what its question pointed at, made after all."""

from collections.abc import Mapping

from sitethread import errors, versions
from sitethread.answers import made_pages
from sitethread.database import Rows, pick
from sitethread.edits.applying import apply
from sitethread.edits.changes import Edit
from sitethread.edits.rewriting import edits_between
from sitethread.messages import Message
from sitethread.versions import Version


def allow(rows: Rows, answer_id: str) -> Version:
    """Make the changes that an answer left out on the newest page, once, and return the version.

    Raise NotFound where it left out none, EditConflict where they don't fit the newest page.
    """
    answer = rows.select_one("chat_messages", [("id", f"eq.{answer_id}")], Message)
    changes, version_id = answer["changes"], answer["version_id"]
    if version_id is None or not changes or not changes["left_out"]:
        raise errors.NotFound
    made = versions.get(rows, version_id)
    newest = versions.list_page(rows, made["website_id"], 1, None).items[0]
    if "allowed" in changes:
        return versions.get(rows, changes["allowed"])
    # An answer whose changes were all left out refers to the version that it was given.
    base = made["base_version_id"] if changes["places"] else version_id
    try:
        everything = made_pages.all_made(answer["content"], _files(rows, base))
        files = apply(_files(rows, newest["id"]), _edits(made["files"], everything))
    except errors.DomainError as error:
        if error.status != 422:
            raise
        raise errors.EditConflict(version_id=newest["id"]) from None
    params = {"answer_id": answer_id, "base_version_id": newest["id"], "files": files}
    return pick(rows.call("allow_left_out", params), Version)


def _files(rows: Rows, version_id: str | None) -> Mapping[str, str]:
    return versions.get(rows, version_id)["files"] if version_id else {}


def _edits(old: Mapping[str, str], new: Mapping[str, str]) -> list[Edit]:
    """Return the edits that make one version's files of another's."""
    edits: list[Edit] = []
    for path, text in new.items():
        edits += edits_between(path, old[path], text) if path in old else [Edit(path, "", text)]
    return edits
