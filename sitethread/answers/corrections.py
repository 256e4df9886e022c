"""Corrections of what an answer changed, by its owner: allowing what it left out, taking back what it also changed."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sitethread import errors, versions
from sitethread.answers import made_pages
from sitethread.database import Rows, pick
from sitethread.edits.applying import apply
from sitethread.edits.changes import Edit
from sitethread.edits.rewriting import edits_between
from sitethread.edits.sections import also_changed, without
from sitethread.messages import Message
from sitethread.versions import INDEX, Version

_Files = Mapping[str, str]


class _Answer(NamedTuple):
    """An answer, the files that it started from, and those that it made."""

    message: Message
    base: _Files
    made: _Files


def allow(rows: Rows, answer_id: str) -> Version:
    """Make the changes that an answer left out on the newest page, once, and return the version.

    Raise NotFound where it left out none, EditConflict where they don't fit the newest page.
    """
    message = rows.select_one("chat_messages", [("id", f"eq.{answer_id}")], Message)
    if not message["changes"] or not message["changes"]["left_out"]:
        raise errors.NotFound
    summary = f"Allowed what version {message['version_number']} left out"
    return _correct(rows, message, summary, lambda it: made_pages.all_made(it.message["content"], it.base))


def take_back(rows: Rows, answer_id: str) -> Version:
    """Take back, on the newest page, what an answer changed besides the sections that its question names.

    Return and raise what `allow` does.
    """
    message = rows.select_one("chat_messages", [("id", f"eq.{answer_id}")], Message)
    if not message["changes"] or "also_changed" not in message["changes"] or not message["reply_to"]:
        raise errors.NotFound
    question = rows.select_one("chat_messages", [("id", f"eq.{message['reply_to']}")], Message)["content"]

    def named_alone(it: _Answer) -> _Files:
        old, new = it.base[INDEX], it.made[INDEX]
        return {**it.made, INDEX: without(old, new, also_changed(old, new, question))}

    return _correct(
        rows, message, f"Took back what version {message['version_number']} also changed", named_alone
    )


def _correct(rows: Rows, message: Message, summary: str, wanted: Callable[[_Answer], _Files]) -> Version:
    changes, version_id = message["changes"], message["version_id"]
    if changes is None or version_id is None:
        raise errors.NotFound
    if "corrected" in changes:
        return pick(versions.get(rows, changes["corrected"]), Version)
    made = versions.get(rows, version_id)
    newest = versions.get(rows, versions.newest(rows, made["website_id"])["id"])
    # An answer whose changes were all left out refers to the version that it was given.
    base = made["base_version_id"] if changes["places"] else version_id
    try:
        edits = _edits(made["files"], wanted(_Answer(message, _files(rows, base), made["files"])))
        files = apply(newest["files"], edits)
    except errors.DomainError as error:
        if error.status != 422:
            raise
        raise errors.EditConflict(version_id=newest["id"]) from None
    changed = {path: text for path, text in files.items() if text != newest["files"].get(path)}
    files |= versions.library_files(changed, newest)
    params = {"answer_id": message["id"], "base_version_id": newest["id"], "summary": summary, "files": files}
    return pick(rows.call("correct_changes", params), Version)


def _files(rows: Rows, version_id: str | None) -> _Files:
    return versions.get(rows, version_id)["files"] if version_id else {}


def _edits(old: _Files, new: _Files) -> list[Edit]:
    """Return the edits that make one version's files of another's."""
    edits: list[Edit] = []
    for path, text in new.items():
        edits += edits_between(path, old[path], text) if path in old else [Edit(path, "", text)]
    return edits
