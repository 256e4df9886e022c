"""Edits by hand: made on the version that their author saw, as the next version."""

from collections.abc import Mapping, Sequence

from sitethread import errors, versions
from sitethread.database import Rows, pick
from sitethread.edits import rewriting
from sitethread.edits.applying import apply
from sitethread.edits.changes import Edit
from sitethread.versions import Version, VersionWithFiles


def make(
    rows: Rows, website_id: str, base_version_id: str, edits: Sequence[Edit], summary: str | None
) -> Version:
    """Make the edits, all or none, on a website's newest version and return what became of it.

    Raise NotFound, EditConflict when the base isn't the newest version, and what `apply` raises.
    """
    base = versions.get(rows, base_version_id)
    if base["website_id"] != website_id:
        raise errors.NotFound
    files = _edited(rows, base, edits)
    changed = {path: text for path, text in files.items() if text != base["files"].get(path)}
    summary = summary or rewriting.summary(rewriting.changed_places(base["files"], changed)).capitalize()
    return save(rows, base, changed, summary)


def _edited(rows: Rows, base: VersionWithFiles, edits: Sequence[Edit]) -> dict[str, str]:
    try:
        return apply(base["files"], edits, {asset["path"] for asset in base["assets"]})
    except (errors.EditNotFound, errors.EditAmbiguous, errors.EditBreaksPage):
        # They may have been meant for a newer version: then that is what to say.
        newest = versions.newest(rows, base["website_id"])
        if newest["id"] != base["id"]:
            raise errors.EditConflict(version_id=newest["id"]) from None
        raise


def save(rows: Rows, base: VersionWithFiles, files: Mapping[str, str | None], summary: str) -> Version:
    """Make the next version of the newest one, with these files new or changed, without those that are None.

    It gets the files of the library that they ask for. Raise EditConflict when the base isn't the newest version, and
    InvalidField for too many files.
    """
    values = {
        "website_id": base["website_id"],
        "base_version_id": base["id"],
        "files": {**files, **versions.library_files(files, base)},
        "summary": summary,
    }
    return pick(rows.call("save_edits", values), Version)
